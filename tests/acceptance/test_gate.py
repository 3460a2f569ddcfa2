"""The gate as a team meets it: a change that sends traces to the US, its waivers, their last day, and ways around it.

The hook is run as pre-commit would call it, the action by its own script in a simulated runner; the deployment is that
of `examples/kubernetes-vllm`, which may send nothing out of France, and no change here touches its descriptor unless
that is what the change tries.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.runner import ROOT, Runner, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.scratch import Scratch

EXAMPLE = ROOT / "examples/kubernetes-vllm"
HOOKS: dict[str, Any] = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
DESCRIPTOR = (EXAMPLE / "deploy.yaml").read_text()
COLLECTOR = (EXAMPLE / "k8s/telemetry.yaml").read_text()
BEFORE = ("    service:\n      extensions", "redaction, batch], exporters: [otlp]}")
AFTER = (
    "      otlphttp/us:\n        endpoint: https://otlp.us5.datadoghq.com\n    service:\n      extensions",
    "redaction, batch], exporters: [otlp, otlphttp/us]}",
)
EXPORTING = COLLECTOR.replace(BEFORE[0], AFTER[0], 1).replace(BEFORE[1], AFTER[1], 1)
"""With one more export, of the traces."""
LINE = EXPORTING[: EXPORTING.index("https://otlp.us5")].count("\n") + 1
MANIFEST = "k8s/telemetry.yaml"
CRITICAL = {"data-third-party-egress", "residency-agreements", "residency-location"}
CONTROLS = CRITICAL | {
    "evidence-undeclared",
    "residency-operator",
    "residency-transfer",
    "vendor-agreements",
}
"""What the export is new under."""
TODAY, LAST, AFTERWARDS, RENEWED = "2026-11-21", "2026-12-31", "2027-01-01", "2027-03-31"
NAMES = ("--owner", "platform-team", "--approver", "platform-security", "--ticket", "SEC-1", "--reason", "moves soon")


def clock(day: str) -> str:
    return str(int(datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC).timestamp()))


@dataclass
class Team:
    """A repository with one deployment, and the runner of its action."""

    scratch: Scratch
    runner: Runner

    def action(self, base: str = "main", *, day: str = TODAY, **inputs: str) -> Step:
        """Run the action on a pull request to a branch, from what is checked out."""
        self.runner.pull_request(self.scratch.git("rev-parse", base))
        return self.runner.step("check", **inputs, SOURCE_DATE_EPOCH=clock(day))

    def hook(self, name: str, *files: str, day: str = TODAY) -> subprocess.CompletedProcess[str]:
        """Run a hook's entry as pre-commit does: with the files that changed and that it is for."""
        hook = HOOKS[name]
        passed = [file for file in files if re.search(hook["files"], file)]
        assert passed, "pre-commit would skip the hook"
        return self.psfpolicy(
            *shlex.split(hook["entry"])[1:], *(passed if hook.get("pass_filenames", True) else ()), day=day
        )

    def psfpolicy(self, *words: str, day: str = TODAY) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "psfpolicy", *words],
            cwd=self.scratch.root,
            env={**os.environ, "SOURCE_DATE_EPOCH": clock(day)},
            capture_output=True,
            text=True,
            check=False,
        )

    def change(self, branch: str, files: dict[str, str | bytes], start: str = "main") -> None:
        """Commit files on a branch of their own, and leave it checked out."""
        self.scratch.git("checkout", "-q", "-b", branch, start)
        self.scratch.commit(files)

    def merge(self, branch: str, into: str) -> None:
        self.scratch.git("checkout", "-q", into)
        self.scratch.git("merge", "-q", "--no-edit", branch)

    def cloned(self) -> Team:
        """Give the team with what a runner checks out of the commit."""
        clone = self.runner.temp / "clone"
        self.scratch.git("clone", "-q", str(self.scratch.root), str(clone))
        self.runner.work = clone
        return self

    def waive(self, step: Step, expires: str = LAST) -> str:
        """Write a waiver for each new finding of a pull request, as the report of its action has them."""
        report = step.outputs["report-file"]
        marks = [item["fingerprint"] for item in new(step)]
        done = self.psfpolicy("waivers", "new", *marks, *NAMES, "--expires", expires, "--report", report)
        assert done.returncode == 0, done.stderr
        return (self.scratch.root / "waivers.yaml").read_text()


