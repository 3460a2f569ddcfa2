"""Why a document is not valid: each mistake once, at its place, in words, with what was probably meant."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from psfpolicy.mistake import MOST_MISTAKES, Mistake, shown
from psfpolicy.schema.failures import Failure, failures, fits
from psfpolicy.schema.keys import Keys
from psfpolicy.schema.words import choice, closed_set, hint_for_pattern, hint_for_type, joined, seen, types
from psfpolicy.suggest import listed, meant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from psfpolicy.model.place import JsonValue, Path
    from psfpolicy.schema.tree import Tree

Words: TypeAlias = "tuple[str, str, str | None]"
"""Code, sentence and hint of a mistake."""

_BOUNDS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
}


def explained(tree: Tree, data: JsonValue) -> Iterator[Mistake]:
    """Give every mistake of a document that its schema refuses; at least one.

    Args:
        tree: The schema.
        data: The document's data, or what was meant by it.
    """
    keys: dict[Path, Keys] = {}
    values: dict[Path, list[Failure]] = {}
    for failure in islice(failures(tree.root, data), MOST_MISTAKES + 1):
        if not _note_keys(failure, keys):
            values.setdefault(failure.path, []).append(failure)
    for path, of_map in keys.items():
        yield from of_map.mistakes(_present(data, path), tree)
    for path, of_value in values.items():
        code, says, hint = _words(of_value)
        meaning = tree.meaning(path) if path else None
        yield Mistake(path, code, says, joined(hint, meaning))
    if not keys and not values:
        # The two validators disagree. Refused all the same: what one of them refuses is not understood completely.
        yield Mistake((), "not-valid", "does not meet its schema", f"see {tree.root['$id']}")


def _note_keys(failure: Failure, keys: dict[Path, Keys]) -> bool:
    """Note a failure that is about the keys of a map; False when it is not."""
    of_map = keys.get(failure.path) or Keys(failure.path)
    if failure.keyword == "additionalProperties" and isinstance(failure.value, dict):
        patterns = tuple(failure.schema.get("patternProperties", ()))
        unknown = (
            key
            for key in failure.value
            if key not in failure.schema.get("properties", ()) and not any(fits(pattern, key) for pattern in patterns)
        )
        of_map.unknown.extend(islice(unknown, MOST_MISTAKES + 1))
    elif failure.keyword == "required" and isinstance(failure.value, dict):
        of_map.missing.extend((key,) for key in failure.wanted if key not in failure.value)
    elif failure.keyword == "oneOf" and _lacks_all(failure):
        of_map.missing.append(tuple(key for branch in failure.wanted for key in branch["required"]))
    else:
        return False
    keys[failure.path] = of_map
    return True


def _lacks_all(failure: Failure) -> bool:
    """Say whether alternatives ask for a key each, and the map has none of them."""
    return bool(failure.branches) and all("required" in branch for branch in failure.wanted)


def _words(of_value: Iterable[Failure]) -> Words:
    """Give the words for the failures of one value: a closed set says most, then the type, then what comes first."""
    by_keyword = {failure.keyword: failure for failure in reversed(list(of_value))}
    keyword = next(keyword for keyword in ("enum", "type", *by_keyword) if keyword in by_keyword)
    words = _WORDS.get(keyword, _other)(by_keyword[keyword])
    return ("wrong-type", *words[1:]) if "type" in by_keyword else words


def _enum(failure: Failure) -> Words:
    allowed = closed_set(failure.schema)
    likely = meant(failure.value, allowed) if isinstance(failure.value, str) else ()
    written = failure.value if isinstance(failure.value, str) else ""
    did_you_mean = f"did you mean {listed(likely)}?" if likely else None
    verb = "is empty" if failure.value is None else f"is {shown(failure.value)}"
    return "not-allowed", f"{verb}, which is not allowed", joined(did_you_mean, f"Allowed: {choice(written, allowed)}")


def _type(failure: Failure) -> Words:
    wanted = types(failure.wanted)
    return "wrong-type", f"is {seen(failure.value)}, and must be {wanted}", hint_for_type(failure.value, failure.schema)


def _pattern(failure: Failure) -> Words:
    text = str(failure.value)
    wanted, _, advice = str(failure.schema.get("patternErrorMessage", "has the wrong form")).partition("; ")
    hint = hint_for_pattern(text, failure.schema, lambda other: fits(failure.wanted, other))
    return "pattern", f"is {shown(text)}, and {wanted}" if text.strip() else wanted, joined(hint, advice)


def _bound(failure: Failure) -> Words:
    wanted = f"{_BOUNDS[failure.keyword]} {failure.wanted}"
    value = failure.value
    share = failure.keyword == "maximum" and failure.wanted == 1 and isinstance(value, (int, float)) and value <= 100
    hint = "a share is written as a part of 1: half is `0.5`" if share else None
    return "out-of-range", f"is {shown(value)}, and must be {wanted}", hint


def _too_few(failure: Failure) -> Words:
    return "too-few", f"must have at least {failure.wanted} item{'s' if failure.wanted > 1 else ''}", None


def _alternatives(failure: Failure) -> Words:
    if failure.branches:
        wanted = [inner.wanted for branch in failure.branches for inner in branch if inner.keyword == "type"]
        return "wrong-type", f"is {seen(failure.value)}, and must be {types(wanted)}", None
    written = failure.value if isinstance(failure.value, dict) else {}
    keys = [key for branch in failure.wanted for key in branch.get("required", ()) if key in written]
    if not keys:
        return _other(failure)
    return "contradiction", f"has {listed(keys, last='and')}, and must have one of them", "leave out the others"


def _const(failure: Failure) -> Words:
    return "not-allowed", f"is {shown(failure.value)}, and must be {shown(failure.wanted)}", None


def _alone(failure: Failure) -> Words:
    written = failure.value if isinstance(failure.value, dict) else {}
    pairs = ((key, other) for key, others in failure.wanted.items() if key in written for other in others)
    key, lacking = next((key, other) for key, other in pairs if other not in written)
    return "missing-key", f"has {listed((key,))}, and lacks {listed((lacking,))}, which goes with it", None


def _forbidden(_: Failure) -> Words:
    return "contradiction", "does not go with what stands beside it", "leave it out"


def _other(failure: Failure) -> Words:
    return "not-valid", f"is {seen(failure.value)}, which its schema does not accept (`{failure.keyword}`)", None


def _present(data: JsonValue, path: Path) -> frozenset[str]:
    for step in path:
        data = data[step]  # type: ignore[index]  # the path of a failure exists
    return frozenset(data) if isinstance(data, dict) else frozenset()


_WORDS: dict[str, Callable[[Failure], Words]] = {
    "anyOf": _alternatives,
    "const": _const,
    "dependentRequired": _alone,
    "enum": _enum,
    "minItems": _too_few,
    "not": _forbidden,
    "oneOf": _alternatives,
    "pattern": _pattern,
    "type": _type,
    **dict.fromkeys(_BOUNDS, _bound),
}
