"""The GitHub Action: its script in a simulated runner, and what its description must keep to."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.formats import format_names
from tests.runner import ACTION, ROOT, Runner, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
PASSING = (ROOT / "examples/bank/deploy.yaml").read_text()
FAILING = (ROOT / "examples/minimal.yaml").read_text()
ALL_FORMATS = "github markdown sarif"
NEEDS_FORMATS = pytest.mark.skipif(
    not {"comment", "github", "markdown", "sarif"} <= set(format_names()), reason="not all formats of the action exist"
)


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=team", "-c", "user.email=team@example.com", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True)  # noqa: S607
    return done.stdout.strip()


def commit(folder: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "a change")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A runner on which psfpolicy is installed, with an empty repository."""
    made = Runner(tmp_path / "temp", tmp_path / "work")
    made.work.mkdir(parents=True)
    made.install()
    git(made.work, "init", "--quiet")
    return made


def test_a_push_assesses_everything_and_its_exit_code_is_the_steps(runner: Runner) -> None:
    commit(runner.work, {"failing.yaml": FAILING, "sub/passing.yaml": PASSING})
    step = runner.step("check", formats="text")
    report = runner.temp / "psfpolicy/psfpolicy/report.json"
    assert (step.code, step.summary) == (1, "")
    scores = [item["overall"]["score"] for item in json.loads(report.read_text())["assessments"]]
    assert step.outputs == {
        "verdict": "fail",
        "score": str(min(scores)),
        "sarif-file": "",
        "report-file": str(report),
        "new-findings": "",
        "comment-file": "",
    }
    assert len(scores) == 2
    assert "failing.yaml: production/assistant: FAIL at gate standard" in step.log


@pytest.mark.parametrize(
    ("files", "inputs", "code", "verdict"),
    [
        ({"a.yaml": PASSING}, {}, 0, "pass"),
        ({"a.yaml": FAILING}, {"gate": "advisory"}, 0, "advisory"),
        ({"a.yaml": FAILING}, {"paths": "a.yaml\n"}, 1, "fail"),
        ({"a.yaml": PASSING, "b c.yaml": FAILING}, {"paths": "a.yaml\n"}, 0, "pass"),
        ({"a.yaml": PASSING, "b c.yaml": FAILING}, {"paths": " b c.yaml \n a.yaml "}, 1, "fail"),
        ({"a.yaml": FAILING + "nope: 1\n"}, {}, 4, "undecided"),
        ({"a.txt": ""}, {}, 3, "error"),
        ({"a.yaml": PASSING}, {"paths": "gone.yaml"}, 2, "error"),
        ({"a.yaml": PASSING}, {"formats": "nosuch"}, 2, "error"),
    ],
    ids=str,
)
def test_the_verdict_in_a_word(
    files: dict[str, str], inputs: dict[str, str], code: int, verdict: str, runner: Runner
) -> None:
    commit(runner.work, files)
    step = runner.step("check", **{"formats": "", **inputs})
    assert (step.code, step.outputs["verdict"]) == (code, verdict), step.log
    assert ("::error title=psfpolicy::psfpolicy: " in step.log) == (code in {2, 3})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gate", "None"),
        ("gate", "strict --exit-zero"),
        ("fail-on-new", "yes"),
        ("policy-from", "main"),
        ("policy-from", "base"),
        ("comment", "1"),
        ("formats", "sarif=../../x"),
        ("formats", "--exit-zero"),
        ("id", "../other"),
        ("id", "a\nverdict=pass"),
        ("id", ""),
    ],
)
def test_an_input_that_is_not_what_it_must_be_is_wrong_usage(name: str, value: str, runner: Runner) -> None:
    commit(runner.work, {"a.yaml": PASSING})
    step = runner.step("check", **{"formats": "", name: value})
    assert (step.code, step.outputs) == (2, {"verdict": "error"})
    assert step.log.startswith("::error title=psfpolicy::")


@pytest.mark.parametrize("version", ["x", "1 --index-url=https://example.com", "-1", "1.0;x", "https://example.com/x"])
def test_a_version_that_is_none_is_not_installed(version: str, runner: Runner) -> None:
    step = runner.step("install", version=version)
    assert (step.code, step.log) == (2, "::error title=psfpolicy::the input version is a version, such as 1.2.3\n")


def test_no_input_is_an_option_and_no_variable_decides(runner: Runner) -> None:
    commit(runner.work, {"a.yaml": FAILING})
    step = runner.step("check", formats="", paths="--exit-zero")
    assert (step.code, step.outputs["verdict"]) == (2, "error")
    assert "`--exit-zero` does not exist" in step.log
    assert runner.step("check", formats="", PSFPOLICY_GATE="advisory").code == 1
    assert runner.step("check", formats="", base="--output=x").code == 2
    assert not (runner.work / "x").exists()


