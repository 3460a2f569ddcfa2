"""What every engine does: answer one question with one report, or raise an `EngineError`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue


Rule: TypeAlias = Literal["change", "collation", "report", "sizing"]
"""What can be asked: the whole report; what has changed since a base; or, in a fraction of the time, whether the model
fits its accelerators, and what manifests show beside what is declared."""


class Engine(Protocol):
    """Something that evaluates a rule of `data.psfpolicy`."""

    @property
    def name(self) -> str:
        """The engine's name in reports: `wasm`, `opa`."""
        ...

    @property
    def version(self) -> str:
        """The version of what evaluates: of wasmtime for `wasm`, of OPA for `opa`."""
        ...

    def decisions(self) -> tuple[str, ...]:
        """Give the ids under which a server logged what was asked since this was last called; none for `wasm`."""
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


@runtime_checkable
class Tracing(Protocol):
    """An engine that can tell how it came to its answer; the embedded one cannot."""

    def trace(self, question: dict[str, JsonValue], package: str) -> tuple[str, ...]:
        """Tell what was evaluated, in lines for people.

        Args:
            question: The input document of the policy.
            package: The control's, such as `data.psfpolicy.controls.input.rate_limit`.

        Raises:
            EngineError: The policy could not be asked.
        """
        ...
