"""What facts settle, path by path: a value that is proved or inferred, or a question and why it is one."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import TYPE_CHECKING

from psfpolicy.deriving.yaml import written
from psfpolicy.inert import inert
from psfpolicy.schema.parts import fits, fits_item
from psfpolicy.source import masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue, Path

_MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class Settled:
    """A value with what it comes from, as a comment."""

    value: JsonValue
    source: str


@dataclass(slots=True)
class Settlement:
    """What is known of a deployment, by path of its descriptor."""

    values: dict[Path, Settled] = field(default_factory=dict)
    """Values of paths; items of lists stand at the list's path and their number."""
    notes: dict[Path, list[str]] = field(default_factory=dict)
    """Why a path has no value, or what a list may lack, in words."""

    def note(self, path: Path, text: str) -> None:
        """Say why a path has no value."""
        said = self.notes.setdefault(path, [])
        if text not in said:
            said.append(text)

    def refuse(self, path: Path, reason: str) -> bool:
        """Turn what stands at, above or below a path into a note; say whether anything did."""
        found = [known for known in self.values if known[: len(path)] == path or path[: len(known)] == known]
        for known in reversed(found):
            settled = self.values.pop(known)
            above = known[:-1] if isinstance(known[-1], int) else known
            self.note(above, f"{settled.source} {_shown(settled.value)}, which is not taken: {comment(reason)}")
            if above != known:
                items = sorted(self.items(above))
                kept = [self.values.pop((*above, number)) for number in items]
                self.values |= {(*above, number): item for number, item in enumerate(kept)}
        return bool(found)

    def items(self, path: Path) -> list[int]:
        """Give the numbers of the items that stand at a list's path."""
        return [known[-1] for known in self.values if known[:-1] == path and isinstance(known[-1], int)]

    def knows(self, path: Path) -> bool:
        """Say whether a path, or one below it, has a value."""
        return any(known[: len(path)] == path for known in self.values)


def settled(facts: Iterable[Fact], folder: str) -> Settlement:
    """Settle what facts about one deployment say.

    Args:
        facts: All of them, about it and about nothing else.
        folder: What the files in comments are relative to.
    """
    found = Settlement()
    by_path: dict[Path, list[Fact]] = {}
    for fact in facts:
        by_path.setdefault(fact.path, []).append(fact)
    for path in sorted(by_path, key=lambda path: (len(path), str(path))):
        items = [fact for fact in by_path[path] if fact.item]
        if items:
            _settle_items(found, path, items, folder)
        else:
            _settle(found, path, by_path[path], folder)
    return found


def _settle(found: Settlement, path: Path, facts: list[Fact], folder: str) -> None:
    values = {_key(fact.value): fact.value for fact in facts if fact.certainty != "inconclusive"}
    open_ = [fact for fact in facts if fact.certainty == "inconclusive"]
    if len(values) == 1 and not open_:
        (value,) = values.values()
        _put(found, path, value, _source(facts, folder))
        return
    if len(values) > 1:
        shown = (f"{_shown(value)} ({_places(_with(facts, key), folder)})" for key, value in values.items())
        found.note(path, f"manifests show several: {', '.join(shown)}")
    elif values:
        ((key, value),) = values.items()
        found.note(path, f"{_shown(value)} is shown by {_places(_with(facts, key), folder)}, but not everywhere")
    _note_open(found, path, open_, folder, ("does not decide it", "do not decide it"))


def _note_open(found: Settlement, path: Path, facts: Sequence[Fact], folder: str, says: tuple[str, str]) -> None:
    by_reason: dict[str, list[Fact]] = {}
    for fact in facts:
        by_reason.setdefault(comment(fact.reason), []).append(fact)
    for reason, same in by_reason.items():
        places = _places(same, folder)
        found.note(path, f"{places} {says[', ' in places]}: {reason}")


def _put(found: Settlement, path: Path, value: JsonValue, source: str) -> None:
    """Put a value, a map key by key, so that each has its source and what it lacks is asked."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            _put(found, (*path, key), inner, source)
    elif not fits(path, value):
        found.note(path, f"{source} {_shown(value)}, which is no value for it")
    elif not _can_be_written(value):
        found.note(path, f"{source} something that is not written here: it looks like a secret, or cannot be read")
    else:
        found.values.setdefault(path, Settled(value, source))


def _settle_items(found: Settlement, path: Path, facts: list[Fact], folder: str) -> None:
    number = 0
    for key in dict.fromkeys(_key(fact.value) for fact in facts if fact.certainty != "inconclusive"):
        same = _with(facts, key)
        value, source = same[0].value, _source(same, folder)
        if fits_item(path, value) and _can_be_written(value):
            found.values[*path, number] = Settled(value, source)
            number += 1
        else:
            shown = _shown(value) if _can_be_written(value) else "something that looks like a secret"
            found.note(path, f"{source} {shown}, which lacks what an item needs")
    open_ = [fact for fact in facts if fact.certainty == "inconclusive"]
    _note_open(found, path, open_, folder, ("may add to it", "may add to it"))


def _with(facts: Sequence[Fact], key: str) -> list[Fact]:
    return [fact for fact in facts if fact.certainty != "inconclusive" and _key(fact.value) == key]


def _source(facts: Sequence[Fact], folder: str) -> str:
    """Give where a value comes from: proved where one fact is certain, else inferred, with the reason."""
    certain = [fact for fact in facts if fact.certainty == "certain"]
    if certain:
        return f"from {_places(certain, folder)}"
    return f"inferred from {_places(facts, folder)}: {comment(facts[0].reason)}"


def _places(facts: Sequence[Fact], folder: str) -> str:
    found = list(dict.fromkeys(place_of(fact, folder) for fact in facts))
    more = f" and {len(found) - _MOST_PLACES} more" if len(found) > _MOST_PLACES else ""
    return ", ".join(found[:_MOST_PLACES]) + more


def place_of(fact: Fact, folder: str) -> str:
    """Give the file, relative to a folder, and the line of a fact."""
    name = File(os.path.relpath(fact.place.file, folder)).as_posix()
    return comment(f"{name}:{fact.place.region.start_line}")


def comment(text: str) -> str:
    """Give a text as it may stand in a comment: on one line, without what acts on a terminal, secrets masked."""
    return inert(masked(text))


def _shown(value: JsonValue) -> str:
    return comment(written(value))


def _can_be_written(value: JsonValue) -> bool:
    """Say whether a value has neither a secret in it nor a character that YAML forbids or a reader cannot see."""
    text = written(value)
    return comment(text) == text


def _key(value: JsonValue) -> str:
    return json.dumps(value, sort_keys=True)
