"""What the build relies on, and what OPA does to sources behind one's back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import resources
from psfpolicy.engine.compiled import compiled
from psfpolicy.engine.instance import Instance
from psfpolicy.engine.limits import Limits
from psfpolicy.engine.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.policy.conftest import Opa

ROOT = Path(__file__).parents[3]
REGO = sorted(path for path in (ROOT / "rego").rglob("*.rego") if not path.name.endswith("_test.rego"))
NATIVE_ONLY = (
    "sprintf",
    "format_int",
    "json.marshal",
    "product",
    "regex.match",
    "glob.match",
    "semver.compare",
    "time.now_ns",
    "units.parse",
    "json.patch",
    "net.cidr_is_valid",
    "strings.any_prefix_match",
    "crypto.sha256",
    "opa.runtime",
    "http.send",
    "print",
)
"""Functions that a module asks its host for, or that engines answer unlike."""


def test_the_module_asks_the_host_for_no_function() -> None:
    policy, limits = compiled(resources.policy_module(), None), Limits()
    watchdog = Watchdog(limits.timeout_seconds, policy.engine.increment_epoch)
    instance = Instance(policy, resources.policy_data(), limits, watchdog)
    assert instance._table("builtins") == {}
    names = ("report", "sizing", "collation", "change")
    assert instance._table("entrypoints") == {f"psfpolicy/{name}": index for index, name in enumerate(names)}


def test_the_capabilities_name_no_function_that_needs_a_host() -> None:
    capabilities = json.loads((ROOT / "policy/capabilities.json").read_text(encoding="utf-8"))
    known = {builtin["name"] for builtin in capabilities["builtins"]}
    assert known & set(NATIVE_ONLY) == set()
    assert {"internal.member_2", "internal.template_string"} <= known


def test_the_package_of_the_entry_point_holds_no_function() -> None:
    text = (ROOT / "rego/psfpolicy/report.rego").read_text(encoding="utf-8")
    assert re.findall(r"^(\w+)\(", text, re.MULTILINE) == []


def test_nothing_in_the_tree_depends_on_the_entry_point() -> None:
    named = re.compile(r"data\.psfpolicy\.report\b|^import data\.psfpolicy$", re.MULTILINE)
    assert [path.name for path in REGO if named.search(path.read_text(encoding="utf-8"))] == []


JUDGES = {"comparison.rego", "floors.rego", "gate.rego", "profiles.rego", "waiver.rego"}
"""What decides on the answers of controls, by what was asked beside the descriptor."""
DERIVED = {
    "baseline.rego",
    "capacity.rego",
    "compatibility.rego",
    "commercial.rego",
    "contracts.rego",
    "decoding.rego",
    "evidence.rego",
    "exposure.rego",
    "flows.rego",
    "freshness.rego",
    "guarding.rego",
    "known.rego",
    "licences.rego",
    "matching.rego",
    "overview.rego",
    "permissions.rego",
    "residency.rego",
    "served.rego",
    "standins.rego",
    "switches.rego",
    "telemetry.rego",
    "transfers.rego",
    "user_limits.rego",
}
"""What several controls or the report derive from the descriptor, or one that would outgrow its file: rules, so that
each is worked out once."""


def test_only_the_tree_of_controls_its_judges_and_what_is_derived_once_read_the_input() -> None:
    readers = {path for path in REGO if re.search(r"(?<![\w.\"`])input\.[a-z]", without_comments(path))}
    assert {path for path in readers if "lib" in path.parts} == set()
    assert {path.name for path in readers if "controls" not in path.parts} == JUDGES | DERIVED


def without_comments(path: Path) -> str:
    return re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Give every object of a syntax tree."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(item)


def operator(node: dict[str, Any]) -> str:
    """Give the name of the function that a call or an expression calls; an empty text for anything else."""
    value = node.get("value") if node.get("type") == "call" else node.get("terms")
    head = value[0] if isinstance(value, list) and value else {}
    parts = head.get("value") if isinstance(head, dict) and head.get("type") == "ref" else None
    return ".".join(str(part["value"]) for part in parts) if parts else ""


def crowded_templates(tree: dict[str, Any]) -> list[int]:
    """Give the rows of templates with an expression of more than one arithmetic operator."""
    arithmetic = {"plus", "minus", "mul", "div", "rem"}
    return [
        node["location"]["row"]
        for template in nodes(tree)
        if template.get("type") == "templatestring"
        for node in nodes(template)
        if operator(node) in arithmetic and sum(operator(inner) in arithmetic for inner in nodes(node)) > 1
    ]


def doubtful_negations(tree: dict[str, Any]) -> list[int]:
    """Give the rows of negations with an argument that may be undefined."""
    return [
        node["location"]["row"]
        for node in nodes(tree)
        if node.get("negated") and any(map(may_be_undefined, arguments(node["terms"])))
    ]


def arguments(terms: Any) -> list[dict[str, Any]]:
    """Give what a negated expression is computed from: operands of a call, or the keys of a reference."""
    if isinstance(terms, dict):
        return list(terms["value"][1:]) if terms["type"] == "ref" else []
    # `not x.y == 1` is a unification, which stays whole.
    return [] if operator({"terms": terms}) in {"equal", "eq"} else terms[1:]


def may_be_undefined(term: dict[str, Any]) -> bool:
    """Tell of an operand: calls and references may be, but for the descriptor itself."""
    if term["type"] == "ref":
        return [str(part["value"]) for part in term["value"]] != ["input", "descriptor"]
    return str(term["type"]) == "call"


def parse(opa: Opa, path: Path) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(
        opa.run("parse", "--format", "json", "--json-include", "locations", str(path)).stdout
    )
    return tree


@pytest.fixture(scope="module")
def parsed(opa: Opa) -> dict[str, dict[str, Any]]:
    """The syntax tree of each file that is built, by its path below `rego/psfpolicy`."""
    return {path.relative_to(ROOT / "rego/psfpolicy").as_posix(): parse(opa, path) for path in REGO}


def test_no_template_computes_with_more_than_one_operator(parsed: dict[str, dict[str, Any]]) -> None:
    # `opa fmt` 1.22.0 takes the parentheses away inside `$"{…}"`, so that (a - b) / c becomes a - b / c. A quotient
    # that is shown has a name of its own.
    found = {name: crowded_templates(tree) for name, tree in parsed.items()}
    assert {name: rows for name, rows in found.items() if rows} == {}


def test_no_negation_holds_an_argument_that_may_be_undefined(parsed: dict[str, dict[str, Any]]) -> None:
    # OPA 1.22.0 takes arguments out of a negation: `not f(x.y)`, `not s[x.y]` and `not x.y in s` are undefined, and not
    # true, where `x.y` is (OPA issue 8387). Bind the argument first, so that a reader sees what its absence does.
    found = {name: doubtful_negations(tree) for name, tree in parsed.items()}
    assert {name: rows for name, rows in found.items() if rows} == {}


TRAPS = """package traps

