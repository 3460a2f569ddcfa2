"""The same rules in the embedded engine: each that holds in OPA is compiled as an entry point, and must hold there."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from psfpolicy.building.compiling import members_of
from psfpolicy.errors import BuildError, EngineError
from psfpolicy.policytest.base import Trouble
from psfpolicy.policytest.rules import CAPABILITIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psfpolicy.building.opa import Opa

_HOLDS: Final = b'[{"result":true}]'


def not_holding(opa: Opa, tree: Path, rules: Sequence[str]) -> Iterator[tuple[str, Trouble]]:
    """Give the rules that do not hold in the embedded engine, each with what is wrong.

    Args:
        opa: What compiles them.
        tree: The folder of `rego`, with the tests, and of `CAPABILITIES`.
        rules: Entry points.
    """
    try:
        module, data = _built(opa, tree, rules)
    except BuildError as error:
        said = Trouble(message="the tests do not compile for the embedded engine", notes=error.details)
        yield from ((rule, said) for rule in rules)
        return
    from psfpolicy.engine.compiled import compiled  # noqa: PLC0415  # imports wasmtime, and help needs none
    from psfpolicy.engine.instance import Instance  # noqa: PLC0415  # likewise
    from psfpolicy.engine.limits import Limits  # noqa: PLC0415  # likewise
    from psfpolicy.engine.watchdog import Watchdog  # noqa: PLC0415  # likewise

    policy, limits = compiled(module, None), Limits()
    watchdog = Watchdog(limits.timeout_seconds, policy.engine.increment_epoch)
    instance: Instance | None = None
    for rule in rules:
        try:
            instance = instance or Instance(policy, data, limits, watchdog)
            answer = instance.evaluate(b"{}", rule)
        except EngineError as error:
            yield rule, Trouble(message=f"it holds in OPA, and the embedded engine stops: {error.message}")
            instance = None
            continue
        if answer != _HOLDS:
            yield rule, Trouble(message="it holds in OPA, and does not hold in the embedded engine")


def _built(opa: Opa, tree: Path, rules: Sequence[str]) -> tuple[bytes, bytes]:
    words = [word for rule in ("psfpolicy/report", *rules) for word in ("-e", rule)]
    with tempfile.TemporaryDirectory() as name:
        archive = Path(name) / "tests.tar.gz"
        options = ("-b", "--prune-unused", "--capabilities", CAPABILITIES, "-t", "wasm", *words)
        opa.run("build", *options, "-o", str(archive), "rego", folder=tree)
        members = members_of(archive.read_bytes())
    return members["/policy.wasm"], members["/data.json"]
