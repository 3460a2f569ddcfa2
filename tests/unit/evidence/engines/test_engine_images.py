from __future__ import annotations

import pytest

from psfpolicy import source
from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.engines import image_facts
from psfpolicy.evidence.engines.images import image

DIGEST = "sha256:" + "9f" * 32


@pytest.mark.parametrize(
    ("reference", "engine", "version"),
    [
        ("vllm/vllm-openai:v0.10.0", "vllm", "0.10.0"),
        ("docker.io/vllm/vllm-openai:v0.10.1.1", "vllm", "0.10.1.1"),
        (f"vllm/vllm-openai:v0.33.0@{DIGEST}", "vllm", "0.33.0"),
        ("vllm/vllm-openai:v0.33.0-cu130", "vllm", "0.33.0"),
        ("vllm/vllm-openai:latest", "vllm", ""),
        ("vllm/vllm-openai:nightly-1.2.3", "vllm", ""),
        ("vllm/vllm-openai", "vllm", ""),
        (f"vllm/vllm-openai@{DIGEST}", "vllm", ""),
        ("lmcache/vllm-openai:v0.3.7", "vllm", ""),
        ("rayproject/ray-llm:2.52.0-py311-cu128", "vllm", ""),
        ("ghcr.io/llm-d/llm-d-cuda:v0.9.0", "vllm", ""),
        ("ghcr.io/huggingface/text-generation-inference:2.4.0-intel-cpu", "tgi", "2.4.0"),
        ("lmsysorg/sglang:v0.5.10.post1-cu126", "sglang", "0.5.10.post1"),
        ("nvcr.io/nvidia/tritonserver:26.07-py3", "triton", "26.07"),
        ("nvcr.io/nvidia/tensorrt-llm/release:1.2.0", "tensorrt-llm", "1.2.0"),
        ("nvcr.io/nim/meta/llama3-8b-instruct:1.0.3", "nim", "1.0.3"),
        ("ghcr.io/ggml-org/llama.cpp:server-cuda-b4719", "llama-cpp", "b4719"),
        ("nginx:1.27", "", ""),
        ("lmcache/lmstack-router:latest", "", ""),
        ("example.com/vllm-benchmark:v1.0.0", "", ""),
        ("example.com/vllm-sim:v0.1.0", "", ""),
        ("", "", ""),
        ("{{ .Values.image }}", "", ""),
    ],
)
def test_engine_and_version_of_an_image(reference: str, engine: str, version: str) -> None:
    found = image(reference)

    assert (found.engine, found.version) == (engine, version)


GOOGLE = (
    "us-docker.pkg.dev/deeplearning-platform-release/gcr.io/huggingface-text-generation-inference-cu124.2-3.ubuntu2204"
)


def test_googles_images_say_the_version_in_their_name() -> None:
    assert (image(GOOGLE).engine, image(GOOGLE).version) == ("tgi", "2.3")


@pytest.mark.parametrize(
    ("reference", "version", "doubt"),
    [
        (
            "registry.corp:5000/vllm/vllm-openai:v0.11.0",
            "0.11.0",
            "the image has the name of `docker.io/vllm/vllm-openai` in another registry",
        ),
        ("example.com/ray-2.41.0-vllm0.7.0:latest", "0.7.0", "the version stands in the image's name"),
        ("example.com/my-vllm:v0.10.2", "0.10.2", "the version is the tag of an image that is not the engine's own"),
    ],
)
def test_what_a_name_only_suggests_is_in_doubt(reference: str, version: str, doubt: str) -> None:
    found = image(reference)

    assert (found.version, found.version_doubt) == (version, doubt)
    assert found.engine_doubt


def test_a_port_is_no_tag() -> None:
    found = image("registry.corp:5000/vllm/vllm-openai")

    assert (found.repository, found.tag) == ("registry.corp:5000/vllm/vllm-openai", "")


def test_the_engine_of_a_template_follows_from_what_is_written() -> None:
    found = image("${REGISTRY:-opea}/vllm:${TAG:-latest}")

    assert (found.engine, found.version, found.unresolved) == ("vllm", "", "${REGISTRY:-opea}")


def test_facts_of_an_image() -> None:
    document = source.read(b"image: vllm/vllm-openai:latest", file="pod.yaml")[0]
    origin = Origin(reader="test", document=document, subject="x")

    facts = list(image_facts("vllm/vllm-openai:latest", document.root, origin))

    assert [(fact.path[-1], fact.value, fact.certainty, fact.reason) for fact in facts] == [
        ("image", "vllm/vllm-openai:latest", "certain", ""),
        ("name", "vllm", "certain", ""),
        ("version", None, "inconclusive", "the tag `latest` names no version"),
    ]


def test_an_image_that_is_a_template_is_inconclusive() -> None:
    document = source.read(b"image: x", file="pod.yaml")[0]
    origin = Origin(reader="test", document=document, subject="x")

    (fact, *_) = image_facts("{{ .Values.image }}", document.root, origin)

    assert (fact.value, fact.certainty, fact.reason) == (
        None,
        "inconclusive",
        "`{{ .Values.image }}` in the image is not known",
    )
