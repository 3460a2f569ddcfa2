"""Where data goes, as a table and as graphs, whole, and inert whatever a descriptor says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from psfpolicy.flowchart import dot, marks, mermaid, table
from psfpolicy.model.report import Assessment, Flow, Gate, Position


def flow(**changes: Any) -> Flow:
    kept = Flow(
        path="spec.inputs.guards[g]",
        kind="guard",
        name="g",
        carries=("prompts",),
        country="DE",
        operator="self",
        jurisdiction="DE",
        third_party=False,
        border=False,
        place=Position(file="a.yaml", start_line=7, start_column=5, end_line=7, end_column=9),
    )
    return replace(kept, **changes)


ABROAD = flow(name="h", country="US", operator="acme", jurisdiction="US", third_party=True, border=True)
UNSAID = flow(
    kind="inference", name="inference", country=None, operator=None, jurisdiction=None, third_party=None, border=None
)


def assessment(*flows: Flow) -> Assessment:
    return Assessment(
        id="production/a",
        file="a.yaml",
        document=0,
        line=1,
        gate=Gate(name="advisory", requested="advisory", thresholds={}, verdict="advisory", reasons=()),
        overall=None,
        overall_raw=None,
        domains=(),
        apart=(),
        controls=(),
        findings=(),
        baseline=None,
        flows=flows,
        evidence=(),
        undeclared=(),
        declared_none=(),
    )


def test_what_must_not_be_overlooked_is_said_in_words() -> None:
    assert marks(flow()) == ()
    assert marks(ABROAD) == ("third party", "crosses the border")
    assert marks(UNSAID) == ("operator unknown", "country unknown")
    assert marks(flow(border=None)) == ("border unknown",)


def test_a_table_has_a_line_for_each_flow_and_counts_what_is_marked() -> None:
    assert list(table([assessment(flow(), ABROAD, UNSAID)])) == [
        "a.yaml: production/a",
        "  flow       carries  country  operator  law of   marks                              place",
        "  guard g    prompts  DE       self      DE       -                                  a.yaml:7:5",
        "  guard h    prompts  US       acme      US       third party, crosses the border    a.yaml:7:5",
        "  inference  prompts  unknown  unknown   unknown  operator unknown, country unknown  a.yaml:7:5",
        "  flows: 3; to third parties: 1; over the border: 1; not said: 1",
    ]


def test_two_deployments_have_a_table_each() -> None:
    lines = list(table([assessment(flow()), assessment(ABROAD)]))
    assert [line for line in lines if not line.startswith(" ")] == [
        "a.yaml: production/a",
        "",
        "a.yaml: production/a",
    ]


def test_a_flowchart_for_mermaid_has_a_box_for_each_operator() -> None:
    assert list(mermaid([assessment(flow(), ABROAD, UNSAID)])) == [
        "flowchart LR",
        '  d0["production/a"]',
        '  subgraph d0o0["self (law of DE)"]',
        '    d0f0["guard g<br>in DE"]',
        "  end",
        '  d0 -->|"prompts"| d0f0',
        '  subgraph d0o1["acme (law of US)"]',
        '    d0f1["guard h<br>in US<br>third party<br>crosses the border"]',
        "  end",
        '  d0 ==>|"prompts"| d0f1',
        "  class d0f1 third",
        '  subgraph d0o2["operator unknown"]',
        '    d0f2["inference<br>operator unknown<br>country unknown"]',
        "  end",
        '  d0 -.->|"prompts"| d0f2',
        "  class d0f2 unsaid",
        "  classDef third fill:#fdd,stroke:#b00",
        "  classDef unsaid fill:#fff,stroke:#b00,stroke-dasharray:4",
    ]


def test_a_graph_for_graphviz_marks_the_same() -> None:
    red = ', style=filled, fillcolor="#ffdddd", color=red]'
    assert list(dot([assessment(flow(), ABROAD, UNSAID)])) == [
        "digraph flows {",
        "  rankdir=LR",
        "  node [shape=box]",
        '  d0 [label="production/a"]',
        "  subgraph cluster_d0o0 {",
        '    label="self (law of DE)"',
        r'    d0f0 [label="guard g\nin DE"]',
        "  }",
        '  d0 -> d0f0 [label="prompts"]',
        "  subgraph cluster_d0o1 {",
        '    label="acme (law of US)"',
        r'    d0f1 [label="guard h\nin US\nthird party\ncrosses the border"' + red,
        "  }",
        '  d0 -> d0f1 [label="prompts", style=bold]',
        "  subgraph cluster_d0o2 {",
        '    label="operator unknown"',
        r'    d0f2 [label="inference\noperator unknown\ncountry unknown", style=dashed, color=red]',
        "  }",
        '  d0 -> d0f2 [label="prompts", style=dashed]',
        "}",
    ]


def test_hostile_text_acts_on_nothing() -> None:
    hostile = assessment(flow(name='x"]; click d0 href "javascript:1" <b>`\\\x1b[31m\n::error ::y'))
    assert list(table([hostile]))[2].startswith(
        '  guard x"]; click d0 href "javascript:1" <b>`\\\\x1b[31m\\x0a::error ::y  prompts  DE '
    )
    assert list(mermaid([hostile]))[3] == (
        '    d0f0["guard x#34;#93;#59; click d0 href #34;javascript:1#34; #60;b#62;#96;#92;#92;x1b#91;31m#92;x0a'
        '::error ::y<br>in DE"]'
    )
    assert list(dot([hostile]))[6] == (
        r'    d0f0 [label="guard x\"]; click d0 href \"javascript:1\" <b>`\\\\x1b[31m\\x0a::error ::y\nin DE"]'
    )