def test_a_pull_request_is_compared_with_the_base_of_the_event(runner: Runner) -> None:
    base = commit(runner.work, {"a.yaml": FAILING, "b.yaml": PASSING})
    commit(runner.work, {"a.yaml": FAILING.replace("staff handbook", "handbook"), "README.md": "A change\n"})
    runner.pull_request(base)
    step = runner.step("check", formats="", **{"fail-on-new": "true"})
    assert (step.code, step.outputs["verdict"], step.outputs["new-findings"]) == (0, "pass", "0"), step.log
    report = json.loads(Path(step.outputs["report-file"]).read_text())
    assert report["comparison"]["mergeBase"] == base
    assert (report["comparison"]["policyFrom"], report["comparison"]["failOnNew"]) == ("base", True)
    assert [item["file"] for item in report["assessments"]] == ["a.yaml"]
    assert runner.step("check", formats="").code == 1
    whole = runner.step("check", formats="", base="none")
    assert (whole.code, whole.outputs["new-findings"]) == (1, "")


def test_a_gate_that_no_policy_has_is_wrong_usage_with_what_there_is(runner: Runner) -> None:
    commit(runner.work, {"a.yaml": PASSING})
    step = runner.step("check", formats="", gate="bank-production")
    assert step.code == 2
    assert "known gates: advisory, baseline, standard, strict" in step.log


def test_a_pull_request_cannot_weaken_its_own_gate(runner: Runner) -> None:
    base = commit(runner.work, {".psfpolicy.yaml": "gate: strict\n", "a.yaml": FAILING})
    commit(runner.work, {".psfpolicy.yaml": "exclude: ['**']\n", "a.yaml": FAILING.replace("phi-4", "phi-4-mini")})
    runner.pull_request(base)
    step = runner.step("check", formats="", gate="advisory")
    assert (step.code, step.outputs["verdict"]) == (1, "fail")
    report = json.loads(Path(step.outputs["report-file"]).read_text())
    assert report["comparison"]["policyChanges"] == [".psfpolicy.yaml"]
    assert report["assessments"][0]["gate"]["name"] == "strict"


def test_a_merge_group_is_compared_with_its_base(runner: Runner) -> None:
    base = commit(runner.work, {"a.yaml": PASSING})
    commit(runner.work, {"b.yaml": FAILING})
    runner.name, runner.event = "merge_group", {"merge_group": {"base_sha": base}}
    step = runner.step("check", formats="")
    assert (step.code, step.outputs["verdict"]) == (1, "fail")
    assert int(step.outputs["new-findings"]) > 10


@pytest.mark.parametrize("name", ["push", "schedule", "workflow_dispatch"])
def test_another_event_has_no_base_unless_one_is_named(name: str, runner: Runner) -> None:
    base = commit(runner.work, {"a.yaml": FAILING})
    commit(runner.work, {"b.yaml": PASSING})
    runner.name = name
    step = runner.step("check", formats="", **{"fail-on-new": "true"})
    assert (step.code, step.outputs["new-findings"]) == (1, "")
    assert "::notice title=psfpolicy::fail-on-new needs a base" in step.log
    compared = runner.step("check", formats="", base=base)
    assert compared.code == 0
    report = json.loads(Path(compared.outputs["report-file"]).read_text())
    assert report["comparison"]["policyFrom"] == "head"


def test_nothing_changed_is_a_success(runner: Runner) -> None:
    base = commit(runner.work, {"a.yaml": FAILING})
    commit(runner.work, {"README.md": "words\n"})
    runner.pull_request(base)
    step = runner.step("check", formats="")
    assert (step.code, step.outputs["verdict"], step.outputs["score"]) == (0, "pass", "")
    assert step.outputs["new-findings"] == "0"


def test_a_shallow_clone_is_wrong_usage_and_the_remedy_is_an_annotation(runner: Runner) -> None:
    base = commit(runner.work, {"a.yaml": FAILING})
    commit(runner.work, {"a.yaml": PASSING})
    clone = runner.temp / "shallow"
    git(runner.temp, "clone", "--quiet", "--depth=1", f"file://{runner.work}", str(clone))
    runner.work = clone
    runner.pull_request(base)
    step = runner.step("check", formats="")
    assert (step.code, step.outputs["verdict"]) == (2, "error")
    assert re.search(r"^::error title=psfpolicy::.*fetch-depth: 0", step.log, re.MULTILINE)
    assert "assessed nothing (exit code 2)" in step.summary


