"""The schemas are ordinary ones: another validator accepts them, and tells the examples apart by them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DESCRIPTOR = "schemas/llm-deployment-v1.schema.json"
LLAMA = sorted(path.name for path in (ROOT / "examples/llama-3.1-70b").glob("*.yaml"))
VALID = [
    "psfpolicy/_templates/deploy.yaml",
    "examples/minimal.yaml",
    *(f"examples/llama-3.1-70b/{name}" for name in LLAMA),
]
# A schema of its own knows neither countries and regions nor whether a name is defined.
BEYOND_A_SCHEMA = {"geography", "unresolved"}
INVALID = sorted(path.stem for path in (ROOT / "examples/invalid").glob("*.yaml"))


def check_jsonschema(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_check_jsonschema_accepts_every_schema() -> None:
    schemas = [str(path) for path in sorted((ROOT / "schemas").rglob("*.json"))]
    done = check_jsonschema("--check-metaschema", *schemas)
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n")


def test_check_jsonschema_accepts_every_valid_example() -> None:
    done = check_jsonschema("--schemafile", DESCRIPTOR, *VALID)
    assert (done.returncode, done.stdout) == (0, "ok -- validation done\n")


@pytest.mark.parametrize("name", INVALID)
def test_check_jsonschema_refuses_what_a_schema_alone_can_see(name: str) -> None:
    done = check_jsonschema("--schemafile", DESCRIPTOR, f"examples/invalid/{name}.yaml")
    assert (done.returncode == 0) == (name in BEYOND_A_SCHEMA)
