from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import resources, source
from psfpolicy.evidence import devices
from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.devices import Machine, machine, type_of
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Callable

TYPE, COUNT = "spec.serving.accelerators.type", "spec.serving.accelerators.count"


def said(read: Callable[..., Any], written: str) -> list[tuple[Any, ...]]:
    document = source.read(written.encode(), file="pod.yaml")[0]
    origin = Origin(reader="test", document=document, subject="x")
    found = []
    for fact in read(document.root, origin):
        region = fact.place.region
        path = ".".join(fact.path)
        found.append((path, fact.value, f"{region.start_line}:{region.start_column}", fact.certainty))
    return found


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ('limits: {nvidia.com/gpu: "4", cpu: "2"}', [(COUNT, 4, "1:26", "certain")]),
        ("limits: {nvidia.com/gpu: 4}", [(COUNT, 4, "1:26", "certain")]),
        ("{requests: {amd.com/gpu: 8}, limits: {cpu: 1}}", [(COUNT, 8, "1:26", "certain")]),
        ("{requests: {nvidia.com/gpu: 8}, limits: {nvidia.com/gpu: 2}}", [(COUNT, 2, "1:58", "certain")]),
        ("limits: {habana.ai/gaudi: 8}", [(COUNT, 8, "1:27", "certain")]),
        ("limits: {aws.amazon.com/neuron: '16'}", [(COUNT, 16, "1:33", "certain")]),
        ("limits: {google.com/tpu: '8'}", [(COUNT, 8, "1:26", "certain")]),
        ("limits: {nvidia.com/mig-1g.5gb: 1}", [(COUNT, None, "1:33", "inconclusive")]),
        ("limits: {nvidia.com/gpu: '{{ .Values.gpus }}'}", [(COUNT, None, "1:26", "inconclusive")]),
        ("limits: {nvidia.com/gpu: two}", [(COUNT, None, "1:26", "inconclusive")]),
        ("limits: {nvidia.com/gpu: 0}", []),
        ("limits: {cpu: 4}", []),
        ("claims: [{name: gpu}]", [(COUNT, None, "1:1", "inconclusive")]),
        ("limits: [1]", []),
        ("limits: null", []),
        ("text", []),
    ],
)
def test_accelerators_of_a_container(resources: str, expected: list[tuple[Any, ...]]) -> None:
    assert said(devices.resource_facts, resources) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("nvidia.com/gpu.product: NVIDIA-H100-80GB-HBM3", ("nvidia-h100-80gb", "certain")),
        ("nvidia.com/gpu.product: NVIDIA-A100-SXM4-40GB", ("nvidia-a100-40gb", "certain")),
        ("nvidia.com/gpu.product: NVIDIA-A100-80GB-PCIe-MIG-1g.10gb", ("nvidia-a100-80gb", "inferred")),
        ("nvidia.com/gpu.product: Tesla-T4-SHARED", ("nvidia-t4", "inferred")),
        ("nvidia.com/gpu.product: NVIDIA-A100", (None, "inconclusive")),
        ("nvidia.com/gpu.product: NVIDIA-RTX-6000", ("nvidia-rtx-6000", "inferred")),
        ("cloud.google.com/gke-accelerator: nvidia-l4", ("nvidia-l4", "certain")),
        ("cloud.google.com/gke-accelerator: nvidia-tesla-a100", ("nvidia-a100-40gb", "certain")),
        ("node.kubernetes.io/instance-type: p5.48xlarge", ("nvidia-h100-80gb", "certain")),
        ("node.kubernetes.io/instance-type: Standard_NC48ads_A100_v4", ("nvidia-a100-80gb", "certain")),
        ("node.kubernetes.io/instance-type: Standard_NC40ads_H100_v5", (None, "inconclusive")),
        ("karpenter.k8s.aws/instance-family: g6e", ("nvidia-l40s", "certain")),
        ("cloud.google.com/compute-class: gpu-h200-141gb-x8", ("nvidia-h200", "inferred")),
        ("eks.amazonaws.com/nodegroup: l4-spot", ("nvidia-l4", "inferred")),
        ("NodeGroupType: g5-gpu-karpenter", ("nvidia-a10g", "inferred")),
        ("nvidia.com/gpu.product: '${GPU}'", (None, "inconclusive")),
    ],
)
def test_type_by_a_label(label: str, expected: tuple[object, str]) -> None:
    ((path, value, _, certainty),) = said(devices.label_facts, label)

    assert (path, value, certainty) == (TYPE, *expected)


@pytest.mark.parametrize(
    "label",
    [
        "node.kubernetes.io/instance-type: m5.large",
        "eks.amazonaws.com/nodegroup: general",
        "eks.amazonaws.com/nodegroup: g5-or-g6",
        "NodeGroupType: x86-cpu-karpenter",
        "kubernetes.io/os: linux",
        "nvidia.com/gpu.product: null",
        "nvidia.com/gpu.product: [x]",
        "[]",
        "text",
    ],
)
def test_labels_that_say_nothing_of_accelerators(label: str) -> None:
    assert said(devices.label_facts, label) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ml.g5.12xlarge", [(TYPE, "nvidia-a10g", "1:1", "certain"), (COUNT, 4, "1:1", "certain")]),
        ("a3-ultragpu-8g", [(TYPE, "nvidia-h200", "1:1", "certain"), (COUNT, 8, "1:1", "certain")]),
        ("Standard_ND96isr_H100_v5", [(TYPE, "nvidia-h100-80gb", "1:1", "certain"), (COUNT, 8, "1:1", "certain")]),
        ("Standard_NC80adis_H100_v5", [(TYPE, None, "1:1", "inconclusive"), (COUNT, 2, "1:1", "certain")]),
        ("m5.large", []),
        ("${var.instance_type}", [(TYPE, None, "1:1", "inconclusive"), (COUNT, None, "1:1", "inconclusive")]),
        ("null", []),
    ],
)
def test_accelerators_of_a_machine(name: str, expected: list[tuple[Any, ...]]) -> None:
    assert said(devices.machine_facts, name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("g5", Machine("nvidia-a10g", 0)),
        ("g2-standard-48", Machine("nvidia-l4", 4)),
        ("g2-standard-8", Machine("nvidia-l4", 1)),
        ("a2-ultragpu-4g", Machine("nvidia-a100-80gb", 4)),
        ("p4de.24xlarge", Machine("nvidia-a100-80gb", 8)),
        ("p4d.metal", Machine("nvidia-a100-40gb", 0)),
        ("", None),
        (".", None),
        ("-", None),
    ],
)
def test_machines(name: str, expected: Machine | None) -> None:
    assert machine(name) == expected


@pytest.mark.parametrize(
    ("name", "expected", "certainty"),
    [("H100", "nvidia-h100-80gb", "inferred"), ("L4", "nvidia-l4", "certain"), ("A100", None, "inconclusive")],
)
def test_names_that_ray_gives_accelerators(name: str, expected: str | None, certainty: str) -> None:
    assert said(devices.named_facts, name) == [(TYPE, expected, "1:1", certainty)]


@pytest.mark.parametrize("name", ["GB200", "V100", "x86-cpu-karpenter", "NVIDIA-L40", "mi300"])
def test_other_parts_are_not_taken_for_one_that_is_known(name: str) -> None:
    assert type_of(name) == ""


def test_every_type_is_in_the_catalogue() -> None:
    data = table("devices")
    types = {row["type"] for row in (*data["products"]["rows"], *data["machines"])} - {"none"}
    types |= {row["type"] for row in data["named_machines"]["rows"].values() if "type" in row}

    assert types <= set(resources.catalogue("accelerators"))
