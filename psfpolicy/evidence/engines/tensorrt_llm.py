"""TensorRT-LLM: what its table cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.values import is_on
from psfpolicy.evidence.engines.weights import model_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.engines.run import Run
    from psfpolicy.model.fact import Fact


def facts(run: Run) -> Iterator[Fact]:
    """Give the model and the telemetry: one of three variables switches it off (tensorrt_llm/usage/usage_lib.py)."""
    yield from model_facts(run, run.setting("model"), "revision")
    path = "spec.network.telemetryOptOut"
    truths = {"TRTLLM_NO_USAGE_STATS": "one", "TELEMETRY_DISABLED": "one-true", "DO_NOT_TRACK": "one"}
    switches = [each for each in map(run.variable, truths) if each is not None]
    off = next((each for each in switches if each.text and is_on(truths[each.written], each.text)), None)
    unknown = next((each for each in switches if each.text is None), None)
    if off is not None:
        yield run.fact(path, value=True, where=off)
    elif unknown is not None:
        yield run.unresolved(path, unknown)
    elif switches:
        yield run.fact(path, value=False, where=switches[0])
    else:
        doubt = "" if run.version else "releases before the telemetry came send none, and the version is not known"
        yield run.default(path, value=False, shown="no TRTLLM_NO_USAGE_STATS", doubt=doubt, variables=True)
