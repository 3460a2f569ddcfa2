"""`psfpolicy catalogue`: the facts that the policy judges by, each with its source and its day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from psfpolicy.cli import options
from psfpolicy.cli.policy import bundle_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from click.shell_completion import CompletionItem

    from psfpolicy.catalogue import Tables
    from psfpolicy.errors import UsageError


class _Table(click.ParamType):  # type: ignore[type-arg]  # generic in some versions of click only
    """The name of a table, completed by the shell."""

    name = "table"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002  # the signature is click's
        """Give the tables that begin as typed."""
        from click.shell_completion import CompletionItem

        from psfpolicy import resources

        return [CompletionItem(table) for table in sorted(resources.tables()) if table.startswith(incomplete)]


@click.command("catalogue")
@click.argument("table", required=False, type=_Table())
@click.argument("name", required=False)
@options.format_of(says="A table, or JSON with everything that is known.")
@options.settings()
@bundle_option
def command(table: str | None, name: str | None, format_: str, settings_path: str | None) -> None:
    """Show the facts that the policy judges by.

    Without TABLE the tables; with it its rows; with NAME, an id or another of its names, that row with its sources.
    """
    import json

    from psfpolicy import catalogue
    from psfpolicy.cli.policy import settings_of
    from psfpolicy.inert import inert

    rows = settings_of(settings_path).rows
    own = catalogue.NONE if rows is None else rows.tables
    if table is None:
        value, lines = _tables(own)
    elif name is None:
        value, lines = _rows(_known_table(table, own), own)
    else:
        value, lines = _row(_known_table(table, own), name, own)
    if format_ == "json":
        click.echo(json.dumps(value, indent=2, sort_keys=True))
        return
    for line in lines:
        click.echo(inert(line).rstrip())


def _tables(own: Tables) -> tuple[object, Iterator[str]]:
    from psfpolicy import catalogue, resources

    known = {table: catalogue.rows(table, own) for table in sorted(resources.tables())}
    value = [
        {"table": table, "rows": len(rows), "own": len(own.get(table, ())), "oldest": _oldest(rows)}
        for table, rows in known.items()
    ]
    return value, _tables_shown(known, own)


def _tables_shown(known: Mapping[str, Mapping[str, Any]], own: Tables) -> Iterator[str]:
    yield f"{'table':<14}  rows  oldest"
    for table, rows in known.items():
        yours = f"  {len(own[table])} of your own" if own.get(table) else ""
        yield f"{table:<14}  {len(rows):>4}  {_oldest(rows)}{yours}"
    yield f"{len(known)} tables, {sum(map(len, known.values()))} rows"


def _oldest(rows: Mapping[str, Any]) -> str:
    return min((row["as_of"] for row in rows.values()), default="")


def _rows(table: str, own: Tables) -> tuple[object, Iterator[str]]:
    from psfpolicy import catalogue

    rows = dict(sorted(catalogue.rows(table, own).items()))
    return rows, _rows_shown(rows, own.get(table, {}))


def _rows_shown(rows: Mapping[str, Any], own: Mapping[str, Any]) -> Iterator[str]:
    from psfpolicy import catalogue

    width = max(map(len, rows), default=0)
    for id_, row in rows.items():
        yours = "  your own" if id_ in own else ""
        yield f"{id_:<{width}}  {row['as_of']}  {catalogue.title(row)}{yours}"
    yield f"{len(rows)} row{'' if len(rows) == 1 else 's'}"


def _row(table: str, name: str, own: Tables) -> tuple[object, Iterator[str]]:
    """Find a row by its id or another of its names.

    Raises:
        UsageError: There is none; says what was probably meant.
    """
    from psfpolicy import catalogue

    id_ = catalogue.resolved(table, name, own)
    if id_ is None:
        names = catalogue.names(table, own)
        raise _refusal(f"`{table}` has no row `{name}`", name, names, f"`psfpolicy catalogue {table}` lists them")
    row = catalogue.rows(table, own)[id_]
    yours = id_ in own.get(table, {})
    return {"table": table, "id": id_, "own": yours, "row": row}, _row_shown(id_, row, own=yours)


def _row_shown(id_: str, row: Mapping[str, Any], *, own: bool) -> Iterator[str]:
    from psfpolicy import catalogue

    facts = catalogue.facts(row)
    width = max((len(key) for key, _ in facts), default=0)
    yield f"{id_}: {catalogue.title(row)}" + (" (a row of your own)" if own else "")
    yield ""
    for key, value in facts:
        yield f"  {key:<{width}}  {value}"
    yield ""
    yield f"Sources, read {row['as_of']}"
    for about, address in catalogue.sources(row):
        yield f"  {about or 'the row'}: {address}"


def _known_table(table: str, own: Tables) -> str:
    """Give the table, or say which one was meant; a row's name alone leads to its tables.

    Raises:
        UsageError: There is no such table.
    """
    from psfpolicy import catalogue, resources
    from psfpolicy.errors import UsageError
    from psfpolicy.suggest import listed

    tables = sorted(resources.tables())
    if table in tables:
        return table
    holding = [f"psfpolicy catalogue {each} {table}" for each in tables if catalogue.resolved(each, table, own)]
    if holding:
        raise UsageError(f"unknown table `{table}`, which is a row", hint=f"did you mean {listed(holding)}?")
    raise _refusal(f"unknown table `{table}`", table, tables, f"tables: {', '.join(tables)}")


def _refusal(message: str, word: str, known: Mapping[str, object] | list[str], otherwise: str) -> UsageError:
    from psfpolicy.errors import UsageError
    from psfpolicy.suggest import listed, meant

    close = meant(word, known) or tuple(name for name in known if word and word.casefold() in name.casefold())[:5]
    return UsageError(message, hint=f"did you mean {listed(close)}?" if close else otherwise)
