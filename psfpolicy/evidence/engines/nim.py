"""NVIDIA NIM: what its table cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.weights import model_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.engines.run import Run
    from psfpolicy.model.fact import Fact


def facts(run: Run) -> Iterator[Fact]:
    """Give the model that a variable names, the telemetry, and logging that may hold what goes in."""
    setting = run.setting("model-path")
    if setting is not None:
        yield from model_facts(run, setting)
    track = run.variable("DO_NOT_TRACK")
    if track is not None and track.text == "1":
        doubt = "NIM knows the variable since 2.0, and the engine inside has a switch of its own"
        yield run.fact("spec.network.telemetryOptOut", value=True, where=track, doubt=doubt)
    level = run.setting("log-level")
    if level is not None and (level.text or "").upper() == "DEBUG":
        yield run.unclear("spec.observability.runLog.rawText", level, "debug messages may hold what goes in and out")
    download = run.variable("NIM_DISABLE_MODEL_DOWNLOAD")
    if download is not None and (download.text or "").lower() in {"1", "true"}:
        yield run.fact("spec.model.weights.source", "local", download, doubt="it may be in the image as well")
