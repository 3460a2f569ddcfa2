"""llama.cpp: what its table cannot say. It sends no usage statistics, and runs no code of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.weights import model_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.engines.run import Run
    from psfpolicy.model.fact import Fact


def facts(run: Run) -> Iterator[Fact]:
    """Give the model, and the length of a sequence: the context is shared out among the slots."""
    hub, path, url = run.setting("hf-repo"), run.setting("model"), run.setting("model-url")
    setting = hub or url or path
    if hub is not None and hub.text:  # a level of quantisation may follow the name
        setting = hub._replace(text=hub.text.partition(":")[0])
        yield run.fact("spec.model.quantization", "gguf", hub)
        yield run.fact("spec.model.weights.format", "gguf", hub)
    yield from model_facts(run, setting)
    cache = run.setting("cache-type-k")
    if cache is None:
        yield run.default("spec.model.kvCacheDtype", "auto", shown="no --cache-type-k", variables=True)
    elif cache.text in {"f16", "bf16"}:
        yield run.fact("spec.model.kvCacheDtype", "auto", cache)
    else:
        yield run.unclear("spec.model.kvCacheDtype", cache, "the descriptor has no word for it")
    context, slots = run.setting("ctx-size"), run.setting("parallel")
    if run.setting("kv-unified-per-slot") is not None:
        return
    if context is None:
        reason = run.lacking(variables=True)
        if reason:
            yield run.unclear("spec.model.maxModelLen", run.place, reason, shown="no --ctx-size")
        return
    if context.text and context.text.isdigit() and int(context.text[:12]) > 0:
        shared = int(slots.text[:6]) if slots and slots.text and slots.text.isdigit() else 0
        doubt = "" if shared else "how many slots share the context is not said"
        length = int(context.text[:12]) // max(shared, 1)
        yield run.fact("spec.model.maxModelLen", max(length, 1), context, doubt=doubt)
    else:
        yield run.unclear("spec.model.maxModelLen", context, "the model's own length holds")
