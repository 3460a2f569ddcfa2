"""A view as one page that needs nothing else: no script, no address, its style inside.

Everything that a report says is made inert and escaped; the page's own policy forbids whatever would get past that.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from psfpolicy.fleet.tables import headline, notes, tables
from psfpolicy.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.fleet.tables import Cell, Column, Table
    from psfpolicy.formats.base import Style
    from psfpolicy.model.fleet import DomainCount, Fleet

_STYLE = """
:root { color-scheme: light dark; --ground: #fff; --ink: #1c2024; --dim: #5b6470; --line: #d9dee4; --stripe: #f5f7f9;
  --fail: #b3261e; --error: #7b2d8b; --partial: #8a5a00; --pass: #1b6e37; --advisory: #0b6479; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171a; --ink: #e6e9ec; --dim: #a2abb5; --line: #343b43;
  --stripe: #1b2024; --fail: #ff8a80; --error: #dd9cf0; --partial: #f0b95a; --pass: #7fd89a; --advisory: #6fd3ea; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 90rem; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 2.25rem 0 .25rem; font-size: 1.1rem; }
p, ul { margin: 0 0 .75rem; }
ul.notes { padding-left: 1.1rem; color: var(--dim); }
p.says, p.more { color: var(--dim); font-size: .9rem; }
p.more { margin-top: .4rem; }
dl { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; }
dl div { min-width: 7.5rem; padding: .6rem .9rem; border: 1px solid var(--line); border-radius: .5rem; }
dt { color: var(--dim); font-size: .85rem; }
dd { margin: 0; font-size: 1.5rem; font-weight: 600; line-height: 1.2; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; }
.scroll:focus-visible { outline: 2px solid var(--advisory); outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { padding: .4rem .75rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; }
thead th { white-space: nowrap; color: var(--dim); font-size: .82rem; border-bottom: 1px solid var(--line); }
th, td { min-width: 9rem; max-width: 34rem; }
tbody tr:nth-child(even) { background: var(--stripe); }
.n, .s { white-space: nowrap; min-width: 0; overflow-wrap: normal; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
.fail { color: var(--fail); } .error { color: var(--error); } .partial { color: var(--partial); }
.pass { color: var(--pass); } .advisory { color: var(--advisory); }
td.fail, td.error, dd.fail, dd.error { font-weight: 600; }
svg { display: block; width: 9rem; height: .8rem; border-radius: .2rem; }
rect.fail { fill: var(--fail); } rect.partial { fill: var(--partial); } rect.pass { fill: var(--pass); }
rect.none { fill: var(--line); }
footer { margin-top: 2.5rem; color: var(--dim); font-size: .85rem; }
@media print { .scroll { overflow: visible; border: 0; } body { max-width: none; } }
"""
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'; base-uri 'none'"
)
_TILES = (("undecided", "error"), ("fail", "fail"), ("advisory", "advisory"), ("pass", "pass"))


def render(fleet: Fleet, style: Style) -> Iterator[str]:  # noqa: ARG001  # the page is the same for everybody
    """Give the page in pieces."""
    title = _text(f"Fleet of {headline(fleet)}")
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
    yield f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    yield f'<ul class="notes">\n{"".join(f"<li>{_text(note)}</li>{chr(10)}" for note in notes(fleet))}</ul>\n'
    yield from _tiles(fleet)
    for table in tables(fleet):
        yield from _table(table, {domain.id: domain for domain in fleet.domains} if table.name == "domains" else {})
    tool = f"{fleet.tool.name} {fleet.tool.version}"
    yield f"</main>\n<footer>{_text(tool)}. Counted from reports; nothing is decided here.</footer>\n</body>\n</html>\n"


def _tiles(fleet: Fleet) -> Iterator[str]:
    counts = fleet.summary.verdicts
    shown = [("not assessed", fleet.summary.unassessed, "error")]
    shown += [(name, count, tone) for name, tone in _TILES for verdict, count in counts.items() if verdict == name]
    yield "<dl>\n"
    for name, count, tone in shown:
        yield f'<div><dt>{name}</dt><dd class="{tone if count else "none"}">{count}</dd></div>\n'
    yield "</dl>\n"


def _table(table: Table, bars: dict[str, DomainCount]) -> Iterator[str]:
    name = f"t-{table.name}"
    yield f'<section aria-labelledby="{name}">\n<h2 id="{name}">{_text(table.title)}</h2>\n'
    yield f'<p class="says">{_text(table.says)}</p>\n'
    yield f'<div class="scroll" role="region" aria-labelledby="{name}" tabindex="0">\n'
    yield f'<table aria-labelledby="{name}">\n'
    heads = [_cell("th", column, ' scope="col"', _text(column.title)) for column in table.columns]
    heads += ['<th scope="col">bands</th>'] if bars else []
    yield f"<thead><tr>{''.join(heads)}</tr></thead>\n<tbody>\n"
    for number, row in enumerate(table.rows):
        cells = [
            _of(cell, column, head=at == table.head)
            for at, (cell, column) in enumerate(zip(row, table.columns, strict=True))
        ]
        cells += [f"<td>{_bar(tuple(bars.values())[number])}</td>"] if bars else []
        yield f"<tr>{''.join(cells)}</tr>\n"
    yield "</tbody>\n</table>\n</div>\n"
    if table.total > len(table.rows):
        yield f'<p class="more">{table.more}</p>\n'
    yield "</section>\n"


def _of(cell: Cell, column: Column, *, head: bool) -> str:
    if head:
        return _cell("th", column, ' scope="row"', _text(cell.text), cell.tone)
    return _cell("td", column, "", _text(cell.text), cell.tone)


def _cell(tag: str, column: Column, more: str, text: str, tone: str = "") -> str:
    classes = " ".join(filter(None, ("n" if column.number else "s" if column.short else "", tone)))
    named = f' class="{classes}"' if classes else ""
    return f"<{tag}{more}{named}>{text}</{tag}>"


def _bar(row: DomainCount) -> str:
    """Give the bands of a domain as a bar, which the columns beside it say in numbers."""
    parts = ((row.gap, "fail"), (row.partial, "partial"), (row.strong, "pass"), (row.none, "none"))
    total = sum(count for count, _ in parts)
    drawn, left = [], 0
    for count, tone in parts:
        if count:
            drawn.append(f'<rect class="{tone}" x="{left}" width="{count}" height="1"/>')
        left += count
    return f'<svg viewBox="0 0 {total} 1" preserveAspectRatio="none" aria-hidden="true">{"".join(drawn)}</svg>'


def _text(text: str) -> str:
    return escape(inert(text))
