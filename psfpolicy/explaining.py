"""Why a control decided so on one descriptor: what it read, where that stands, and which rules held.

Nothing is decided here; the policy says itself what it read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from psfpolicy import catalogue
from psfpolicy.engine.base import Tracing
from psfpolicy.engine.masking import without_secrets
from psfpolicy.model.report import LONGEST_EXCERPT, Answered, Explained, Read, RowUsed
from psfpolicy.placing import position
from psfpolicy.source.secrets import masked, masked_below

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.answer import RawControl, RawFinding
    from psfpolicy.asking import Question
    from psfpolicy.catalogue import Tables
    from psfpolicy.engine.base import Engine
    from psfpolicy.model.place import JsonValue, Path
    from psfpolicy.model.report import Finding, Origin
    from psfpolicy.placing import Placing, Seen
    from psfpolicy.resources import ControlInfo

_NAMING: Final[Mapping[tuple[str, ...], tuple[str, ...]]] = {
    ("data", "pii", "detector", "name"): ("guards",),
    ("data", "transfers", "mechanism"): ("transfers",),
    ("inputs", "guards", "model"): ("guards", "models"),
    ("model", "adapters", "source"): ("models",),
    ("model", "base", "id"): ("models",),
    ("model", "draft", "id"): ("models",),
    ("model", "id"): ("models",),
    ("model", "licence", "id"): ("licences",),
    ("model", "quantization"): ("quantizations",),
    ("outputs", "constrainedDecoding", "library"): ("decoding",),
    ("outputs", "guards", "model"): ("guards", "models"),
    ("regimes",): ("regimes",),
    ("serving", "accelerators", "type"): ("accelerators",),
    ("serving", "engine", "name"): ("engines",),
    ("serving", "hosting"): ("hosting",),
    ("serving", "platform"): ("platforms",),
    ("vendor", "fallbacks", "model"): ("models",),
}
"""Keys below `spec`, indexes left out, whose values name a row, and the tables that it may be in."""

_NAMING_ANYWHERE: Final = {
    "country": ("countries",),
    "jurisdiction": ("countries",),
    "principalPlace": ("countries",),
    "region": ("regions",),
}
"""The same of keys that mean the same wherever they stand."""


def explained(info: ControlInfo, raw: RawControl, placing: Placing, own: Tables, trace: tuple[str, ...]) -> Explained:
    """Explain what a control decided.

    Args:
        info: The control.
        raw: Its answer.
        placing: Gives what it read a place.
        own: The user's own rows of the catalogue.
        trace: What the engine tells of its evaluation.
    """
    answers = tuple(
        Answered(
            fingerprint=finding.fingerprint,
            reads=tuple(_reads(item, placing, own)),
            rules=tuple(_rules(info, finding)),
        )
        for finding, item in placing.placed(info, raw)
    )
    return Explained(control=info.id, rego=info.file, answers=answers, trace=trace)


def traced(info: ControlInfo, question: Question, engine: Engine) -> tuple[str, ...]:
    """Give what an engine tells of how it evaluated a control; nothing of most.

    Raises:
        EngineError: It could not be asked.
    """
    if not isinstance(engine, Tracing):
        return ()
    return engine.trace(without_secrets(question.document()), package(info))


def package(info: ControlInfo) -> str:
    """Give the package of a control: `data.psfpolicy.controls.input.rate_limit`."""
    *_, folder, name = info.file.removesuffix(".rego").split("/")
    return f"data.psfpolicy.controls.{folder}.{name}"


def _rules(info: ControlInfo, finding: Finding) -> Iterator[str]:
    yield f"{package(info)}.{'not_applicable' if finding.status == 'not-applicable' else 'findings'}"
    if finding.assurance != "declared":
        yield "data.psfpolicy.evidence.assured"
    if finding.waiver is not None:
        yield "data.psfpolicy.waiver.covered"


def _reads(item: RawFinding, placing: Placing, own: Tables) -> list[Read]:
    found = [_read(path, placing.read(path), placing, own) for path in dict.fromkeys(item.reads)]
    return sorted(found, key=lambda read: (read.place.file, read.place.start_line, read.place.start_column, read.path))


def _read(path: Path, seen: Seen, placing: Placing, own: Tables) -> Read:
    origin: Origin = "absent" if seen.value is None else "declared" if seen.fact is None else "manifest"
    return Read(
        path=masked(seen.name),
        origin=origin,
        value=None if seen.value is None else _shown(seen.value[0], path[-1] if path else ""),
        missing=".".join(map(str, seen.missing)) or None,
        subject=None if seen.fact is None else seen.fact.subject,
        place=position(seen.place),
        excerpt=placing.excerpt(seen.place),
        rows=() if seen.value is None else tuple(dict.fromkeys(_rows(path, seen.value[0], own))),
    )


def _shown(value: JsonValue, key: str | int) -> str:
    """Give a value for people, without the secrets in it."""
    safe = _without_secrets(value, str(key))
    return _cut(safe if isinstance(safe, str) else json.dumps(safe, ensure_ascii=False))


def _without_secrets(value: JsonValue, key: str) -> JsonValue:
    # A key lends its value meaning, so each is looked at beside its own.
    if isinstance(value, dict):
        return {masked(name): _without_secrets(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_secrets(item, key) for item in value]
    return masked_below(key, value) if isinstance(value, str) else value


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_EXCERPT else f"{text[: LONGEST_EXCERPT - 1]}…"


def _rows(path: Path, value: JsonValue, own: Tables) -> Iterator[RowUsed]:
    """Give the rows that a value names, or the values below it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _rows((*path, key), item, own)
    elif isinstance(value, list):
        for item in value:
            yield from _rows(path, item, own)
    elif isinstance(value, str):
        keys = tuple(step for step in path if isinstance(step, str))
        tables = _NAMING.get(keys[1:], _NAMING_ANYWHERE.get(keys[-1], ())) if keys[:1] == ("spec",) else ()
        for table in tables:
            id_ = catalogue.resolved(table, value, own)
            if id_ is not None:
                yield _row(table, id_, own)


def _row(table: str, id_: str, own: Tables) -> RowUsed:
    row = catalogue.rows(table, own)[id_]
    return RowUsed(
        table=table,
        id=id_,
        as_of=row.get("as_of"),
        sources=tuple(address for about, address in catalogue.sources(row) if not about),
        own=id_ in own.get(table, {}),
    )
