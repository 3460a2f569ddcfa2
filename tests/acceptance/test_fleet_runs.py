"""Runs over many descriptors: lines as the run goes on, interrupted, gone on with, and attacked in between."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from tests.scratch import DESCRIPTOR, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
SCHEMA = jsonschema_rs.Draft202012Validator(json.loads((ROOT / "schemas/run-v1.schema.json").read_text()))
COMMAND = (sys.executable, "-m", "psfpolicy")
DAY = ("--as-of", "2026-11-21")
NDJSON = ("check", *DAY, "-q", "--jobs", "1", "-o", "ndjson=run.ndjson")
SECONDS = 120


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dozen descriptors in a repository."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "fleet").mkdir()
    for number in range(12):
        (tmp_path / f"fleet/{number:02}.yaml").write_text(named(f"case-{number}"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines(path: Path | str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def cut(path: Path, whole: int, rest: int = 0, *, name: str = "cut.ndjson") -> Path:
    """Give what is left of a run that was killed: so many lines, and so many bytes of the next."""
    found = path.read_bytes().splitlines(keepends=True)
    left = path.with_name(name)
    left.write_bytes(b"".join(found[:whole]) + found[whole][:rest])
    return left


def without_count(path: Path | str) -> bytes:
    return re.sub(rb'"takenOver":\d+', b'"takenOver":0', Path(path).read_bytes())


def taken(path: Path | str) -> int:
    return int(lines(path)[-1]["takenOver"])


def test_lines_say_what_the_report_says_and_are_what_the_schema_describes(fleet: Path, run: Callable[..., Ran]) -> None:
    (fleet / "fleet/05.yaml").write_text("apiVersion: psfpolicy/v1\nkind: LLMDeployment\n")
    (fleet / "fleet/base.yaml").write_text(
        "apiVersion: psfpolicy/v1\nkind: LLMDeploymentBase\nmetadata: {environment: production}\n"
    )
    assert run("check", *DAY, "-o", "ndjson=run.ndjson", "-o", "json=run.json").code == 4
    report = json.loads(Path("run.json").read_text())
    head, *files, summary = lines("run.ndjson")
    for line in (head, *files, summary):
        SCHEMA.validate(line)
    assert (head["kind"], {item["kind"] for item in files}, summary["kind"]) == ("head", {"file"}, "summary")
    assert [item["file"] for item in files] == sorted(item["file"] for item in files)
    assert head["files"] == len(files) == 13
    assert [each for item in files for each in item["assessments"]] == report["assessments"]
    assert [item["unassessed"] for item in files if item["unassessed"]] == report["unassessed"]
    assert [each for item in files for each in item["inputs"]] == report["inputs"]
    assert {key: head[key] for key in ("tool", "policy", "engine", "asOf", "generatedAt", "exitZero")} == {
        key: report[key] for key in ("tool", "policy", "engine", "asOf", "generatedAt", "exitZero")
    }
    assert (summary["exitCode"], summary["summary"]) == (4, report["summary"])
    assert summary["catalogue"] == report["catalogue"]["asOf"]
    assert (summary["interrupted"], summary["remaining"], summary["takenOver"]) == (False, 0, 0)
    assert not Path("run.ndjson.part").exists()
    assert Path("run.ndjson").read_text().isascii()


def test_the_same_input_gives_the_same_bytes_however_many_processes_there_are(
    fleet: Path, run: Callable[..., Ran]
) -> None:
    for number in range(12, 60):
        (fleet / f"fleet/{number:02}.yaml").write_text(named(f"case-{number}"))
    assert run("check", *DAY, "-q", "--jobs", "1", "-o", "ndjson=one.ndjson", "fleet").code == 1
    assert run("check", *DAY, "-q", "--jobs", "2", "-o", "ndjson=two.ndjson", "fleet").code == 1
    backwards = sorted(map(str, Path("fleet").iterdir()), reverse=True)
    out = run("check", *DAY, "--jobs", "2", "--format", "ndjson", *backwards).out
    assert Path("one.ndjson").read_bytes() == Path("two.ndjson").read_bytes() == out.encode()


def test_verdict_lines_beside_lines_are_those_of_a_run_without(fleet: Path, run: Callable[..., Ran]) -> None:
    (fleet / "fleet/02.yaml").write_text(named("case-7"))
    (fleet / "fleet/03.yaml").write_text("apiVersion: psfpolicy/v1\nkind: LLMDeployment\n")
    beside = run(*NDJSON, "fleet")
    alone = run("check", *DAY, "-q", "fleet")
    assert (beside.code, beside.out) == (alone.code, alone.out)


def test_a_run_goes_on_where_it_was_cut_off_and_ends_with_the_same_bytes(fleet: Path, run: Callable[..., Ran]) -> None:
    assert run(*NDJSON, "fleet").code == 1
    whole = Path("run.ndjson").read_bytes()
    for kept, rest in ((1, 0), (5, 0), (5, 100), (12, 7), (13, 0)):
        left = cut(fleet / "run.ndjson", kept, rest)
        done = run(
            "check", *DAY, "-q", "--resume", str(left), "-o", "ndjson=again.ndjson", "-o", "json=again.json", "fleet"
        )
        assert done.code == 1
        results = "1 result was" if kept == 2 else f"{kept - 1} results were"
        assert done.err == f"psfpolicy: {results} taken over from `{left}`\n"
        assert taken("again.ndjson") == kept - 1
        assert without_count("again.ndjson") == whole
    run("check", *DAY, "-o", "json=whole.json", "fleet")
    assert Path("again.json").read_bytes() == Path("whole.json").read_bytes()


def test_a_run_goes_on_in_the_file_that_it_reads(fleet: Path, run: Callable[..., Ran]) -> None:
    run(*NDJSON, "fleet")
    whole = Path("run.ndjson").read_bytes()
    cut(fleet / "run.ndjson", 5, name="run.ndjson.part").replace("run.ndjson")
    assert run(*NDJSON, "--resume", "run.ndjson", "fleet").code == 1
    assert (taken("run.ndjson"), without_count("run.ndjson")) == (4, whole)
    # What a killed run leaves is called so, and the next writes there, too.
    cut(fleet / "run.ndjson", 7, name="run.ndjson.part")
    Path("run.ndjson").unlink()
    assert run(*NDJSON, "--resume", "run.ndjson.part", "fleet").code == 1
    assert (taken("run.ndjson"), without_count("run.ndjson")) == (6, whole)
    assert sorted(path.name for path in fleet.iterdir()) == [".git", "fleet", "run.ndjson"]


def test_what_has_changed_is_assessed_again(fleet: Path, run: Callable[..., Ran]) -> None:
    run(*NDJSON, "fleet")
    left = cut(fleet / "run.ndjson", 13)
    (fleet / "fleet/03.yaml").write_text(named("case-3", DESCRIPTOR.replace("remoteCode: false", "remoteCode: true")))
    (fleet / "fleet/04.yaml").unlink()
    (fleet / "fleet/new.yaml").write_text(named("new"))
    run(*NDJSON, "--resume", str(left), "fleet")
    assert taken("run.ndjson") == 10
    resumed = without_count("run.ndjson")
    run(*NDJSON, "fleet")
    assert resumed == Path("run.ndjson").read_bytes()


def test_what_rests_on_other_files_is_assessed_again(fleet: Path, run: Callable[..., Ran]) -> None:
    (fleet / "base.yaml").write_text(
        DESCRIPTOR.replace("LLMDeployment", "LLMDeploymentBase").replace("name: case, ", "")
    )
    (fleet / "fleet/00.yaml").write_text(
        "apiVersion: psfpolicy/v1\nkind: LLMDeployment\nmetadata: {name: case-0, extends: ../base.yaml}\n"
    )
    (fleet / "fleet/01.yaml").write_text(named("case-1").replace("spec:\n", "spec:\n  evidence: [k8s/*.yaml]\n"))
    (fleet / "fleet/k8s").mkdir()
    (fleet / "fleet/k8s/a.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {}\n")
    run(*NDJSON, "fleet")
    assert run(*NDJSON, "--resume", str(cut(fleet / "run.ndjson", 13)), "fleet").err.startswith("psfpolicy: 10 results")
    (fleet / "base.yaml").write_text((fleet / "base.yaml").read_text().replace("country: DE", "country: FR"))
    run(*NDJSON, "--resume", str(cut(fleet / "run.ndjson", 13)), "fleet")
    resumed = without_count("run.ndjson")
    run(*NDJSON, "fleet")
    assert resumed == Path("run.ndjson").read_bytes()


def test_a_file_that_another_stands_for_now_is_assessed_again(fleet: Path, run: Callable[..., Ran]) -> None:
    """A link may lead from under a floor, though the bytes are the same."""
    (fleet / ".psfpolicy.yaml").write_text("gates: [{paths: ['strict/*'], gate: strict}]\n")
    run("check", *DAY, "-q", "--gate", "advisory", "-o", "ndjson=run.ndjson", "fleet")
    (fleet / "strict").mkdir()
    (fleet / "fleet/00.yaml").rename(fleet / "strict/00.yaml")
    (fleet / "fleet/00.yaml").symlink_to("../strict/00.yaml")
    done = run("check", *DAY, "-q", "--gate", "advisory", "--resume", "run.ndjson", "-o", "ndjson=run.ndjson", "fleet")
    assert done.code == 1
    assert "fleet/00.yaml: production/case-0: FAIL at gate strict" in done.out


def test_a_file_that_is_named_now_is_read_as_one_that_is(fleet: Path, run: Callable[..., Ran]) -> None:
    """Beside a descriptor it holds what only means to be one, which is a mistake in a file that somebody names."""
    path = fleet / "fleet/00.yaml"
    path.write_text(named("case-0") + "---\napiVersion: psfpolcy/v1\nmetadata: {name: other}\nspec: {}\n")
    run(*NDJSON, "fleet")
    assert taken("run.ndjson") == 0
    done = run(*NDJSON, "--resume", "run.ndjson", "fleet/00.yaml", "fleet")
    assert done.code == 4
    assert taken("run.ndjson") == 11


@pytest.mark.parametrize(
    ("change", "words", "said"),
    [
        (None, ("--as-of", "2026-11-22"), "as-of date: 2026-11-21 there, 2026-11-22 now"),
        (None, ("--gate", "strict"), "gate: standard there, strict now"),
        ("gate: baseline\n", (), "settings, waivers, rows of the catalogue or --explain: sha256:"),
        ("unwaivable: [input-schema]\n", (), "settings, waivers, rows of the catalogue or --explain: sha256:"),
        ("exclude: [elsewhere/**]\n", (), "settings, waivers, rows of the catalogue or --explain: sha256:"),
    ],
)
def test_a_run_that_was_asked_something_else_is_not_gone_on_with(
    change: str | None, words: tuple[str, ...], said: str, fleet: Path, run: Callable[..., Ran]
) -> None:
    run(*NDJSON, "--gate", "standard", "fleet")
    whole = Path("run.ndjson").read_bytes()
    if change:
        (fleet / ".psfpolicy.yaml").write_text(change)
    done = run(*NDJSON, "--gate", "standard", *words, "--resume", "run.ndjson", "fleet")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("psfpolicy: `run.ndjson` is of a run that was asked something else\n")
    assert said in done.err
    assert Path("run.ndjson").read_bytes() == whole
    assert not Path("run.ndjson.part").exists()


@pytest.mark.usefixtures("fleet")
@pytest.mark.parametrize(("key", "said"), [("policy", "policy: "), ("tool", "version: "), ("engine", "engine: ")])
def test_a_run_of_another_policy_or_version_is_not_gone_on_with(key: str, said: str, run: Callable[..., Ran]) -> None:
    run(*NDJSON, "fleet")
    head, *rest = Path("run.ndjson").read_text().splitlines(keepends=True)
    other = json.loads(head) | {key: {"name": "\x1b[2J", "version": "0"}}
    Path("other.ndjson").write_text(json.dumps(other) + "\n" + "".join(rest))
    done = run(*NDJSON, "--resume", "other.ndjson", "fleet")
    assert done.code == 2
    assert f"  {said}\\x1b[2J 0 there, " in done.err


@pytest.mark.parametrize(
    "content",
    [b"", b"{}\n", b"[]\n", b"[" * 100_000 + b"\n", b"\xff\xfe\n", b'{"schema":"psfpolicy/report/v1"}\n', b"\0" * 99],
)
def test_what_is_no_run_is_not_gone_on_with(content: bytes, fleet: Path, run: Callable[..., Ran]) -> None:
    (fleet / "other").write_bytes(content)
    done = run(*NDJSON, "--resume", "other", "fleet")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("psfpolicy: `other` does not begin with the head of a run\n")
    assert not Path("run.ndjson").exists()


@pytest.mark.usefixtures("fleet")
def test_resume_needs_a_file_and_lines_and_no_base(run: Callable[..., Ran]) -> None:
    assert "`gone` cannot be read: No such file or directory" in run(*NDJSON, "--resume", "gone", "fleet").err
    assert run(*NDJSON, "--resume", "fleet", "fleet").code == 2
    done = run("check", *DAY, "--resume", "run.ndjson", "fleet")
    assert (done.code, "ask for one with -o ndjson=FILE" in done.err) == (2, True)


def green(line: str) -> str:
    """Give a line with a verdict that nobody came to."""
    data = json.loads(line)
    for item in data.get("assessments", ()):
        item["gate"] |= {"verdict": "pass", "reasons": []}
        for finding in item["findings"]:
            finding["status"] = "pass"
    return json.dumps(data, separators=(",", ":")) + "\n"


@pytest.mark.usefixtures("fleet")
def test_a_green_verdict_that_was_written_in_is_not_believed(run: Callable[..., Ran]) -> None:
    assert run(*NDJSON, "fleet").code == 1
    whole = Path("run.ndjson").read_bytes()
    head, *files, summary = Path("run.ndjson").read_text().splitlines(keepends=True)
    Path("forged.ndjson").write_text(head + "".join(map(green, files)) + summary)
    done = run(*NDJSON, "--resume", "forged.ndjson", "fleet")
    assert done.code == 1
    assert "PASS" not in done.out
    assert done.err == (
        "psfpolicy: 0 results were taken over from `forged.ndjson`; 12 that the cache cannot vouch for were assessed "
        "again (it has no note of them)\n"
    )
    assert Path("run.ndjson").read_bytes() == whole


def test_a_green_line_of_another_file_or_of_what_the_file_was_is_not_believed(
    fleet: Path, run: Callable[..., Ran]
) -> None:
    passing = (ROOT / "examples/llama-3.1-70b/recommended.yaml").read_text()
    target = fleet / "fleet/00.yaml"
    target.write_text(passing)
    (fleet / "fleet/copy.yaml").write_text(passing.replace("name: clinical-notes", "name: copy"))
    run(*NDJSON, "fleet")
    head, first, *rest = Path("run.ndjson").read_text().splitlines(keepends=True)
    assert '"verdict":"pass"' in first
    # The file has turned bad since; then the line of another good one is given its name, or another's digest.
    target.write_text(named("case-0"))
    own = json.loads(first)["inputs"][0]["sha256"]
    (copied,) = (line for line in rest if '"file":"fleet/copy.yaml"' in line)
    now = sha256(target.read_bytes()).hexdigest()
    for forged in (
        first,
        first.replace(own, now),
        copied.replace("fleet/copy.yaml", "fleet/00.yaml").replace("copy", "case-0"),
    ):
        Path("forged.ndjson").write_text(head + forged + "".join(rest))
        done = run(*NDJSON, "--resume", "forged.ndjson", "fleet")
        assert done.code == 1
        assert "fleet/00.yaml: production/case-0: FAIL" in done.out


@pytest.mark.usefixtures("fleet")
def test_lines_that_are_none_stop_nothing(run: Callable[..., Ran]) -> None:
    run(*NDJSON, "fleet")
    whole = Path("run.ndjson").read_bytes()
    head, *rest = whole.splitlines(keepends=True)
    junk = [
        b"\n",
        b"[1]\n",
        b'{"kind":"file"}\n',
        b'{"kind":"file","file":7}\n',
        b'{"kind":"file","file":"fleet/00"}\n',
    ]
    junk += [b'{"kind":"file","file":"fleet/00.yaml","inputs":7}\n', b"[" * 100_000 + b"\n", b"\xff\n"]
    Path("junk.ndjson").write_bytes(head + b"".join(junk) + b"".join(rest[1:]))
    done = run(*NDJSON, "--resume", "junk.ndjson", "fleet")
    assert (done.code, taken("run.ndjson")) == (1, 11)
    assert without_count("run.ndjson") == whole


def test_without_a_cache_of_ones_own_nothing_is_believed(
    fleet: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(*NDJSON, "fleet")
    monkeypatch.setenv("PSFPOLICY_CACHE_DIR", str(fleet / "other-cache"))
    assert "12 that the cache cannot vouch for" in run(*NDJSON, "--resume", "run.ndjson", "fleet").err
    (fleet / "other-cache/runs").chmod(0o777)
    done = run(*NDJSON, "--resume", "run.ndjson", "fleet")
    assert "can be written to by other users" in done.err
    assert taken("run.ndjson") == 0


def test_two_files_with_one_identity_are_an_error_of_both_wherever_they_stand(
    fleet: Path, run: Callable[..., Ran]
) -> None:
    (fleet / "fleet/10.yaml").write_text(named("case-2"))
    (fleet / "fleet/11.yaml").write_text(named("case-2") + "---\n" + named("own"))
    done = run(*NDJSON, "-o", "json=run.json", "fleet")
    report = json.loads(Path("run.json").read_text())
    head, *files, summary = lines("run.ndjson")
    for line in (head, *files, summary):
        SCHEMA.validate(line)
    assert (done.code, summary["exitCode"], summary["summary"]) == (4, 4, report["summary"])
    assert report["summary"]["unassessed"] == 3
    assert summary["withdrawn"] == [{"id": "production/case-2", "file": "fleet/02.yaml", "line": 3}]
    spots = "fleet/02.yaml:3, fleet/10.yaml:3, fleet/11.yaml:3"
    assert [item["problems"][0]["message"] for item in report["unassessed"]] == [
        f"`production/case-2` is described more than once: {spots}"
    ] * 3
    by_file = {item["file"]: item for item in files}
    assert by_file["fleet/02.yaml"]["unassessed"] is None
    assert by_file["fleet/10.yaml"]["assessments"] == []
    assert [item["id"] for item in by_file["fleet/11.yaml"]["assessments"]] == ["production/own"]
    (problem,) = by_file["fleet/11.yaml"]["unassessed"]["problems"]
    assert problem["message"] == "`production/case-2` is described more than once: fleet/02.yaml:3, fleet/11.yaml:3"
    # A line that lost something is not taken over; and what was taken over clashes as before.
    again = run(*NDJSON, "--resume", "run.ndjson", "fleet")
    assert (again.code, taken("run.ndjson")) == (4, 10)
    assert lines("run.ndjson")[-1] | {"takenOver": 0} == summary


def test_two_of_one_identity_in_one_file_are_both_left_out(fleet: Path, run: Callable[..., Ran]) -> None:
    (fleet / "fleet/03.yaml").write_text(named("twin") + "---\n" + named("twin"))
    assert run(*NDJSON, "fleet").code == 4
    *files, summary = lines("run.ndjson")[1:]
    (line,) = (item for item in files if item["file"] == "fleet/03.yaml")
    assert (line["assessments"], len(line["unassessed"]["problems"]), summary["withdrawn"]) == ([], 2, [])
    assert (summary["summary"]["descriptors"], summary["summary"]["unassessed"]) == (11, 1)


def test_where_there_is_no_descriptor_no_file_is_left(fleet: Path, run: Callable[..., Ran]) -> None:
    (fleet / "none").mkdir()
    (fleet / "none/base.yaml").write_text(
        "apiVersion: psfpolicy/v1\nkind: LLMDeploymentBase\nmetadata: {environment: production}\n"
    )
    assert run(*NDJSON, "none").code == 3
    assert not list(fleet.glob("run*"))
    done = run("check", *DAY, "--format", "ndjson", "none")
    assert [json.loads(line)["kind"] for line in done.out.splitlines()] == ["head", "file", "summary"]
    assert json.loads(done.out.splitlines()[-1])["exitCode"] == 3


def test_a_run_that_compares_has_lines_too(scratch: Any, run: Callable[..., Ran]) -> None:
    scratch.commit({"a.yaml": named("a"), "b.yaml": named("b")})
    scratch.write({"b.yaml": named("b", DESCRIPTOR.replace("remoteCode: false", "remoteCode: true"))})
    done = run("check", *DAY, "--base", "HEAD", "--format", "ndjson")
    head, line, summary = map(json.loads, done.out.splitlines())
    for item in (head, line, summary):
        SCHEMA.validate(item)
    assert (head["comparison"]["changes"]["new"] > 0, line["file"], summary["exitCode"]) == (True, "b.yaml", done.code)
    assert run("check", *DAY, "--base", "HEAD", "--resume", "x", "--format", "ndjson").code == 2


posix = pytest.mark.skipif(os.name != "posix", reason="signals, pipes and devices as POSIX has them")


def many(fleet: Path, count: int = 120) -> None:
    for number in range(count):
        (fleet / f"fleet/{number:04}.yaml").write_text(named(f"many-{number}"))


def stopped(fleet: Path, number: signal.Signals, *words: str) -> tuple[int, bytes]:
    """Run the command, and stop it once some lines are there; give its exit code and what it complained of."""
    with subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        part = fleet / "run.ndjson.part"
        end = time.monotonic() + SECONDS
        while not (part.exists() and part.read_bytes().count(b"\n") > 8):
            assert time.monotonic() < end
            assert process.poll() is None
            time.sleep(0.05)
        # A terminal tells every process of the group; a service's manager, too.
        os.killpg(process.pid, number)
        _, said = process.communicate(timeout=SECONDS)
        return process.returncode, said


@posix
@pytest.mark.parametrize(
    ("number", "jobs"),
    [
        pytest.param(signal.SIGINT, "2", marks=pytest.mark.measured),
        (signal.SIGTERM, "2"),
        pytest.param(signal.SIGTERM, "1", marks=pytest.mark.measured),
    ],
)
def test_an_interrupted_run_leaves_valid_lines_and_can_be_gone_on_with(
    number: signal.Signals, jobs: str, fleet: Path, run: Callable[..., Ran]
) -> None:
    many(fleet, 80)
    words = ("check", *DAY, "-q", "--gate", "advisory", "--jobs", jobs, "-o", "ndjson=run.ndjson")
    assert stopped(fleet, number, *words, "fleet") == (130, b"psfpolicy: interrupted\n")
    found = lines("run.ndjson")
    for line in found:
        SCHEMA.validate(line)
    done = len(found) - 2
    assert 8 <= done < 92
    assert (found[-1]["interrupted"], found[-1]["exitCode"], found[-1]["remaining"]) == (True, 130, 92 - done)
    assert found[-1]["summary"]["descriptors"] == done
    assert not Path("run.ndjson.part").exists()
    assert run(*words, "--resume", "run.ndjson", "fleet").code == 0
    assert taken("run.ndjson") == done
    resumed = without_count("run.ndjson")
    assert run(*words, "fleet").code == 0
    assert resumed == Path("run.ndjson").read_bytes()


@posix
def test_a_killed_run_leaves_what_it_has_written_and_no_process(fleet: Path, run: Callable[..., Ran]) -> None:
    many(fleet)
    with subprocess.Popen(
        [*COMMAND, *NDJSON[:-4], "--jobs", "2", "-o", "ndjson=run.ndjson", "fleet"], stdout=subprocess.DEVNULL
    ) as process:
        part = fleet / "run.ndjson.part"
        end = time.monotonic() + SECONDS
        while not (part.exists() and part.read_bytes().count(b"\n") > 8):
            assert time.monotonic() < end
            time.sleep(0.05)
        tree = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        workers = tree.read_text().split() if tree.exists() else []
        process.kill()
        assert process.wait(SECONDS) == -signal.SIGKILL
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert not Path("run.ndjson").exists()
    left = part.read_bytes().count(b"\n") - 1
    for path in sorted((fleet / "fleet").iterdir())[left + 3 :]:
        path.unlink()
    assert run(*NDJSON, "--resume", "run.ndjson.part", "fleet").code == 1
    assert left - 1 <= taken("run.ndjson") <= left
    assert not part.exists()


@posix
@pytest.mark.measured
def test_a_process_that_is_killed_is_said_and_nothing_hangs(fleet: Path) -> None:
    many(fleet)
    with subprocess.Popen(
        [*COMMAND, *NDJSON[:-4], "--jobs", "2", "-o", "ndjson=run.ndjson", "fleet"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        tree = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not tree.exists():
            process.kill()
            pytest.skip("only Linux tells what a process started")
        part = fleet / "run.ndjson.part"
        end = time.monotonic() + SECONDS
        while not (part.exists() and part.read_bytes().count(b"\n") > 4):
            assert time.monotonic() < end
            time.sleep(0.05)
        os.kill(int(tree.read_text().split()[-1]), signal.SIGKILL)
        _, said = process.communicate(timeout=SECONDS)
    assert process.returncode == 4
    assert said.startswith(b"psfpolicy: a process that assesses was ended from outside\nhint: ")
    assert not Path("run.ndjson").exists()
    assert part.exists()


@posix
@pytest.mark.measured
def test_a_broken_pipe_in_mid_run_is_no_gate(fleet: Path) -> None:
    many(fleet, 60)
    words = [*COMMAND, "check", *DAY, "--jobs", "2", "--format", "ndjson", "fleet"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert json.loads(process.stdout.readline())["kind"] == "head"
        process.stdout.close()
        assert process.wait(SECONDS) == 4
        assert process.stderr.read() == b"psfpolicy: standard output was closed before all of it was written\n"


@posix
@pytest.mark.usefixtures("fleet")
@pytest.mark.measured
def test_a_full_disk_is_said_and_is_no_gate(run: Callable[..., Ran]) -> None:
    done = run("check", *DAY, "-q", "-o", "ndjson=/dev/full", "fleet")
    assert (done.code, done.out) == (4, "")
    assert done.err == (
        "psfpolicy: `/dev/full` could not be written: No space left on device\nhint: nothing was left behind\n"
    )
    assert run("check", *DAY, "-q", "-o", "ndjson=gone/run.ndjson", "fleet").err == (
        "psfpolicy: `gone/run.ndjson` could not be written: No such file or directory\nhint: nothing was left behind\n"
    )
    with open("/dev/full", "w") as full:  # noqa: PTH123  # a device
        words = [*COMMAND, "check", *DAY, "--format", "ndjson", "fleet"]
        failed = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, check=False, timeout=SECONDS)
    assert failed.returncode == 4
    assert failed.stderr == b"psfpolicy: standard output could not be written: No space left on device\n"


@pytest.mark.usefixtures("fleet")
def test_lines_are_left_aside_where_another_report_cannot_be_written(run: Callable[..., Ran]) -> None:
    done = run(*NDJSON, "-o", "json=gone/run.json", "fleet")
    assert (done.code, Path("run.ndjson").exists(), Path("run.ndjson.part").exists()) == (4, False, True)


def test_a_run_that_was_written_into_the_fleet_is_no_descriptor(fleet: Path, run: Callable[..., Ran]) -> None:
    assert run("check", *DAY, "-q", "-o", "ndjson=fleet/run.json", "fleet").code == 1
    assert len(run("check", *DAY, "-q", "fleet").out.splitlines()) == len(list((fleet / "fleet").glob("*.yaml")))


def test_waivers_are_told_as_in_a_report(fleet: Path, run: Callable[..., Ran]) -> None:
    found = json.loads(run("check", *DAY, "--format", "json", "fleet/00.yaml").out)["assessments"][0]["findings"]
    finding = next(item for item in found if item["status"] == "fail" and item["severity"] != "critical")
    row = {
        "control": finding["control"],
        "path": finding["path"],
        "status": "fail",
        "digest": finding["digest"],
        "owner": "a",
        "approver": "b",
        "ticket": "T-1",
        "reason": "as agreed",
        "created": "2026-11-20",
        "expires": "2026-12-01",
    }
    rows = [{"id": name, "descriptor": f"production/{name}", **row} for name in ("case-0", "case-1", "gone")]
    (fleet / "waivers.yaml").write_text(json.dumps({"waivers": rows}))
    done = run("check", *DAY, "-q", "-o", "ndjson=run.ndjson", "-o", "json=run.json")
    assert done.err == ""
    report = json.loads(Path("run.json").read_text())
    _, *files, summary = lines("run.ndjson")
    told = [use for item in files for use in item["waivers"]] + summary["waivers"]
    assert sorted(told, key=lambda use: str(use["id"])) == report["waivers"]
    assert [(use["id"], use["state"]) for use in told] == [("case-0", "used"), ("case-1", "used"), ("gone", "unused")]
    again = run(*NDJSON, "--resume", str(cut(fleet / "run.ndjson", 2)))
    assert (again.code, taken("run.ndjson")) == (done.code, 1)
    assert lines("run.ndjson")[-1] | {"takenOver": 0} == summary
