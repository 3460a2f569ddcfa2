"""What a scalar stands for: the core schema of YAML 1.2 (section 10.3.2), and the numbers of JSON within it."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from psfpolicy.source.mistakes import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from psfpolicy.source.node import Atom

MAX_DIGITS = 4_300
"""The longest whole number, in decimal digits; Python prints no longer one."""

TAG_PREFIX = "tag:yaml.org,2002:"
"""What `!!` stands for in a tag."""

_CONSTANTS: dict[str, Atom] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_FIRST_OF_NUMBER = frozenset("+-.0123456789")
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_TOO_LARGE = 10**MAX_DIGITS


class ScalarError(ValueError):
    """A scalar that stands for nothing that a document may hold.

    Args:
        code: The kind of mistake.
        message: What was met.
        hint: What to write instead.
    """

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


def resolved(value: str) -> Atom:
    """Give what a plain scalar stands for.

    Raises:
        ScalarError: A number that is not finite or too long.
    """
    if value[:1] in _FIRST_OF_NUMBER:
        number = _number(value)
        return value if number is None else number
    return _CONSTANTS.get(value, value)


def tagged(tag: str, value: str) -> Atom:
    """Give what a scalar stands for that names its type.

    Args:
        tag: One of `SCALAR_TAGS`.
        value: The characters of the scalar, quoted or not.

    Raises:
        ScalarError: The value is not of that type, or a number that is not finite or too long.
    """
    return _BY_TAG[tag](value)


def float_of(value: str) -> float:
    """Give a number with a point or an exponent.

    Raises:
        ScalarError: It is above what a float can hold.
    """
    number = float(value)
    if not math.isfinite(number):
        raise ScalarError("not-finite", f"the number {quoted(value)} is too large", "write a smaller number")
    return number


def int_of(value: str, base: int = 10) -> int:
    """Give a whole number.

    Raises:
        ScalarError: It has more than `MAX_DIGITS`.
    """
    if base == 10 and len(value.lstrip("+-")) > MAX_DIGITS:
        raise _too_long()
    try:
        number = int(value, base)
    except ValueError:  # the interpreter was started with a lower limit of its own
        raise _too_long() from None
    if number >= _TOO_LARGE:
        raise _too_long()
    return number


def _number(value: str) -> int | float | None:
    if _DECIMAL.fullmatch(value):
        return int_of(value)
    if _FLOAT.fullmatch(value):
        return float_of(value)
    if _OCTAL.fullmatch(value):
        return int_of(value[2:], 8)
    if _HEXADECIMAL.fullmatch(value):
        return int_of(value[2:], 16)
    if _NOT_FINITE.fullmatch(value):
        raise _not_finite(value)
    return None


def _tagged_int(value: str) -> Atom:
    number = resolved(value)
    if type(number) is int:
        return number
    raise _mismatch("int", value)


def _tagged_float(value: str) -> Atom:
    if _FLOAT.fullmatch(value):
        return float_of(value)
    if _NOT_FINITE.fullmatch(value):
        raise _not_finite(value)
    raise _mismatch("float", value)


def _tagged_bool(value: str) -> Atom:
    truth = resolved(value)
    if isinstance(truth, bool):
        return truth
    raise _mismatch("bool", value)


def _tagged_null(value: str) -> Atom:
    if resolved(value) is None:
        return None
    raise _mismatch("null", value)


def _too_long() -> ScalarError:
    hint = "write a shorter number, or a string in quotes"
    return ScalarError("number-too-long", f"a number has more than {MAX_DIGITS:,} digits", hint)


def _not_finite(value: str) -> ScalarError:
    hint = "leave the key out, or put the value in quotes if a text is meant"
    return ScalarError("not-finite", f"{quoted(value)} is not a finite number", hint)


def _mismatch(tag: str, value: str) -> ScalarError:
    return ScalarError("tag-mismatch", f"{quoted(value)} is not what the tag `!!{tag}` says", "remove the tag")


_BY_TAG: dict[str, Callable[[str], Atom]] = {
    f"{TAG_PREFIX}str": str,
    f"{TAG_PREFIX}int": _tagged_int,
    f"{TAG_PREFIX}float": _tagged_float,
    f"{TAG_PREFIX}bool": _tagged_bool,
    f"{TAG_PREFIX}null": _tagged_null,
}

SCALAR_TAGS = frozenset(_BY_TAG)
"""The tags that a scalar may carry."""
