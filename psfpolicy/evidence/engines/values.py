"""From the text that an option is given to what the descriptor would say."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psfpolicy.evidence.engines.table import Row
    from psfpolicy.model.place import JsonValue


class Reading(NamedTuple):
    """What a text says."""

    value: JsonValue = None
    doubt: str = ""
    """Why it is only inferred."""
    unclear: str = ""
    """Why it decides nothing; then there is no value."""


def reading(row: Row, text: str) -> Reading:
    """Read the value of an option.

    Args:
        row: What the table says of the option.
        text: The value.
    """
    return _KINDS[row.kind](row, text)


def is_on(truth: str, text: str) -> bool | None:
    """Say whether a variable's value switches something on; None where the program does not take the value.

    Args:
        truth: `one`: 1 alone; `one-true`: 1 and true; `integer`: every whole number but 0; `hub`: 1, on, yes, true;
            `clap`: true and false alone; `llama`: 1, on, enabled, true; `triton`: as the last, in any case;
            `words`: any word for yes or no.
        text: The value.
    """
    return _TRUTHS[truth](text)


def version_of(text: str) -> tuple[int, ...]:
    """Give the numbers of a version to compare it by; empty where it has none."""
    found = _VERSION.match(text)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _counted(number: int | None, text: str) -> Reading:
    if number is None or number < 1:
        return Reading(unclear=f"`{text[:40]}` is not a number above 0")
    return Reading(number)


def _count(text: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text.strip()) else None


def _tokens(text: str) -> int | None:
    found = _HUMAN.fullmatch(text.strip())
    if found is None:
        return None
    suffix, digits = found["suffix"] or "", found["number"]
    if suffix.isupper():
        return None if "." in digits else int(digits) * int(2 ** (10 * ("KMGT".index(suffix) + 1)))
    number = Decimal(digits) * (1_000 ** ("kmgt".index(suffix) + 1) if suffix else 1)
    return int(number) if suffix or "." not in digits else None


def _present(_: Row, text: str) -> Reading:
    said = bool(text) and text.lower() not in _NOTHING
    return Reading(value=True) if said else Reading(unclear=_EMPTY)


def _foreign(row: Row, text: str) -> Reading:
    """Say whether one of the names, which commas separate, is of another package than the engine's own."""
    names = [each.strip() for each in text.split(",")]
    return Reading(value=any(name and name not in row.words and not name.startswith("vllm.") for name in names))


def _text(_: Row, text: str) -> Reading:
    return Reading(text) if text else Reading(unclear=_EMPTY)


def _share(_: Row, text: str) -> Reading:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return Reading(unclear=f"`{text[:40]}` is not a share")
    if not number.is_finite() or not 0 <= number <= 1 or len(text) > _LONGEST:
        return Reading(unclear=f"`{text[:40]}` is not a share between 0 and 1")
    return Reading(float(number))


def _choice(row: Row, text: str) -> Reading:
    if text in row.words:
        return Reading(row.words[text])
    if text in row.inferred:
        return Reading(row.inferred[text], doubt=f"`{text}` is most often that")
    return Reading(unclear=f"`{text[:40]}` decides nothing")


def _switch(row: Row, text: str) -> Reading:
    state = is_on(row.truth, text)
    if state is None:
        return Reading(unclear=f"`{text[:40]}` is neither yes nor no")
    return Reading(state if row.kind == "on" else not state)


def _integer(text: str) -> bool | None:
    return bool(int(text)) if _INTEGER.fullmatch(text.strip()) else None


_LONGEST = 40
_EMPTY = "the value is empty"
_INTEGER = re.compile(r"[+-]?\d{1,15}")
_HUMAN = re.compile(r"(?P<number>\d{1,15}(?:\.\d{1,6})?)(?P<suffix>[kKmMgGtT])?")
_VERSION = re.compile(r"\d{1,9}(?:\.\d{1,9})*")
_NOTHING = frozenset({"none", "null", "0", "false"})
_WORDS = {
    **dict.fromkeys(("1", "true", "yes", "on", "enabled", "y", "t"), True),
    **dict.fromkeys(("0", "false", "no", "off", "disabled", "n", "f", ""), False),
}
_LLAMA_OFF = dict.fromkeys(("0", "off", "disabled", "false"), False)
_LLAMA = {**dict.fromkeys(("1", "on", "enabled", "true"), True), **_LLAMA_OFF}
_KINDS: Mapping[str, Callable[[Row, str], Reading]] = {
    "text": _text,
    "count": lambda _, text: _counted(_count(text), text),
    "tokens": lambda _, text: _counted(_tokens(text), text),
    "share": _share,
    "choice": _choice,
    "present": _present,
    "foreign": _foreign,
    "on": _switch,
    "off": _switch,
}
_TRUTHS: Mapping[str, Callable[[str], bool | None]] = {
    "one": lambda text: text == "1",
    "one-true": lambda text: text.strip().lower() in {"1", "true"},
    "integer": _integer,
    "hub": lambda text: text.strip().upper() in {"1", "ON", "YES", "TRUE"},
    "clap": {"true": True, "false": False}.get,
    "llama": _LLAMA.get,
    "triton": lambda text: _WORDS.get(text.strip().lower()),
    "words": lambda text: _WORDS.get(text.strip().lower()),
}
