"""Whether a policy answers as its own catalogue says: loaded, and asked each of its rules once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psfpolicy import resources
from psfpolicy.asking import Question, ask, ask_capacity, ask_collation
from psfpolicy.engine.wasm import WasmEngine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.model.place import JsonValue

_LEAST: Final[dict[str, JsonValue]] = {
    "apiVersion": "psfpolicy/v1",
    "kind": "LLMDeployment",
    "metadata": {"name": "least", "environment": "production"},
    "spec": {},
}
_DAY = "2026-01-01"


def prove(files: Mapping[str, bytes]) -> None:
    """Put a policy in force, load it and ask each of its rules of the least descriptor.

    Args:
        files: Of its bundle, by name.

    Raises:
        EngineError: It cannot be loaded, wants something of the host, has other rules, or does not answer for just
            the controls that its catalogue lists.
    """
    resources.use(files)
    engine = WasmEngine.bundled()
    question = Question(descriptor=_LEAST, today=_DAY)
    ask(question, engine)
    ask_capacity(question, engine)
    ask_collation(question, engine)
