"""Options that several commands have."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from click.decorators import FC
    from click.shell_completion import CompletionItem

GATES = ("advisory", "baseline", "standard", "strict")
"""What `--gate` takes without a pack, as `model.report.GATES` has it, which help should not pay for importing."""

_ROWS = "The settings that name the rows of your own, by default the nearest .psfpolicy.yaml."


def settings(says: str = _ROWS, *, expose_value: bool = True) -> Callable[[FC], FC]:
    """Give `--settings`, whose value is `settings_path`; None where nobody names a file."""
    return click.option(
        "--settings",
        "settings_path",
        envvar="PSFPOLICY_SETTINGS",
        metavar="FILE",
        expose_value=expose_value,
        help=says,
    )


def color() -> Callable[[FC], FC]:
    """Give `--color`, when the text for people is coloured."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        envvar="PSFPOLICY_COLOR",
        show_default=True,
        help="When to colour the text.",
    )


def engine() -> Callable[[FC], FC]:
    """Give `--engine`, what evaluates the policy where verdicts are asked; `serving.served` takes it."""
    return click.option(
        "--engine",
        type=click.Choice(["wasm", "opa"]),
        default="wasm",
        envvar="PSFPOLICY_ENGINE",
        show_default=True,
        help="What evaluates the policy: embedded, or the OPA servers of the settings, without any a private one.",
    )


def jobs() -> Callable[[FC], FC]:
    """Give `--jobs`; None where nobody says how many, for the settings or `processors`."""
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        envvar="PSFPOLICY_JOBS",
        metavar="N",
        help="Processes at most; default the processors of this machine.",
    )


def processors() -> int:
    """Give how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


class _Gate(click.ParamType):  # type: ignore[type-arg]  # generic in some versions of click only
    """The name of a gate, or of a profile: which there are, the policy in force says when it is there."""

    name = "gate"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002  # the signature is click's
        """Give the gates that begin as typed."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(gate) for gate in GATES if gate.startswith(incomplete)]


def gate(says: str, *, default: str | None = None, envvar: str | None = None) -> Callable[[FC], FC]:
    """Give `--gate`."""
    return click.option(
        "--gate",
        type=_Gate(),
        metavar=f"[{'|'.join(GATES)}|PROFILE]",
        default=default,
        show_default=default is not None,
        envvar=envvar,
        help=says,
    )


def format_of(names: Sequence[str] = ("text", "json"), says: str = "Text or JSON.") -> Callable[[FC], FC]:
    """Give `--format`, whose value is `format_`; the first name is what there is without it."""
    return click.option("--format", "format_", type=click.Choice(names), default=names[0], show_default=True, help=says)
