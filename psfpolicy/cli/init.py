"""`psfpolicy init`: a descriptor to start from."""

from __future__ import annotations

import click


@click.command("init")
@click.argument("path", default="deploy.yaml", type=click.Path())
def command(path: str) -> None:
    """Write a descriptor to start from.

    It is commented, validates, and goes to PATH, by default deploy.yaml. A file that exists is never overwritten.
    """
    from contextlib import suppress
    from pathlib import Path

    from psfpolicy import resources
    from psfpolicy.errors import ReportError, UsageError
    from psfpolicy.inert import inert

    text = resources.starter()
    made = False
    try:
        with Path(path).open("x", encoding="utf-8", newline="\n") as file:
            made = True
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"`{path}` exists, and is left as it is", hint="name another file") from error
    except OSError as error:
        if made:
            with suppress(OSError):
                Path(path).unlink()
        raise ReportError(f"`{path}` could not be written: {error.strerror}") from error
    click.echo(f"wrote {inert(path)}; next: psfpolicy check {inert(path)}")
