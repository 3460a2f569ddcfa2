"""One descriptor beside its evidence: what is declared at each path, what manifests show there, and what becomes of it.

The policy decides what becomes of it; here it gets its places.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from psfpolicy.asking import Question, ask_collation
from psfpolicy.model.collation import STANDINGS, Collation, Row, Seen
from psfpolicy.placing import identity, position
from psfpolicy.schema.parts import rank
from psfpolicy.source import masked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psfpolicy.answer import RawRow
    from psfpolicy.engine.base import Engine
    from psfpolicy.evidence.gathering import Evidence
    from psfpolicy.model.collation import Bearing
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue
    from psfpolicy.source import Document

_ANY_DAY = "2000-01-01"
"""No date plays a part in it."""


def compare(document: Document, evidence: Evidence | None, engine: Engine) -> Collation:
    """Set one valid descriptor beside what manifests show of it.

    Args:
        document: The descriptor, merged over its bases.
        evidence: What manifests show of it; None where it names none.
        engine: What evaluates the policy.

    Raises:
        EngineError: The policy could not be asked, or did not answer in the agreed shape.
    """
    facts = () if evidence is None else tuple(item.fact for item in evidence.facts)
    rows = [_row(raw, document, facts) for raw in standings(document, evidence, engine)]
    counts = Counter(row.verdict for row in rows)
    return Collation(
        id=masked(identity(document)),
        file=document.file,
        document=document.index,
        line=document.locate(()).place.region.start_line,
        evidence=() if evidence is None else evidence.belonging,
        verdicts={name: counts[name] for name in STANDINGS},
        rows=tuple(rows),
    )


def standings(document: Document, evidence: Evidence | None, engine: Engine) -> Sequence[RawRow]:
    """Ask what becomes of each path, in the order of the schema.

    The policy is asked about the descriptor as it is written, with nothing filled in.
    """
    asked = () if evidence is None else evidence.question()
    found = ask_collation(Question(descriptor=document.data, today=_ANY_DAY, evidence=asked), engine)
    return sorted(found, key=lambda raw: (rank(raw.path), raw.facts))


def _row(raw: RawRow, document: Document, facts: Sequence[Fact]) -> Row:
    located = document.locate(raw.path)
    item = next((facts[number] for number, bearing in raw.facts if bearing == "shows" and facts[number].item), None)
    declared = raw.verdict != "undeclared" and not located.missing and _value(document, raw) is not None
    seen = [_seen(facts[number], bearing) for number, bearing in raw.facts]
    return Row(
        path=masked(document.named(raw.path) + ("" if item is None else _named(item))),
        verdict=raw.verdict,
        declared=masked(_written(_value(document, raw))) if declared else None,
        place=position(located.place) if declared else None,
        found=tuple(sorted(seen, key=lambda each: (each.place.file, each.place.start_line, each.place.start_column))),
    )


def _value(document: Document, raw: RawRow) -> JsonValue:
    value = document.data
    for step in raw.path:
        value = value[step]  # type: ignore[index]  # the path was located
    return value


def _named(fact: Fact) -> str:
    name = fact.value.get("name") if isinstance(fact.value, dict) else fact.value
    return f"[{name}]" if isinstance(name, str) else "[]"


def _seen(fact: Fact, bearing: Bearing) -> Seen:
    return Seen(
        bearing=bearing,
        value=None if fact.value is None else masked(_written(fact.value)),
        written=masked(fact.shown) or None,
        certainty=fact.certainty,
        reason=fact.reason or None,
        subject=masked(fact.subject),
        reader=fact.reader,
        place=position(fact.place),
    )


def _written(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
