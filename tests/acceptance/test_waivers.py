"""Waivers, comments that ignore, and accepted findings: what they let stand, and what they never do."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import schema, source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

GIT = shutil.which("git") or "git"
TODAY = "2026-11-21"
DESCRIPTOR = """\
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata:
  name: support
  environment: production
spec:
  evidence: ["otel.yaml"]
  regimes: [gdpr]
  purpose: {summary: Answers questions, organisation: {principalPlace: DE}, userRegions: [EEA]}
  model: {id: microsoft/phi-4, remoteCode: true}
  serving: {hosting: on-prem, location: {country: DE}}
  data: {classification: confidential, categories: [pii], stores: []}
"""
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: vllm}
spec:
  replicas: 2
  selector: {matchLabels: {app: vllm}}
  template:
    metadata: {labels: {app: vllm}}
    spec:
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.33.0
          args:
            - --model=microsoft/phi-4
        - name: other
          image: vllm/vllm-openai:v0.33.0
          args:
            - --model=mistralai/Mistral-7B-Instruct-v0.3
"""
NAMES = ("--owner", "platform-team", "--approver", "platform-security", "--ticket", "SEC-1", "--reason", "as agreed")


class Case:
    """A repository with one deployment."""

    def __init__(self, folder: Path, run: Callable[..., Ran]) -> None:
        self.folder = folder
        self.run = run

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def edit(self, name: str, before: str, after: str) -> None:
        text = (self.folder / name).read_text()
        assert before in text
        self.write(name, text.replace(before, after))

    def report(self, *words: str, as_of: str = TODAY, code: int | None = None) -> dict[str, Any]:
        ran = self.run("check", "--format", "json", "--as-of", as_of, *words)
        assert ran.out, ran.err
        report: dict[str, Any] = json.loads(ran.out)
        assert report["exitCode"] == ran.code
        assert code is None or ran.code == code
        return report

    def finding(self, control: str, *words: str, as_of: str = TODAY) -> dict[str, Any]:
        (assessment,) = self.report(*words, as_of=as_of)["assessments"]
        (found,) = [item for item in (*assessment["findings"], *assessment["undeclared"]) if item["control"] == control]
        return dict(found)

    def waive(self, *fingerprints: str, expires: str = "2026-12-31", code: int = 0, more: tuple[str, ...] = ()) -> Ran:
        ran = self.run("waivers", "new", *fingerprints, *NAMES, "--expires", expires, "--as-of", TODAY, *more)
        assert ran.code == code, ran.err
        return ran

    me = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")

    def git(self, *words: str) -> None:
        day = {"GIT_AUTHOR_DATE": "2026-11-20T12:00:00Z", "GIT_COMMITTER_DATE": "2026-11-20T12:00:00Z"}
        subprocess.run([GIT, *words], cwd=self.folder, check=True, env={**os.environ, **day})

    def commit(self, message: str = "change") -> None:
        self.git("add", "-A")
        self.git(*self.me, "commit", "-qm", message, "--allow-empty")


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]) -> Case:
    subprocess.run([GIT, "init", "-q", "-b", "main"], cwd=tmp_path, check=True)
    (tmp_path / "deploy.yaml").write_text(DESCRIPTOR)
    (tmp_path / "otel.yaml").write_text(MANIFEST)
    monkeypatch.chdir(tmp_path)
    return Case(tmp_path, run)


CONTROL = "security-code-execution"


def use(report: dict[str, Any], id_: str | None = None) -> dict[str, Any]:
    found = [item for item in report["waivers"] if id_ in {None, item["id"]}]
    assert len(found) == 1
    return dict(found[0])


def state(report: dict[str, Any], id_: str | None = None) -> str:
    return str(use(report, id_)["state"])


def test_what_waivers_new_writes_covers_that_finding_and_lifts_the_effective_score_alone(case: Case) -> None:
    before = case.report()["assessments"][0]
    found = next(item for item in before["findings"] if item["status"] == "fail" and item["domain"] == "PSF-1")
    case.waive(found["fingerprint"][:12])
    report = case.report()
    after = report["assessments"][0]
    assert state(report) == "used"
    assert [item["fingerprint"] for item in after["findings"] if item["waiver"]] == [found["fingerprint"]]
    assert [item["raw"] for item in after["domains"]] == [item["raw"] for item in before["domains"]]
    assert after["overallRaw"] == before["overallRaw"]
    assert use(report)["daysLeft"] == 40


