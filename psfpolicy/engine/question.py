"""The text of a question: JSON that every engine reads alike, or an error before anything is asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from psfpolicy.errors import EngineError, LimitError

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue

MAX_DEPTH = 65
"""Most containers inside one another: the 64 of a document, and the question around it."""


def question_text(question: dict[str, JsonValue]) -> bytes:
    """Give a question as UTF-8 JSON.

    Raises:
        LimitError: It is nested deeper than `MAX_DEPTH`.
        EngineError: It holds what JSON in UTF-8 cannot say: a number that is not finite, half of a surrogate pair.
    """
    try:
        text = json.dumps(prepared(question), allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        return text.encode()
    except UnicodeEncodeError as error:
        raise EngineError(
            f"a text holds half of a surrogate pair, U+{ord(error.object[error.start]):04X}, which is no character",
            hint="write the character itself, or both halves of its escape",
        ) from error
    except (ValueError, OverflowError) as error:  # a number that is not finite, or an integer of thousands of digits
        raise EngineError(f"a number cannot be written as JSON: {error}") from error


def prepared_question(question: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Give a question as the policy may see it; see `prepared`.

    Raises:
        LimitError, EngineError: See `question_text`.
    """
    question_text(question)  # the one text of all engines decides what can be said
    return {key: prepared(value, 1) for key, value in question.items() if value is not None}


def prepared(value: JsonValue, depth: int = 0) -> JsonValue:
    """Give a value as the policy may see it.

    A key whose value is null is dropped, since `not x` is false in Rego for a null; a null in a list stays, since
    paths count the items. A float without a fraction becomes an integer, since engines print and compare only
    integers alike.

    Args:
        value: Any JSON value.
        depth: How many containers it lies in.

    Raises:
        LimitError: It is nested deeper than `MAX_DEPTH`.
    """
    if isinstance(value, str):  # as most are
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if not isinstance(value, (dict, list)):
        return value
    if depth == MAX_DEPTH:
        raise LimitError(
            f"the document is nested more than {MAX_DEPTH - 1} levels deep", hint="flatten what is nested so deep"
        )
    if isinstance(value, list):
        return [prepared(item, depth + 1) for item in value]
    return {key: prepared(item, depth + 1) for key, item in value.items() if item is not None}