def renewed(entries: str, expires: str) -> str:
    assert LAST in entries
    return entries.replace(LAST, expires)


def report(step: Step) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(step.outputs["report-file"]).read_text())
    return found


def new(step: Step) -> list[dict[str, Any]]:
    (item,) = report(step)["assessments"]
    return [found for found in (*item["findings"], *item["undeclared"]) if found["change"] == "new"]


def domain(step: Step, name: str = "PSF-3") -> dict[str, Any]:
    (item,) = report(step)["assessments"]
    return next(found for found in item["domains"] if found["id"] == name)


@pytest.fixture
def team(scratch: Scratch, tmp_path: Path) -> Team:
    manifests = {f"k8s/{path.name}": path.read_text() for path in sorted((EXAMPLE / "k8s").iterdir())}
    scratch.commit({**manifests, "deploy.yaml": DESCRIPTOR})
    runner = Runner(tmp_path / "temp", scratch.root)
    runner.install()
    return Team(scratch, runner)


@pytest.fixture
def exporting(team: Team) -> Team:
    """The pull request is open: one more export, the descriptor untouched."""
    team.change("export", {MANIFEST: EXPORTING})
    assert team.scratch.git("diff", "--name-only", "main") == MANIFEST
    return team


def test_the_deployment_passes_before(team: Team) -> None:
    assert team.hook("psfpolicy", "deploy.yaml").returncode == 0


def test_the_hook_is_red_at_the_lines_of_the_export(exporting: Team) -> None:
    done = exporting.hook("psfpolicy", MANIFEST)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("deploy.yaml: production/assistant: FAIL at gate standard\n")
    for control in CRITICAL:
        assert f"\n  {MANIFEST}:{LINE}:19: fail  critical  {control}\n" in done.stdout
    assert re.search(
        r"^  PSF-3  Data Protection .* 39  Gap, capped: a critical control fails", done.stdout, re.MULTILINE
    )


def test_the_action_is_red_at_the_lines_of_the_export_and_says_what_the_domain_lost(exporting: Team) -> None:
    step = exporting.action(comment="true")
    assert (step.code, step.outputs["verdict"], step.outputs["new-findings"]) == (1, "fail", str(len(CONTROLS)))
    assert {item["control"] for item in new(step)} == CONTROLS

    found = re.findall(
        r"^::error file=(\S+?),line=(\d+),.*?title=([a-z-]+)%3A fail%2C critical%2C new::", step.log, re.MULTILINE
    )
    assert {tuple(item) for item in found} == {(MANIFEST, str(LINE), control) for control in CRITICAL}

    (run,) = json.loads(Path(step.outputs["sarif-file"]).read_text())["runs"]
    places = {item["ruleId"]: item["locations"][0]["physicalLocation"] for item in run["results"]}
    assert set(places) == CONTROLS
    for place in places.values():
        assert place["artifactLocation"]["uri"] == MANIFEST
        assert (place["region"]["startLine"], place["region"]["startColumn"]) == (LINE, 19)
    assert run["automationDetails"]["id"] == "psfpolicy/psfpolicy/"

    comment = Path(step.outputs["comment-file"]).read_text()
    for page in (step.summary, comment):
        assert "| `PSF-3` | `Data Protection` | 100 | **39** | Gap" in page
        assert f"https://github.com/acme/deployments/blob/{'1' * 40}/{MANIFEST}#L{LINE}" in page
    assert comment.startswith("<!-- psfpolicy psfpolicy -->\n")


@pytest.fixture
def waived(exporting: Team) -> Team:
    """Waivers for each of the findings are merged, and then into the pull request."""
    entries = exporting.waive(exporting.action())
    (exporting.scratch.root / "waivers.yaml").unlink()
    exporting.change("waivers", {"waivers.yaml": entries})
    alone = exporting.action()
    assert (alone.code, alone.outputs["new-findings"]) == (0, "0"), alone.log
    exporting.merge("waivers", "main")
    exporting.merge("main", "export")
    return exporting


def test_waivers_that_are_merged_first_turn_it_green_with_both_scores_shown(waived: Team) -> None:
    step = waived.action(day=LAST)
    assert (step.code, step.outputs["verdict"]) == (0, "pass"), step.log
    assert {item["waiver"] is not None for item in new(step)} == {True}
    assert (domain(step)["raw"]["score"], domain(step)["effective"]["score"]) == (39, 100)
    assert re.search(r"\| `PSF-3` \| `Data Protection` \| 100 \| .*\b100\b.*\b39\b.* \|", step.summary), step.summary
    assert "::error" not in step.log
    assert waived.hook("psfpolicy", MANIFEST, day=LAST).returncode == 0
    assert waived.hook("psfpolicy-waivers", "waivers.yaml").returncode == 0