def test_a_waiver_counts_on_its_last_day_and_not_on_the_one_after(case: Case) -> None:
    found = case.finding("input-audit-log")
    case.waive(found["fingerprint"], expires="2026-12-01")
    assert case.finding("input-audit-log", as_of="2026-12-01")["waiver"]
    assert case.finding("input-audit-log", as_of="2026-12-02")["waiver"] is None
    assert state(case.report(as_of="2026-12-02")) == "expired"
    assert state(case.report(as_of="2026-11-20")) == "not-yet-valid"


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ('approver: "platform-security"', 'approver: " Platform-TEAM "', "self-approved"),
        ('approver: "platform-security"', 'approver: "platform-te\\u200bam"', "self-approved"),
        ('control: "input-audit-log"', 'control: "input-audit-logs"', "unknown-control"),
        ('control: "input-audit-log"', 'control: "deploy-prohibited-use"', "unwaivable"),
        ('status: "fail"', 'status: "partial"', "outdated"),
        ('path: "spec.inputs.log"', 'path: "spec.inputs"', "unused"),
        ('descriptor: "production/support"', 'descriptor: "production/other"', "unused"),
    ],
)
def test_a_waiver_that_is_not_in_order_covers_nothing_and_says_why(
    case: Case, before: str, after: str, wanted: str
) -> None:
    case.waive(case.finding("input-audit-log")["fingerprint"])
    case.edit("waivers.yaml", before, after)
    report = case.report()
    assert state(report) == wanted
    assert use(report)["message"]
    assert not [item for item in report["assessments"][0]["findings"] if item["waiver"]]
    checked = case.run("waivers", "check", "--as-of", TODAY)
    assert checked.code == 1
    assert f": {wanted}: " in checked.out


def test_a_waiver_stops_matching_when_a_value_changes(case: Case) -> None:
    case.waive(case.finding("evidence-undeclared")["fingerprint"])
    assert state(case.report()) == "used"
    case.edit("otel.yaml", "Mistral-7B-Instruct-v0.3", "Mistral-7B-Instruct-v0.2")
    report = case.report()
    assert (state(report), use(report)["message"]) == (
        "outdated",
        "the values that decided are others than when it was waived",
    )
    assert case.finding("evidence-undeclared")["waiver"] is None


def test_settings_protect_a_control_from_every_waiver(case: Case) -> None:
    case.waive(case.finding("input-audit-log")["fingerprint"])
    case.write(".psfpolicy.yaml", "unwaivable: [input-audit-log]\n")
    assert state(case.report()) == "unwaivable"
    assert case.finding("input-audit-log")["waiver"] is None


def test_a_waiver_for_a_named_item_covers_the_finding_in_it(case: Case) -> None:
    case.edit("deploy.yaml", "stores: []", "stores: [{name: cache, kind: cache}]")
    assessment = case.report()["assessments"][0]
    found = next(item for item in assessment["findings"] if "[cache]" in item["path"] and item["status"] == "fail")
    case.waive(found["fingerprint"])
    case.edit("waivers.yaml", f'path: "{found["path"]}"', 'path: "spec.data.stores[cache]"')
    assert state(case.report()) == "used"


def test_what_is_undeclared_can_be_waived_and_then_holds_no_gate(case: Case) -> None:
    report = case.report("--gate", "baseline")
    (notice,) = report["assessments"][0]["undeclared"]
    assert notice["severity"] == "critical"
    assert {"undeclared"} <= {item["kind"] for item in report["assessments"][0]["gate"]["reasons"]}
    case.waive(notice["fingerprint"])
    after = case.report("--gate", "baseline")
    assert after["assessments"][0]["undeclared"][0]["waiver"] == after["waivers"][0]["id"]
    assert "undeclared" not in {item["kind"] for item in after["assessments"][0]["gate"]["reasons"]}


def test_a_waiver_of_a_descriptor_that_was_not_looked_at_is_not_unused(case: Case) -> None:
    case.waive(case.finding("input-audit-log")["fingerprint"])
    case.write("other.yaml", DESCRIPTOR.replace("name: support", "name: other"))
    report = case.report("other.yaml")
    assert state(report) == "not-assessed"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("waivers:\n  - {id: a}\n", "waivers.yaml:2:5: `waivers[a]` lacks"),
        ("waivers: [\n", "waivers.yaml:2:1"),
        ("waivers: []\nmore: 1\n", "waivers.yaml:2:1: the document has no key `more`"),
        ("waivers: []\n---\nwaivers: []\n", "second of its file"),
    ],
)
def test_a_file_of_waivers_with_a_mistake_is_wrong_usage_at_its_place(case: Case, text: str, says: str) -> None:
    case.write("waivers.yaml", text)
    ran = case.run("check")
    assert ran.code == 2
    assert says in ran.err


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('expires: "2026-12-31"', 'expires: "2027-11-22"', "is 366 days after it was created, and at most 365"),
        ('expires: "2026-12-31"', 'expires: "2026-11-20"', "before it was created"),
        ('expires: "2026-12-31"', 'expires: "2026-02-30"', "a day that does not exist"),
        ('    expires: "2026-12-31"\n', "", "expires"),
        ('ticket: "SEC-1"', 'ticket: " "', "ticket"),
    ],
)
def test_a_waiver_must_end_in_time(case: Case, before: str, after: str, says: str) -> None:
    case.waive(case.finding("input-audit-log")["fingerprint"])
    case.edit("waivers.yaml", before, after)
    ran = case.run("check")
    assert ran.code == 2
    assert says in ran.err


