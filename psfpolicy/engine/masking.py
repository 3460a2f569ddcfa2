"""Questions without the literal secrets in them: what reaches an engine may be logged there, or elsewhere.

The policy goes by the places of secrets, and by whether two texts are the same: two that differ are masked as two.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psfpolicy.source.secrets import MASK, masked_below, may_hold_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.engine.base import Engine, Rule
    from psfpolicy.model.place import JsonValue

_GRANTS = "waivers"
"""The part of a question that goes as it is: reports show it whole, and know by its ids what became of it."""
_NUMBERED = re.compile(r"…\[masked(?: \d+)?\]")


def asked(engine: Engine, question: dict[str, JsonValue], rule: Rule) -> dict[str, JsonValue]:
    """Give an engine's answer to a question that it gets without the literal secrets.

    Raises:
        EngineError: There is none.
    """
    said = without_secrets(question)
    answer = engine.evaluate(said, rule)
    return answer if said is question else with_one_mask(answer)


def without_secrets(question: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Give a question without the literal secrets in its texts, its keys among them.

    What is masked alike and is not the same is told apart by a number: `…[masked]`, `…[masked 2]`.
    """
    parts = {name: value for name, value in question.items() if name != _GRANTS}
    # Many times faster than to look at each text by itself; few questions hold a secret.
    if not may_hold_secrets("\n".join(_lines(parts, ""))):
        return question
    masks = _Masks()
    return {name: masks.value(value, name) if name in parts else value for name, value in question.items()}


def with_one_mask(answer: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Give an answer as reports mask what they quote, without the numbers; its keys still tell things apart."""
    return {key: _with_one_mask(value) for key, value in answer.items()}


def _with_one_mask(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, list):
        return [_with_one_mask(item) for item in value]
    return with_one_mask(value) if isinstance(value, dict) else value


def _plain(text: str) -> str:
    return _NUMBERED.sub(MASK, text)


class _Masks:
    """What stands for each text in one question."""

    def __init__(self) -> None:
        self._alike: dict[str, dict[str, int]] = {}

    def value(self, value: JsonValue, key: str) -> JsonValue:
        """Give a value without secrets; its key, or the nearest above it, may show that it is one."""
        if isinstance(value, str):
            return self._text(value, key)
        if isinstance(value, list):
            return [self.value(item, key) for item in value]
        if isinstance(value, dict):
            return {self._text(name, ""): self.value(item, name) for name, item in value.items()}
        return value

    def _text(self, text: str, key: str) -> str:
        shown = masked_below(key, text)
        # What was written as if it were masked is no secret, and not the same as one either.
        if shown == text and not _NUMBERED.search(text):
            return text
        plain = _plain(shown)
        alike = self._alike.setdefault(plain, {})
        number = alike.setdefault(text, len(alike) + 1)
        return plain if number == 1 else plain.replace(MASK, f"…[masked {number}]")


def _lines(value: JsonValue, key: str) -> Iterator[str]:
    if isinstance(value, str):
        yield f"{key}: {value}"
    elif isinstance(value, list):
        for item in value:
            yield from _lines(item, key)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield f": {name}"
            yield from _lines(item, name)
