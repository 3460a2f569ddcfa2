"""A descriptor brought in line with its manifests: what they contradict with certainty is changed where it stands.

A value is replaced by its position in the text, so that every other character stays as it is.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from psfpolicy.collating import standings
from psfpolicy.deriving.gathered import evidence_of, patterns
from psfpolicy.deriving.settling import comment, place_of
from psfpolicy.deriving.yaml import rewritten, written
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.errors import NotAssessedError, UsageError
from psfpolicy.inert import inert
from psfpolicy.loading import load
from psfpolicy.schema.parts import fits
from psfpolicy.source import Mapping, Sequence, masked
from psfpolicy.targets import targets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Many

    from psfpolicy.answer import RawRow
    from psfpolicy.catalogue import Tables
    from psfpolicy.evidence.gathering import Evidence
    from psfpolicy.evidence.rules import EvidenceRule
    from psfpolicy.loading import Loaded
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue, Path
    from psfpolicy.source import Document, Node
    from psfpolicy.targets import Target

_ROUNDS = 5
_BLOCK = ("|", ">")
_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Change:
    """A value that manifests contradict, and what they show instead."""

    document: int
    """0-based number of the descriptor among those of the file."""
    path: Path
    named: str
    """The path, for people."""
    value: JsonValue
    start: int
    """Offset of the old value in the text."""
    end: int

    @property
    def key(self) -> tuple[int, Path]:
        """What tells it from the other changes of a round."""
        return self.document, self.path


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """A value that manifests contradict, and why it is left as it is."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Update:
    """What becomes of a file."""

    name: str
    """How it is shown."""
    before: str
    """Its text, with its byte order mark."""
    after: str
    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = field(default=())

    def diff(self) -> Iterator[str]:
        """Give the lines of a unified diff, none where nothing changes: secrets masked, and nothing acts on a terminal.

        No line changes its end, so that none is shown.
        """
        old, new = (_lines(masked(text)) for text in (self.before, self.after))
        yield from map(inert, difflib.unified_diff(old, new, self.name, self.name, lineterm=""))


def update_of(file: str, paths: Many[str], own: Tables, rules: Many[EvidenceRule] = ()) -> Update:
    """Work out what manifests change in a descriptor; nothing is written.

    Args:
        file: The descriptor.
        paths: Manifests, instead of the descriptor's own evidence; empty for that.
        own: The user's own rows of the catalogue.
        rules: Manifests that the settings name.

    Raises:
        UsageError: It is no file, or its manifests cannot be told.
        NotAssessedError: The descriptor or a manifest cannot be read.
    """
    target, *others = targets((file,))
    if others or target.stream or not target.named:
        raise UsageError(f"`{file}` is no file that can be changed", hint="name the file of a descriptor")
    before = File(file).read_bytes().decode(errors="surrogateescape")
    return _Updating(target, tuple(paths), own, tuple(rules)).update(before)


