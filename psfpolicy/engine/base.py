"""What every engine does: answer one question with one report, or raise an `EngineError`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue


class Engine(Protocol):
    """Something that evaluates `data.psfpolicy.report`."""

    @property
    def name(self) -> str:
        """The engine's name in reports: `wasm`."""
        ...

    @property
    def version(self) -> str:
        """The version of what evaluates: of wasmtime for `wasm`."""
        ...

    def evaluate(self, question: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Give the policy's report on one input document.

        Args:
            question: The input document of the policy (`policy/input.schema.json`); finite numbers only.

        Returns:
            The value of `data.psfpolicy.report`, unordered and unchecked.

        Raises:
            EngineError: The policy was not loaded, aborted, trapped, ran over a bound, or gave no one answer.
        """
        ...
