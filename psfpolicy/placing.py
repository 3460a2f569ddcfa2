"""A place, a name and a digest for everything that the policy says of one descriptor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.digests import Digests, digest, plain, values_at
from psfpolicy.model.report import GOOD, LONGEST_EXCERPT, Finding, Flow, Notice, Position, Served, Shown
from psfpolicy.source.secrets import masked
from psfpolicy.strangers import asked, strangers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from psfpolicy.answer import RawControl, RawFinding, RawFlow, RawReduced, RawServed, RawUndeclared
    from psfpolicy.catalogue import Tables
    from psfpolicy.evidence.gathering import Evidence
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue, Path, Place
    from psfpolicy.model.report import Bearing
    from psfpolicy.resources import ControlInfo
    from psfpolicy.source import Document, Text

_FACT = ("facts", "evidence")
"""What the path of a finding begins with that is about a fact alone; its number follows."""
_DECLARE = "Declare it; where it really does not apply, waive this with an owner and an approver"
_MEND = "Declare it in the descriptor, or take it out of the manifest"


def identity(document: Document) -> str:
    """Give `environment/name`, what a deployment is known by."""
    metadata = document.data["metadata"]  # type: ignore[index, call-overload]  # a valid descriptor has it
    return f"{metadata['environment']}/{metadata['name']}"  # type: ignore[index, call-overload]


def position(place: Place) -> Position:
    """Give a place as reports show it."""
    region = place.region
    return Position(
        file=place.file,
        start_line=region.start_line,
        start_column=region.start_column,
        end_line=region.end_line,
        end_column=region.end_column,
        used_at=None if place.used_at is None else position(place.used_at),
    )


def excerpt(place: Place, texts: Mapping[str, Text]) -> str | None:
    """Give the first line of a place, of a long one the stretch around it; None where its text is not known."""
    text = texts.get(place.file)
    if text is None:
        return None
    start = position(place).excerpt_start
    return text.line(place.region.start_line)[start : start + LONGEST_EXCERPT]


class Seen(NamedTuple):
    """What the policy read at a path."""

    name: str
    """The path for people."""
    place: Place
    missing: Path
    """What of the path is not there; the place is then its nearest parent's."""
    value: tuple[JsonValue] | None
    """The one value; None where nothing is there."""
    fact: Fact | None
    """What a manifest shows, where the value, or some of it, is from there."""


