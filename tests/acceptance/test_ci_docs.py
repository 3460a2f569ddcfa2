"""What the pages on pipelines say is what the action, the templates and the messages are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from psfpolicy import __version__

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
CI = (ROOT / "docs/ci.md").read_text()
BLOCKS: list[Any] = [yaml.safe_load(text) for text in re.findall(r"^```yaml\n(.*?)^```", CI, re.MULTILINE | re.DOTALL)]
SPAN = re.compile(r"``? ?(.+?) ?``?(?=[ ,|]|$)")
COMPOSED = {"dubious ownership", "FAIL at gate"}
"""What git says, and what several words make up."""


def listed(header: str) -> set[str]:
    """Give the names in the first column of a table."""
    table = CI.partition(f"| {header} |")[2].partition("\n\n")[0]
    return {name for row in re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE) for name in re.findall(r"`(.+?)`", row)}


@pytest.mark.parametrize("kind", ["input", "output"])
def test_every_input_and_output_of_the_action_is_documented(kind: str) -> None:
    assert listed(kind) == set(ACTION[f"{kind}s"])


def test_the_default_of_an_input_is_the_one_that_is_documented() -> None:
    for name in ("fail-on-new", "formats", "comment", "id"):
        assert f"| `{name}` | `{ACTION['inputs'][name]['default']}` |" in CI


def test_the_workflow_that_is_shown_is_the_one_that_init_writes() -> None:
    (shown,) = [block for block in BLOCKS if block.get("name") == "psfpolicy"]
    written = yaml.safe_load((ROOT / "psfpolicy/_templates/github.yml").read_text().replace("@ACTION@", "x"))
    assert shown[True] == written[True]  # `on` is a truth value in YAML 1.1
    shown_job, written_job = shown["jobs"]["psfpolicy"], written["jobs"]["psfpolicy"]
    assert shown_job["permissions"] == written_job["permissions"]
    assert shown_job["steps"][0] == written_job["steps"][0]
    assert shown_job["steps"][1]["with"] == written_job["steps"][1]["with"]


def test_the_job_for_gitlab_that_is_shown_is_the_one_that_init_writes() -> None:
    (shown,) = [block for block in BLOCKS if "psfpolicy" in block]
    assert shown == yaml.safe_load(
        (ROOT / "psfpolicy/_templates/gitlab.yml").read_text().replace("@VERSION@", "VERSION")
    )
    assert __version__ not in CI


def test_the_hooks_that_are_shown_are_all_that_there_are() -> None:
    hooks = {hook["id"]: hook["entry"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert {hook["id"] for hook in BLOCKS[0]["repos"][0]["hooks"]} == set(hooks)
    for name, entry in hooks.items():
        assert f"| `{name}` | `{entry}` |" in CI


def test_a_message_in_troubleshooting_is_one_that_somebody_can_see() -> None:
    rows = re.findall(r"^\| ([^|]*`[^|]*) \|", (ROOT / "docs/troubleshooting.md").read_text(), re.MULTILINE)
    files = [*(ROOT / "psfpolicy").rglob("*.py"), ROOT / "action/run.py", ROOT / "rego/psfpolicy/comparison.rego"]
    source = "\n".join(path.read_text() for path in files)
    spans = [span for row in rows for span in SPAN.findall(row)]
    parts = [part.strip() for span in spans for part in re.split(r"…|`x`|standard$", span) if part.strip()]
    assert len(parts) > 30
    assert [part for part in parts if part.lower() not in source.lower() and part not in COMPOSED] == []
