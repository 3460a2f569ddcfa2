from __future__ import annotations

from typing import Any

from psfpolicy.policytest.terms import findings_of, values_of


def text(value: str) -> dict[str, Any]:
    return {"type": "string", "value": value}


def var(name: str) -> dict[str, Any]:
    return {"type": "var", "value": name}


def comparison(one: dict[str, Any], other: dict[str, Any], locals_: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Node": {"terms": [{"type": "ref", "value": [var("eq")]}, one, other]}, "Locals": locals_}


def test_the_sides_of_a_comparison_are_written_as_rego() -> None:
    number = {"type": "number", "value": 1}
    known = {
        "name": "x",
        "type": "set",
        "value": [{"type": "object", "value": [[text("b"), {"type": "null"}], [text("a"), {"type": "array"}]]}, number],
    }
    assert values_of(comparison(var("x"), {"type": "set", "value": []}, [known])) == (
        '{1, {"a": [], "b": null}}',
        "set()",
    )


def test_what_is_no_comparison_of_values_is_left_out() -> None:
    assert values_of({"Node": [], "Locals": None}) is None
    assert values_of({"Node": {"terms": {"type": "ref", "value": []}}}) is None
    assert values_of(comparison(var("unknown"), text("x"), [])) is None
    assert values_of(comparison({"type": "array", "value": [var("y")]}, text("x"), [])) is None
    assert values_of(comparison({"type": "object", "value": [[text("k"), var("y")]]}, text("x"), [])) is None


def test_a_long_value_is_cut_and_says_how_long_it_is() -> None:
    sides = values_of(comparison(text("x" * 5000), text("y"), []))
    assert sides is not None
    assert sides[0].endswith("x… (5,002 letters)")


def test_the_findings_of_a_control_are_told() -> None:
    finding = {"type": "object", "value": [[text("status"), text("fail")], [text("message"), text("m")]]}
    control = {"name": "c", "type": "object", "value": [[text("findings"), {"type": "set", "value": [finding]}]]}
    empty = {"name": "c", "type": "object", "value": [[text("findings"), {"type": "set", "value": []}]]}
    assert findings_of({"Locals": [{"name": "n", **text("x")}, control]}) == ('"fail" at : "m"',)
    assert findings_of({"Locals": [empty]}) == ("no finding at all",)
    assert findings_of({"Locals": None}) == ()