def test_pull_request_target_is_refused_since_it_would_assess_the_base(runner: Runner) -> None:
    commit(runner.work, {"a.yaml": PASSING})
    runner.name = "pull_request_target"
    step = runner.step("check", formats="")
    assert (step.code, step.outputs) == (2, {"verdict": "error"})


def test_no_report_of_an_earlier_run_is_taken_for_this_one(runner: Runner) -> None:
    commit(runner.work, {"a.yaml": PASSING})
    assert runner.step("check", formats="").outputs["verdict"] == "pass"
    (runner.work / ".psfpolicy.yaml").write_text("nope: 1\n")
    step = runner.step("check", formats="")
    assert (step.outputs["verdict"], step.outputs["report-file"]) == ("error", "")


def test_nothing_in_the_checkout_is_imported_or_obeyed(runner: Runner) -> None:
    hostile = 'print("pwned")\nraise SystemExit(0)\n'
    commit(runner.work, {"a.yaml": FAILING, "psfpolicy/__init__.py": hostile, "json.py": hostile, "venv.py": hostile})
    hostile_name = "::error::x.yaml"
    commit(runner.work, {hostile_name: FAILING + "nope: 1\n"})
    step = runner.step("check", formats="", PYTHONPATH=str(runner.work))
    assert (step.code, step.outputs["verdict"]) == (4, "undecided")
    assert "pwned" not in step.log
    _, stop, rest = re.split(r"::stop-commands::(\w+)\n", step.log)
    inside, _, after = rest.partition(f"::{stop}::\n")
    assert "x.yaml: NOT ASSESSED" in inside
    assert (hostile_name in step.log, after) == (False, "::endgroup::\n")


@NEEDS_FORMATS
def test_annotations_a_summary_and_sarif_are_written_and_the_step_fails_all_the_same(runner: Runner) -> None:
    base = commit(runner.work, {"a.yaml": PASSING})
    commit(runner.work, {"b.yaml": FAILING})
    runner.pull_request(base)
    step = runner.step("check", formats=ALL_FORMATS)
    assert (step.code, step.outputs["verdict"]) == (1, "fail"), step.log
    assert re.search(r"^::error [^\n]*file=b\.yaml", step.log, re.MULTILINE)
    assert "production/assistant" in step.summary
    assert f"https://github.com/acme/deployments/blob/{'1' * 40}/b.yaml#L" in step.summary
    assert json.loads(Path(step.outputs["sarif-file"]).read_text())["version"] == "2.1.0"


@NEEDS_FORMATS
def test_a_comment_is_prepared_on_a_pull_request_alone(runner: Runner) -> None:
    base = commit(runner.work, {"a.yaml": FAILING})
    assert runner.step("check", formats="", comment="true").outputs["comment-file"] == ""
    runner.pull_request(base)
    step = runner.step("check", formats="", comment="true")
    assert (step.code, step.summary) == (0, "")
    assert Path(step.outputs["comment-file"]).is_file()


