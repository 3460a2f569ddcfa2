"""One descriptor put to the policy: the question, and the answer read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psfpolicy import resources
from psfpolicy.answer import read_answer, read_collation, read_sizing
from psfpolicy.engine.masking import asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.answer import Answer, RawRow
    from psfpolicy.capacity import Sizing
    from psfpolicy.catalogue import Tables
    from psfpolicy.engine.base import Engine, Rule
    from psfpolicy.gates import Scope
    from psfpolicy.model.place import JsonValue, Path
    from psfpolicy.model.report import GateName
    from psfpolicy.resources import ControlInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the policy is asked; `policy/input.schema.json` describes its document."""

    descriptor: JsonValue
    """The descriptor, or as much of one as the asker reads the answer to."""
    today: str
    """The as-of date, YYYY-MM-DD."""
    gate: GateName = "advisory"
    """The gate of psfpolicy to hold it against."""
    profiles: tuple[str, ...] = ()
    """Ids of the profiles of packs to hold it against as well."""
    evidence: tuple[JsonValue, ...] = ()
    """The facts that manifests gave."""
    secrets: tuple[Path, ...] = ()
    """Where the host found literal secrets; an engine gets none of them."""
    unwaivable: tuple[str, ...] = ()
    """Ids of controls that no waiver may cover."""
    required_evidence: tuple[str, ...] = ()
    """Ids of controls whose pass must be evidenced."""
    thresholds: Mapping[str, int] = field(default_factory=dict)
    """Least scores of domains that stand apart, by id."""
    scope: Scope = field(default_factory=dict)
    """Words that the settings ask it to declare."""
    own: Tables = field(default_factory=dict)
    """The user's own rows of the catalogue."""
    waivers: tuple[tuple[str, str, Path], ...] = ()
    """Waivers that count: id, control, and path of the one finding."""
    brief: bool = False
    """Ask for no more than the verdict rests on: of what is good its status alone, no flows, not what is served."""

    @property
    def plain(self) -> bool:
        """It is about a descriptor alone, whose values were searched for literal secrets and hold none."""
        return not (self.secrets or self.evidence or self.own)

    def document(self) -> dict[str, JsonValue]:
        """Give the input of the policy."""
        return {
            "descriptor": self.descriptor,
            "facts": {"evidence": list(self.evidence), "secrets": [list(path) for path in self.secrets]},
            "catalogue": {table: dict(rows) for table, rows in self.own.items()},
            "waivers": [{"id": id_, "control": control, "path": list(path)} for id_, control, path in self.waivers],
            "today": self.today,
            "gate": self.gate,
            "parameters": {
                "unwaivable": list(self.unwaivable),
                "requireEvidence": list(self.required_evidence),
                "thresholds": dict(self.thresholds),
                "floors": {key: list(words) for key, words in self.scope.items()},
                **({"profiles": list(self.profiles)} if self.profiles else {}),
                **({"brief": True} if self.brief else {}),
            },
        }


def ask(question: Question, engine: Engine) -> Answer:
    """Ask an engine what the policy says of a descriptor.

    Raises:
        EngineError: The policy could not be asked, or did not answer in the agreed shape.
    """
    return read(_asked(question, engine, "report"), question)


def read(raw: dict[str, JsonValue], question: Question) -> Answer:
    """Read what an engine gave to a question.

    Raises:
        EngineError: It is not in the agreed shape.
    """
    waivers = {(id_, control) for id_, control, _ in question.waivers}
    return read_answer(raw, controls(), question.gate, question.profiles, waivers, brief=question.brief)


def ask_capacity(question: Question, engine: Engine) -> Sizing:
    """Ask an engine whether the model of a descriptor fits its accelerators, and nothing else.

    Raises:
        EngineError: The policy could not be asked, or did not answer in the agreed shape.
    """
    return read_sizing(_asked(question, engine, "sizing"))


def ask_collation(question: Question, engine: Engine) -> tuple[RawRow, ...]:
    """Ask an engine what manifests show beside what a descriptor declares, and nothing else.

    Raises:
        EngineError: The policy could not be asked, or did not answer in the agreed shape.
    """
    return read_collation(_asked(question, engine, "collation"))


def _asked(question: Question, engine: Engine, rule: Rule) -> dict[str, JsonValue]:
    # To look for secrets takes a twentieth of the time of an answer. The values of a descriptor were searched already,
    # and what else it holds does not leave this process.
    if engine.name == "wasm" and question.plain:
        return engine.evaluate(question.document(), rule)
    return asked(engine, question.document(), rule)


class Overheard:
    """An engine that passes questions on and keeps the last: with the waivers that count, where there are any."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.name
        self.version = engine.version
        self.question: dict[str, JsonValue] = {}
        """The last question."""

    def evaluate(self, question: dict[str, JsonValue], rule: Rule = "report") -> dict[str, JsonValue]:
        """Give the engine's answer."""
        self.question = question
        return self._engine.evaluate(question, rule)

    def decisions(self) -> tuple[str, ...]:
        """Give those of the engine."""
        return self._engine.decisions()


@resources.per_policy
def controls() -> Mapping[str, ControlInfo]:
    """Give the controls that must answer, by id."""
    return {info.id: info for info in resources.controls()}
