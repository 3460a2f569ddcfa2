"""`psfpolicy test`: run the tests of a pack."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from psfpolicy.cli.days import clock, day

if TYPE_CHECKING:
    from pathlib import Path

    from psfpolicy.policytest.base import Result

_FORMATS = ("text", "json", "junit")


@click.command("test")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path())
@click.option("--run", "pattern", metavar="PATTERN", help="Run only the tests whose names hold this expression.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    default="text",
    show_default=True,
    help="How to write the result.",
)
@click.option(
    "-o", "--output", "outputs", multiple=True, metavar="FORMAT=FILE", help="Write it to a file too; repeatable."
)
@click.option("--as-of", metavar="DATE", callback=day, help="Judge fixtures as of this day; default today, UTC.")
@click.option("--watch", is_flag=True, help="Run again whenever a file changes, until Ctrl-C.")
def command(
    folder: str, *, pattern: str | None, format_: str, outputs: tuple[str, ...], as_of: str | None, watch: bool
) -> int:
    """Run the tests of a pack, on both engines.

    DIR is the folder of the pack, or one in it; in a checkout of psfpolicy it is psfpolicy's own policy. Rules named
    test_… are run, and descriptors below fixtures/, whose comments say what should be found at their lines:
    `# expect: control-id status`. Each control needs a case that passes and one that fails.

    Exit codes: 0 all passed; 1 a test failed; 2 the policy does not compile, or there is no OPA to test it with;
    3 there is no test.
    """
    from pathlib import Path

    from psfpolicy.policytest.base import Asked
    from psfpolicy.policytest.running import run

    _require_expression(pattern)
    wanted = _outputs(format_, outputs)
    if watch:
        _watch(Path(folder), pattern, format_, outputs, as_of)
    result = run(Asked(folder=Path(folder), today=clock(as_of)[0], pattern=pattern))
    _write(result, wanted)
    return 1 if result.failed else 0


def _require_expression(pattern: str | None) -> None:
    """Refuse a pattern that is no regular expression; OPA's are those of Go, which know no more than Python's."""
    import re

    from psfpolicy.errors import UsageError

    try:
        re.compile(pattern or "")
    except re.error as error:
        raise UsageError(f"`--run {pattern}` is no regular expression: {error}") from error


def _outputs(format_: str, outputs: tuple[str, ...]) -> dict[str, str]:
    """Give the format of each file that is to be written, `-` for standard output."""
    from psfpolicy.errors import UsageError

    wanted: dict[str, str] = {}
    for words in outputs:
        name, sign, target = words.partition("=")
        if not sign or not target:
            raise UsageError(f"`-o {words}` says no file", hint="write it as FORMAT=FILE, such as junit=tests.xml")
        if name not in _FORMATS:
            raise UsageError(f"unknown format `{name}`", hint=f"one of {', '.join(_FORMATS)}")
        if target in wanted:
            raise UsageError("two reports go to the same place", hint="give each `-o` a file of its own")
        wanted[target] = name
    return wanted if "-" in wanted else {**wanted, "-": format_}


def _write(result: Result, wanted: dict[str, str]) -> None:
    from psfpolicy.cli.output import put
    from psfpolicy.policytest.writing import FORMATS

    for target, name in wanted.items():
        if target != "-":
            put(target, "".join(FORMATS[name](result)))
    click.echo("".join(FORMATS[wanted["-"]](result)), nl=False)


def _watch(folder: Path, pattern: str | None, format_: str, outputs: tuple[str, ...], as_of: str | None) -> None:
    """Run in a process of its own whenever a file changes: what one run has read is not kept for the next."""
    import subprocess
    import sys

    from psfpolicy.policytest.subject import home_of
    from psfpolicy.policytest.watching import changed, state

    words = [str(folder), "--format", format_]
    words += ["--run", pattern] if pattern is not None else []
    words += [word for output in outputs for word in ("-o", output)]
    words += ["--as-of", as_of] if as_of is not None else []
    home = home_of(folder)
    now = state(home)
    while True:
        # The command line is this one's own.
        done = subprocess.run([sys.executable, "-m", "psfpolicy", "test", *words], check=False)  # noqa: S603
        said = {0: "passed", 1: "failed"}.get(done.returncode, f"stopped with exit code {done.returncode}")
        click.echo(f"{said}; waiting for a change in {os.path.relpath(home)}, Ctrl-C ends it", err=True)
        now = changed(home, now)
