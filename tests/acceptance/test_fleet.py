"""`psfpolicy fleet` as a user meets it: from reports, runs and descriptors, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT
from tests.scratch import DESCRIPTOR, named
from tests.unit.fleet.made import as_run, deployment, ndjson
from tests.unit.formats.reports import report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

BROKEN = DESCRIPTOR.replace("serving:", "servng:")
STRONG = ("examples/bank", "examples/sglang")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def of_examples(tmp_path: Path, run: Callable[..., Ran], in_root: Path) -> Path:
    """A report on some examples that pass."""
    path = tmp_path / "report.json"
    assert run("check", *STRONG, "-q", "-o", f"json={path}").code == 0
    assert in_root == ROOT
    return path


def view(run: Callable[..., Ran], *words: str, code: int = 0, stdin: bytes = b"") -> dict[str, Any]:
    ran = run("fleet", *words, "--format", "json", stdin=stdin)
    assert (ran.code, ran.err) == (code, "")
    value: dict[str, Any] = json.loads(ran.out)
    return value


def refused(run: Callable[..., Ran], *words: str, stdin: bytes = b"") -> str:
    ran = run("fleet", *words, stdin=stdin)
    assert (ran.code, ran.out) == (2, "")
    assert "\nhint: " in ran.err
    assert "Traceback" not in ran.err
    return ran.err


def test_a_report_gives_the_same_view_as_its_descriptors(of_examples: Path, run: Callable[..., Ran]) -> None:
    read, now = view(run, str(of_examples)), view(run, *STRONG)
    assert [row["kind"] for row in (*read.pop("sources"), *now.pop("sources"))] == ["report", "assessed"]
    for found in (read, now):
        for row in found["deployments"]:
            del row["source"]
    assert read == now
    assert [row["id"] for row in read["deployments"]] == ["production/adviser-search", "production/invoice-reader"]


def test_reports_and_descriptors_can_be_mixed(of_examples: Path, run: Callable[..., Ran]) -> None:
    ran = run("fleet", str(of_examples), "examples/codestral/production.yaml", "--as-of", "2026-11-20")
    assert ran.code == 1
    assert "Fleet of 3 deployments: 1 fail, 2 pass\n" in ran.out
    assert "as of 2026-11-20 to 2026-11-21: not all answers are of one day" in ran.out


def test_one_report_named_twice_counts_once(of_examples: Path, run: Callable[..., Ran]) -> None:
    found = view(run, str(of_examples), str(of_examples.parent / "." / "report.json"))
    assert found["summary"]["deployments"] == 2


def test_a_copy_of_a_report_is_refused(of_examples: Path, run: Callable[..., Ran]) -> None:
    copy = of_examples.with_name("copy.json")
    copy.write_bytes(of_examples.read_bytes())
    assert "neither is newer" in refused(run, str(of_examples), str(copy))


def test_a_truncated_report_is_refused(of_examples: Path, run: Callable[..., Ran]) -> None:
    of_examples.write_bytes(of_examples.read_bytes()[:-100])
    assert "truncated or damaged: line " in refused(run, str(of_examples), "-o", "html=page.html")
    assert not (ROOT / "page.html").exists()


def test_what_cannot_be_assessed_is_shown_first_and_ends_with_4(here: Path, run: Callable[..., Ran]) -> None:
    (here / "a.yaml").write_text(DESCRIPTOR)
    (here / "b.yaml").write_text(BROKEN)
    ran = run("fleet", ".", "--gate", "advisory")
    assert ran.code == 4
    assert ran.out.splitlines()[0] == "Fleet of 1 deployment: 1 advisory; 1 file not assessed"
    assert ran.out.index("Not assessed") < ran.out.index("Deployments, worst first")
    assert run("fleet", "a.yaml").code == 1
    assert run("fleet", "b.yaml", "-q").out.splitlines()[0] == "Fleet of 0 deployments: none; 1 file not assessed"


def test_a_named_file_that_is_no_descriptor_is_not_assessed(here: Path, run: Callable[..., Ran]) -> None:
    (here / "notes.txt").write_text("notes\n")
    assert view(run, "notes.txt", code=4)["notAssessed"][0]["code"] == "no-descriptor"


@pytest.mark.parametrize("gate", [(), ("--gate", "baseline"), ("--gate", "advisory")])
@pytest.mark.parametrize("settings", ["advisory", "strict"])
def test_the_settings_hold_for_descriptors_as_in_check(
    here: Path, run: Callable[..., Ran], settings: str, gate: tuple[str, ...]
) -> None:
    (here / "a.yaml").write_text(DESCRIPTOR)
    (here / "b.yaml").write_text(named("other"))
    (here / ".psfpolicy.yaml").write_text(f"gate: {settings}\nexclude: [b.yaml]\n")
    ran, checked = (run(command, "a.yaml", "b.yaml", *gate, "--format", "json") for command in ("fleet", "check"))
    assert (ran.code, ran.err) == (checked.code, checked.err)
    assert "`b.yaml` is excluded by the settings" in ran.err
    (row,), (item,) = json.loads(ran.out)["deployments"], json.loads(checked.out)["assessments"]
    assert (row["gate"], row["verdict"]) == (item["gate"]["name"], item["gate"]["verdict"])


def test_nothing_to_assess_is_3(here: Path, run: Callable[..., Ran]) -> None:
    (here / "empty").mkdir()
    assert run("fleet", "empty").code == 3
    (here / "r.ndjson").write_bytes(ndjson(as_run(report())))
    ran = run("fleet", "r.ndjson")
    assert (ran.code, ran.out) == (3, "")
    assert "the reports hold no deployment" in ran.err


def test_a_file_that_is_not_there_is_2(here: Path, run: Callable[..., Ran]) -> None:
    assert "`gone.json` cannot be read" in refused(run, "gone.json")
    assert list(here.iterdir()) == [here / ".git"]


def test_the_lines_of_a_run_come_on_standard_input(run: Callable[..., Ran]) -> None:
    lines = ndjson(as_run(report(deployment("a"), deployment("b", "pass"))))
    found = view(run, "-", code=1, stdin=lines)
    assert (found["sources"][0]["name"], found["summary"]["deployments"]) == ("<stdin>", 2)


@pytest.mark.usefixtures("here")
def test_a_descriptor_comes_on_standard_input_too(run: Callable[..., Ran]) -> None:
    found = view(run, "-", code=1, stdin=DESCRIPTOR.encode())
    assert found["deployments"][0]["file"] == "<stdin>"


@pytest.mark.measured
def test_standard_input_that_is_closed_is_2() -> None:
    script = "import sys; sys.stdin = None; from psfpolicy.cli import main; main(['fleet', '-'])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "standard input is closed" in done.stderr


def test_an_unknown_format_is_2_and_names_the_known_ones(of_examples: Path, run: Callable[..., Ran]) -> None:
    assert "known formats: html, json, text" in refused(run, str(of_examples), "--format", "csv")
    assert "known formats: html, json, text" in refused(run, str(of_examples), "-o", "sarif=x")


def test_a_view_overwrites_no_report(of_examples: Path, run: Callable[..., Ran]) -> None:
    before = of_examples.read_bytes()
    assert "would overwrite" in refused(run, str(of_examples), "-o", f"html={of_examples}")
    assert of_examples.read_bytes() == before


def test_the_page_is_written_beside_the_table_and_is_the_same_each_time(
    of_examples: Path, run: Callable[..., Ran]
) -> None:
    pages = [of_examples.with_name(f"{number}.html") for number in range(2)]
    for page in pages:
        assert run("fleet", str(of_examples), "-o", f"html={page}").out.startswith("Fleet of 2 deployments: 2 pass\n")
    first, second = (page.read_text() for page in pages)
    assert first == second
    assert first.startswith("<!doctype html>")


def test_names_of_descriptors_act_on_nothing(here: Path, run: Callable[..., Ran]) -> None:
    evil = "</script><script>alert(1)</script>"
    (here / f"{evil.replace('/', '')}.yaml").write_text(DESCRIPTOR.replace("id: microsoft/phi-4", f'id: "{evil}"'))
    ran = run("fleet", ".", "--format", "html")
    assert ran.code == 1
    assert "<script" not in ran.out
    assert "&lt;script&gt;alert(1)" in ran.out


def test_a_view_of_reports_imports_neither_engine_nor_readers(of_examples: Path) -> None:
    script = (
        "import sys\n"
        "from psfpolicy.cli import main\n"
        f"try: main(['fleet', {str(of_examples)!r}])\n"
        "finally: print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    for name in ("wasmtime", "pydantic", "yaml", "git", "jsonschema"):
        assert f"'{name}'" not in done.stderr
