"""Gate profiles of a pack, as users name them: on the command line, in settings, in what reports say."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.bundles.reading import read_bundle
from tests.bundles import gated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.conftest import Ran
    from tests.scratch import Scratch

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = ("--as-of", "2026-11-21")
KNOWN = "known gates: advisory, baseline, standard, strict, bank, cards"


def row(extends: str, **asks: Any) -> dict[str, Any]:
    return {"title": "Of the bank", "extends": extends, "source": "ours", "as_of": "2026-11-01", **asks}


ROWS = {
    "bank": row(
        "baseline",
        thresholds={"OPS": 30},
        must_pass=["data-telemetry"],
        must_be_evidenced=["deploy-model-pinned"],
        unwaivable=["data-telemetry"],
    ),
    "cards": row("strict", thresholds={"PSF-1": 100}),
}


@pytest.fixture
def pinned(scratch: Scratch) -> Callable[..., None]:
    """A repository whose settings pin a bundle with the profiles, and may say more: `pinned("gate: bank\\n")`."""

    def pin(settings: str = "", rows: Mapping[str, Any] = ROWS) -> None:
        data = gated(rows)
        digest = read_bundle(data).digest
        text = f'bundle: {{file: bank.tar.gz, digest: "sha256:{digest}"}}\n{settings}'
        (scratch.root / "bank.tar.gz").write_bytes(data)
        (scratch.root / ".psfpolicy.yaml").write_text(text, encoding="utf-8")

    text = (EXAMPLES / "llama-3.1-70b/recommended.yaml").read_text(encoding="utf-8")
    (scratch.root / "deploy.yaml").write_text(text, encoding="utf-8")
    pin()
    return pin


def gate(run: Callable[..., Ran], *words: str) -> dict[str, Any]:
    ran = run("check", *DAY, "--format", "json", *words, "deploy.yaml")
    assert ran.code in {0, 1}, ran.err
    (assessment,) = json.loads(ran.out)["assessments"]
    found: dict[str, Any] = assessment["gate"]
    return found


def kinds(found: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(item["kind"], item["control"] or item["domain"]) for item in found["reasons"]}


@pytest.mark.usefixtures("pinned")
def test_a_profile_is_a_gate_by_its_name(run: Callable[..., Ran]) -> None:
    assert gate(run, "--gate", "baseline")["verdict"] == "pass"
    found = gate(run, "--gate", "bank")
    assert (found["name"], found["requested"], found["verdict"]) == ("bank", "bank", "fail")
    assert found["thresholds"] == {"OPS": 30}
    assert kinds(found) == {("unevidenced", "deploy-model-pinned")}
    text = run("check", *DAY, "--gate", "bank", "deploy.yaml").out
    assert "FAIL at gate bank, self-declared" in text
    assert "to pass bank: let manifests show deploy-model-pinned" in text
    assert "the gate or the settings ask for 30" in text
    junit = run("check", *DAY, "--gate", "bank", "--format", "junit", "deploy.yaml").out
    assert "gate bank was not passed\nunevidenced deploy-model-pinned" in junit
    sarif = run("check", *DAY, "--gate", "bank", "--format", "sarif", "deploy.yaml").out
    assert "gate bank asks that manifests show what passes here by its own word: deploy-model-pinned" in sarif
    markdown = run("check", *DAY, "--gate", "bank", "--format", "markdown", "deploy.yaml").out
    assert "| `bank` | **fail** |" in markdown
    assert "to be shown by manifests: `deploy-model-pinned` |" in markdown
    for name in ("comment", "decisions", "ndjson"):
        assert "bank" in run("check", *DAY, "--gate", "bank", "--format", name, "deploy.yaml").out
    said = "deploy-model-pinned passes by the descriptor's own word, and gate bank asks that manifests show it: "
    table = list(
        csv.DictReader(io.StringIO(run("check", *DAY, "--gate", "bank", "--format", "csv", "deploy.yaml").out))
    )
    passes = [line for line in table if (line["control"], line["status"]) == ("deploy-model-pinned", "pass")]
    entries = [line for line in table if line["control"] == "unevidenced"]
    assert [line["line"] for line in entries] == [line["line"] for line in passes] != []
    assert all(line["status"] == "fail" and line["message"].startswith(said) for line in entries)
    quality = json.loads(run("check", *DAY, "--gate", "bank", "--format", "gitlab", "deploy.yaml").out)
    shown = [item for item in quality if item["check_name"] == "unevidenced"]
    assert [str(item["location"]["lines"]["begin"]) for item in shown] == [line["line"] for line in entries]
    assert len({item["fingerprint"] for item in quality}) == len(quality)
    github = run("check", *DAY, "--gate", "bank", "--format", "github", "deploy.yaml").out
    assert github.count("title=unevidenced%3A fail") == len(entries)
    assert "unevidenced" not in run("check", *DAY, "--gate", "baseline", "--format", "csv", "deploy.yaml").out
    fleet = run("fleet", *DAY, "--gate", "bank", "deploy.yaml")
    assert (fleet.code, "gates: 1 at bank" in fleet.out) == (1, True)
    question = json.loads(run("input", *DAY, "--gate", "bank", "deploy.yaml").out)
    assert (question["gate"], question["parameters"]["profiles"]) == ("baseline", ["bank"])


@pytest.mark.usefixtures("pinned")
def test_without_one_nothing_of_it_is_asked_or_said(run: Callable[..., Ran]) -> None:
    found = gate(run, "--gate", "strict")
    assert (found["name"], found["thresholds"]) == ("strict", {})
    assert "profiles" not in json.loads(run("input", *DAY, "deploy.yaml").out)["parameters"]


@pytest.mark.parametrize(
    ("settings", "asked", "called"),
    [
        ("gate: bank\n", "advisory", "bank"),
        ("gate: bank\n", "baseline", "bank"),
        ("gate: bank\n", "strict", "bank+strict"),
        ("gate: strict\n", "bank", "bank+strict"),
        ("gate: bank\n", "cards", "bank+cards"),
        ("gates: [{environments: [production], gate: bank}]\n", "standard", "bank+standard"),
        ("gates: [{paths: ['deploy.yaml'], gate: bank}, {gate: standard}]\n", "advisory", "bank+standard"),
        ("gates: [{paths: ['other/*'], gate: bank}]\n", "standard", "standard"),
    ],
)
def test_the_conditions_of_a_floor_hold_whatever_else_is_asked(
    settings: str, asked: str, called: str, pinned: Callable[..., None], run: Callable[..., Ran]
) -> None:
    pinned(settings)
    found = gate(run, "--gate", asked)
    assert (found["name"], found["requested"]) == (called, asked)
    assert (("unevidenced", "deploy-model-pinned") in kinds(found)) == ("bank" in called)
    if called != asked:
        text = run("check", *DAY, "-q", "--gate", asked, "deploy.yaml").out
        assert f"at gate {called} (raised from {asked} by a floor in the settings)" in text


def test_a_profile_of_the_settings_is_what_holds_where_nobody_asks(
    pinned: Callable[..., None], run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned("gate: bank\n")
    assert gate(run)["name"] == "bank"
    pinned()
    monkeypatch.setenv("PSFPOLICY_GATE", "bank")
    assert gate(run)["name"] == "bank"


@pytest.mark.usefixtures("pinned")
@pytest.mark.parametrize("command", [("check", *DAY), ("fleet", *DAY), ("input", *DAY)])
def test_a_name_that_no_policy_in_force_knows_is_exit_2(command: tuple[str, ...], run: Callable[..., Ran]) -> None:
    for name in ("bnak", "Bank", "bank+strict", "b\u0430nk", ""):
        ran = run(*command, "--gate", name, "deploy.yaml")
        assert (ran.code, ran.out, KNOWN in ran.err) == (2, "", True), name
    assert "did you mean `bank`?" in run(*command, "--gate", "bnak", "deploy.yaml").err
    Path(".psfpolicy.yaml").unlink()
    without = run(*command, "--gate", "bank", "deploy.yaml")
    assert (without.code, "known gates: advisory, baseline, standard, strict\n" in without.err) == (2, True)
    assert run(*command, "--gate", "bank", "--bundle", "bank.tar.gz", "deploy.yaml").code in {0, 1}


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ("gate: bnak\n", ".psfpolicy.yaml:2:7: `gate`: no gate is called `bnak`"),
        ("gates: [{gate: bnak}]\n", ".psfpolicy.yaml:2:16: `gate`: no gate is called `bnak`"),
    ],
)
def test_settings_that_name_none_that_is_known_are_exit_2_at_the_place(
    settings: str, place: str, pinned: Callable[..., None], run: Callable[..., Ran]
) -> None:
    pinned(settings)
    ran = run("check", *DAY, "deploy.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert place in ran.err
    assert f"did you mean `bank`? {KNOWN}" in ran.err


def test_what_a_profile_bars_no_waiver_covers(pinned: Callable[..., None], run: Callable[..., Ran]) -> None:
    text = Path("deploy.yaml").read_text(encoding="utf-8").replace("telemetryOptOut: true", "telemetryOptOut: false")
    Path("deploy.yaml").write_text(text, encoding="utf-8")
    (found,) = [
        item
        for item in json.loads(run("check", *DAY, "--format", "json", "deploy.yaml").out)["assessments"][0]["findings"]
        if item["control"] == "data-telemetry"
    ]
    assert found["status"] == "fail"
    waiver = {
        "id": "w-1",
        "control": "data-telemetry",
        "descriptor": "production/clinical-notes",
        "path": found["path"],
        "status": "fail",
        "digest": found["digest"],
        "reason": "The engine is patched to send nothing.",
        "owner": "a@bank.example",
        "approver": "b@bank.example",
        "ticket": "B-1",
        "created": "2026-11-01",
        "expires": "2026-12-01",
    }
    Path("waivers.yaml").write_text(json.dumps({"waivers": [waiver]}), encoding="utf-8")
    states = {}
    for name in ("baseline", "bank"):
        said = json.loads(run("check", *DAY, "--gate", name, "--format", "json", "deploy.yaml").out)
        (control,) = [item for item in said["assessments"][0]["controls"] if item["id"] == "data-telemetry"]
        states[name] = (said["waivers"][0]["state"], control["effective"])
    assert states == {"baseline": ("used", "waived"), "bank": ("unwaivable", "fail")}
    pinned("gates: [{environments: [production], gate: bank}]\naccepted: accepted.json\n")
    assert run("accepted", "write", *DAY).code == 0
    assert "data-telemetry" not in Path("accepted.json").read_text(encoding="utf-8")


def test_a_descriptor_does_not_leave_the_floor_of_a_profile(
    pinned: Callable[..., None], scratch: Scratch, run: Callable[..., Ran]
) -> None:
    pinned("gates: [{paths: ['prod/*'], gate: cards}, {gate: strict}]\n")
    Path("prod").mkdir()
    Path("deploy.yaml").rename("prod/deploy.yaml")
    scratch.git("add", "-A")
    scratch.git("commit", "-q", "-m", "before")
    Path("test").mkdir()
    scratch.git("mv", "prod/deploy.yaml", "test/deploy.yaml")
    ran = run("check", *DAY, "--base", "HEAD", "--format", "json")
    (assessment,) = json.loads(ran.out)["assessments"]
    messages = [item["message"] for item in assessment["reduced"]]
    assert ran.code == 1
    assert any("the settings ask for less than at the base" in message for message in messages), messages


def test_what_is_not_shown_by_manifests_holds_where_only_what_is_new_does(
    pinned: Callable[..., None], scratch: Scratch, run: Callable[..., Ran]
) -> None:
    pinned("gate: bank\n")
    text = Path("deploy.yaml").read_text(encoding="utf-8")
    scratch.git("add", "-A")
    scratch.git("commit", "-q", "-m", "before")
    Path("deploy.yaml").write_text(f"{text}# more\n", encoding="utf-8")
    Path("new.yaml").write_text(text.replace("name: clinical-notes", "name: another"), encoding="utf-8")
    said = json.loads(run("check", *DAY, "--base", "HEAD", "--fail-on-new", "--format", "json").out)
    verdicts = {item["file"]: item["gate"]["verdict"] for item in said["assessments"]}
    assert verdicts == {"deploy.yaml": "pass", "new.yaml": "fail"}


@pytest.mark.usefixtures("pinned")
def test_what_names_a_control_says_so_where_it_is_explained_and_listed(run: Callable[..., Ran]) -> None:
    said = run("explain", "data-telemetry").out
    assert "The gate bank asks that it passes and that no waiver covers it.\n" in said
    assert "The gate bank asks that manifests show it.\n" in run("explain", "deploy-model-pinned").out
    assert "The gate " not in run("explain", "input-schema").out
    listed = run("catalogue", "gates").out
    assert "bank   2026-11-01  Of the bank" in listed
    assert "extends" in run("catalogue", "gates", "cards").out


def test_rows_of_the_users_own_are_no_profiles(pinned: Callable[..., None], run: Callable[..., Ran]) -> None:
    Path("rows.yaml").write_text(json.dumps({"gates": {"bank": row("baseline", unwaivable=["scope-reduced"])}}))
    pinned("catalogue: rows.yaml\n")
    ran = run("check", *DAY, "--gate", "bank", "deploy.yaml")
    assert (ran.code, "is a table of a pack's own" in ran.err) == (2, True)


@pytest.mark.usefixtures("pinned")
def test_a_profile_that_was_loosened_by_hand_is_exit_4(run: Callable[..., Ran]) -> None:
    Path("loose.tar.gz").write_bytes(gated({"bank": row("strict", thresholds={"PSF-1": 1})}))
    Path(".psfpolicy.yaml").unlink()
    for words in (("check", *DAY, "--bundle", "loose.tar.gz", "deploy.yaml"), ("bundle", "verify", "loose.tar.gz")):
        ran = run(*words)
        assert (ran.code, ran.out) == (4, "")
        assert "the bundle has gate profiles that no pack may add" in ran.err
        assert "the least score of `PSF-1` is `1`" in ran.err
