"""The pinned OPA, trees staged for it, and the embedded engine over what it compiles."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.engine.question import question_text
from psfpolicy.engine.wasm import WasmEngine

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
IN_CI = bool(os.environ.get("CI"))

_SAMPLE = """# METADATA
# title: Sample
# description: A control that a test adds to the tree.
# custom:
#   severity: high
#   provenance: ours
#   remediation: Write it.
#   references: ["https://example.org"]
#   good: "a: 1"
#   bad: "a: 2"
package psfpolicy.controls.input.sample

metadata := rego.metadata.chain()

"""


@dataclass(frozen=True)
class Opa:
    """The pinned OPA, as `policy/build.py` finds it."""

    path: str

    def run(self, *arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
        """Run it, whatever comes of it."""
        return subprocess.run(
            [self.path, *arguments], cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False
        )

    def built(self, tree: Path, *entrypoints: str, ignore: tuple[str, ...] = ("*_test.rego",)) -> tuple[bytes, bytes]:
        """Compile `tree/rego` as the bundle is, and give the module and its data."""
        archive = tree / "bundle.tar.gz"
        ignored = [word for pattern in ignore for word in ("--ignore", pattern)]
        wanted = [word for entrypoint in entrypoints for word in ("-e", entrypoint)]
        options = ["-b", "--prune-unused", *ignored, "-t", "wasm", *wanted]
        done = self.run("build", *options, "-o", str(archive), "rego", cwd=tree)
        assert done.returncode == 0, done.stderr
        members = {}
        with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as opened:
            for member in opened:
                stream = opened.extractfile(member)
                members[member.name] = stream.read() if stream else b""
        return members["/policy.wasm"], members["/data.json"]

    def evaluated(self, tree: Path, question: dict[str, Any], query: str = "data.psfpolicy.report") -> Any:
        """Give what OPA's own evaluator answers, over the sources, to the question as an engine gets it."""
        asked = tree / "question.json"
        asked.write_bytes(question_text(question))
        done = self.run("eval", "-b", "rego", "-i", str(asked), "-f", "raw", query, cwd=tree)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="session")
def opa() -> Opa:
    """The pinned OPA. A machine of a user may lack it, the one that decides whether a change is good may not."""
    found = subprocess.run(
        [sys.executable, "policy/build.py", "--print-opa"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if found.returncode != 0 and IN_CI:
        pytest.fail(found.stderr)
    if found.returncode != 0:
        pytest.skip(f"the policy is not tested: {found.stderr.strip()}")
    return Opa(found.stdout.strip())


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources of the policy, in a folder of its own; not to be changed."""
    folder = tmp_path_factory.mktemp("tree")
    shutil.copytree(ROOT / "rego", folder / "rego")
    return folder


@pytest.fixture(scope="session")
def without_controls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources of the policy without its controls and tests; not to be changed."""

    def left_out(folder: str, names: list[str]) -> list[str]:
        controls = Path(folder).name == "controls"
        return [name for name in names if name.endswith("_test.rego") or (controls and "." not in name)]

    folder = tmp_path_factory.mktemp("without-controls")
    shutil.copytree(ROOT / "rego", folder / "rego", ignore=left_out)
    return folder


@pytest.fixture
def staged(without_controls: Path, tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Stage the policy without its controls, and with the files that a test gives, by path below `rego/psfpolicy`."""

    def stage(files: dict[str, str]) -> Path:
        shutil.copytree(without_controls, tmp_path, dirs_exist_ok=True)
        for name, text in files.items():
            path = tmp_path / "rego" / "psfpolicy" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return stage


@pytest.fixture
def sample() -> Callable[[str], dict[str, str]]:
    """Give the file of a control `input-sample`, its METADATA complete, with the rules that a test gives."""
    return lambda rules: {"controls/input/sample.rego": _SAMPLE + rules}


@pytest.fixture(scope="session")
def engine(opa: Opa, tree: Path) -> WasmEngine:
    """The embedded engine over the policy as it stands in `rego/`, whether or not the bundle is up to date."""
    return WasmEngine(
        *opa.built(tree, "psfpolicy/report", "psfpolicy/sizing", "psfpolicy/collation", "psfpolicy/change")
    )


@pytest.fixture
def question() -> dict[str, Any]:
    """A question about an empty descriptor."""
    return {
        "descriptor": {"spec": {}},
        "facts": {"evidence": [], "secrets": []},
        "catalogue": {},
        "waivers": [],
        "today": "2026-11-21",
        "gate": "standard",
        "parameters": {"unwaivable": [], "thresholds": {}},
    }


@pytest.fixture(scope="session")
def canonical() -> Callable[[Any], Any]:
    """Put each list of an answer into one order: no engine promises an order for a set."""

    def ordered(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: ordered(item) for key, item in value.items()}
        if isinstance(value, list):
            return sorted((ordered(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
        return value

    return ordered