def test_on_the_day_after_the_same_commit_is_red_again(waived: Team) -> None:
    step = waived.action(day=AFTERWARDS)
    assert (step.code, step.outputs["verdict"]) == (1, "fail")
    assert {item["state"] for item in report(step)["waivers"]} == {"expired"}
    assert (domain(step)["raw"]["score"], domain(step)["effective"]["score"]) == (39, 39)
    assert waived.hook("psfpolicy", MANIFEST, day=AFTERWARDS).returncode == 1
    late = waived.hook("psfpolicy-waivers", "waivers.yaml", day=AFTERWARDS)
    assert (late.returncode, late.stdout.count(": expired: ")) == (1, len(CONTROLS))


def test_the_pull_request_that_renews_the_waivers_passes_and_so_does_what_they_are_for(waived: Team) -> None:
    entries = (waived.scratch.root / "waivers.yaml").read_text()
    waived.merge("export", "main")
    waived.change("renewal", {"waivers.yaml": renewed(entries, RENEWED)})
    step = waived.action(day=AFTERWARDS)
    assert (step.code, step.outputs["verdict"], step.outputs["new-findings"]) == (0, "pass", "0"), step.log
    assert waived.hook("psfpolicy-waivers", "waivers.yaml", day=AFTERWARDS).returncode == 0
    assert report(step)["comparison"]["policyChanges"] == ["waivers.yaml"]
    assert "waivers.yaml" in step.summary
    waived.merge("renewal", "main")
    waived.runner.name, waived.runner.event = "push", {}
    pushed = waived.runner.step("check", SOURCE_DATE_EPOCH=clock(AFTERWARDS))
    assert (pushed.code, pushed.outputs["verdict"]) == (0, "pass"), pushed.log


def test_a_renewal_that_is_not_valid_is_wrong_usage(waived: Team) -> None:
    entries = (waived.scratch.root / "waivers.yaml").read_text()
    waived.merge("export", "main")
    waived.change("renewal", {"waivers.yaml": renewed(entries, "2036-01-01")})
    step = waived.action(day=AFTERWARDS)
    assert (step.code, step.outputs["verdict"]) == (2, "error")
    assert "waivers.yaml:" in step.log


# Ways to let itself through: each is done on top of the pull request that exports.


def own_waivers(team: Team) -> None:
    team.waive(team.action())


def settings_that_exclude(team: Team) -> None:
    team.scratch.write({".psfpolicy.yaml": "exclude: [deploy.yaml]\n"})


def settings_that_ask_for_less(team: Team) -> None:
    team.scratch.write({".psfpolicy.yaml": "gate: advisory\n"})


def settings_of_another_folder(team: Team) -> None:
    team.scratch.write({"k8s/.psfpolicy.yaml": "gate: advisory\nexclude: ['**']\n"})


def comments_and_settings_that_allow_them(team: Team) -> None:
    lines = [f"# psfpolicy: ignore[{control}] until=2026-12-31 it is fine\n" for control in sorted(CONTROLS)]
    address = "https://otlp.us5.datadoghq.com"
    text = EXPORTING.replace(address, f"{address} {lines[2].strip()}")
    team.scratch.write({".psfpolicy.yaml": "inlineIgnores: allow\n", MANIFEST: "".join(lines) + text})


def own_accepted_findings(team: Team) -> None:
    team.scratch.write({".psfpolicy.yaml": "accepted: accepted.json\n"})
    done = team.psfpolicy("accepted", "write")
    assert done.returncode == 0, done.stderr


def one_glob_of_evidence_narrowed(team: Team) -> None:
    names = sorted(path.name for path in (EXAMPLE / "k8s").iterdir() if path.name != "telemetry.yaml")
    team.scratch.write({"deploy.yaml": DESCRIPTOR.replace('["k8s/*.yaml"]', json.dumps([f"k8s/{n}" for n in names]))})


def the_regimes_taken_out(team: Team) -> None:
    team.scratch.write({"deploy.yaml": DESCRIPTOR.replace("regimes: [eu-sovereign, gdpr]", "regimes: []")})


