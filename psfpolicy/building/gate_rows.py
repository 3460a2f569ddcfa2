"""Gate profiles of packs: rows of the table `gates`, each held to only adding to the gate of ours that it extends.

They are held to it where a pack is read, and again where a bundle is loaded: its data may have been written by hand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

TABLE = "gates"
"""The table that they are rows of; psfpolicy ships none."""

GATES = ("advisory", "baseline", "standard", "strict")
"""Names of ours, which no profile takes."""

_DOMAINS = {f"PSF-{number}": 60 if number <= 6 else 40 for number in range(1, 9)}  # as gate.rego has it
LEAST: Mapping[str, Mapping[str, int]] = {"baseline": {}, "standard": _DOMAINS, "strict": _DOMAINS}
"""Gates that may be extended, and the least scores that each asks for by domain, as `gate.rego` has them."""

NOTICES = ("evidence-undeclared", "scope-reduced")
"""What is found of no control, and can be barred from waivers as one can."""
NO_CONTROLS = (*NOTICES, "inline-ignore", "not-assessed")
"""What stands in reports where the id of a control does: no control is called so."""

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_ID = 40
_LONGEST_TITLE = 200
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SOURCE = re.compile(r"https://[^\s]+|ours")
_WHOLE = 100
_STATUSES = ("fail", "partial")
_SEVERITIES = ("critical", "high", "medium", "low")
_CONDITIONS = ("thresholds", "must_pass", "must_be_evidenced", "holds", "unwaivable")
_KEYS = {"title", "extends", *_CONDITIONS, "source", "as_of"}


class Known(NamedTuple):
    """What a profile may name."""

    controls: Collection[str]
    domains: Collection[str]


def faults(id_: object, row: object, known: Known) -> Iterator[str]:
    """Say what is wrong with a profile: all that would loosen a gate, name nothing, or mean nothing.

    Args:
        id_: Its id.
        row: What it says.
        known: What it may name.
    """
    if not isinstance(id_, str) or not _ID.fullmatch(id_) or len(id_) > _LONGEST_ID:
        yield f"`{id_}` is no id of a gate: small letters, digits and single `-`, {_LONGEST_ID} at most"
        return
    if id_ in GATES:
        yield f"`{id_}` is a gate of psfpolicy"
    if not isinstance(row, dict):
        yield f"the gate `{id_}` is no map"
        return
    for complaint in (*_of_keys(row), *_of_conditions(row, known)):
        yield f"the gate `{id_}`: {complaint}"


def _of_keys(row: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"`{key}` is no key of a gate; known are {', '.join(sorted(_KEYS))}" for key in row if key not in _KEYS)
    extends = row.get("extends")
    if not isinstance(extends, str) or extends not in LEAST:
        yield f"`extends` is `{extends}`, and must be {', '.join(LEAST)}: a gate of psfpolicy that holds"
    title, day, source = row.get("title"), row.get("as_of"), row.get("source")
    if not isinstance(title, str) or not title.strip() or len(title) > _LONGEST_TITLE or not title.isprintable():
        yield f"`title` must be one line of text, {_LONGEST_TITLE} letters at most"
    if not isinstance(day, str) or not _DAY.fullmatch(day):
        yield "`as_of` must be the day on which it was decided, in quotes"
    if not isinstance(source, str) or not _SOURCE.fullmatch(source):
        yield "`source` must be the address of what it follows, or `ours`"
    if not any(row.get(key) for key in _CONDITIONS):
        yield f"asks for nothing: it has none of {', '.join(_CONDITIONS)}"


def _of_conditions(row: Mapping[str, Any], known: Known) -> Iterator[str]:
    least = LEAST.get(str(row.get("extends")), {})
    for domain, score in _items(row, "thresholds"):
        lowest = least.get(str(domain), 1)
        if domain not in known.domains:
            yield f"`thresholds` names the domain `{domain}`, which does not exist"
        elif not isinstance(score, int) or isinstance(score, bool) or not lowest <= score <= _WHOLE:
            asked = f"{lowest}, which `{row.get('extends')}` asks for," if domain in least else f"{lowest}"
            yield f"the least score of `{domain}` is `{score}`, and must be a whole number from {asked} to {_WHOLE}"
    for key in ("must_pass", "must_be_evidenced", "unwaivable"):
        kinds = NOTICES if key == "unwaivable" else ()
        yield from _of_names(key, row, (*known.controls, *kinds), "which is no control of psfpolicy or of the pack")
    for status, _ in _items(row, "holds"):
        if status not in _STATUSES:
            yield f"`holds` names the status `{status}`, and knows {', '.join(_STATUSES)}"
        else:
            yield from _of_names(status, row["holds"], _SEVERITIES, f"and knows {', '.join(_SEVERITIES)}")
    for key in ("thresholds", "holds"):
        if key in row and not (isinstance(row[key], dict) and row[key]):
            yield f"`{key}` must be a map that is not empty"


def _items(row: Mapping[str, Any], key: str) -> tuple[tuple[object, object], ...]:
    value = row.get(key)
    return tuple(value.items()) if isinstance(value, dict) else ()


def _of_names(key: str, row: Mapping[str, Any], known: Collection[str], otherwise: str) -> Iterator[str]:
    if key not in row:
        return
    names = row[key]
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        yield f"`{key}` must be a list of names that is not empty"
        return
    yield from (f"`{key}` names `{name}` twice" for name in sorted({name for name in names if names.count(name) > 1}))
    yield from (f"`{key}` names `{name}`, {otherwise}" for name in names if name not in known)
