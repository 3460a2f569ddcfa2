"""Each control's own examples: what it calls good passes, what it calls bad does not, and all of it is valid."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING

import pytest

from psfpolicy import resources, source, validity
from psfpolicy.assess import assess
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.profiles import Asked
from psfpolicy.source import overlay

if TYPE_CHECKING:
    from psfpolicy.resources import ControlInfo
    from psfpolicy.source import Document

ROOT = Path(__file__).parents[2]
CONTROLS = resources.controls()
HEAD = "apiVersion: psfpolicy/v1\nkind: LLMDeployment\nmetadata: {name: example, environment: production}\n"


@cache
def engine() -> WasmEngine:
    return WasmEngine.bundled()


def over_minimal(spec: str) -> Document:
    """Give the smallest descriptor with YAML laid over its `spec`."""
    (minimal,) = source.read((ROOT / "examples/minimal.yaml").read_bytes(), file="minimal.yaml")
    (top,) = source.read(f"{HEAD}spec:\n{indent(spec, '  ')}".encode(), file="example.yaml")
    return overlay(minimal, top)


def mistakes(spec: str) -> list[str]:
    return [f"{item.place.region.start_line}: {item.message}" for item in validity.diagnostics(over_minimal(spec))]


def status(spec: str, control: str) -> str:
    assessment, *_ = assess(
        over_minimal(spec),
        engine(),
        texts={},
        today="2026-11-21",
        gate=Asked("strict"),
        requested="strict",
        unwaivable=(),
    )
    (found,) = [item.status for item in assessment.controls if item.id == control]
    return found


@pytest.mark.parametrize("info", CONTROLS, ids=lambda info: info.id)
def test_what_a_control_calls_good_is_valid_and_passes(info: ControlInfo) -> None:
    assert mistakes(info.good) == []
    assert status(info.good, info.id) == "pass"


@pytest.mark.parametrize("info", CONTROLS, ids=lambda info: info.id)
def test_what_a_control_calls_bad_is_valid_and_does_not_pass(info: ControlInfo) -> None:
    assert mistakes(info.bad) == []
    assert status(info.bad, info.id) in {"partial", "fail"}


@pytest.mark.parametrize("info", CONTROLS, ids=lambda info: info.id)
def test_the_remediation_is_a_sentence_and_yaml_that_is_valid(info: ControlInfo) -> None:
    advice, _, example = info.remediation.strip().partition("\n\n")
    assert advice.rstrip().endswith((":", "."))
    assert example
    assert mistakes(example) == []
