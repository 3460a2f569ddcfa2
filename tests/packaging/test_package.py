"""The package as a user gets it: sdist, the wheel made from that sdist, installed where there is no checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from psfpolicy import __version__

ROOT = Path(__file__).parents[2]
NAME = f"psfpolicy-{__version__}"
EXAMPLES = ("minimal.yaml", "llama-3.1-70b/out-of-the-box.yaml", "llama-3.1-70b/recommended.yaml")


def built(kind: str, source: Path, into: Path) -> Path:
    """Build an sdist or a wheel with the backend that `pyproject.toml` names, without the network."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(into)],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = into.iterdir()
    return made


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked, filter="data")
    return built("wheel", unpacked / NAME, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment of its own, and give the folder of its programs."""
    environment = tmp_path_factory.mktemp("environment")
    venv.create(environment, symlinks=True)
    python = environment / "bin/python"
    install = ["install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), *install], check=True)
    # The dependencies are those of this environment, so that no network is needed. Its own `.pth` files, among them
    # that of the editable psfpolicy, are not read there.
    found = sysconfig.get_path("purelib", vars={"base": str(environment)})
    (Path(found) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment / "bin"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with the examples, far from the checkout."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    (tmp_path / ".git").mkdir()
    return tmp_path


def ran(program: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV"))}
    return subprocess.run(
        [str(program), *words], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def below(folder: str, *patterns: str) -> set[str]:
    """Give the files of a folder of the checkout, by their path from it."""
    found = (path for pattern in patterns for path in (ROOT / folder).glob(pattern) if path.is_file())
    return {path.relative_to(ROOT / folder).as_posix() for path in found}


def test_the_sdist_holds_what_the_wheel_and_the_tests_need(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.removeprefix(f"{NAME}/") for name in archive.getnames()}
    assert names >= {"pyproject.toml", "README.md", "LICENSE", "NOTICE", "CHANGELOG.md", "Makefile", "constraints.txt"}
    assert names >= {f"rego/psfpolicy/{name}" for name in below("rego/psfpolicy", "**/*.rego", "**/data.*")}
    assert names >= {f"tests/{name}" for name in below("tests", "**/*.py", "**/*.yaml")}
    assert names >= {f"examples/{name}" for name in below("examples", "**/*")}
    assert [name for name in names if "__pycache__" in name or name.startswith(("dist/", ".venv/"))] == []


def test_the_wheel_holds_the_program_the_policy_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.startswith(f"{NAME}.dist-info/")}
        about = {name.split("/", 1)[1] for name in archive.namelist() if name.startswith(f"{NAME}.dist-info/")}
    rego = {name for name in below("rego/psfpolicy", "**/*.rego", "**/data.*") if not name.endswith("_test.rego")}
    assert names == {
        *(f"psfpolicy/{name}" for name in below("psfpolicy", "**/*.py")),
        "psfpolicy/py.typed",
        *(f"psfpolicy/_templates/{name}" for name in below("psfpolicy/_templates", "*")),
        *(f"psfpolicy/evidence/tables/{name}" for name in below("psfpolicy/evidence/tables", "**/*.yaml")),
        *(f"psfpolicy/_bundle/{name}" for name in ("policy.wasm", "data.json", "controls.json", "manifest.json")),
        *(f"psfpolicy/_schemas/{name}" for name in below("schemas", "**/*.json")),
        *(f"psfpolicy/_policy/rego/psfpolicy/{name}" for name in rego),
        *(f"psfpolicy/_policy/{name}" for name in ("capabilities.json", "input.schema.json")),
    }
    assert about == {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE", "licenses/NOTICE"}


def test_the_installed_program_is_not_the_checkout(installed: Path, elsewhere: Path) -> None:
    shown = ran(installed / "python", "-c", "import psfpolicy; print(psfpolicy.__file__)", cwd=elsewhere)
    assert Path(shown.stdout.strip()).is_relative_to(installed.parent)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_installed_program_says_what_the_checkout_says(example: str, installed: Path, elsewhere: Path) -> None:
    words = ("check", "--as-of", "2026-11-21", "--format", "json", f"examples/{example}")
    ours = ran(Path(sys.executable), "-m", "psfpolicy", *words, cwd=elsewhere)
    theirs = ran(installed / "psfpolicy", *words, cwd=elsewhere)
    assert (theirs.returncode, theirs.stderr) == (ours.returncode, "")
    assert theirs.stdout == ours.stdout


@pytest.mark.parametrize(
    "words",
    [("--version",), ("controls",), ("explain", "input-schema"), ("schema", "--list"), ("schema", "report-v1")],
    ids=" ".join,
)
def test_the_installed_program_finds_what_it_shows(words: tuple[str, ...], installed: Path, elsewhere: Path) -> None:
    theirs = ran(installed / "psfpolicy", *words, cwd=elsewhere)
    ours = ran(Path(sys.executable), "-m", "psfpolicy", *words, cwd=elsewhere)
    assert (theirs.returncode, theirs.stdout, theirs.stderr) == (0, ours.stdout, "")


def test_the_installed_program_writes_a_descriptor_to_start_from(installed: Path, elsewhere: Path) -> None:
    assert ran(installed / "psfpolicy", "init", cwd=elsewhere).returncode == 0
    assert (elsewhere / "deploy.yaml").read_text() == (ROOT / "psfpolicy/_templates/deploy.yaml").read_text()
    assert ran(installed / "psfpolicy", "check", "deploy.yaml", cwd=elsewhere).returncode == 1