def the_environment_lowered(team: Team) -> None:
    team.scratch.write({"deploy.yaml": DESCRIPTOR.replace("environment: production", "environment: development")})


def another_identity(team: Team) -> None:
    team.scratch.write({"deploy.yaml": DESCRIPTOR.replace("name: assistant", "name: helper")})


def the_descriptor_deleted(team: Team) -> None:
    (team.scratch.root / "deploy.yaml").unlink()


def the_descriptor_under_a_name_that_is_not_looked_at(team: Team) -> None:
    team.scratch.git("mv", "deploy.yaml", "deploy.txt")


def the_descriptor_made_a_base(team: Team) -> None:
    text = DESCRIPTOR.replace("kind: LLMDeployment", "kind: LLMDeploymentBase")
    team.scratch.write({"deploy.yaml": text.replace("  environment: production\n", "")})


def the_descriptor_of_another_kind(team: Team) -> None:
    text = DESCRIPTOR.replace("psfpolicy/v1", "example/v1").replace("kind: LLMDeployment", "kind: Other")
    team.scratch.write({"deploy.yaml": text})


def the_descriptor_of_a_version_that_is_not_there(team: Team) -> None:
    team.scratch.write({"deploy.yaml": DESCRIPTOR.replace("psfpolicy/v1", "psfpolicy/v9")})


def the_descriptor_in_a_folder_that_is_not_searched(team: Team) -> None:
    text = DESCRIPTOR.replace('["k8s/*.yaml"]', '["../k8s/*.yaml"]')
    team.scratch.write({"venv/deploy.yaml": text})
    (team.scratch.root / "deploy.yaml").unlink()


def the_descriptor_ignored_by_git(team: Team) -> None:
    team.scratch.write({".gitignore": "deploy.yaml\n"})
    team.scratch.git("rm", "-q", "--cached", "deploy.yaml")


def the_descriptor_made_too_large(team: Team) -> None:
    team.scratch.write({"deploy.yaml": DESCRIPTOR + "# padding\n" * 1_000_000})


def attributes_that_make_it_binary(team: Team) -> None:
    team.scratch.write({".gitattributes": "*.yaml binary -diff -text merge=ours export-ignore linguist-generated\n"})


def attributes_that_give_them_another_encoding(team: Team) -> None:
    names = ("deploy.yaml", MANIFEST)
    team.scratch.write({".gitattributes": "".join(f"{name} text working-tree-encoding=UTF-16\n" for name in names)})
    team.scratch.write({name: (team.scratch.root / name).read_text().encode("utf-16") for name in names})


def attributes_that_filter_it(team: Team) -> None:
    team.scratch.write({".gitattributes": "*.yaml filter=lfs diff=lfs merge=lfs\n"})


def carriage_returns(team: Team) -> None:
    text = EXPORTING.replace("\n", "\r\n")
    team.scratch.write({MANIFEST: text.encode(), "deploy.yaml": DESCRIPTOR.replace("\n", "\r\n").encode()})


def a_second_document_of_the_same_identity(team: Team) -> None:
    team.scratch.write({"other.yaml": DESCRIPTOR.replace('["k8s/*.yaml"]', '["k8s/serving.yaml"]')})


def a_second_document_in_the_same_file(team: Team) -> None:
    team.scratch.write({"deploy.yaml": f"{DESCRIPTOR}---\n{DESCRIPTOR}"})


def the_export_behind_an_anchor(team: Team) -> None:
    anchored = EXPORTING.replace("data:\n  config.yaml: |", "anchored: &c\n  config.yaml: |", 1)
    team.scratch.write({MANIFEST: anchored.replace("\n---\n", "\ndata: *c\n---\n", 1)})


def a_manifest_that_cannot_be_read(team: Team) -> None:
    team.scratch.write({MANIFEST: EXPORTING + "---\n{{ broken: [\n"})


def a_manifest_that_is_too_large(team: Team) -> None:
    team.scratch.write({MANIFEST: EXPORTING + "# padding\n" * 1_500_000})


def a_manifest_with_a_key_twice(team: Team) -> None:
    text = EXPORTING.replace(
        "    service:\n", '    exporters: {otlp: {endpoint: "https://10.40.0.12:4317"}}\n    service:\n', 1
    )
    team.scratch.write({MANIFEST: text})


