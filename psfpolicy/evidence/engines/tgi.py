"""Text Generation Inference: what its table cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.weights import model_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.engines.run import Run
    from psfpolicy.model.fact import Fact


def facts(run: Run) -> Iterator[Fact]:
    """Give the model, the telemetry, and that metrics cannot be switched off."""
    yield from model_facts(run, run.setting("model-id"), "revision")
    setting = run.setting("usage-stats")
    if setting is None:
        yield run.default(_TELEMETRY, value=False, shown="no --usage-stats", variables=True)
    elif setting.text is None:
        yield run.unresolved(_TELEMETRY, setting)
    else:  # `no-stack` still sends events
        yield run.fact(_TELEMETRY, value=setting.text == "off", where=setting)
    yield run.fact("spec.serving.engine.metrics", value=True, where=run.place)


_TELEMETRY = "spec.network.telemetryOptOut"
