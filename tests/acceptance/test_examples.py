"""Each example's whole output is a reviewed snapshot; `pytest --update-snapshots` writes them anew, for review."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
INVALID = sorted((ROOT / "examples/invalid").glob("*.yaml"))
ASSESSED = {
    "examples/minimal.yaml": ("standard", 1),
    "examples/llama-3.1-70b/out-of-the-box.yaml": ("standard", 1),
    "examples/llama-3.1-70b/recommended.yaml": ("strict", 0),
}


def matches(expected: Path, text: str, *, update: bool) -> bool:
    if update:
        expected.write_text(text, encoding="utf-8")
    return expected.read_text(encoding="utf-8") == text


def without_versions(text: str) -> str:
    """Leave out the line that names digests and versions."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("as of "))


@pytest.mark.parametrize("path", ASSESSED)
def test_the_whole_output_of_an_example_is_as_reviewed(
    path: str, run: Callable[..., Ran], in_root: Path, update_snapshots: bool
) -> None:
    gate, code = ASSESSED[path]
    ran = run("check", "--as-of", "2026-11-21", "--gate", gate, path)
    assert (ran.code, ran.err) == (code, "")
    expected = (in_root / path).with_suffix(".txt")
    assert matches(expected, without_versions(ran.out), update=update_snapshots)


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
    assert [item["control"] for item in assessment["findings"] if item["status"] in {"fail", "partial"}] == []