def test_settings_can_shorten_how_long_a_waiver_lasts(case: Case) -> None:
    case.write(".psfpolicy.yaml", "waiverDays: 30\n")
    found = case.finding("input-audit-log")
    refused = case.waive(found["fingerprint"], expires="2026-12-22", code=2)
    assert "at most 30 are allowed" in refused.err
    assert not (case.folder / "waivers.yaml").exists()
    case.waive(found["fingerprint"], expires="2026-12-21")


def test_new_keeps_what_stands_in_the_file_and_never_writes_an_id_twice(case: Case) -> None:
    case.waive(case.finding("input-audit-log")["fingerprint"])
    text = (case.folder / "waivers.yaml").read_text().replace("  - id", "  # by hand\n  - id") + "# the end"
    case.write("waivers.yaml", text)
    again = case.waive(case.finding("input-audit-log")["fingerprint"], code=2)
    assert "there is a waiver `input-audit-log-" in again.err
    assert (case.folder / "waivers.yaml").read_text() == text
    case.waive(case.finding("input-content-classification")["fingerprint"])
    after = (case.folder / "waivers.yaml").read_text()
    assert after.startswith(text.removesuffix("# the end"))
    assert after.count("  - id:") == 2
    assert schema.accepts({"waivers": []}, "waivers-v1")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--approver", "Platform-Team"), "its owner approved it"),
        (("--expires", "2026-11-20"), "before it was created"),
        (("--id", "in valid"), "must be letters"),
        (("--report", "missing.json"), "cannot be read"),
        (("--report", "deploy.yaml"), "is no report of psfpolicy"),
    ],
)
def test_new_writes_nothing_that_would_not_count(case: Case, more: tuple[str, ...], says: str) -> None:
    refused = case.waive(case.finding("input-audit-log")["fingerprint"], code=2, more=more)
    assert says in refused.err
    assert not (case.folder / "waivers.yaml").exists()


def test_new_takes_a_fingerprint_that_only_one_finding_has(case: Case) -> None:
    assert "no finding has a fingerprint" in case.waive("zz", code=2).err
    prefixes = [item["fingerprint"][0] for item in case.report()["assessments"][0]["findings"]]
    many = next(letter for letter in prefixes if prefixes.count(letter) > 3)
    assert "findings have a fingerprint that begins with" in case.waive(many, code=2).err


@pytest.mark.parametrize(
    "text",
    ["waivers: []\n", "# none yet\n", "waivers: []", "# none yet\r\nwaivers:\r\n  []\r\n", "\ufeffwaivers: []\n"],
)
def test_new_adds_to_an_empty_file(case: Case, text: str) -> None:
    (case.folder / "waivers.yaml").write_bytes(text.encode())
    case.waive(case.finding("input-audit-log")["fingerprint"])
    case.waive(case.finding("input-content-classification")["fingerprint"])
    assert [item["state"] for item in case.report()["waivers"]] == ["used", "used"]


def test_new_refuses_a_file_that_it_would_have_to_write_anew(case: Case) -> None:
    case.waive(case.finding("input-audit-log")["fingerprint"])
    text = json.dumps({"waivers": list(_entries(case))})
    case.write("waivers.yaml", text)
    refused = case.waive(case.finding("input-content-classification")["fingerprint"], code=2)
    assert "does not write each waiver as an item of its own lines" in refused.err
    assert (case.folder / "waivers.yaml").read_text() == text


def _entries(case: Case) -> Any:
    (document,) = source.read((case.folder / "waivers.yaml").read_bytes(), file="waivers.yaml")
    data: Any = document.data
    return data["waivers"]


def test_two_waivers_of_one_id_are_a_mistake(case: Case) -> None:
    case.waive(case.finding("input-audit-log")["fingerprint"], more=("--id", "w1"))
    text = (case.folder / "waivers.yaml").read_text()
    case.write("waivers.yaml", text + text.removeprefix("waivers:\n"))
    ran = case.run("check")
    assert ran.code == 2
    assert "waivers.yaml:14:9: `waivers[w1].id` is `w1`, which another waiver is called too" in ran.err


@pytest.mark.parametrize(
    "row", [[7], [{"findings": 1}], {"id": "a"}, [{"id": 1, "findings": [{}], "undeclared": []}], "number"]
)
def test_new_takes_no_report_that_is_none(case: Case, row: Any) -> None:
    found = case.finding("input-audit-log")
    broken = {"id": 7, "findings": [{**found, "path": 7}], "undeclared": []}
    case.write("report.json", json.dumps({"assessments": [broken] if row == "number" else row}))
    refused = case.waive(found["fingerprint"], code=2, more=("--report", "report.json"))
    assert "is no report of psfpolicy in JSON" in refused.err


