"""What facts are about, what they fill in, and which of them the descriptor has words for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.evidence.filling import filled
from psfpolicy.evidence.gathering import Globs, gather
from psfpolicy.evidence.joining import Joined, joined
from psfpolicy.model.fact import Fact
from psfpolicy.model.place import Place, Region
from psfpolicy.schema.parts import fits, fits_item, has_key, worded_item

if TYPE_CHECKING:
    from pathlib import Path

HERE = Place("k.yaml", Region(1, 1, 1, 2))
DECLARED: dict[str, Any] = {"spec": {"model": {"id": "org/model"}, "inputs": {"guards": [{"model": "org/guard"}]}}}
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: vllm, namespace: llm, labels: {app: vllm}}
spec:
  containers:
    - {name: vllm, image: "vllm/vllm-openai:v0.33.0", args: [--model, org/model]}
"""
TEMPLATE = """\
{{- if .Values.on }}
kind: Deployment
spec:
  containers:
    - image: vllm/vllm-openai:{{ .Values.tag }}
{{- end }}
"""


def fact(path: str, value: Any, **more: Any) -> Fact:
    return Fact(
        path=tuple(path.split(".")), value=value, place=HERE, document=0, subject="Pod x", reader="test", **more
    )


def test_a_workload_is_what_it_serves() -> None:
    facts = [fact("spec.model.id", name, workload=name) for name in ("ORG/model", "org/guard", "org/other")]
    assert [item.about for item in joined(facts, DECLARED)] == ["deployment", "part", "other"]


def test_where_nothing_serves_the_declared_model_another_contradicts_it() -> None:
    facts = [fact("spec.model.id", name, workload=name) for name in ("org/guard", "org/other")]
    assert [item.about for item in joined(facts, DECLARED)] == ["part", "deployment"]


def test_beside_the_declared_model_what_nobody_knows_the_model_of_is_only_taken_to_be_the_deployments() -> None:
    named: dict[str, Any] = {**DECLARED, "metadata": {"name": "Notes"}}
    known = fact("spec.model.id", "org/model", workload="Pod llm/vllm")
    code = fact("spec.model.remoteCode", value=True, workload="Deployment llm/other, container vllm")
    secret = fact("spec.security.secrets.store", "none", workload=code.workload)
    found = joined([known, code, secret], named)
    assert [(item.about, item.fact.certainty) for item in found] == [
        ("deployment", "certain"),
        ("deployment", "inferred"),
        ("deployment", "certain"),
    ]
    own = replace(code, workload="Deployment llm/notes, container vllm")
    assert [item.fact for item in joined([known, own], named)] == [known, own]
    assert [item.fact for item in joined([code], named)] == [code]


def test_what_is_proved_is_filled_in_and_what_is_declared_stays() -> None:
    remote = fact("spec.model.remoteCode", value=True)
    found = filled(DECLARED, [Joined(remote, "deployment"), Joined(fact("spec.model.id", "org/other"), "deployment")])
    assert found.data["spec"]["model"] == {"id": "org/model", "remoteCode": True}  # type: ignore[index, call-overload]
    assert found.places == {("spec", "model", "remoteCode"): remote}


@pytest.mark.parametrize("other", [{"value": False}, {"certainty": "inferred"}, {"certainty": "inconclusive"}])
def test_what_facts_do_not_agree_on_is_not_filled_in(other: dict[str, Any]) -> None:
    remote = fact("spec.model.remoteCode", value=True)
    facts = [Joined(remote, "deployment"), Joined(replace(remote, **other), "deployment")]
    assert filled(DECLARED, facts).data == DECLARED


def test_the_descriptor_has_words_for_some_things_and_not_for_others() -> None:
    assert has_key(("spec", "model", "remoteCode"))
    assert has_key(("spec", "security", "hardening", "devEndpoints"))
    assert not has_key(("spec", "serving", "engine", "chatTemplate"))
    assert fits(("spec", "model", "remoteCode"), value=True)
    assert not fits(("spec", "model", "remoteCode"), "true")
    assert not fits(("spec", "serving", "engine", "name"), "unheard-of")
    assert not fits_item(("spec", "observability", "alerts"), {"signal": "drift"})
    assert worded_item(("spec", "observability", "alerts"), {"name": "x", "signal": "y", "z": 1}) == {"name": "x"}


def gathered(folder: Path, namespace: str = "", labels: tuple[tuple[str, str], ...] = ()) -> set[str]:
    globs = Globs(
        patterns=(("*.yaml", HERE),), folder=str(folder), root=str(folder), namespace=namespace, labels=labels
    )
    return {item.fact.workload for item in gather(DECLARED, (globs,), str).facts}


def test_only_objects_of_the_namespace_and_the_labels_count(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(POD)
    everything = gathered(tmp_path)
    assert everything
    assert gathered(tmp_path, namespace="llm") == everything
    assert gathered(tmp_path, labels=(("app", "vllm"),)) == everything
    assert gathered(tmp_path, namespace="other") == set()
    assert gathered(tmp_path, labels=(("app", "other"),)) == set()


def test_a_template_that_serves_a_model_decides_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TEMPLATE)
    globs = Globs(patterns=(("*.yaml", HERE),), folder=str(tmp_path), root=str(tmp_path))
    facts = gather(DECLARED, (globs,), lambda _path: "a.yaml").facts
    assert {item.fact.certainty for item in facts} == {"inconclusive"}
    assert all(has_key(item.fact.path) for item in facts)
