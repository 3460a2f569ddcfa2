"""Where data goes, for a person: as a table, and as a graph for Mermaid or Graphviz; third parties and borders marked.

Text of a descriptor is made inert for what shows it: it can end no label and add no node, link or markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from psfpolicy.model.report import Assessment, Flow

_HEADINGS = ("flow", "carries", "country", "operator", "law of", "marks", "place")
_UNKNOWN = "unknown"
_PLAIN = frozenset(" .,:/_-()@+")
"""What a label of Mermaid shows as it is, beside letters and digits."""


def marks(flow: Flow) -> tuple[str, ...]:
    """Give what must not be overlooked in a flow, in words."""
    said = (
        (flow.third_party is True, "third party"),
        (flow.third_party is None, "operator unknown"),
        (flow.border is True, "crosses the border"),
        (flow.border is None, "country unknown" if flow.country is None else "border unknown"),
    )
    return tuple(words for holds, words in said if holds)


def table(assessments: Sequence[Assessment]) -> Iterator[str]:
    """Give the flows of each deployment as lines of a table, with a count of what is marked."""
    for number, item in enumerate(assessments):
        yield from [""] if number else []
        yield f"{inert(item.file)}: {inert(item.id)}"
        rows = [_HEADINGS, *(_row(flow) for flow in item.flows)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            yield "  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        yield f"  {_counts(item.flows)}"


def mermaid(assessments: Iterable[Assessment]) -> Iterator[str]:
    """Give one flowchart for Mermaid: an operator is a box, a third party's is red, a link over a border is thick."""
    yield "flowchart LR"
    for number, item in enumerate(assessments):
        root = f"d{number}"
        yield f'  {root}["{_mermaid_text(item.id)}"]'
        for box, (operator, flows) in enumerate(_by_operator(item.flows)):
            yield f'  subgraph {root}o{box}["{_mermaid_text(_owner(operator, flows[0][1]))}"]'
            for index, flow in flows:
                yield f'    {root}f{index}["{"<br>".join(map(_mermaid_text, _label(flow)))}"]'
            yield "  end"
            for index, flow in flows:
                arrow = "==>" if flow.border else "-.->" if flow.border is None else "-->"
                yield f'  {root} {arrow}|"{_mermaid_text(_edge(flow))}"| {root}f{index}'
            for kind, indexes in _marked(flows):
                yield f"  class {','.join(f'{root}f{index}' for index in indexes)} {kind}"
    yield "  classDef third fill:#fdd,stroke:#b00"
    yield "  classDef unsaid fill:#fff,stroke:#b00,stroke-dasharray:4"


def dot(assessments: Iterable[Assessment]) -> Iterator[str]:
    """Give one graph for Graphviz, marked as that for Mermaid."""
    yield "digraph flows {"
    yield "  rankdir=LR"
    yield "  node [shape=box]"
    for number, item in enumerate(assessments):
        root = f"d{number}"
        yield f'  {root} [label="{_dot_text(item.id)}"]'
        for box, (operator, flows) in enumerate(_by_operator(item.flows)):
            yield f"  subgraph cluster_{root}o{box} {{"
            yield f'    label="{_dot_text(_owner(operator, flows[0][1]))}"'
            for index, flow in flows:
                label = r"\n".join(map(_dot_text, _label(flow)))
                yield f'    {root}f{index} [label="{label}"{_paint(flow)}]'
            yield "  }"
            for index, flow in flows:
                style = ", style=bold" if flow.border else ", style=dashed" if flow.border is None else ""
                yield f'  {root} -> {root}f{index} [label="{_dot_text(_edge(flow))}"{style}]'
    yield "}"


def _row(flow: Flow) -> tuple[str, ...]:
    cells = (
        _title(flow),
        ", ".join(flow.carries),
        flow.country or _UNKNOWN,
        flow.operator or _UNKNOWN,
        flow.jurisdiction or _UNKNOWN,
        ", ".join(marks(flow)) or "-",
        f"{flow.place.file}:{flow.place.start_line}:{flow.place.start_column}",
    )
    return tuple(map(inert, cells))


def _counts(flows: Sequence[Flow]) -> str:
    third = sum(flow.third_party is True for flow in flows)
    over = sum(flow.border is True for flow in flows)
    unsaid = sum(flow.third_party is None or flow.border is None for flow in flows)
    return f"flows: {len(flows)}; to third parties: {third}; over the border: {over}; not said: {unsaid}"


def _by_operator(flows: Sequence[Flow]) -> Iterator[tuple[str | None, list[tuple[int, Flow]]]]:
    found: dict[str | None, list[tuple[int, Flow]]] = {}
    for index, flow in enumerate(flows):
        found.setdefault(flow.operator, []).append((index, flow))
    yield from sorted(found.items(), key=lambda item: (item[0] is None, item[0] != "self", item[0] or ""))


def _marked(flows: Iterable[tuple[int, Flow]]) -> Iterator[tuple[str, list[int]]]:
    flows = tuple(flows)
    for kind, claim in (("third", True), ("unsaid", None)):
        indexes = [index for index, flow in flows if flow.third_party is claim]
        if indexes:
            yield kind, indexes


def _title(flow: Flow) -> str:
    return flow.name if flow.kind in {"inference", "weights", "telemetry"} else f"{flow.kind} {flow.name}"


def _owner(operator: str | None, flow: Flow) -> str:
    law = f" (law of {flow.jurisdiction})" if flow.jurisdiction else ""
    return f"operator {_UNKNOWN}" if operator is None else f"{operator}{law}"


def _label(flow: Flow) -> tuple[str, ...]:
    where = (f"in {flow.country}",) if flow.country else ()
    return (_title(flow), *where, *marks(flow))


def _edge(flow: Flow) -> str:
    return ", ".join(flow.carries)


def _paint(flow: Flow) -> str:
    if flow.third_party is None:
        return ", style=dashed, color=red"
    return ', style=filled, fillcolor="#ffdddd", color=red' if flow.third_party else ""


def _mermaid_text(text: str) -> str:
    kept = (each if each.isalnum() or each in _PLAIN else f"#{ord(each)};" for each in inert(text))
    return "".join(kept)


def _dot_text(text: str) -> str:
    return inert(text).replace("\\", "\\\\").replace('"', '\\"')