@dataclass
class GitHub:
    """What stands in for GitHub's interface: comments, and every request."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    refuse: int = 0
    url: str = ""


@pytest.fixture
def github() -> Iterator[GitHub]:
    state = GitHub()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            state.asked.append((self.command, self.path, body))
            self.send_response(state.refuse or 200)
            self.end_headers()
            page = int(self.path.rpartition("page=")[2]) if self.command == "GET" else 1
            self.wfile.write(json.dumps(state.comments[100 * (page - 1) : 100 * page]).encode())

        do_GET = do_POST = do_PATCH = answer  # noqa: N815  # the names are the module's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # likewise
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def comment(runner: Runner, github: GitHub) -> Callable[[str], Step]:
    def commented(text: str) -> Step:
        (runner.temp / "comment.md").write_text(text)
        where = {"GITHUB_API_URL": github.url, "COMMENT_FILE": str(runner.temp / "comment.md"), "TOKEN": "t0ken"}
        return runner.step("comment", **where)

    return commented


MARKER = "<!-- psfpolicy psfpolicy -->"


def test_a_comment_is_made_once_and_kept_up_to_date(
    runner: Runner, github: GitHub, comment: Callable[[str], Step]
) -> None:
    runner.pull_request("base")
    assert comment("red\n") == Step(0, "", {}, "")
    listing = ("GET", "/repos/acme/deployments/issues/7/comments?per_page=100&page=1", None)
    body = {"body": f"{MARKER}\nred\n"}
    assert github.asked == [listing, ("POST", "/repos/acme/deployments/issues/7/comments", body)]
    person = {"id": 1, "user": {"type": "User"}, "body": f"{MARKER}\nmine"}
    others: list[dict[str, Any]] = [person, {"id": 2, "user": None, "body": None}]
    others += [{"id": 9, "user": {"type": "Bot"}, "body": "x"}] * 99
    github.comments = [*others, {"id": 3, "user": {"type": "Bot"}, "body": f"{MARKER}\nred"}]
    github.asked.clear()
    comment("green\n")
    assert [words[:2] for words in github.asked] == [
        listing[:2],
        ("GET", "/repos/acme/deployments/issues/7/comments?per_page=100&page=2"),
        ("PATCH", "/repos/acme/deployments/issues/comments/3"),
    ]
    assert github.asked[-1][2] == {"body": f"{MARKER}\ngreen\n"}


@pytest.mark.parametrize(
    ("head", "status", "why"),
    [
        ("stranger/deployments", 403, "the token of a pull request from a fork cannot write"),
        ("acme/deployments", 403, "the job needs the permission pull-requests write"),
        ("acme/deployments", 502, "GitHub answered 502"),
    ],
)
def test_a_comment_that_is_refused_is_a_warning(
    head: str, status: int, why: str, runner: Runner, github: GitHub, comment: Callable[[str], Step]
) -> None:
    runner.pull_request("base", head=head)
    github.refuse = status
    step = comment("red\n")
    assert step.code == 0
    assert step.log.startswith(f"::warning title=psfpolicy::The comment was not written: {why}")
    assert "t0ken" not in step.log


def test_no_answer_is_a_warning_too(runner: Runner, github: GitHub, comment: Callable[[str], Step]) -> None:
    runner.pull_request("base")
    github.url = "http://127.0.0.1:1"
    step = comment("red\n")
    assert (step.code, "GitHub did not answer" in step.log) == (0, True)


def test_a_comment_that_is_too_long_is_cut_before_a_heading_and_says_so(
    runner: Runner, github: GitHub, comment: Callable[[str], Step]
) -> None:
    runner.pull_request("base")
    comment("# Verdict\n\n## one\n" + "x" * 40_000 + "\n## two\n" + "y" * 40_000)
    body = github.asked[-1][2]["body"]
    assert len(body) < 65_536
    assert body.endswith("x\n\nThis report is cut here; the whole of it is in the log of the step.\n")
    comment("z\n" * 40_000)
    assert len(github.asked[-1][2]["body"]) < 65_536


def test_an_upload_that_was_refused_is_a_warning(runner: Runner) -> None:
    step = runner.step("refused")
    assert (step.code, "permission security-events write" in step.log) == (0, True)
    runner.pull_request("base", head="stranger/deployments")
    assert "from a fork may not upload" in runner.step("refused").log


def test_inputs_reach_a_script_through_its_environment_alone() -> None:
    scripts = [step["run"] for step in STEPS if "run" in step]
    assert len(scripts) == 4
    assert [script for script in scripts if "${{" in script] == []
    check = next(step for step in STEPS if step.get("id") == "check")
    given = {value for value in check["env"].values() if value.startswith("${{ inputs.")}
    assert given == {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"] if name not in {"token", "version"}}


def test_every_nested_action_is_pinned_by_commit_and_says_its_release() -> None:
    files = [
        ROOT / "action.yml",
        *(ROOT / ".github/workflows").glob("*.yml"),
        *(ROOT / "psfpolicy/_templates").glob("*"),
    ]
    used = [
        line.strip() for path in files for line in path.read_text().splitlines() if re.match(r"\s*(- )?uses:", line)
    ]
    others = [line for line in used if not re.search(r"uses: (\./|@ACTION@)", line)]
    assert len(others) >= 2
    assert [line for line in others if not re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)] == []


def test_what_follows_the_check_runs_where_it_failed_and_cannot_change_its_verdict() -> None:
    names = [step.get("id") for step in STEPS]
    after = STEPS[names.index("check") + 1 :]
    assert all(step["if"].startswith("${{ !cancelled() &&") for step in after)
    assert all(step.get("continue-on-error") or "refused" in step["run"] for step in after)
    assert "continue-on-error" not in STEPS[names.index("check")]


def test_the_outputs_are_those_that_the_script_writes(runner: Runner) -> None:
    commit(runner.work, {"a.yaml": PASSING})
    written = set(runner.step("check", formats="").outputs)
    assert set(ACTION["outputs"]) == written - {"comment-file"}


def test_a_version_that_cannot_be_had_fails_the_step(runner: Runner) -> None:
    shutil.rmtree(runner.temp / "psfpolicy")
    step = runner.step("install", PIP_NO_INDEX="1", PIP_DISABLE_PIP_VERSION_CHECK="1", version="0.0.1")
    assert step.code == 1
    assert "psfpolicy==0.0.1" in step.log
