"""A descriptor as text: values with where they come from, and a question for each key that has none.

Keys, their order and their questions are those of the schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.deriving.yaml import written
from psfpolicy.schema.parts import choices_at, keys_at, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psfpolicy.deriving.settling import Settlement
    from psfpolicy.model.place import Path

_DEEPEST = 2
"""Levels below the root of which every key is asked for; below them only beside what is known."""
_NOT_ASKED = {("metadata", "extends"), ("metadata", "labels")}
"""What only their author could want."""
_HEAD = """\
# Written by `psfpolicy derive`. Beside each value stands where it was read; what is inferred is for you to confirm.
# What no manifest says is asked in a comment: fill it in where it holds, and leave it out where you cannot say yet.
"""


class _Line(NamedTuple):
    depth: int
    text: str
    live: bool
    """It says something; a question and what lies below it is a comment."""


def descriptor(known: Settlement, remarks: Sequence[str] = ()) -> str:
    """Give a descriptor as YAML.

    Args:
        known: What is known of the deployment.
        remarks: What there is to say before it.
    """
    lines = [*(f"# {remark}" for remark in remarks), "apiVersion: psfpolicy/v1", "kind: LLMDeployment"]
    for key in ("metadata", "spec"):
        lines += _indented([_Line(0, f"{key}:", live=True), *_section((key,), known)])
    return _HEAD + "\n".join(lines) + "\n"


def _indented(lines: Sequence[_Line]) -> Iterator[str]:
    """Give lines with their indentation; a comment begins where the outermost key that is one would."""
    outermost = -1
    for line in lines:
        if line.live:
            outermost = -1
            yield "  " * line.depth + line.text
            continue
        if outermost < 0 or line.depth <= outermost:
            outermost = line.depth
        yield f"{'  ' * outermost}# {'  ' * (line.depth - outermost)}{line.text}"


def _section(path: Path, known: Settlement) -> Iterator[_Line]:
    """Give the keys of a map that is known to be one."""
    for key in keys_at(path):
        inner = (*path, key)
        if inner in known.values:
            settled = known.values[inner]
            aside = "" if not settled.source else f" # {settled.source}"
            yield _Line(len(path), f"{key}: {written(settled.value)}{aside}", live=True)
        elif known.items(inner):
            yield from _list(inner, known)
        elif inner not in _NOT_ASKED:
            yield from _open(inner, known)


def _list(path: Path, known: Settlement) -> Iterator[_Line]:
    depth = len(path)
    yield _Line(depth - 1, f"{path[-1]}:", live=True)
    for number in sorted(known.items(path)):
        settled = known.values[*path, number]
        yield _Line(depth, f"- {written(settled.value)} # {settled.source}", live=True)
    for note in known.notes.get(path, ()):
        yield _Line(depth, note, live=False)


def _open(path: Path, known: Settlement) -> Iterator[_Line]:
    """Give a map of which something is known, or else the question after what has no value."""
    depth = len(path) - 1
    live = known.knows(path)
    noted = any(about[: len(path)] == path and about != path for about in known.notes)
    if keys_at(path) and (live or noted or len(path) <= _DEEPEST):
        yield _Line(depth, f"{path[-1]}:", live=live)
        for note in known.notes.get(path, ()):
            yield _Line(depth + 1, note, live=False)
        yield from _section(path, known)
    else:
        yield _Line(depth, f"{path[-1]}: # {_question(path, known)}", live=False)


def _question(path: Path, known: Settlement) -> str:
    """Ask for a value: what manifests leave open of it, else what it means; and what it may be."""
    notes = known.notes.get(path, ())
    asked = "; ".join(notes) if notes else f"{meaning_of(path) or path[-1]}?"
    parts = keys_at(path) or keys_at((*path, 0))
    may = " | ".join(choices_at(path)) or (f"{{{', '.join(parts)}}}" if parts else "")
    return f"{asked} {may}".rstrip()