shown(a, b) := $"{(a - b) / 10} and {a}"

quotient(a, b) := $"{a / b} and {a + b}"

called(x) if not startswith(x.y, "a")

keyed(x) if not {"a"}[x.y]

member(x) if not x.y in {"a"}

nested(x) if not count(trim(x, " ")) > 1

compared(x) if not x.y == 1

present(x) if not x.y

whole if not quotient(input.descriptor, 1)

bound(x) if {
	y := x.y
	not startswith(y, "a")
}
"""


def test_the_searches_for_traps_find_them(opa: Opa, tmp_path: Path) -> None:
    path = tmp_path / "traps.rego"
    path.write_text(TRAPS, encoding="utf-8")
    tree = parse(opa, path)
    assert (crowded_templates(tree), doubtful_negations(tree)) == ([3], [7, 9, 11, 13])


def test_opa_still_has_the_traps(opa: Opa, tmp_path: Path) -> None:
    # When this fails, the rules above can go.
    path = tmp_path / "traps.rego"
    path.write_text(TRAPS, encoding="utf-8")
    assert '$"{a - b / 10} and {a}"' in opa.run("fmt", str(path)).stdout
    query = "[x | some x in [{}]; data.traps.called(x)]"
    assert json.loads(opa.run("eval", "-d", str(path), "-f", "raw", query).stdout) == []
