"""Formats as users meet them: asked for on the command line, and written beside each other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.cli.output import reader
from psfpolicy.files import DISK
from psfpolicy.formats import format_names
from psfpolicy.formats._line_hashes import line_hashes
from psfpolicy.model.report import InputFile
from tests.unit.formats.reports import report

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
EXAMPLE = "examples/llama-3.1-70b/out-of-the-box.yaml"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one descriptor, committed."""
    (tmp_path / "infra").mkdir()
    shutil.copy(ROOT / EXAMPLE, tmp_path / "infra/notes.yaml")
    git = shutil.which("git") or "git"
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    for words in (["init", "-q"], ["add", "."], [*identity, "commit", "-qm", "one"]):
        subprocess.run([git, *words], cwd=tmp_path, check=True, env=environment)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def results(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["runs"][0]["results"]
    return found


def test_help_and_completion_name_every_format(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    help_ = " ".join(run("check", "--help").out.split())
    listed = help_.partition("How to write the report: ")[2].partition(".")[0]
    assert sorted(listed.split(", ")) == list(format_names())
    monkeypatch.setenv("_PSFPOLICY_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "psfpolicy check --format ")
    monkeypatch.setenv("COMP_CWORD", "3")
    assert [line.partition(",")[2] for line in run().out.splitlines()] == list(format_names())


@pytest.mark.usefixtures("in_root")
def test_one_run_writes_every_format(run: Callable[..., Ran], tmp_path: Path) -> None:
    options = [word for name in format_names() for word in ("-o", f"{name}={tmp_path / name}")]
    assert run("check", "--as-of", "2026-11-21", *options, EXAMPLE).code == 1
    assert {path.name for path in tmp_path.iterdir()} == set(format_names())
    assert all(path.stat().st_size for path in tmp_path.iterdir())


def test_sarif_knows_lines_again_and_names_files_from_the_root(
    repository: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "infra")
    found = results(run("check", "--as-of", "2026-11-21", "--format", "sarif", "notes.yaml").out)
    known = line_hashes((repository / "infra/notes.yaml").read_bytes())
    for result in found:
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"] == {"uri": "infra/notes.yaml", "uriBaseId": "%SRCROOT%"}
        line = physical["region"]["startLine"]
        assert result["partialFingerprints"]["primaryLocationLineHash"] == known[line - 1]


def test_lines_of_a_revision_are_those_of_the_revision(repository: Path, run: Callable[..., Ran]) -> None:
    committed = (repository / "infra/notes.yaml").read_bytes()
    changed = committed.replace(b"environment: production", b"environment: staging")
    assert changed != committed
    git = shutil.which("git") or "git"
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    (repository / "infra/notes.yaml").write_bytes(changed)
    subprocess.run([git, *identity, "commit", "-qam", "two"], cwd=repository, check=True)
    (repository / "infra/notes.yaml").write_text("gone: true\n")
    ran = run("check", "--as-of", "2026-11-21", "--base", "HEAD~1", "--head", "HEAD", "--format", "sarif")
    assert ran.code == 1
    known = line_hashes(changed)
    hashes = {result["partialFingerprints"].get("primaryLocationLineHash") for result in results(ran.out)}
    assert hashes - {None} <= set(known)
    assert len(hashes) > 3


def test_a_file_that_has_changed_since_is_not_read_again(repository: Path) -> None:
    data = (repository / "infra/notes.yaml").read_bytes()
    inputs = tuple(InputFile(file=name, sha256=sha256(data).hexdigest()) for name in ("infra/notes.yaml", "gone.yaml"))
    read = reader(replace(report(), inputs=inputs), lambda: DISK)
    assert read("infra/notes.yaml") == data
    assert read("gone.yaml") is None
    assert read("unknown.yaml") is None
    (repository / "infra/notes.yaml").write_bytes(data + b"#\n")
    assert read("infra/notes.yaml") is None


def test_standard_input_has_no_line_to_know_again(run: Callable[..., Ran]) -> None:
    text = (ROOT / EXAMPLE).read_text()
    found = results(run("check", "--as-of", "2026-11-21", "--format", "sarif", "-", stdin=text).out)
    assert {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in found} == {
        "%3Cstdin%3E"
    }
    assert not any("primaryLocationLineHash" in result["partialFingerprints"] for result in found)


@pytest.mark.usefixtures("in_root")
def test_id_and_link_reach_the_reports(run: Callable[..., Ran]) -> None:
    options = ("--as-of", "2026-11-21", "--id", "eu-1", "--link", "https://git.example/o/r/blob/abc/")
    sarif = json.loads(run("check", *options, "--format", "sarif", EXAMPLE).out)
    assert sarif["runs"][0]["automationDetails"] == {"id": "psfpolicy/eu-1/"}
    page = run("check", *options, "--format", "comment", EXAMPLE).out
    assert page.startswith("<!-- psfpolicy eu-1 -->\n")
    assert f"(https://git.example/o/r/blob/abc/{EXAMPLE}#L13)" in page


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--id", "a/b", "'a/b' may hold letters, digits, `.`, `_` and `-` only"),
        ("--id", "ü", "'ü' may hold letters"),
        ("--link", "javascript:x", "'javascript:x' is no address"),
    ],
)
@pytest.mark.usefixtures("in_root")
def test_an_id_or_address_that_is_none_is_refused(run: Callable[..., Ran], option: str, value: str, said: str) -> None:
    ran = run("check", option, value, EXAMPLE)
    assert (ran.code, said in ran.err) == (2, True)