class Placing:
    """Gives the findings of one descriptor their places, names and digests.

    Args:
        document: The descriptor.
        texts: The text of every file that it rests on, by name, secrets masked.
        own: The user's own rows of the catalogue.
        masking: The descriptor has a literal secret.
        evidence: What manifests show of it.
    """

    def __init__(
        self,
        document: Document,
        texts: Mapping[str, Text],
        own: Tables,
        *,
        masking: bool,
        evidence: Evidence | None = None,
    ) -> None:
        self._document = document
        self._strangers = strangers(document.data, own)
        self._evidence = evidence
        self._texts = texts
        self._deployment = identity(document)
        # A descriptor without a secret has nothing that a text could repeat; a manifest may have one anywhere.
        self.shown = masked if masking or evidence is not None else str
        """Gives a text without the descriptor's secrets."""
        self._data = document.data if evidence is None else evidence.descriptor.data
        self.steps: dict[str, list[Path]] = {}
        """Paths as the policy knows them, of what has a place so far and is no pass, by fingerprint."""
        # Findings share most of their places and of what they read: each is looked up once.
        self._places: dict[Path, tuple[Position, str | None]] = {}
        # It keeps nothing of this: a cycle would keep the whole document until cycles are looked for.
        self._digests = Digests(self._deployment)

    def findings(self, info: ControlInfo, raw: RawControl, *, brief: bool = False) -> list[Finding]:
        """Give the findings of a control, in the order of the document; of a brief report those that are no pass."""
        return [finding for finding, _ in self.placed(info, raw, brief=brief)]

    def placed(self, info: ControlInfo, raw: RawControl, *, brief: bool = False) -> list[tuple[Finding, RawFinding]]:
        """Give the findings of a control as `findings` does, each with what it was."""
        found = [(self._finding(info, item), item) for item in raw.findings if not (brief and item.status in GOOD)]
        return sorted(found, key=lambda pair: (pair[0].place.start_line, pair[0].place.start_column, pair[0].path))

    def read(self, path: Path) -> Seen:
        """Give what the policy read at a path; of a fact, what its manifest shows."""
        place, missing = self._located(path)
        values = self._values(path)
        if not values:
            return Seen(self._named(path), place, missing, None, None)
        if path[:2] == _FACT and isinstance(path[2], int):
            fact = self._fact(path[2])
            return Seen(self._named(path), fact.place, (), (fact.shown or fact.value,), fact)
        filled = self._filled(path)
        return Seen(self._named(path), place if filled is None else filled.place, (), (values[0],), filled)

    def flows(self, raw: tuple[RawFlow, ...]) -> tuple[Flow, ...]:
        """Give the flows in the order of the document."""
        found = [self._flow(item) for item in raw]
        return tuple(sorted(found, key=lambda flow: (flow.place.start_line, flow.place.start_column, flow.path)))

    def _flow(self, item: RawFlow) -> Flow:
        return Flow(
            path=self.shown(self._named(item.path)),
            kind=item.kind,
            name=self.shown(item.name),
            carries=item.carries,
            country=item.country,
            operator=None if item.operator is None else self.shown(item.operator),
            jurisdiction=item.jurisdiction,
            third_party=item.third_party,
            border=item.border,
            place=self._placed(item.path)[0],
        )

    def named(self, paths: Iterable[Path]) -> tuple[str, ...]:
        """Write paths of the descriptor for people."""
        return tuple(self.shown(self._document.named(path)) for path in paths)

    def served(self, raw: RawServed) -> Served:
        """Give what a deployment is served with, its licences by path."""
        engine = raw.engine
        name, version, tag = (
            None if text is None else self.shown(text) for text in (engine.name, engine.version, engine.tag)
        )
        licences = [
            replace(item.limit, path=self.shown(self._named(item.path)), name=self.shown(item.limit.name))
            for item in raw.licences
        ]
        return Served(
            home=raw.home,
            engine=replace(engine, name=name, version=version, tag=tag),
            licences=tuple(sorted(licences, key=lambda item: (item.path, item.licence or "", item.name))),
        )

    def excerpt(self, place: Place) -> str | None:
        """Give the first line of a place."""
        return excerpt(place, self._texts)

    def manifests(self) -> tuple[str, ...]:
        """Give the names of the files of evidence."""
        return () if self._evidence is None else self._evidence.belonging

    def undeclared(self, raw: tuple[RawUndeclared, ...]) -> tuple[Notice, ...]:
        """Give what the descriptor does not mention, by file and place."""
        found = [self._undeclared(item) for item in raw]
        return tuple(sorted(found, key=lambda item: (item.place.file, item.place.start_line, item.place.start_column)))

    def _undeclared(self, item: RawUndeclared) -> Notice:
        fact = self._fact(item.fact)
        name = fact.value.get("name") if isinstance(fact.value, dict) else fact.value
        fingerprint = digest(["evidence-undeclared", self._deployment, list(fact.path), fact.subject, name])
        self.steps.setdefault(fingerprint, []).append((*_FACT, item.fact))
        return Notice(
            control="evidence-undeclared",
            severity=item.severity,
            message=self.shown(item.message),
            path=".".join(map(str, fact.path)),
            place=position(fact.place),
            excerpt=self.excerpt(fact.place),
            fingerprint=fingerprint,
            digest=digest(fact.value),
            remediation=_MEND,
            waiver=item.waiver,
        )

    def reduced(self, raw: tuple[RawReduced, ...]) -> tuple[Notice, ...]:
        """Give what the settings ask for and the descriptor does not declare, at the list that lacks it."""
        return tuple(map(self._lacking, raw))

    def _lacking(self, item: RawReduced) -> Notice:
        path = self._document.named(item.path[:-1])
        word = str(item.path[-1])
        place = self._document.locate(item.path[:-1]).place
        # Of a word that the base declared there is a notice, too.
        fingerprint = digest(["scope-reduced", self._deployment, path, word, "floor"])
        self.steps.setdefault(fingerprint, []).append(item.path)
        return Notice(
            control="scope-reduced",
            severity=item.severity,
            message=item.message,
            path=f"{path}[{word}]",
            place=position(place),
            excerpt=self.excerpt(place),
            fingerprint=fingerprint,
            digest=digest(word),
            remediation=_DECLARE,
            waiver=item.waiver,
        )

    def _fact(self, number: int) -> Fact:
        if self._evidence is None:
            raise IndexError(number)
        return self._evidence.facts[number].fact

    def _named(self, path: Path) -> str:
        """Write a path for people; of a fact, by what it was read from."""
        if path[:2] != _FACT or not isinstance(path[2], int):
            return self._document.named(path)
        fact = self._fact(path[2])
        name = fact.value.get("name") if isinstance(fact.value, dict) else fact.shown
        item = f"[{name}]" if isinstance(name, str) and name else ""
        return f"evidence[{fact.subject}].{'.'.join(map(str, fact.path))}{item}"

    def _located(self, path: Path) -> tuple[Place, Path]:
        """Give the place of a path, and what of it is missing; of what a manifest filled in, the manifest's place."""
        if path[:2] == _FACT and isinstance(path[2], int):
            return self._fact(path[2]).place, ()
        located = self._document.locate(path)
        if located.missing and self._evidence is not None:
            filled = self._evidence.descriptor.places
            for end in range(len(path), len(path) - len(located.missing), -1):
                if path[:end] in filled:
                    return filled[path[:end]].place, path[end:]
        return located.place, located.missing

    def _filled(self, path: Path) -> Fact | None:
        """Give a fact that a value, or some of it, was filled in from; None for what is declared or absent."""
        if self._evidence is None or not self._document.locate(path).missing:
            return None
        for at, fact in self._evidence.descriptor.places.items():
            if path[: len(at)] == at or at[: len(path)] == path:
                return fact
        return None

    def _placed(self, path: Path) -> tuple[Position, str | None]:
        """Give the place of a path as reports show it, and what of the path is missing."""
        known = self._places.get(path)
        if known is None:
            place, missing = self._located(path)
            known = self._places[path] = position(place), ".".join(str(step) for step in missing) or None
        return known

    def _shown(self, number: int, bearing: Bearing) -> Shown:
        fact = self._fact(number)
        value = fact.shown or ("" if fact.value is None else plain(fact.value))
        return Shown(
            path=".".join(map(str, fact.path)),
            bearing=bearing,
            value=self.shown(value) or None,
            reason=fact.reason or None,
            subject=fact.subject,
            reader=fact.reader,
            place=position(fact.place),
            excerpt=None if bearing == "confirms" else self.excerpt(fact.place),
        )

    def _finding(self, info: ControlInfo, item: RawFinding) -> Finding:
        place, missing = self._placed(item.path)
        path = self._named(item.path)
        good = item.status in GOOD
        fingerprint = self._digests.fingerprint(info.id, path)
        if not good:
            self.steps.setdefault(fingerprint, []).append(item.path)
        return Finding(
            control=info.id,
            status=item.status,
            severity=info.severity,
            domain=info.domain,
            message=f"{self.shown(item.message if good else self._hinted(item))}{_overriding(info)}",
            path=self.shown(path),
            missing=missing,
            place=place,
            excerpt=None if good else self.excerpt(self._located(item.path)[0]),
            assurance=item.assurance,
            fingerprint=fingerprint,
            digest=self._digests.decided_by(item.reads, self._named_and_read, self._against(item)),
            waiver=item.waiver,
            remediation="" if good else info.remediation,
            evidence=tuple(self._shown(number, bearing) for number, bearing in item.evidence) if item.evidence else (),
        )

    def _hinted(self, item: RawFinding) -> str:
        """Give the message, with what was probably meant by a name in it that the catalogue does not have."""
        found = {
            path: stranger
            for path in item.reads
            if (stranger := self._strangers.get(path)) is not None and f"`{stranger.name}`" in item.message
        }
        return f"{item.message}; {asked([found[path] for path in sorted(found, key=str)])}" if found else item.message

    def _against(self, item: RawFinding) -> list[Fact]:
        """Give the facts that do not confirm what is declared."""
        return [self._fact(number) for number, bearing in item.evidence if bearing != "confirms"]

    def _named_and_read(self, path: Path) -> tuple[str, list[JsonValue]]:
        return self._named(path), self._values(path)

    def _values(self, path: Path) -> list[JsonValue]:
        """Give the values read at a path; of one among the facts, all that the fact shows."""
        if path[:2] == _FACT and isinstance(path[2], int):
            return [self._fact(path[2]).value]
        return values_at(self._data, path)


def _overriding(info: ControlInfo) -> str:
    """Give what is said beside each finding of a control that a pack has put in the place of ours."""
    return f" (decided by the pack `{info.pack}`, which overrides this control)" if info.overrides else ""