def a_manifest_moved_out_of_the_evidence(team: Team) -> None:
    team.scratch.git("mv", MANIFEST, "telemetry.yaml")


def a_manifest_of_another_ending(team: Team) -> None:
    team.scratch.git("mv", MANIFEST, "k8s/telemetry.yml")


def a_manifest_behind_a_link_to_nowhere(team: Team) -> None:
    team.scratch.git("mv", MANIFEST, "telemetry.yaml")
    (team.scratch.root / MANIFEST).symlink_to("nowhere.yaml")


def a_base_that_says_less(team: Team) -> None:
    weaker = DESCRIPTOR.replace("kind: LLMDeployment", "kind: LLMDeploymentBase").replace(
        "  environment: production\n", ""
    )
    weaker = weaker.replace("regimes: [eu-sovereign, gdpr]", "regimes: []").replace('["k8s/*.yaml"]', "[]")
    extending = "apiVersion: psfpolicy/v1\nkind: LLMDeployment\n"
    extending += "metadata: {name: assistant, environment: production, extends: weaker.yaml}\nspec: {}\n"
    team.scratch.write(
        {"weaker.yaml": re.sub(r"(?m)^  name: assistant$", "  name: weaker", weaker), "deploy.yaml": extending}
    )


def a_link_to_waivers(team: Team) -> None:
    team.waive(team.action())
    (team.scratch.root / "waivers.yaml").rename(team.scratch.root / "others.yaml")
    (team.scratch.root / "waivers.yaml").symlink_to("others.yaml")