def test_new_writes_no_waiver_that_is_no_text(case: Case) -> None:
    found = case.finding("input-audit-log")
    assert "not be text" in case.waive(found["fingerprint"], code=2, more=("--reason", "a\udc80")).err


def test_a_change_can_put_right_what_is_wrong_at_the_base(case: Case) -> None:
    case.write("waivers.yaml", "waivers: 1\n")
    case.commit()
    case.write("waivers.yaml", "waivers: []\n")
    assert case.run("check", "--base", "main", "--policy-from", "base").code == 2
    assert case.run("check", "--base", "main", "--as-of", TODAY).code == 1
    case.commit()
    case.write("waivers.yaml", "waivers: 1\n")
    assert case.run("check", "--base", "main", "--policy-from", "base").code == 2


def test_several_fingerprints_take_no_id_of_one(case: Case) -> None:
    first, second = case.finding("input-audit-log"), case.finding("input-content-classification")
    assert "--id names one" in case.waive(first["fingerprint"], second["fingerprint"], code=2, more=("--id", "w")).err


def test_where_nothing_is_deployed_every_waiver_is_unused(case: Case) -> None:
    case.waive(case.finding("input-audit-log")["fingerprint"])
    (case.folder / "deploy.yaml").unlink()
    listed = case.run("waivers", "list", "--as-of", TODAY)
    assert (listed.code, "there is no descriptor `production/support`" in listed.out) == (0, True)


def test_list_shows_what_breaks_next_month(case: Case) -> None:
    assert case.run("waivers", "list", "--as-of", TODAY).out == f"no waivers as of {TODAY}\n"
    case.waive(case.finding("input-audit-log")["fingerprint"], more=("--id", "w1"))
    listed = case.run("waivers", "list", "--as-of", TODAY)
    assert listed.code == 0
    assert listed.out.splitlines()[1].split()[:4] == ["w1", "40", "2026-12-31", "used"]
    assert listed.out.endswith("names in a file are no signatures\n")
    later = case.run("waivers", "list", "--as-of", "2027-01-10")
    assert later.out.splitlines()[1].split()[:4] == ["w1", "-10", "2026-12-31", "expired"]


def test_check_fails_on_what_runs_out_soon(case: Case) -> None:
    case.waive(case.finding("input-audit-log")["fingerprint"], more=("--id", "w1"))
    assert case.run("waivers", "check", "--as-of", TODAY).code == 0
    soon = case.run("waivers", "check", "--as-of", TODAY, "--within", "40d")
    assert (soon.code, soon.out.splitlines()[0]) == (
        1,
        "waivers.yaml:2: w1: runs out in 40 days, after 2026-12-31",
    )
    assert case.run("waivers", "check", "--within", "soon").code == 2
    case.write("broken.yaml", "apiVersion: psfpolicy/v1\nkind: LLMDeployment\n")
    assert case.run("waivers", "check", "--as-of", TODAY).code == 4


def test_text_says_what_waivers_came_to(case: Case) -> None:
    case.waive(case.finding("input-audit-log")["fingerprint"], expires="2026-12-01", more=("--id", "w1"))
    text = case.run("check", "--as-of", TODAY).out
    assert "input-audit-log  waived by w1\n" in text
    assert "\nwaivers: 1 used; 1 of them run out within 14 days\n  waivers.yaml:2: w1: runs out in 10 days" in text
    assert "the names in it are no signatures" in text
    expired = case.run("check", "--as-of", "2026-12-02").out
    assert "\nwaivers: 1 expired\n  waivers.yaml:2: w1: expired: it ran out on 2026-12-01\n" in expired
    assert ", as of 2026-12-02" in expired.splitlines()[0]


# Comments.

COMMENT = "# psfpolicy: ignore[input-audit-log] until=2026-12-31 as agreed"


def comments(report: dict[str, Any]) -> list[str]:
    return [item["message"] for item in report["assessments"][0]["ignores"]]


def test_a_comment_ignores_nothing_until_the_settings_allow_it(case: Case) -> None:
    case.edit("deploy.yaml", "spec:\n", f"spec: {COMMENT}\n")
    report = case.report()
    assert report["waivers"] == []
    assert comments(report) == [f"the comment `{COMMENT}` is not allowed by the settings: the settings allow none"]
    case.write(".psfpolicy.yaml", "inlineIgnores: [input-prompt-boundary]\n")
    assert "they allow `input-prompt-boundary`" in comments(case.report())[0]
    for allowed in ("allow", "[input-audit-log]"):
        case.write(".psfpolicy.yaml", f"inlineIgnores: {allowed}\n")
        report = case.report()
        assert comments(report) == []
        assert (use(report)["id"], state(report), use(report)["owner"]) == ("inline:deploy.yaml:6", "used", "")
        assert case.finding("input-audit-log")["waiver"] == "inline:deploy.yaml:6"


