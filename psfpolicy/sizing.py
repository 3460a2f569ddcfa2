"""Deployments to size, from a descriptor or from the few words that decide whether a model fits its accelerators."""

from __future__ import annotations

from copy import deepcopy
from functools import reduce
from math import prod
from typing import TYPE_CHECKING, Any, Final

from psfpolicy import catalogue
from psfpolicy.errors import UsageError
from psfpolicy.suggest import listed, meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from psfpolicy.catalogue import Tables
    from psfpolicy.model.place import JsonValue

_ACCELERATORS: Final = ("serving", "accelerators")
_PARALLELISMS: Final = ("tensor_parallel", "pipeline_parallel", "data_parallel")

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "model": ("model", "id"),
    "quantization": ("model", "quantization"),
    "length": ("model", "maxModelLen"),
    "kv_cache": ("model", "kvCacheDtype"),
    "gpu": (*_ACCELERATORS, "type"),
    "count": (*_ACCELERATORS, "count"),
    "tensor_parallel": (*_ACCELERATORS, "tensorParallel"),
    "pipeline_parallel": (*_ACCELERATORS, "pipelineParallel"),
    "data_parallel": (*_ACCELERATORS, "dataParallel"),
    "utilization": (*_ACCELERATORS, "memoryUtilization"),
    "concurrency": ("serving", "maxConcurrency"),
    "engine": ("serving", "engine", "name"),
}
"""Words that decide it, with their keys below `spec`."""

FORMATS: Final = ("bf16", "fp8", "int8", "fp4", "gptq", "awq", "nf4")
"""Formats that a matrix compares, those of 16 bits as one; largest first."""


def bare() -> dict[str, Any]:
    """Give a descriptor with what holds where nothing else is said: one accelerator, vLLM, weights as published."""
    return {
        "spec": {
            "model": {"quantization": "none"},
            "serving": {"hosting": "self-managed-vm", "engine": {"name": "vllm"}, "accelerators": {"count": 1}},
        }
    }


def changed(descriptor: dict[str, Any], words: Mapping[str, JsonValue]) -> dict[str, Any]:
    """Give a copy of a descriptor in which other things are said.

    Args:
        descriptor: What holds where no word says otherwise.
        words: Values by the keys of `WORDS`. What would no longer fit them is dropped: another model's sizes, another
            accelerator's memory, parallelisms of another count.

    Raises:
        UsageError: The count is not the product of the parallelisms.
    """
    copy = deepcopy(descriptor)
    model, serving = copy["spec"]["model"], copy["spec"]["serving"]
    accelerators = serving.setdefault("accelerators", {})
    if "model" in words:
        _drop(model, "base", "architecture")
    if "gpu" in words:
        _drop(accelerators, "memoryGb")
    factors = [key for key in _PARALLELISMS if key in words]
    if "count" in words or factors:
        _drop(accelerators, "count", "tensorParallel", "pipelineParallel", "dataParallel")
        accelerators["count"] = _count(words, factors)
    for word, value in words.items():
        *sections, key = WORDS[word]
        reduce(lambda section, name: section.setdefault(name, {}), sections, copy["spec"])[key] = value
    return copy


def _count(words: Mapping[str, Any], factors: list[str]) -> int:
    product = prod(words[factor] for factor in factors)
    count: int = words.get("count", product)
    if count == product or ("tensor_parallel" not in words and count % product == 0):
        return count
    said = f"a count of {count} is not the product of the parallelisms, which is {product}"
    raise UsageError(said, hint="leave out the count, or a parallelism")


def _drop(section: dict[str, Any], *keys: str) -> None:
    for key in keys:
        section.pop(key, None)


def model_named(name: str, own: Tables = catalogue.NONE) -> str:
    """Give the name of a model as the catalogue writes it, whatever its case.

    Raises:
        UsageError: The catalogue has no such model.
    """
    known = _spellings(catalogue.names("models", own))
    known |= _spellings(name for row in catalogue.rows("models", own).values() for name in row.get("repacks", ()))
    return _named("model", name, known, "spec.model.architecture")


def accelerator_named(name: str, own: Tables = catalogue.NONE) -> str:
    """Give the id of an accelerator by any of its names, whatever its case.

    Raises:
        UsageError: The catalogue has no such accelerator.
    """
    names = catalogue.names("accelerators", own)
    found = _named("accelerator", name, _spellings(names), "spec.serving.accelerators.memoryGb")
    return names[found][0]


def _spellings(names: Iterable[str]) -> dict[str, str]:
    return {name.casefold(): name for name in names}


def _named(kind: str, name: str, known: dict[str, str], key: str) -> str:
    if name.casefold() in known:
        return known[name.casefold()]
    close = meant(name.casefold(), known)
    near = f"did you mean {listed([known[word] for word in close[:3]])}?" if close else f"a file can give `{key}`"
    raise UsageError(f"unknown {kind} `{name}`", hint=near)
