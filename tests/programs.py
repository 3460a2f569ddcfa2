"""Programs of others that tests run: a machine of a user may lack them, the one that decides on a change may not."""

from __future__ import annotations

import os
import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from psfpolicy.building.opa import Opa
from psfpolicy.errors import OpaMissingError

ROOT = Path(__file__).parents[1]


@cache
def opa_program() -> str:
    """Give the pinned opa."""
    try:
        return Opa.pinned((ROOT / "policy/opa-version").read_text().strip()).path
    except OpaMissingError as error:
        return _missing(f"{error.message}: {error.hint}")


@cache
def conftest_program() -> str:
    """Give the pinned conftest, or the one on PATH."""
    version = re.search(r"^CONFTEST_VERSION := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert version
    cached = ROOT / ".cache/conftest" / version[1] / "conftest"
    found = str(cached) if cached.is_file() else shutil.which("conftest")
    return found or _missing("conftest is not tested: `make conftest` builds it, with Go")


def _missing(message: str) -> str:
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)