def test_a_comment_counts_on_the_line_above_the_key_and_to_its_last_day(case: Case) -> None:
    case.write(".psfpolicy.yaml", "inlineIgnores: allow\n")
    case.edit("deploy.yaml", "spec:\n", f"# why\n{COMMENT}\n# more\nspec:\n")
    assert case.finding("input-audit-log", as_of="2026-12-31")["waiver"] == "inline:deploy.yaml:7"
    assert case.finding("input-audit-log", as_of="2027-01-01")["waiver"] is None
    assert state(case.report(as_of="2027-01-01")) == "expired"


@pytest.mark.parametrize(
    ("comment", "says"),
    [
        ("# psfpolicy: ignore[input-audit-log]", "says no control, no day or no reason"),
        ("# psfpolicy: ignore[input-audit-log] until=2026-12-31", "says no control, no day or no reason"),
        ("# psfpolicy: ignore until=2026-12-31 x", "says no control, no day or no reason"),
        ("# psfpolicy: ignore[*] until=2026-12-31 x", "says no control, no day or no reason"),
        ("# psfpolicy: ignore[input-audit-logs] until=2026-12-31 x", "which is no control"),
        ("# psfpolicy: ignore[input-audit-log] until=2026-02-30 x", "a day that does not exist"),
        ("# psfpolicy: ignore[input-audit-log] until=2027-11-22 x", "lasts 366 days more"),
        ("# psfpolicy: ignore[deploy-prohibited-use] until=2026-12-31 x", "no waiver may cover"),
        ("# psfpolicy: ignore[scope-reduced] until=2026-12-31 x", "which is no control"),
        ("# psfpolicy: ignore[model-licence] until=2026-12-31 x", "no"),
    ],
)
def test_a_comment_that_is_not_in_order_ignores_nothing_and_says_why(case: Case, comment: str, says: str) -> None:
    case.write(".psfpolicy.yaml", "inlineIgnores: allow\n")
    case.edit("deploy.yaml", "spec:\n", f"spec: {comment}\n")
    report = case.report()
    assert len(comments(report)) == 1
    assert says in comments(report)[0]
    assert not [item for item in report["assessments"][0]["findings"] if item["waiver"]]
    assert case.run("waivers", "check", "--as-of", TODAY).code == 1


@pytest.mark.parametrize(
    "text",
    [
        'summary: "x # psfpolicy: ignore[input-audit-log] until=2026-12-31 x"',
        "summary: 'x\n      # psfpolicy: ignore[input-audit-log] until=2026-12-31 x\n      '",
        "summary: |\n      # psfpolicy: ignore[input-audit-log] until=2026-12-31 x\n",
        "summary: x#psfpolicy:ignore[input-audit-log]",
    ],
)
def test_a_string_is_no_comment(case: Case, text: str) -> None:
    case.write(".psfpolicy.yaml", "inlineIgnores: allow\n")
    case.edit("deploy.yaml", "  purpose: {summary: Answers questions, ", f"  purpose:\n    {text}\n    ")
    case.edit("deploy.yaml", "    organisation: {principalPlace: DE}, userRegions: [EEA]}", "    userRegions: [EEA]")
    report = case.report()
    assert report["assessments"][0]["ignores"] == []
    assert report["waivers"] == []


def test_a_comment_that_is_for_several_findings_covers_none(case: Case) -> None:
    case.write(".psfpolicy.yaml", "inlineIgnores: allow\n")
    case.edit("deploy.yaml", "stores: []", "stores: [{name: a, kind: cache}, {name: b, kind: cache}]")
    items = case.report()["assessments"][0]["findings"]
    found = [item["control"] for item in items if "stores[" in item["path"] and item["status"] == "fail"]
    control = next(name for name in found if found.count(name) > 1)
    line = "  data: {classification"
    case.edit("deploy.yaml", line, f"  # psfpolicy: ignore[{control}] until=2026-12-31 x\n{line}")
    report = case.report()
    assert state(report) == "ambiguous"
    assert "covers none" in comments(report)[0]


def test_a_comment_in_a_manifest_is_told_for_each_descriptor_that_rests_on_it(case: Case) -> None:
    case.write(".psfpolicy.yaml", "inlineIgnores: allow\n")
    case.write("other.yaml", DESCRIPTOR.replace("name: support", "name: other"))
    comment = "# psfpolicy: ignore[evidence-undeclared] until=2026-12-31 goes next week"
    case.edit("otel.yaml", "    - name: other\n", f"    - name: other {comment}\n")
    case.edit("otel.yaml", "v0.3\n", f"v0.3 {comment}\n")
    uses = [(item["descriptor"], item["state"]) for item in case.report()["waivers"]]
    assert uses == [("production/other", "used"), ("production/support", "used")]


