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
    from collections.abc import Callable, Iterator

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
    assert instance._table("entrypoints") == {"psfpolicy/report": 0}


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


def test_only_the_tree_of_controls_and_its_judges_read_the_input() -> None:
    readers = {path for path in REGO if re.search(r"(?<![\w.\"`])input\.[a-z]", without_comments(path))}
    libraries = {path for path in readers if "lib" in path.parts}
    assert libraries == set()
    assert {path.name for path in readers if "controls" not in path.parts} <= {
        "flows.rego",
        "gate.rego",
        "waiver.rego",
        "report.rego",
    }


def without_comments(path: Path) -> str:
    return re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Give every object of a syntax tree."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(item)


@pytest.fixture(scope="module")
def parsed(opa: Opa) -> dict[str, Any]:
    """The syntax tree of each file that is built."""
    done = {
        str(path.relative_to(ROOT)): opa.run("parse", "--format", "json", "--json-include", "locations", str(path))
        for path in REGO
    }
    return {name: json.loads(one.stdout) for name, one in done.items()}


def test_no_template_computes_with_more_than_one_operator(parsed: dict[str, Any]) -> None:
    # `opa fmt` 1.22.0 takes the parentheses away inside `$"{…}"`, so that (a - b) / c becomes a - b / c. A quotient
    # that is shown has a name of its own.
    arithmetic = {"plus", "minus", "mul", "div", "rem"}
    found = [
        f"{name}:{node['location']['row']}"
        for name, tree in parsed.items()
        for template in nodes(tree)
        if template.get("type") == "templatestring"
        for node in nodes(template)
        if sum(operator(inner) in arithmetic for inner in nodes(node)) > 1 and "location" in node
    ]
    assert found == []


def operator(node: dict[str, Any]) -> str:
    """Give the name of the function that a call calls; an empty text for anything else."""
    value = node.get("value") if node.get("type") == "call" else node.get("terms")
    head = value[0] if isinstance(value, list) and value else {}
    parts = head.get("value") if isinstance(head, dict) and head.get("type") == "ref" else None
    return ".".join(str(part["value"]) for part in parts) if parts else ""


def test_no_negation_holds_an_argument_that_may_be_undefined(parsed: dict[str, Any]) -> None:
    # OPA 1.22.0 takes arguments out of a negation: `not f(x.y)`, `not s[x.y]` and `not x.y in s` are undefined, and not
    # true, where `x.y` is. A file that negates one imports `future.keywords.not`, which mends that (OPA issue 8387).
    found = [
        f"{name}:{node['location']['row']}"
        for name, tree in parsed.items()
        if ["future", "keywords", "not"] not in imported(tree)
        for node in nodes(tree)
        if node.get("negated") and any(map(may_be_undefined, arguments(node["terms"])))
    ]
    assert found == []


def imported(tree: dict[str, Any]) -> list[list[str]]:
    return [[part["value"] for part in one["path"]["value"]] for one in tree.get("imports", [])]


def arguments(terms: Any) -> list[dict[str, Any]]:
    """Give what a negated expression is computed from: operands of a call, or the keys of a reference."""
    if isinstance(terms, dict):
        return list(terms["value"][1:]) if terms["type"] == "ref" else []
    # `not x.y == 1` is a unification, which stays whole.
    return [] if operator({"terms": terms}) in {"equal", "eq"} else terms[1:]


def may_be_undefined(term: dict[str, Any]) -> bool:
    """Tell of an operand: calls and references may be, but for the descriptor itself."""
    if term["type"] == "ref":
        return [part["value"] for part in term["value"]] != ["input", "descriptor"]
    return term["type"] == "call"
