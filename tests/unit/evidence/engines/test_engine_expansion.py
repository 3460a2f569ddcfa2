from __future__ import annotations

import pytest

from psfpolicy.evidence.container import Variable
from psfpolicy.evidence.engines.expansion import MAX_EXPANDED, Expanded, compose, kubernetes, left_open
from psfpolicy.model.place import Place, Region

PLACE = Place("pod.yaml", Region(1, 1, 1, 2))
KNOWN = {
    "A": Variable(kind="literal", value="org/m", place=PLACE),
    "CONFIG": Variable(kind="config", value="c", place=PLACE),
    "KEY": Variable(kind="secret", value="hunter2", place=PLACE),
    "GONE": Variable(kind="unknown", value=None, place=PLACE),
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("--model=$(A)", Expanded("--model=org/m")),
        ("$(A)$(CONFIG)", Expanded("org/mc")),
        ("$$(A)", Expanded("$(A)")),
        ("$A ${A} $ $", Expanded("$A ${A} $ $")),
        ("$(GONE)", Expanded("$(GONE)", "GONE")),
        ("$(NONE)-$(A)", Expanded("$(NONE)-org/m", "NONE")),
        ("$(KEY)", Expanded("$(KEY)", "KEY")),
        ("{{ .Values.model }}", Expanded("{{ .Values.model }}", "{{ .Values.model }}")),
        ("$(A", Expanded("$(A")),
    ],
)
def test_kubernetes_replaces_round_brackets_alone(text: str, expected: Expanded) -> None:
    assert kubernetes(text, KNOWN) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${A}", Expanded("1")),
        ("$A/$B", Expanded("1/")),
        ("${NONE}", Expanded("${NONE}", "NONE")),
        ("$NONE", Expanded("$NONE", "NONE")),
        ("$$A $${A}", Expanded("$A ${A}")),
        ("${NONE:-x}", Expanded("x", assumed="NONE")),
        ("${NONE-x}", Expanded("x", assumed="NONE")),
        ("${B:-x}", Expanded("x")),
        ("${B-x}", Expanded("")),
        ("${A:-x}", Expanded("1")),
        ("${NONE:-${A}}", Expanded("1", assumed="NONE")),
        ("${A:+x}", Expanded("x")),
        ("${NONE:?said}", Expanded("${NONE:?said}", "NONE")),
        ("${REGISTRY:-opea}/vllm:${TAG:-latest}", Expanded("opea/vllm:latest", assumed="REGISTRY")),
        ("${", Expanded("${", "${")),
        ("${a b}", Expanded("${a b}", "a b")),
    ],
)
def test_compose_replaces_six_forms(text: str, expected: Expanded) -> None:
    assert compose(text, {"A": "1", "B": ""}) == expected


def test_a_text_that_grows_beyond_measure_is_not_known() -> None:
    found = compose("$A" * 1_000, {"A": "x" * 1_000})

    assert found.unresolved == "A"
    assert len(found.text) < 2 * MAX_EXPANDED


@pytest.mark.parametrize(
    ("text", "expected"),
    [("org/m", ""), ("s3://b/$(A)", "$(A)"), ("${A}", "${A}"), ("{{ a }}", "{{ a }}"), ('{"a":{"b":1}}', "")],
)
def test_what_nobody_replaced_is_found(text: str, expected: str) -> None:
    assert left_open(text) == expected