def test_a_comment_in_a_manifest_counts_for_what_it_shows(case: Case) -> None:
    case.write(".psfpolicy.yaml", "inlineIgnores: allow\n")
    found = case.finding("evidence-undeclared")
    line = (case.folder / "otel.yaml").read_text().splitlines()[found["place"]["startLine"] - 1]
    comment = "# psfpolicy: ignore[evidence-undeclared] until=2026-12-31 goes next week"
    case.edit("otel.yaml", f"{line}\n", f"{line} {comment}\n")
    assert case.finding("evidence-undeclared")["waiver"] == f"inline:otel.yaml:{found['place']['startLine']}"


# Comparing.


def test_waivers_comments_and_accepted_findings_of_a_change_do_not_count_where_the_policy_is_the_bases(
    case: Case,
) -> None:
    case.write(".psfpolicy.yaml", "inlineIgnores: allow\naccepted: accepted.json\n")
    case.commit()
    case.edit("deploy.yaml", "remoteCode: true", "remoteCode: true, adapters: []")
    case.waive(case.finding("input-audit-log")["fingerprint"])
    case.edit("deploy.yaml", "spec:\n", "spec: # psfpolicy: ignore[input-prompt-boundary] until=2026-12-31 x\n")
    assert case.run("accepted", "write", "--as-of", TODAY).code == 0
    mine = case.report("--base", "main")
    assert {item["state"] for item in mine["waivers"]} == {"used"}
    assert mine["accepted"]["hidden"] > 0
    theirs = case.report("--base", "main", "--policy-from", "base")
    assert theirs["waivers"] == []
    assert theirs["accepted"] is None
    assert theirs["comparison"]["policyChanges"] == ["accepted.json", "waivers.yaml"]
    assert "is not at the base" in comments(theirs)[0]
    assert not [item for item in theirs["assessments"][0]["findings"] if item["waiver"] or item["accepted"]]


def test_a_comment_of_the_base_counts_once_and_not_twice(case: Case) -> None:
    case.write(".psfpolicy.yaml", "inlineIgnores: allow\n")
    case.edit("deploy.yaml", "spec:\n", f"spec: {COMMENT}\n")
    case.commit()
    case.edit("deploy.yaml", "remoteCode: true", "remoteCode: true, adapters: []")
    assert state(case.report("--base", "main", "--policy-from", "base")) == "used"
    case.edit("deploy.yaml", "  model:", f"  {COMMENT}\n  model:")
    assert case.report("--base", "main", "--policy-from", "base")["waivers"] == []


def test_an_expired_waiver_holds_the_gate_though_its_finding_is_not_new(case: Case) -> None:
    case.waive(case.finding("input-audit-log")["fingerprint"], expires="2026-12-01")
    case.commit()
    case.edit("deploy.yaml", "Answers questions", "Answers all questions")
    words = ("--base", "main", "--fail-on-new")
    case.report(*words, as_of="2026-12-01", code=0)
    late = case.report(*words, as_of="2026-12-02", code=1)
    assert late["assessments"][0]["gate"]["reasons"] == [
        {"kind": "new-finding", "control": "input-audit-log", "domain": None, "score": None, "threshold": None}
    ]


def test_what_leaves_the_scope_can_be_waived_from_a_report(case: Case) -> None:
    case.commit()
    case.edit("deploy.yaml", "  regimes: [gdpr]\n", "")
    words = ("--base", "main", "--fail-on-new")
    report = case.report(*words, code=1)
    case.write("report.json", json.dumps(report))
    (notice,) = report["assessments"][0]["reduced"]
    case.waive(notice["fingerprint"], more=("--report", "report.json", "--id", "w1"))
    (case.folder / "report.json").unlink()
    after = case.report(*words)
    assert after["assessments"][0]["reduced"][0]["waiver"] == "w1"
    assert "scope-reduced" not in {item["kind"] for item in after["assessments"][0]["gate"]["reasons"]}
    assert state(after) == "used"
    assert state(case.report()) == "not-assessed"
    (case.folder / "deploy.yaml").unlink()
    assert state(case.report("--base", "main")) == "unused"


def test_a_descriptor_that_is_gone_can_be_waived(case: Case) -> None:
    case.write("other.yaml", DESCRIPTOR.replace("name: support", "name: other"))
    case.commit()
    (case.folder / "other.yaml").unlink()
    report = case.report("--base", "main", code=1)
    case.write("report.json", json.dumps(report))
    (gone,) = report["comparison"]["vanished"]
    case.waive(gone["notice"]["fingerprint"], more=("--report", "report.json", "--id", "w1"))
    after = case.report("--base", "main")
    assert after["comparison"]["vanished"][0]["notice"]["waiver"] == "w1"
    assert after["comparison"]["vanished"][0]["verdict"] == "pass"
    assert state(after) == "used"


