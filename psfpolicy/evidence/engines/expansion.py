"""Variables in texts: `$(A)` as Kubernetes expands it, `${A:-b}` as a shell and compose do. Nothing is evaluated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psfpolicy.evidence.container import Variable

MAX_EXPANDED = 100_000
"""Characters that a text may grow to; a longer one is not known."""


class Expanded(NamedTuple):
    """A text with its variables replaced."""

    text: str
    unresolved: str = ""
    """The first variable or template whose value is not known; empty where there is none."""
    assumed: str = ""
    """The first variable whose default was taken because nothing sets it; empty where there is none."""


def kubernetes(text: str, variables: Mapping[str, Variable]) -> Expanded:
    """Replace `$(A)` as the kubelet does in a command, its arguments and the values of variables.

    `$$` is a dollar sign. What has no value stays as it is written, and is what the program would get.

    Args:
        text: One word.
        variables: The variables of the same container that were declared before.
    """
    pieces: list[str] = []
    unresolved, cursor, size = template_in(text), 0, 0
    for found in _KUBERNETES.finditer(text):
        pieces.append(text[cursor : found.start()])
        cursor = found.end()
        name = found["name"]
        if name is None:
            pieces.append("$")
            continue
        variable = variables.get(name)
        known = variable is not None and variable.value is not None and variable.kind != "secret"
        value = str(variable.value) if known and variable else found[0]
        size += len(value)
        if not known or size > MAX_EXPANDED:
            unresolved = unresolved or name
            value = found[0]
        pieces.append(value)
    return Expanded("".join([*pieces, text[cursor:]]), unresolved)


def compose(text: str, known: Mapping[str, str]) -> Expanded:
    """Replace `$A`, `${A}`, `${A:-b}` and the like as docker compose does; `$$` is a dollar sign.

    A variable that nobody sets in the evidence may be set where compose runs, so it is not known, and where it has a
    default, the default is assumed.

    Args:
        text: A value of a compose file.
        known: The variables of the evidence: of an `.env` beside the file.
    """
    return _braced(text, known.get, depth=0)


def parameter(inner: str, value_of: Callable[[str], str | None], depth: int = 0) -> Expanded:
    """Expand what stands between the braces of `${…}`: a name, or one with `:-`, `-`, `:=`, `=`, `:+`, `+`, `:?`, `?`.

    Args:
        inner: `A:-b`.
        value_of: Gives the value of a name; None where it is not known to be set.
        depth: How many expansions it is inside of.
    """
    found = _PARAMETER.fullmatch(inner)
    if found is None or depth > _MAX_DEPTH:
        return Expanded(f"${{{inner}}}", inner or "${}")
    name, operator, word = found["name"], found["operator"], found["word"] or ""
    value = value_of(name)
    empty_counts = bool(operator) and operator.startswith(":")
    is_set = value is not None and not (empty_counts and value == "")
    match operator[-1:] if operator else "":
        case "-" | "=":
            if is_set:
                return Expanded(value or "")
            default = _braced(word, value_of, depth=depth + 1)
            return default if value is not None else default._replace(assumed=default.assumed or name)
        case "+":
            return _braced(word, value_of, depth=depth + 1) if is_set else Expanded(f"${{{inner}}}", name)
        case _:
            return Expanded(f"${{{inner}}}", name) if value is None else Expanded(value)


def template_in(text: str) -> str:
    """Give the first template in a text that another tool fills in, `{{ .Values.model }}`; empty for none."""
    found = _TEMPLATE.search(text)
    return found[0] if found else ""


def left_open(text: str) -> str:
    """Give the first reference in a text that somebody should have replaced: `$(A)`, `${A}`, `{{ a }}`; empty for none.

    It is for values that are read elsewhere: no value of an engine's flag looks so.
    """
    found = _LEFT_OPEN.search(text)
    return found[0] if found else ""


def closing(text: str, start: int) -> int:
    """Give the offset of the brace that closes the one before an offset; -1 where none does.

    Args:
        text: The text.
        start: Offset behind the opening brace.
    """
    depth = 1
    for offset in range(start, min(len(text), start + _MAX_INNER)):
        if text[offset] == "{":
            depth += 1
        elif text[offset] == "}":
            depth -= 1
            if depth == 0:
                return offset
    return -1


def _braced(text: str, value_of: Callable[[str], str | None], depth: int) -> Expanded:
    pieces: list[str] = []
    unresolved, assumed, cursor, size = template_in(text), "", 0, 0
    while (found := _DOLLAR.search(text, cursor)) is not None and depth <= _MAX_DEPTH:
        pieces.append(text[cursor : found.start()])
        cursor = found.end()
        if found[0] == "$$":
            pieces.append("$")
            continue
        end = closing(text, cursor) if found[0] == "${" else -1
        if found[0] == "${" and end < 0:
            pieces.append(found[0])
            unresolved = unresolved or found[0]
            continue
        inner = text[cursor:end] if end >= 0 else found["name"]
        expanded = parameter(inner, value_of, depth)
        cursor = end + 1 if end >= 0 else cursor
        size += len(expanded.text)
        if size > MAX_EXPANDED:
            expanded = Expanded(f"${{{inner}}}", inner)
        if expanded.unresolved and end < 0:
            expanded = expanded._replace(text=found[0])
        pieces.append(expanded.text)
        unresolved, assumed = unresolved or expanded.unresolved, assumed or expanded.assumed
    return Expanded("".join([*pieces, text[cursor:]]), unresolved, assumed)


_MAX_DEPTH = 8
_MAX_INNER = 4_096
_NAME = "[A-Za-z_][A-Za-z0-9_]*"
_KUBERNETES = re.compile(r"\$\$|\$\((?P<name>[^()\s]+)\)")
_DOLLAR = re.compile(rf"\$\$|\$\{{|\$(?P<name>{_NAME})")
_PARAMETER = re.compile(rf"(?P<name>{_NAME})(?:(?P<operator>:?[-=+?])(?P<word>.*))?", re.DOTALL)
_TEMPLATE = re.compile(r"\{\{[^{}]{0,200}\}\}|\{\{")
_LEFT_OPEN = re.compile(rf"\$\([^()]+\)|\$\{{[^{{}}]+\}}|\{{\{{[^{{}}]{{0,200}}\}}\}}|\$\{{?{_NAME}")
