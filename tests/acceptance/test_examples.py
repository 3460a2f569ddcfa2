"""Each example's whole output is a reviewed snapshot; `make snapshots` writes them anew, for review.

A descriptor below `examples/` is an example by being there. The comment at its head says which gate it is held against
and what comes of that (`# Passes strict.`), so that a reader, the page of examples and this test read the same.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
INVALID = sorted((ROOT / "examples/invalid").glob("*.yaml"))
PACK = ROOT / "examples/policy-pack"
"""Policy, with fixtures that `psfpolicy test` reads; `test_packs_whole.py` tries it."""
WRITTEN = [
    path
    for path in sorted((ROOT / "examples").rglob("*.yaml"))
    if path not in INVALID and not path.is_relative_to(PACK)
]
VERDICT = re.compile(r"^# (Passes|Fails) (baseline|standard|strict)\b", re.MULTILINE)


def of_kind(kind: str) -> list[str]:
    """Give the files of a kind, as a reader in the root of the repository names them."""
    line = f"\nkind: {kind}\n"
    return [path.relative_to(ROOT).as_posix() for path in WRITTEN if line in path.read_text(encoding="utf-8")]


GOOD = {"pass", "not-applicable"}
EXAMPLES = of_kind("LLMDeployment")
BASES = of_kind("LLMDeploymentBase")
MANIFESTS = ROOT / "examples/kubernetes-vllm"
"""The example whose manifests are its evidence; `test_manifest_edits.py` tries what else is in it."""


def matches(expected: Path, text: str, *, update: bool) -> bool:
    if update:
        expected.write_text(text, encoding="utf-8")
    return expected.read_text(encoding="utf-8") == text


def without_versions(text: str) -> str:
    """Leave out the line that names digests and versions."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("as of "))


@pytest.mark.parametrize("path", EXAMPLES)
def test_the_whole_output_of_an_example_is_as_reviewed(
    path: str, run: Callable[..., Ran], in_root: Path, update_snapshots: bool
) -> None:
    ((said, gate),) = VERDICT.findall((in_root / path).read_text(encoding="utf-8"))
    ran = run("check", "--as-of", "2026-11-21", "--gate", gate, path)
    assert (ran.code, ran.err) == ({"Passes": 0, "Fails": 1}[said], "")
    expected = (in_root / path).with_suffix(".txt")
    assert matches(expected, without_versions(ran.out), update=update_snapshots)


@pytest.mark.usefixtures("in_root")
def test_each_base_is_one_of_an_example(run: Callable[..., Ran]) -> None:
    ran = run("check", "--as-of", "2026-11-21", "--format", "json", *EXAMPLES)
    read = {item["file"] for item in json.loads(ran.out)["inputs"]}
    manifests = {path for path in read if path.startswith("examples/kubernetes-vllm/k8s/")}
    assert read - manifests == {*EXAMPLES, *BASES}


def test_each_file_of_the_examples_is_an_example_a_base_an_output_or_evidence() -> None:
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "examples").rglob("*") if path.is_file()}
    outputs = {path.removesuffix(".yaml") + ".txt" for path in EXAMPLES}
    invalid = {path for path in there if path.startswith("examples/invalid/")}
    beside = {path for path in there if path.startswith("examples/kubernetes-vllm/")} - {*EXAMPLES, *outputs}
    fleet = {path for path in there if path.startswith("examples/opa-fleet/")}  # `test_opa_fleet.py` runs it
    pack = {path for path in there if path.startswith("examples/policy-pack/")}  # and `test_packs_whole.py` this
    assert there - invalid - beside - fleet - pack == {*EXAMPLES, *BASES, *outputs}
    manifests = {path.relative_to(ROOT).as_posix() for path in (MANIFESTS / "k8s").glob("*.yaml")}
    others = {f"examples/kubernetes-vllm/{name}" for name in (".psfpolicy.yaml", "README.md", "edits.py", "edits.yaml")}
    assert beside == manifests | others


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_the_whole_output_of_a_mistake_is_as_reviewed(
    path: Path, run: Callable[..., Ran], in_root: Path, update_snapshots: bool
) -> None:
    ran = run("check", "--as-of", "2026-11-21", str(path.relative_to(in_root)))
    assert (ran.code, ran.err) == (4, "")
    assert matches(path.with_suffix(".txt"), without_versions(ran.out), update=update_snapshots)


@pytest.mark.usefixtures("in_root")
def test_every_domain_of_the_recommended_deployment_is_strong(run: Callable[..., Ran]) -> None:
    ran = run("check", "--as-of", "2026-11-21", "--format", "json", "examples/llama-3.1-70b/recommended.yaml")
    (assessment,) = json.loads(ran.out)["assessments"]
    assert {domain["id"]: domain["raw"]["band"] for domain in assessment["domains"]} == {
        f"PSF-{number}": "Strong" for number in range(1, 9)
    }
    # It is self-hosted for its residency, and not for what that costs.
    assert [(item["control"], item["status"]) for item in assessment["findings"] if item["status"] not in GOOD] == [
        ("ops-cost-crossover", "partial")
    ]
    assert [(domain["title"], domain["effective"]["band"]) for domain in assessment["apart"]] == [
        ("Operations", "Strong")
    ]