def test_waivers_that_are_merged_first_let_a_change_pass_until_they_run_out(case: Case) -> None:
    stranger = MANIFEST[MANIFEST.index("        - name: other") :]
    case.write("otel.yaml", MANIFEST.removesuffix(stranger))
    case.commit("base")
    case.git("checkout", "-qb", "change")
    case.write("otel.yaml", MANIFEST)
    case.commit("a second model, the descriptor untouched")
    words = ("--base", "main", "--fail-on-new", "--policy-from", "base")
    red = case.report(*words, code=1)
    (notice,) = red["assessments"][0]["undeclared"]
    assert (notice["change"], notice["place"]["file"], notice["place"]["startLine"]) == ("new", "otel.yaml", 18)

    # The change cannot let itself through.
    new = [item["fingerprint"] for item in red["assessments"][0]["findings"] if item["change"] == "new"]
    case.waive(notice["fingerprint"], *new, expires="2026-12-01")
    waivers = (case.folder / "waivers.yaml").read_text()
    case.commit("with its own waiver")
    assert case.report(*words, code=1)["comparison"]["policyChanges"] == ["waivers.yaml"]
    case.git("reset", "-q", "--hard", "HEAD~1")

    # Merged first, the waiver does.
    case.git("checkout", "-q", "main")
    case.write("waivers.yaml", waivers)
    case.commit("waiver")
    case.git("checkout", "-q", "change")
    case.git(*case.me, "merge", "-q", "main", "-m", "merge")
    green = case.report(*words, code=0)
    assert {item["state"] for item in green["waivers"]} == {"used"}
    late = case.report(*words, as_of="2026-12-02", code=1)
    assert {item["state"] for item in late["waivers"]} == {"expired"}

    # The change that renews it touches no descriptor.
    case.git("checkout", "-q", "main")
    case.git("checkout", "-qb", "renewal")
    case.write("waivers.yaml", waivers.replace("2026-12-01", "2027-02-01"))
    case.commit("renewed")
    case.report(*words, as_of="2026-12-02", code=0)


def test_a_comment_counts_for_the_document_that_it_stands_in(case: Case) -> None:
    case.write(".psfpolicy.yaml", "inlineIgnores: allow\n")
    other = DESCRIPTOR.replace("name: support", "name: other").replace("spec:\n", f"spec: {COMMENT}\n")
    case.write("deploy.yaml", f"---\n{DESCRIPTOR}---\n{other}")
    report = case.report()
    assert (use(report)["descriptor"], state(report)) == ("production/other", "used")
    assert [item["ignores"] for item in report["assessments"]] == [[], []]


# Accepted findings.


def accept(case: Case) -> dict[str, Any]:
    case.write(".psfpolicy.yaml", "accepted: accepted.json\n")
    assert case.run("accepted", "write", "--as-of", TODAY).code == 0
    found: dict[str, Any] = json.loads((case.folder / "accepted.json").read_text())
    return found


def test_accepted_findings_hold_no_gate_and_are_counted(case: Case) -> None:
    case.commit()
    file = accept(case)
    assert schema.accepts(file, "accepted-v1")
    assert (file["date"], len(file["commit"])) == (TODAY, 40)
    report = case.report()
    assert report["accepted"] == {
        "file": "accepted.json",
        "date": TODAY,
        "commit": file["commit"],
        "entries": len(file["findings"]),
        "hidden": len(file["findings"]),
    }
    # What may not be waived is not accepted either, and holds the gate alone.
    assert {item["control"] for item in report["assessments"][0]["gate"]["reasons"]} - {None} == {
        "deploy-prohibited-use"
    }
    assert f"{len(file['findings'])} accepted" in case.run("check", "--as-of", TODAY).out


def test_a_new_finding_is_never_absorbed_and_a_fixed_one_leaves(case: Case) -> None:
    file = accept(case)
    case.edit("deploy.yaml", "stores: []", "stores: [{name: cache, kind: cache}]")
    checked = case.run("accepted", "check", "--as-of", TODAY)
    assert checked.code == 1
    assert "is fixed, or is another now" in checked.out
    written = case.run("accepted", "write", "--as-of", "2026-11-22")
    assert "not taken up" in written.out
    after = json.loads((case.folder / "accepted.json").read_text())
    assert after["date"] == TODAY
    assert {item["fingerprint"] for item in after["findings"]} < {item["fingerprint"] for item in file["findings"]}
    assert case.run("accepted", "check", "--as-of", TODAY).code == 0


def test_what_is_worse_than_it_was_accepted_is_not_let_stand(case: Case) -> None:
    file = accept(case)
    row = next(item for item in file["findings"] if item["status"] == "fail")
    case.write("accepted.json", json.dumps({"date": "2026-11-01", "findings": [{**row, "status": "partial"}]}))
    assert case.report()["accepted"]["hidden"] == 0
    case.write("accepted.json", json.dumps({"date": "2026-11-01", "findings": [row]}))
    assert case.report()["accepted"]["hidden"] == 1


