"""SGLang: what its table cannot say. It sends no usage statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.weights import model_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.engines.run import Run
    from psfpolicy.model.fact import Fact


def facts(run: Run) -> Iterator[Fact]:
    """Give the model, the logging of requests, and that weights can be replaced while it runs."""
    yield from model_facts(run, run.setting("model-path"), "revision")
    yield from _logging(run)
    admin = run.setting("admin-api-key")
    if admin is None and run.setting("api-key") is None:
        doubt = "the paths that replace weights are served beside the others, and no key guards them"
        shown = "no --api-key and no --admin-api-key"
        yield run.default("spec.security.hardening.runtimeModelUpdates", value=True, shown=shown, doubt=doubt)


def _logging(run: Run) -> Iterator[Fact]:
    requests, level = run.setting("log-requests"), run.setting("log-requests-level")
    if requests is None:
        doubt = "the engine logs none; what stands before it may"
        yield run.default(_RAW, value=False, shown="no --log-requests", doubt=doubt)
    elif level is not None and level.text in {"0", "1"}:
        yield run.fact(
            _RAW, value=False, where=level, doubt="the engine logs metadata alone; what stands before it may log more"
        )
    else:  # the level is 2 where nothing is said: parts of what goes in and comes out
        unknown = f"`{level.written}` is not known" if level is not None and level.text is None else ""
        for path in (_RAW, "spec.inputs.log.enabled"):
            yield run.fact(path, value=True, where=requests, doubt=unknown)


_RAW = "spec.observability.runLog.rawText"
