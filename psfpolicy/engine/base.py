"""What every engine does: answer one question with one report, or raise an `EngineError`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue


Rule: TypeAlias = Literal["change", "collation", "report", "sizing"]
"""What can be asked: the whole report; what has changed since a base; or, in a fraction of the time, whether the model
fits its accelerators, and what manifests show beside what is declared."""


class Engine(Protocol):
    """Something that evaluates a rule of `data.psfpolicy`."""

    @property
    def name(self) -> str:
        """The engine's name in reports: `wasm`."""
        ...

    @property
    def version(self) -> str:
        """The version of what evaluates: of wasmtime for `wasm`."""
        ...

    def evaluate(self, question: dict[str, JsonValue], rule: Rule = "report") -> dict[str, JsonValue]:
        """Give the policy's answer on one input document.

        Args:
            question: The input document of the policy (`policy/input.schema.json`); finite numbers only.
            rule: What is asked.

        Returns:
            The value of that rule of `data.psfpolicy`, unordered and unchecked.

        Raises:
            EngineError: The policy was not loaded, aborted, trapped, ran over a bound, or gave no one answer.
        """
        ...
