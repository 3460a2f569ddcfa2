"""Values in a trace of OPA, as Rego writes them."""

from __future__ import annotations

import json
from typing import Any, Final

_LONGEST: Final = 2_000
"""Letters of a value that are shown."""
_COMPARING: Final = (["eq"], ["equal"], ["internal", "member_2"])


def values_of(event: dict[str, Any]) -> tuple[str, str] | None:
    """Give the two sides of a comparison, where an event of a trace is one and both are known."""
    node = event.get("Node")
    terms = node.get("terms") if isinstance(node, dict) else None
    if not isinstance(terms, list) or len(terms) != 3 or _name(terms[0]) not in _COMPARING:
        return None
    known = {local["name"]: local for local in event.get("Locals") or []}
    operands: list[dict[str, Any]] = terms[1:]
    sides = [_written(known.get(term["value"], term) if term["type"] == "var" else term) for term in operands]
    return None if None in sides else (_cut(sides[0] or ""), _cut(sides[1] or ""))


def findings_of(event: dict[str, Any]) -> tuple[str, ...]:
    """Give the findings of the control that an event of a trace knows, each as `status at path: message`."""
    for local in event.get("Locals") or []:
        findings = _member(local, "findings")
        if findings is not None and findings.get("type") == "set":
            rows = [[_member(item, key) for key in ("status", "path", "message")] for item in findings["value"] or []]
            said = [[_written(part) or "" if part else "" for part in row] for row in rows]
            return tuple(sorted(f"{row[0]} at {row[1]}: {_cut(row[2])}" for row in said)) or ("no finding at all",)
    return ()


def _member(term: dict[str, Any], key: str) -> dict[str, Any] | None:
    if term.get("type") != "object":
        return None
    pairs: list[tuple[dict[str, Any], dict[str, Any]]] = term.get("value") or []
    return next((value for name, value in pairs if name.get("value") == key), None)


def _name(term: dict[str, Any]) -> list[str]:
    parts = term.get("value")
    return [str(part.get("value")) for part in parts] if isinstance(parts, list) else []


def _written(term: dict[str, Any]) -> str | None:
    """Give a term as Rego; None where it holds something that is no value."""
    kind, value = term.get("type"), term.get("value")
    if kind in {"null", "boolean", "number", "string"}:
        return json.dumps(value, ensure_ascii=False)
    if kind in {"array", "set"}:
        items = [_written(item) for item in value or []]
        if any(item is None for item in items):
            return None
        inner = ", ".join(sorted(filter(None, items)) if kind == "set" else filter(None, items))
        return f"[{inner}]" if kind == "array" else f"{{{inner}}}" if inner else "set()"
    if kind == "object":
        pairs = [(_written(key), _written(item)) for key, item in value or []]
        if any(None in pair for pair in pairs):
            return None
        return "{" + ", ".join(sorted(f"{key}: {item}" for key, item in pairs)) + "}"
    return None


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} letters)"