class _Updating:
    """One file being brought in line."""

    def __init__(self, target: Target, paths: tuple[str, ...], own: Tables, rules: tuple[EvidenceRule, ...]) -> None:
        self._target = target
        self._own = own
        self._rules = rules
        self._folder = str(File(target.path).parent)
        self._globs = patterns(paths, self._folder) if paths else ()
        self._engine = WasmEngine.bundled()

    def update(self, before: str) -> Update:
        """Change until nothing is left that can be: with another model other workloads may count."""
        mark, text = before[: before.startswith(_MARK)], before.removeprefix(_MARK)
        loaded = self._valid(text)
        changes: list[Change] = []
        impossible: dict[tuple[int, Path], Refusal] = {}
        for _ in range(_ROUNDS):
            found = list(self._contradicted(loaded))
            left = [item for item in found if isinstance(item, Refusal)]
            wanted = [item for item in found if isinstance(item, Change) and item.key not in impossible]
            text, loaded, made = self._made(text, loaded, wanted, impossible)
            changes += made
            if not made:
                break
        refusals = sorted({*left, *impossible.values()})
        return Update(self._target.name, before, mark + text, tuple(changes), tuple(refusals))

    def _load(self, text: str) -> Loaded:
        return load(self._target, own=self._own, rules=self._rules, content=text.encode(errors="surrogateescape"))

    def _valid(self, text: str) -> Loaded:
        loaded = self._load(text)
        if loaded.unassessed:
            first = loaded.unassessed.problems[0]
            raise NotAssessedError(
                f"`{self._target.name}` is not valid: {first.message}",
                hint="`psfpolicy check` shows everything that is wrong in it",
            )
        if self._globs and len(loaded.documents) > 1:
            raise UsageError(
                f"`{self._target.name}` holds {len(loaded.documents)} descriptors, and the paths are about one",
                hint="name the manifests of each under its `spec.evidence`",
            )
        return loaded

    def _contradicted(self, loaded: Loaded) -> Iterator[Change | Refusal]:
        for number, document in enumerate(loaded.documents):
            evidence = self._evidence(document, loaded.evidence[number])
            if evidence is None:
                if len(loaded.documents) == 1:
                    raise UsageError(
                        f"`{self._target.name}` names no evidence",
                        hint="name manifests: psfpolicy derive --update FILE PATH",
                    )
                continue
            facts = [item.fact for item in evidence.facts]
            for row in standings(document, evidence, self._engine):
                # Where manifests contradict each other alone, nothing that is said here is wrong.
                if row.verdict == "contradicted" and not document.locate(row.path).missing:
                    yield self._wanted(number, row, document, facts)

    def _evidence(self, document: Document, own: Evidence | None) -> Evidence | None:
        return evidence_of(document.data, self._globs, self._folder) if self._globs else own

    def _wanted(self, number: int, row: RawRow, document: Document, facts: list[Fact]) -> Change | Refusal:
        """Give the change that brings a path in line, or why there is none."""
        named = comment(document.named(row.path))
        node = _own_node(document.root, row.path)
        said = [facts[index] for index, bearing in row.facts if bearing == "contradicts"]
        others = [facts[index] for index, bearing in row.facts if bearing != "contradicts"]
        values = {written(_value(fact, row.path)): _value(fact, row.path) for fact in said}
        shown = ", ".join(place_of(fact, ".") for fact in said)
        if len(values) > 1:
            return Refusal(named, f"manifests show more than one value ({shown})")
        if others:
            elsewhere = ", ".join(place_of(fact, ".") for fact in others)
            return Refusal(named, f"manifests do not agree: {shown} contradicts it, and {elsewhere} does not")
        (value,) = values.values()
        if node is None or node.used_at is not None:
            return Refusal(named, "it comes through an alias or a merge key; change it by hand")
        if node.text.file != self._target.name:
            where = f"{comment(node.text.file)}:{node.place.region.start_line}"
            return Refusal(named, f"it stands in {where}, which others may extend; change it there, or set it here")
        before = node.text.content[node.start : node.end]
        if (
            not before
            or before.startswith(_BLOCK)
            or not fits(row.path, value)
            or comment(written(value)) != written(value)
        ):
            return Refusal(named, f"what {shown} shows cannot be written in its place; change it by hand")
        return Change(number, row.path, named, value, node.start, node.start + len(before.rstrip()))

    def _made(
        self, text: str, loaded: Loaded, wanted: list[Change], impossible: dict[tuple[int, Path], Refusal]
    ) -> tuple[str, Loaded, list[Change]]:
        """Make changes: all at once, or if the descriptor were not valid then, those that can be made alone."""
        whole = self._attempt(text, loaded, wanted)
        if not isinstance(whole, str):
            return *whole, wanted
        made: list[Change] = []
        # From the end on, so that no change moves another.
        for change in sorted(wanted, key=lambda each: each.start, reverse=True):
            one = self._attempt(text, loaded, [change])
            if isinstance(one, str):
                impossible[change.key] = Refusal(change.named, f"with it the descriptor would not hold: {one}")
            else:
                text, loaded = one
                made.append(change)
        return text, loaded, made

    def _attempt(self, text: str, loaded: Loaded, changes: list[Change]) -> tuple[str, Loaded] | str:
        """Give the text with changes, and what it is read as; why not, if that is anything but those changes."""
        as_json = self._target.path.lower().endswith(".json")
        after = text
        for change in sorted(changes, key=lambda each: each.start, reverse=True):
            new = rewritten(change.value, text[change.start : change.end], as_json=as_json)
            after = after[: change.start] + new + after[change.end :]
        now = self._load(after)
        if now.unassessed:
            return comment(now.unassessed.problems[0].message)
        expected = [document.data for document in loaded.documents]
        for change in changes:
            expected[change.document] = _with(expected[change.document], change.path, change.value)
        if [document.data for document in now.documents] != expected:
            return "another value would change with it"
        return after, now


def _value(fact: Fact, path: Path) -> JsonValue:
    """Give what a fact says at a path: of an item, what it says at the key that the path ends with."""
    return fact.value[str(path[-1])] if fact.item and isinstance(fact.value, dict) else fact.value


def _own_node(root: Node, path: Path) -> Node | None:
    """Give the node at a path; None where an alias or a merge key leads to it, or to what it lies below."""
    node = root
    for step in path:
        if node.used_at is not None:
            return None
        if isinstance(node, Mapping) and step in node.members:
            entry = node.members[str(step)]
            if entry.used_at is not None:
                return None
            node = entry.value
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def _with(data: JsonValue, path: Path, value: JsonValue) -> JsonValue:
    """Give data in which another value stands at a path that is there."""
    if not path:
        return value
    step, *rest = path
    inner: Any = data
    changed = _with(inner[step], tuple(rest), value)
    if isinstance(inner, list):
        return [changed if index == step else item for index, item in enumerate(inner)]
    return {**inner, step: changed}


def _lines(text: str) -> list[str]:
    return [line.rstrip("\r\n") for line in re.findall(r"[^\n]*\n|[^\n]+", text)]
