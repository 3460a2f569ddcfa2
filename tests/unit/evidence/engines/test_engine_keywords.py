from __future__ import annotations

from typing import Any

from psfpolicy import source
from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.container import Word
from psfpolicy.evidence.engines import Keywords, keyword_facts
from psfpolicy.evidence.nodes import at


def said(written: str, *paths: str, **more: Any) -> list[tuple[Any, ...]]:
    document = source.read(written.encode(), file="ray.yaml")[0]
    origin = Origin(reader="test", document=document, subject="RayService llm")
    root = document.root
    model = at(root, "model_source")
    given = Keywords(node=at(root, "kwargs"), place=root.place, model=model, **more)
    facts = list(keyword_facts(given, origin))
    found = []
    for fact in facts:
        path = ".".join(map(str, fact.path))
        region = fact.place.region
        if not paths or path in paths:
            found.append((path, fact.value, f"{region.start_line}:{region.start_column}", fact.certainty))
    return found


RAY = """model_source: deepseek-ai/DeepSeek-R1
kwargs:
  tensor_parallel_size: 8
  pipeline_parallel_size: 2
  gpu_memory_utilization: 0.92
  max_num_seqs: 40
  max_model_len: 16384
  trust_remote_code: true
  enable_lora: false
  revision: null
  speculative_config: {model: org/d}
  made_up: 1
"""


def test_engine_arguments_of_ray() -> None:
    found = said(RAY)

    assert ("spec.model.id", "deepseek-ai/DeepSeek-R1", "1:15", "certain") in found
    assert ("spec.model.revision", "main", "1:15", "certain") in found
    assert ("spec.serving.accelerators.tensorParallel", 8, "3:25", "certain") in found
    assert ("spec.serving.accelerators.pipelineParallel", 2, "4:27", "certain") in found
    assert ("spec.serving.accelerators.memoryUtilization", 0.92, "5:27", "certain") in found
    assert ("spec.serving.maxConcurrency", 40, "6:17", "certain") in found
    assert ("spec.model.maxModelLen", 16384, "7:18", "certain") in found
    assert ("spec.model.remoteCode", True, "8:22", "certain") in found
    assert ("spec.model.adapters", [], "1:1", "certain") in found
    assert ("spec.model.draft.id", "org/d", "11:23", "certain") in found
    assert ("spec.serving.engine.arguments", None, "12:3", "inconclusive") in found
    assert not [each for each in found if each[0].startswith(("spec.network.ingress", "spec.serving.engine.tls"))]
    assert not [each for each in found if each[0] == "spec.serving.engine.authentication"]


def test_keys_of_a_chart_are_written_in_humps() -> None:
    chart = "kwargs: {tensorParallelSize: 2, maxModelLen: 4096, dtype: bfloat16, v1: 1, gpuMemoryUtilization: '0.8'}\n"

    found = said(chart, serves=True)

    assert ("spec.serving.accelerators.tensorParallel", 2, "1:30", "certain") in found
    assert ("spec.model.maxModelLen", 4096, "1:46", "certain") in found
    assert ("spec.serving.accelerators.memoryUtilization", 0.8, "1:98", "certain") in found
    assert ("spec.serving.engine.authentication", "none", "1:1", "certain") in found
    assert not [each for each in found if each[0] == "spec.serving.engine.arguments"]


def test_extra_words_win_over_the_map() -> None:
    document = source.read(b"- --max-model-len=10\n- --trust-remote-code\n", file="v.yaml")[0]
    extra = (Word("--max-model-len=10", document.root.place), Word("--trust-remote-code", document.root.place))

    found = said("kwargs: {maxModelLen: 20}\n", "spec.model.maxModelLen", "spec.model.remoteCode", words=extra)

    assert {each[0]: each[1] for each in found} == {"spec.model.maxModelLen": 10, "spec.model.remoteCode": True}


def test_nothing_follows_from_what_is_absent_of_a_part() -> None:
    found = said("kwargs: {max_model_len: 20}\n", partial="values of a chart")

    assert ("spec.model.remoteCode", None, "1:1", "inconclusive") in found
    assert ("spec.model.maxModelLen", 20, "1:25", "certain") in found


def test_a_model_that_is_named_nowhere_is_the_readers_business() -> None:
    assert said("kwargs: {max_model_len: 20}\n", "spec.model.id") == []


def test_wrong_types_say_nothing() -> None:
    for written in (
        "kwargs: [1]\n",
        "kwargs: text\n",
        "kwargs: {}\n",
        "{}\n",
        "kwargs: {trust_remote_code: [1, {}]}\n",
    ):
        said(written)


def test_templates_are_not_known() -> None:
    found = said("kwargs: {max_model_len: '{{ .Values.len }}', tensor_parallel_size: '${TP}'}\n")

    assert ("spec.model.maxModelLen", None, "1:25", "inconclusive") in found
    assert ("spec.serving.accelerators.tensorParallel", None, "1:68", "inconclusive") in found


def test_an_engine_without_a_table_has_no_facts() -> None:
    assert said("kwargs: {max_model_len: 20}\n", engine="other") == []