ATTACKS: list[Callable[[Team], None]] = [
    own_waivers,
    settings_that_exclude,
    settings_that_ask_for_less,
    settings_of_another_folder,
    comments_and_settings_that_allow_them,
    own_accepted_findings,
    one_glob_of_evidence_narrowed,
    the_regimes_taken_out,
    the_environment_lowered,
    another_identity,
    the_descriptor_deleted,
    the_descriptor_under_a_name_that_is_not_looked_at,
    the_descriptor_made_a_base,
    the_descriptor_of_another_kind,
    the_descriptor_of_a_version_that_is_not_there,
    the_descriptor_in_a_folder_that_is_not_searched,
    the_descriptor_ignored_by_git,
    the_descriptor_made_too_large,
    attributes_that_make_it_binary,
    attributes_that_give_them_another_encoding,
    attributes_that_filter_it,
    carriage_returns,
    a_second_document_of_the_same_identity,
    a_second_document_in_the_same_file,
    the_export_behind_an_anchor,
    a_manifest_that_cannot_be_read,
    a_manifest_that_is_too_large,
    a_manifest_with_a_key_twice,
    a_manifest_moved_out_of_the_evidence,
    a_manifest_of_another_ending,
    a_manifest_behind_a_link_to_nowhere,
    a_base_that_says_less,
    a_link_to_waivers,
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_change_that_lets_itself_through_is_red(attack: Callable[[Team], None], exporting: Team) -> None:
    attack(exporting)
    exporting.scratch.commit()
    # As the runner has it: what a clone checks out of the commit.
    step = exporting.cloned().action(**{"fail-on-new": "true"})
    assert (step.code, step.outputs["verdict"]) in {(1, "fail"), (4, "undecided")}, step.log


# Ways in two steps: what would let the next change through is red by itself, where nothing is exported yet.


def out_of_the_floor(team: Team) -> None:
    team.scratch.git("mv", "deploy/deploy.yaml", "deploy.yaml")


def out_of_what_is_named(team: Team) -> None:
    team.scratch.git("mv", "deploy", "elsewhere")


def out_of_the_search(team: Team) -> None:
    team.scratch.git("mv", "deploy", "venv")


def into_what_is_excluded(team: Team) -> None:
    team.scratch.git("mv", "deploy", "drafts")


def evidence_moved(team: Team) -> None:
    team.scratch.git("mv", MANIFEST, "telemetry.yaml")


def evidence_deleted_with_another_name(team: Team) -> None:
    team.scratch.git("rm", "-q", MANIFEST)
    text = (team.scratch.root / "deploy/deploy.yaml").read_text()
    team.scratch.write({"deploy/deploy.yaml": text.replace("name: assistant", "name: helper")})


@pytest.mark.parametrize(
    ("attack", "inputs"),
    [
        (out_of_the_floor, {}),
        (out_of_what_is_named, {"paths": "deploy"}),
        (out_of_the_search, {}),
        (into_what_is_excluded, {}),
        (evidence_moved, {}),
        (evidence_deleted_with_another_name, {}),
    ],
)
def test_a_change_that_prepares_the_next_one_is_red(
    attack: Callable[[Team], None], inputs: dict[str, str], team: Team
) -> None:
    team.scratch.git("mv", "deploy.yaml", "other.yaml")
    team.scratch.commit(
        {
            "deploy/deploy.yaml": DESCRIPTOR.replace('["k8s/*.yaml"]', '["../k8s/*.yaml"]'),
            ".psfpolicy.yaml": "gates: [{paths: ['deploy/**'], gate: strict}]\nexclude: ['drafts/**', other.yaml]\n",
        }
    )
    team.scratch.git("checkout", "-q", "-b", "preparing")
    attack(team)
    if attack is out_of_the_floor:
        text = (team.scratch.root / "deploy.yaml").read_text()
        team.scratch.write({"deploy.yaml": text.replace("../k8s", "k8s")})
    team.scratch.commit()
    step = team.cloned().action(**{"fail-on-new": "true", **inputs})
    assert (step.code, step.outputs["verdict"]) == (1, "fail"), step.log
    assert "scope-reduced" in step.log


def test_one_more_export_at_home_takes_nothing_out_of_the_scope(team: Team) -> None:
    known = DESCRIPTOR.index('      - {name: otlp, kind: otlp, endpoint: "https://10.40.0.12:4317"')
    more = '      - {name: archive, kind: otlp, endpoint: "https://10.40.0.13:4317", carries: [metrics], '
    more += "hosting: self, tls: true}"
    team.change("archive", {"deploy.yaml": f"{DESCRIPTOR[:known]}{more}\n{DESCRIPTOR[known:]}"})
    step = team.action()
    assert (step.code, step.outputs["verdict"], step.outputs["new-findings"]) == (0, "pass", "0"), step.log


def test_a_manifest_with_another_name_within_its_glob_takes_nothing_out_of_the_scope(team: Team) -> None:
    team.scratch.git("checkout", "-q", "-b", "renamed")
    team.scratch.git("mv", MANIFEST, "k8s/otel.yaml")
    team.scratch.commit()
    step = team.action()
    assert (step.code, step.outputs["verdict"], step.outputs["new-findings"]) == (0, "pass", "0"), step.log


def test_a_waiver_for_a_control_that_is_spelt_otherwise_covers_nothing(exporting: Team) -> None:
    entries = exporting.waive(exporting.action())
    (exporting.scratch.root / "waivers.yaml").unlink()
    for control in CONTROLS:
        entries = re.sub(rf'control: "?{control}"?', f'control: "{control.title()}"', entries)
    exporting.change("waivers", {"waivers.yaml": entries})
    exporting.merge("waivers", "main")
    exporting.merge("main", "export")
    step = exporting.action()
    assert (step.code, step.outputs["verdict"]) == (1, "fail"), step.log
    assert {item["state"] for item in report(step)["waivers"]} == {"unknown-control"}


@pytest.mark.parametrize("way", ["renamed", "deleted", "a link", "carriage returns"])
def test_settings_of_the_base_hold_whatever_becomes_of_their_file(way: str, exporting: Team) -> None:
    exporting.scratch.git("checkout", "-q", "main")
    exporting.scratch.commit({".psfpolicy.yaml": "gate: strict\nunwaivable: [residency-location]\n"})
    exporting.merge("main", "export")
    settings = exporting.scratch.root / ".psfpolicy.yaml"
    if way == "carriage returns":
        settings.write_bytes(b"gate: advisory\r\n")
    else:
        settings.rename(exporting.scratch.root / "settings.yaml")
    if way == "deleted":
        (exporting.scratch.root / "settings.yaml").unlink()
    if way == "a link":
        (exporting.scratch.root / "settings.yaml").write_text("gate: advisory\n")
        settings.symlink_to("settings.yaml")
    exporting.scratch.commit()
    step = exporting.cloned().action(gate="advisory")
    assert (step.code, step.outputs["verdict"]) == (1, "fail"), step.log
    assert report(step)["assessments"][0]["gate"]["name"] == "strict"
    assert report(step)["comparison"]["policyChanges"] == [".psfpolicy.yaml"]
