"""`psfpolicy evidence`: what is declared beside what manifests show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from psfpolicy.cli import options
from psfpolicy.cli.policy import bundle_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.model.collation import Collation, CollationReport
    from psfpolicy.model.report import Unassessed
    from psfpolicy.settings import Settings


@click.command("evidence")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@options.format_of()
@options.settings("The settings that name manifests for descriptors, by default the nearest .psfpolicy.yaml.")
@bundle_option
def command(files: tuple[str, ...], *, format_: str, settings_path: str | None) -> int:
    """Show what is declared beside what manifests show.

    FILE is a descriptor, a folder to search, or - for standard input. Each path that manifests speak of, or could, is
    contradicted, open, undeclared, confirmed or declared only. Whatever it is, the exit code is 0: `psfpolicy check`
    holds a deployment to a gate.
    """
    from psfpolicy.cli.policy import settings_of

    found, failed = _compared(files, settings_of(settings_path))
    code = 4 if failed else 0
    for line in _text(found, failed) if format_ == "text" else [_json(found, failed, code)]:
        click.echo(line)
    return code


def _compared(files: tuple[str, ...], settings: Settings) -> tuple[list[Collation], list[Unassessed]]:
    from psfpolicy import catalogue
    from psfpolicy.cli.inputs import standard_input
    from psfpolicy.collating import compare
    from psfpolicy.engine.wasm import WasmEngine
    from psfpolicy.errors import NothingToAssessError
    from psfpolicy.loading import load
    from psfpolicy.targets import targets

    own = catalogue.NONE if settings.rows is None else settings.rows.tables
    stdin = standard_input(files)
    engine = WasmEngine.bundled()
    found: list[Collation] = []
    failed: list[Unassessed] = []
    for target in sorted(targets(files), key=lambda target: target.name):
        loaded = load(target, stdin, own, settings.evidence)
        failed += [loaded.unassessed] if loaded.unassessed else []
        pairs = zip(loaded.documents, loaded.evidence, strict=True)
        found += [compare(document, evidence, engine) for document, evidence in pairs]
    if not found and not failed:
        raise NothingToAssessError("no descriptor found", hint="`psfpolicy derive` writes one from manifests")
    return found, failed


def _text(found: list[Collation], failed: list[Unassessed]) -> Iterator[str]:
    import shutil
    import sys

    from psfpolicy.collation_table import problems, table

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for item in found:
        yield from table(item, width)
    for file in failed:
        yield from problems(file)


def _json(found: list[Collation], failed: list[Unassessed], code: int) -> str:
    import json

    from psfpolicy.model.record import jsonable

    text = json.dumps(jsonable(_report(found, failed, code)), ensure_ascii=True, indent=2)
    # Broken for build logs as the report is.
    return text.replace("##", "#\\u0023")


def _report(found: list[Collation], failed: list[Unassessed], code: int) -> CollationReport:
    from psfpolicy import __version__
    from psfpolicy.model.collation import CollationReport
    from psfpolicy.model.report import Tool
    from psfpolicy.reporting import policy

    return CollationReport(
        schema="psfpolicy/evidence/v1",
        tool=Tool(name="psfpolicy", version=__version__),
        policy=policy(),
        exit_code=code,
        descriptors=tuple(found),
        unassessed=tuple(failed),
    )