def test_what_is_not_taken_up_is_listed_as_far_as_it_can_be_read(case: Case) -> None:
    accept(case)
    case.write("accepted.json", json.dumps({"date": TODAY, "findings": []}))
    said = case.run("accepted", "write", "--as-of", TODAY).out.splitlines()
    assert said[0] == "accepted.json: 0 findings, 0 fixed and taken out"
    assert len(said) == 23
    assert re.fullmatch(r"  and \d+ more, which `psfpolicy check` shows", said[-1])


def test_accepted_findings_are_written_outside_a_repository_and_before_its_first_commit(case: Case) -> None:
    assert "commit" not in accept(case)


def test_an_entry_that_is_not_what_it_says_hides_nothing(case: Case) -> None:
    file = accept(case)
    row = next(item for item in file["findings"] if item["control"] == "input-injection-defence")
    row["control"] = "input-audit-log"
    case.write("accepted.json", json.dumps({**file, "findings": [row]}))
    assert case.report()["accepted"]["hidden"] == 0


def test_a_waiver_that_ran_out_is_not_saved_by_acceptance(case: Case) -> None:
    file = accept(case)
    found = next(item for item in file["findings"] if item["control"] == "input-audit-log")
    case.waive(found["fingerprint"], expires="2026-12-01")
    assert case.finding("input-audit-log", as_of="2026-12-02")["accepted"] is False


@pytest.mark.parametrize("text", ["findings: []", '{"date": "2026-02-30", "findings": []}', "[]", "date: ["])
def test_a_file_of_accepted_findings_with_a_mistake_is_wrong_usage(case: Case, text: str) -> None:
    case.write(".psfpolicy.yaml", "accepted: accepted.json\n")
    case.write("accepted.json", text)
    ran = case.run("check")
    assert ran.code == 2
    assert "accepted.json:1:" in ran.err


def test_accepted_needs_a_file_in_the_settings_and_everything_assessed(case: Case) -> None:
    assert case.run("accepted", "write").code == 2
    case.write(".psfpolicy.yaml", "accepted: accepted.json\n")
    assert case.run("accepted", "check").code == 0
    case.write("broken.yaml", "apiVersion: psfpolicy/v1\nkind: LLMDeployment\n")
    refused = case.run("accepted", "write")
    assert (refused.code, "broken.yaml" in refused.err) == (4, True)
    assert not (case.folder / "accepted.json").exists()


# Settings.


@pytest.mark.parametrize("key", ["waivers", "accepted"])
def test_a_file_that_lets_findings_stand_is_named_relative_to_the_settings(case: Case, key: str) -> None:
    case.write(".psfpolicy.yaml", f"{key}: /etc/{key}.yaml\n")
    ran = case.run("check")
    assert (ran.code, f"`{key}` is `/etc/{key}.yaml`, an absolute path" in ran.err) == (2, True)
    case.write(".psfpolicy.yaml", f"{key}: not/there.yaml\n")
    assert case.run("check", "-q").code == 1


@pytest.mark.parametrize("text", ["unwaivable: [scope-reduce]\n", "inlineIgnores: [scope-reduced]\n"])
def test_settings_name_only_what_there_is(case: Case, text: str) -> None:
    case.write(".psfpolicy.yaml", text)
    ran = case.run("check")
    assert (ran.code, "which does not exist" in ran.err) == (2, True)


def test_settings_of_another_file_cannot_let_more_findings_stand(case: Case, tmp_path: Path) -> None:
    case.waive(case.finding("input-audit-log")["fingerprint"])
    (tmp_path / "lax").mkdir()
    (case.folder / "waivers.yaml").rename(tmp_path / "lax" / "waivers.yaml")
    case.write(".psfpolicy.yaml", "gate: standard\n")
    case.write("lax/settings.yaml", "inlineIgnores: allow\n")
    ran = case.run("check", "--settings", "lax/settings.yaml")
    assert ran.code == 2
    assert "another file of waivers than the repository's settings" in ran.err
    case.edit("deploy.yaml", "spec:\n", f"spec: {COMMENT}\n")
    (tmp_path / "lax" / "waivers.yaml").unlink()
    assert case.report("--settings", "lax/settings.yaml")["waivers"] == []


@pytest.mark.parametrize("key", ["exitZero", "asOf", "exit_zero", "as_of"])
def test_what_masks_a_verdict_or_moves_the_day_is_on_the_command_line_only(
    case: Case, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    case.write(".psfpolicy.yaml", f"{key}: true\n")
    assert case.run("check").code == 2
    case.write(".psfpolicy.yaml", "gate: standard\n")
    monkeypatch.setenv("PSFPOLICY_EXIT_ZERO", "1")
    monkeypatch.setenv("PSFPOLICY_AS_OF", "2020-01-01")
    ran = case.run("check", "-q")
    assert ran.code == 1
    assert "as of" not in ran.out
