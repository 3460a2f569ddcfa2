"""Answers of the embedded engine that a process keeps: many deployments of a fleet differ in their names alone."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from typing import TYPE_CHECKING

from psfpolicy import resources
from psfpolicy.asking import ask, read
from psfpolicy.engine.question import question_text

if TYPE_CHECKING:
    from psfpolicy.answer import Answer
    from psfpolicy.asking import Question
    from psfpolicy.engine.wasm import WasmEngine
    from psfpolicy.model.place import JsonValue

_KEPT = 8
"""Answers; one takes up to some hundred kilobytes."""
_READ = "environment"
"""All that the policy that psfpolicy ships reads of what a descriptor says under `metadata`."""


class Remembering:
    """Puts descriptors to the embedded engine, and gives the answer again where nothing that it reads is another.

    The policy that psfpolicy ships is not told what a deployment is called, so its answer cannot depend on that. One
    with packs is told everything, since a pack may have rules on names.

    Args:
        engine: What evaluates the policy that is in force.
    """

    def __init__(self, engine: WasmEngine) -> None:
        self._engine = engine
        self._unnamed = resources.in_force() is None
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()

    def ask(self, question: Question) -> Answer:
        """Give what the policy says of a descriptor; see `asking.ask`.

        Raises:
            EngineError: The policy could not be asked, or did not answer in the agreed shape.
        """
        if not question.plain:
            return ask(question, self._engine)
        document = question.document()
        text = question_text(_unnamed(document) if self._unnamed else document)
        key = sha256(text).digest()
        known = self._answers.get(key)
        if known is None:
            known = self._answers[key] = read(self._engine.answered(text, "report"), question)
            if len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        self._answers.move_to_end(key)
        return known


def _unnamed(document: dict[str, JsonValue]) -> dict[str, JsonValue]:
    descriptor = document["descriptor"]
    if not isinstance(descriptor, dict) or not isinstance(metadata := descriptor.get("metadata"), dict):
        return document
    read = {key: value for key, value in metadata.items() if key == _READ}
    return {**document, "descriptor": {**descriptor, "metadata": read}}
