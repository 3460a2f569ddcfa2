"""`psfpolicy check --base`: what a change does to the standing of deployments, in scratch repositories of real git."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import AS_OF
from tests.scratch import DESCRIPTOR, MANIFEST, Scratch, named

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

    Compared = Callable[..., tuple[int, dict[str, Any]]]

REMOTE = "remoteCode: false"
REMOTE_CODE = "spec.model.remoteCode"
EXPORT = """\
  parties:
    - {id: watcher, name: Watcher, jurisdiction: FR}
    - {id: elsewhere, name: Elsewhere, jurisdiction: US}
  observability:
    exports: [{name: logs, kind: otlp, carries: [prompts], operator: watcher, location: {country: FR}}]
"""
EVIDENCE = DESCRIPTOR.replace("spec:\n", 'spec:\n  evidence: ["k8s/*.yaml"]\n')


@pytest.fixture
def compared(run: Callable[..., Ran]) -> Compared:
    """Compare with a base, and give the exit code and the report."""

    def found(*words: str, base: str = "HEAD") -> tuple[int, dict[str, Any]]:
        ran = run("check", "--base", base, "--as-of", AS_OF, "--format", "json", *words)
        assert ran.out, ran.err
        return ran.code, json.loads(ran.out)

    return found


def changes(report: dict[str, Any]) -> dict[str, int]:
    counts: dict[str, int] = report["comparison"]["changes"]
    return {change: count for change, count in counts.items() if count}


def files(report: dict[str, Any]) -> list[str]:
    return [item["file"] for item in report["assessments"]]


def one(report: dict[str, Any], control: str, path: str = "") -> dict[str, Any]:
    (assessment,) = report["assessments"]
    found = [item for item in assessment["findings"] if item["control"] == control and item["change"]]
    (finding,) = [item for item in found if item["path"].startswith(path)]
    return dict(finding)


def reduced(report: dict[str, Any]) -> list[tuple[str, str]]:
    (assessment,) = report["assessments"]
    return [(item["path"], f"{item['place']['file']}:{item['place']['startLine']}") for item in assessment["reduced"]]


def test_where_nothing_changed_that_is_said_and_it_is_green(scratch: Scratch, run: Callable[..., Ran]) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR, "b.yaml": named("b")})
    said = "nothing that is assessed here has changed since HEAD\n"
    ran = run("check", "--base", "HEAD", "--as-of", AS_OF)
    assert (ran.code, ran.out.endswith(said)) == (0, True)
    assert run("check", "--base", "HEAD", "-q") == type(ran)(0, said, "")
    scratch.write({"b.yaml": named("b") + "# changed\n"})
    assert run("check", "--base", "HEAD", "-q", "a.yaml") == type(ran)(0, said, "")
    assert run("check", "--base", "HEAD", "-q", "b.yaml").out != said


def test_a_comment_leaves_every_finding_existing(scratch: Scratch, compared: Compared) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR})
    scratch.write({"a.yaml": "# moved down\n\n" + DESCRIPTOR})
    code, report = compared()
    assert (code, set(changes(report))) == (1, {"existing"})
    assert compared("--fail-on-new")[0] == 0


def test_a_value_that_gets_worse_is_new_and_the_gate_fails_by_it_alone(scratch: Scratch, compared: Compared) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR})
    scratch.write({"a.yaml": DESCRIPTOR.replace(REMOTE, "remoteCode: true")})
    code, report = compared("--fail-on-new")
    assert (code, changes(report)["new"]) == (1, 1)
    assert one(report, "security-weights-integrity", REMOTE_CODE)["status"] == "fail"
    (assessment,) = report["assessments"]
    assert [reason["control"] for reason in assessment["gate"]["reasons"] if reason["control"]] == [
        "security-weights-integrity"
    ]


def test_a_finding_that_is_gone_is_fixed(scratch: Scratch, compared: Compared) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR.replace(REMOTE, "remoteCode: true")})
    scratch.write({"a.yaml": DESCRIPTOR})
    code, report = compared("--fail-on-new")
    (assessment,) = report["assessments"]
    assert (code, changes(report)["fixed"]) == (0, 1)
    assert [item["control"] for item in assessment["fixed"]] == ["security-weights-integrity"]
    assert assessment["before"]["verdict"] == "fail"


def test_a_date_that_has_aged_is_existing_and_said_so(scratch: Scratch, compared: Compared) -> None:
    duty = (
        "  operations:\n    duties: [{duty: model-upgrades, owner: ml-platform, cadenceDays: 30, reviewed: 2026-11-01}]"
    )
    duty += "\n"
    scratch.commit({"a.yaml": DESCRIPTOR + duty})
    scratch.write({"a.yaml": DESCRIPTOR + duty + "# x\n"})
    code, report = compared("--fail-on-new", "--as-of", "2027-06-01")
    found = one(report, "ops-model-upgrades")
    assert (code, found["change"], found["aged"]) == (0, "existing", True)
    assert one(compared()[1], "ops-cost-owner")["aged"] is False


def test_an_export_that_moves_to_another_country_is_new_though_it_was_accepted_where_it_was(
    scratch: Scratch, compared: Compared
) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR + EXPORT.replace("country: FR", "country: GB")})
    scratch.write({"a.yaml": DESCRIPTOR + EXPORT.replace("country: FR", "country: US")})
    code, report = compared("--fail-on-new")
    (assessment,) = report["assessments"]
    moved = [item for item in assessment["findings"] if "[logs]" in item["path"] and item["change"] == "new"]
    assert (code, bool(moved)) == (1, True)


def test_one_more_duty_before_the_others_makes_none_of_them_new(scratch: Scratch, compared: Compared) -> None:
    duty = "{{duty: {}, owner: ml-platform, cadenceDays: 30, reviewed: 2026-01-01}}"
    some = f"{duty.format('model-upgrades')}, {duty.format('cost')}"
    scratch.commit({"a.yaml": f"{DESCRIPTOR}  operations: {{duties: [{some}]}}\n"})
    scratch.write({"a.yaml": f"{DESCRIPTOR}  operations: {{duties: [{duty.format('monitoring')}, {some}]}}\n"})
    code, report = compared("--fail-on-new")
    found = one(report, "ops-model-upgrades")
    assert (code, found["path"], found["change"]) == (0, "spec.operations.duties[model-upgrades]", "existing")


def test_a_renamed_file_is_the_same_deployment(scratch: Scratch, compared: Compared) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR})
    scratch.git("mv", "a.yaml", "b.yaml")
    code, report = compared("--fail-on-new")
    assert (code, files(report), set(changes(report))) == (0, ["b.yaml"], {"existing"})
    assert report["comparison"]["vanished"] == []


def test_a_copy_has_all_its_findings_new(scratch: Scratch, compared: Compared) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR})
    scratch.write({"b.yaml": named("b")})
    code, report = compared("--fail-on-new")
    assert (code, files(report), set(changes(report))) == (1, ["b.yaml"], {"new"})


def test_a_copy_of_one_that_no_change_reaches_is_the_same_deployment_twice(
    scratch: Scratch, compared: Compared
) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR, "base.yaml": base_of("other"), "e.yaml": EXTENDING, "c.yaml": named("c")})
    scratch.write({"b.yaml": DESCRIPTOR, "f.yaml": named("other")})
    code, report = compared()
    assert (code, files(report)) == (4, [])
    assert [(item["file"], item["problems"][0]["code"]) for item in report["unassessed"]] == [
        (name, "duplicate-identity") for name in ("a.yaml", "b.yaml", "e.yaml", "f.yaml")
    ]


def test_a_descriptor_that_vanished_fails_and_one_that_only_moved_does_not(
    scratch: Scratch, compared: Compared
) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR, "b.yaml": named("b")})
    (scratch.root / "a.yaml").unlink()
    code, report = compared()
    (gone,) = report["comparison"]["vanished"]
    assert (code, gone["id"], gone["notice"]["control"]) == (1, "production/case", "scope-reduced")
    assert compared("--gate", "advisory")[0] == 0
    scratch.write({"b.yaml": named("b") + "---\n" + DESCRIPTOR})
    assert compared()[1]["comparison"]["vanished"] == []


def test_one_that_was_invalid_before_has_everything_new(scratch: Scratch, compared: Compared) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR.replace("spec:", "sepc:")})
    scratch.write({"a.yaml": DESCRIPTOR})
    code, report = compared("--fail-on-new")
    assert (code, set(changes(report)), report["comparison"]["unread"]) == (1, {"new"}, ["a.yaml"])


@pytest.mark.parametrize(
    "text",
    [DESCRIPTOR.replace("spec:", "sepc:"), "apiVersion: psfpolicy/v1\nkind: [", "# psfpolicy/v1\n\t- x"],
)
def test_one_that_is_invalid_now_is_an_error_and_not_another_file(
    scratch: Scratch, compared: Compared, text: str
) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR})
    scratch.write({"a.yaml": text})
    code, report = compared("--exit-zero")
    assert (code, [item["file"] for item in report["unassessed"]]) == (4, ["a.yaml"])
    assert report["comparison"]["vanished"] == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_one_in_another_encoding_is_an_error(scratch: Scratch, compared: Compared, encoding: str) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR})
    scratch.write({"a.yaml": DESCRIPTOR.encode(encoding)})
    code, report = compared()
    assert (code, [item["problems"][0]["code"] for item in report["unassessed"]]) == (4, ["encoding"])


@pytest.mark.parametrize(
    "name",
    [
        "with space.yaml",
        "it's.yaml",
        'quo"te.yaml',
        "line\nbreak.yaml",
        "déjà vu/ü.yaml",
        "UPPER.YAML",
        "x.Yml",
        "-o.yaml",
    ],
)
def test_a_file_of_any_name_is_compared(scratch: Scratch, compared: Compared, name: str) -> None:
    scratch.commit({name: DESCRIPTOR})
    scratch.write({name: DESCRIPTOR.replace(REMOTE, "remoteCode: true")})
    code, report = compared("--fail-on-new")
    assert (code, files(report), changes(report)["new"]) == (1, [name], 1)


def test_a_file_whose_name_is_no_unicode_is_compared(scratch: Scratch, compared: Compared) -> None:
    name = os.fsdecode(b"caf\xe9.yaml")
    scratch.commit({name: DESCRIPTOR})
    scratch.write({name: DESCRIPTOR.replace(REMOTE, "remoteCode: true")})
    code, report = compared("--fail-on-new")
    assert (code, files(report), changes(report)["new"]) == (1, ["caf\\xe9.yaml"], 1)


def test_carriage_returns_are_no_change(scratch: Scratch, compared: Compared) -> None:
    scratch.git("config", "core.autocrlf", "true")
    scratch.commit({"a.yaml": DESCRIPTOR.replace("\n", "\r\n")})
    assert compared()[1]["assessments"] == []
    scratch.write({"a.yaml": DESCRIPTOR.replace(REMOTE, "remoteCode: true").replace("\n", "\r\n")})
    code, report = compared("--fail-on-new")
    assert (code, changes(report)["new"]) == (1, 1)


def test_two_revisions_are_compared_with_nothing_of_the_work_tree(scratch: Scratch, compared: Compared) -> None:
    first = scratch.commit({"a.yaml": DESCRIPTOR})
    second = scratch.commit({"a.yaml": DESCRIPTOR.replace(REMOTE, "remoteCode: true")})
    scratch.write({"a.yaml": "not yaml: [", "b.yaml": named("b")})
    code, report = compared("--head", second, "--fail-on-new", base=first)
    assert (code, files(report), changes(report)["new"]) == (1, ["a.yaml"], 1)
    assert report["comparison"] | {"changes": {}} == {
        "base": first,
        "mergeBase": first,
        "head": second,
        "policyFrom": "head",
        "policyChanges": [],
        "failOnNew": True,
        "changes": {},
        "vanished": [],
        "unread": [],
        "ignored": [],
    }


def test_what_the_base_did_meanwhile_is_not_ours(scratch: Scratch, compared: Compared) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR, "b.yaml": named("b")})
    scratch.git("checkout", "-q", "-b", "feature")
    scratch.commit({"a.yaml": DESCRIPTOR.replace(REMOTE, "remoteCode: true")})
    scratch.git("checkout", "-q", "main")
    scratch.commit({"b.yaml": named("b").replace(REMOTE, "remoteCode: true")})
    scratch.git("checkout", "-q", "--detach", "feature")
    assert files(compared(base="main")[1]) == ["a.yaml"]


def test_a_bare_repository_needs_a_head(
    scratch: Scratch, tmp_path: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = scratch.commit({"a.yaml": DESCRIPTOR})
    scratch.commit({"a.yaml": DESCRIPTOR.replace(REMOTE, "remoteCode: true")})
    scratch.git("clone", "-q", "--bare", str(scratch.root), str(tmp_path / "bare.git"))
    monkeypatch.chdir(tmp_path / "bare.git")
    refused = run("check", "--base", first)
    assert (refused.code, "`--head REF`" in refused.err) == (2, True)
    ran = run("check", "--base", first, "--head", "main", "--fail-on-new", "-q", "--as-of", AS_OF)
    assert (ran.code, ran.out.startswith("a.yaml: production/case: FAIL at gate standard")) == (1, True)


@pytest.mark.parametrize("words", [("--base", "nowhere"), ("--base=--help",), ("--base", "HEAD", "--head", "nowhere")])
def test_an_unknown_revision_is_wrong_usage(scratch: Scratch, run: Callable[..., Ran], words: tuple[str, ...]) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR})
    ran = run("check", *words)
    assert (ran.code, ran.out, "git knows no commit" in ran.err) == (2, "", True)


def test_a_shallow_clone_is_wrong_usage_with_its_remedy(
    scratch: Scratch, tmp_path: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = scratch.commit({"a.yaml": DESCRIPTOR})
    scratch.commit({"a.yaml": named("b")})
    scratch.git("clone", "-q", "--depth=1", f"file://{scratch.root}", str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    ran = run("check", "--base", first)
    assert (ran.code, "`fetch-depth: 0`" in ran.err) == (2, True)


def test_no_repository_is_wrong_usage(tmp_path: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    ran = run("check", "--base", "main")
    assert (ran.code, "no git repository" in ran.err) == (2, True)


@pytest.mark.parametrize("words", [("--head", "HEAD"), ("--fail-on-new",), ("--policy-from", "base")])
def test_options_of_a_comparison_need_its_base(
    scratch: Scratch, run: Callable[..., Ran], words: tuple[str, ...]
) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR})
    assert run("check", *words).code == 2


def test_a_path_that_is_at_neither_side_is_wrong_usage(scratch: Scratch, run: Callable[..., Ran]) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR})
    ran = run("check", "--base", "HEAD", "nowhere")
    assert (ran.code, "`nowhere` exists neither here nor at the base" in ran.err) == (2, True)
    assert run("check", "--base", "HEAD", "-", stdin=DESCRIPTOR).code == 2


def test_a_pointer_of_lfs_is_an_error_as_a_descriptor_and_as_evidence(
    scratch: Scratch, run: Callable[..., Ran]
) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 700\n"
    scratch.commit({"a.yaml": pointer, "large.json": pointer.replace("700", "99999999")})
    for words in ((), ("a.yaml",)):
        ran = run("check", *words)
        assert (ran.code, "a.yaml:1:1: unreadable: " in ran.out, "`git lfs pull` gets it" in ran.out) == (4, True, True)
    scratch.write({"a.yaml": EVIDENCE, "k8s/a.yaml": pointer, "k8s/b.tf": pointer})
    ran = run("check", "a.yaml")
    assert (ran.code, "k8s/a.yaml:1:1: unreadable: " in ran.out) == (4, True)
    scratch.write({"a.yaml": EVIDENCE.replace("*.yaml", "*.tf")})
    ran = run("check", "--base", "HEAD")
    assert (ran.code, "k8s/b.tf:1:1: unreadable: " in ran.out) == (4, True)


def base_of(name: str) -> str:
    return DESCRIPTOR.replace("LLMDeployment", "LLMDeploymentBase").replace(
        "name: case, environment: production", f"name: {name}"
    )


EXTENDING = (
    "apiVersion: psfpolicy/v1\nkind: LLMDeployment\nmetadata: {environment: production, extends: base.yaml}\nspec: {}\n"
)


def test_evidence_that_git_ignores_is_said_and_what_it_shows_is_new(
    scratch: Scratch, compared: Compared, run: Callable[..., Ran]
) -> None:
    text = DESCRIPTOR.replace("spec:\n", 'spec:\n  evidence: ["k8s/*.yaml"]\n')
    scratch.commit({"a.yaml": text, "k8s/a.yaml": MANIFEST, "b.yaml": named("b"), ".gitignore": "built.yaml\n"})
    assert compared()[1]["assessments"] == []
    debug = MANIFEST.replace("name: vllm,", "name: other,").replace("app: vllm", "app: other")
    scratch.write({"k8s/built.yaml": debug.replace("kind: Deployment", "kind: DaemonSet")})
    code, report = compared("--fail-on-new")
    assert [item["file"] for item in report["assessments"]] == ["a.yaml"]
    assert report["comparison"]["ignored"] == ["k8s/built.yaml"]
    assert "git ignores these files" in run("check", "--base", "HEAD", "-q", "--as-of", AS_OF).out
    # Where the base has none at all, nothing can be said to have been there before.
    scratch.git("rm", "-q", "k8s/a.yaml")
    scratch.commit()
    code, report = compared("--fail-on-new")
    assert (code, report["comparison"]["unread"], report["comparison"]["ignored"]) == (
        1,
        ["a.yaml"],
        ["k8s/built.yaml"],
    )
    assert report["comparison"]["changes"]["existing"] == 0
    # A commit that is assessed has no such files, whatever the work tree has.
    assert compared("--head", "HEAD")[1]["comparison"]["ignored"] == []


@pytest.mark.parametrize("sub", [False, True])
def test_a_manifest_re_assesses_what_rests_on_it_and_nothing_else(
    scratch: Scratch, compared: Compared, tmp_path: Path, *, sub: bool
) -> None:
    where = scratch
    if sub:
        where = Scratch(tmp_path / "inner")
        where.start()
        where.commit({"k8s.yaml": MANIFEST})
        scratch.git("submodule", "--quiet", "add", str(where.root), "k8s")
        where = Scratch(scratch.root / "k8s")
    scratch.commit({"a.yaml": EVIDENCE, "b.yaml": named("b")} | ({} if sub else {"k8s/k8s.yaml": MANIFEST}))
    where.write({"k8s.yaml" if sub else "k8s/k8s.yaml": MANIFEST + "            - --trust-remote-code\n"})
    code, report = compared("--fail-on-new")
    found = one(report, "security-weights-integrity", REMOTE_CODE)
    assert (code, files(report), found["change"]) == (1, ["a.yaml"], "new")
    assert found["evidence"][0]["place"]["file"] == "k8s/k8s.yaml"


def test_a_descriptor_in_a_submodule_is_compared(scratch: Scratch, compared: Compared, tmp_path: Path) -> None:
    inner = Scratch(tmp_path / "inner")
    inner.start()
    inner.commit({"deep/a.yaml": DESCRIPTOR})
    scratch.git("submodule", "--quiet", "add", str(inner.root), "sub")
    scratch.commit({"b.yaml": named("b")})
    Scratch(scratch.root / "sub").commit({"deep/a.yaml": DESCRIPTOR.replace(REMOTE, "remoteCode: true")})
    code, report = compared("--fail-on-new")
    assert (code, files(report), changes(report)["new"]) == (1, ["sub/deep/a.yaml"], 1)


def test_a_link_that_leads_elsewhere_is_a_change_of_what_rests_on_it(scratch: Scratch, compared: Compared) -> None:
    (scratch.root / "k8s").symlink_to("safe")
    scratch.commit(
        {
            "a.yaml": EVIDENCE,
            "safe/k8s.yaml": MANIFEST,
            "unsafe/k8s.yaml": MANIFEST + "            - --trust-remote-code\n",
        }
    )
    (scratch.root / "k8s").unlink()
    (scratch.root / "k8s").symlink_to("unsafe")
    code, report = compared("--fail-on-new")
    assert (code, files(report), one(report, "security-weights-integrity", REMOTE_CODE)["change"]) == (
        1,
        ["a.yaml"],
        "new",
    )


def test_a_link_to_a_descriptor_is_that_descriptor(scratch: Scratch, compared: Compared) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR})
    (scratch.root / "link.yaml").symlink_to("a.yaml")
    (scratch.root / "circle.yaml").symlink_to("circle.yaml")
    (scratch.root / "broken.yaml").symlink_to("nowhere")
    code, report = compared("--fail-on-new")
    assert (code, files(report), set(changes(report))) == (0, ["a.yaml"], {"existing"})


@pytest.mark.parametrize("levels", [1, 2])
def test_a_base_re_assesses_what_extends_it(scratch: Scratch, compared: Compared, levels: int) -> None:
    middle = EXTENDING.replace("LLMDeployment", "LLMDeploymentBase").replace("environment: production, ", "")
    tree = {"base.yaml": base_of("a"), "m.yaml": middle, "b.yaml": named("b")}
    tree["a.yaml"] = EXTENDING if levels == 1 else EXTENDING.replace("base.yaml", "m.yaml")
    scratch.commit(tree)
    scratch.write({"base.yaml": base_of("a").replace(REMOTE, "remoteCode: true")})
    code, report = compared("--fail-on-new")
    assert (code, files(report), changes(report)["new"]) == (1, ["a.yaml"], 1)


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [("requireEvidence: [security-weights-integrity]\n", 1), ("gate: strict\n", 1), ("color: never\n", 1)],
)
def test_settings_re_assess_everything(scratch: Scratch, compared: Compared, settings: str, verdict: int) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR, "b.yaml": named("b")})
    scratch.write({".psfpolicy.yaml": settings})
    code, report = compared()
    assert (code, files(report)) == (verdict, ["a.yaml", "b.yaml"])


@pytest.mark.parametrize("inside", [False, True])
def test_a_manifest_that_the_settings_name_re_assesses_the_descriptors_that_it_is_for(
    scratch: Scratch,
    compared: Compared,
    run: Callable[..., Ran],
    monkeypatch: pytest.MonkeyPatch,
    inside: bool,  # a case
) -> None:
    settings = 'evidence: [{descriptors: ["prod/*"], files: ["k8s/*.yaml"]}]\n'
    tree = {".psfpolicy.yaml": settings, "prod/a.yaml": DESCRIPTOR, "b.yaml": named("b"), "k8s/k8s.yaml": MANIFEST}
    scratch.commit(tree)
    scratch.write({"k8s/k8s.yaml": MANIFEST + "            - --trust-remote-code\n"})
    if inside:
        monkeypatch.chdir(scratch.root / "prod")
    code, report = compared("--fail-on-new")
    assert (code, files(report)) == (1, ["a.yaml" if inside else "prod/a.yaml"])
    assert one(report, "security-weights-integrity", REMOTE_CODE)["change"] == "new"
    manifest = "../k8s/k8s.yaml" if inside else "k8s/k8s.yaml"
    ran = run("check", "--skip-other", "--as-of", AS_OF, "--format", "json", manifest)
    assert files(json.loads(ran.out)) == files(report)


def test_own_rows_re_assess_everything_and_from_the_base_they_wait(scratch: Scratch, compared: Compared) -> None:
    rows = (
        "regimes:\n  house:\n    title: House\n    data: any\n    carries: [prompts]\n    locations: {allowed: [DE]}\n"
    )
    rows += '    source: ours\n    as_of: "2026-11-20"\n'
    scratch.commit({"a.yaml": DESCRIPTOR, ".psfpolicy.yaml": "catalogue: rows.yaml\n", "rows.yaml": rows})
    scratch.write({"rows.yaml": rows.replace("[DE]", "[DE, FR]")})
    assert files(compared()[1]) == ["a.yaml"]
    _, report = compared("--policy-from", "base")
    assert (files(report), report["comparison"]["policyChanges"]) == ([], ["rows.yaml"])


@pytest.mark.parametrize("environment", [{}, {"GIT_DIR": "{root}/.git", "GIT_INDEX_FILE": ".git/index.lock"}])
def test_it_works_as_a_process_and_in_a_hook(scratch: Scratch, environment: dict[str, str]) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR})
    scratch.write({"a.yaml": DESCRIPTOR.replace(REMOTE, "remoteCode: true")})
    told = {name: value.format(root=scratch.root) for name, value in environment.items()}
    ran = subprocess.run(
        [sys.executable, "-m", "psfpolicy", "check", "--base", "HEAD", "--fail-on-new", "-q", "--as-of", AS_OF],
        env={**os.environ, **told},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (1, "")
    assert ran.stdout.startswith("a.yaml: production/case: FAIL at gate standard")


SCOPE = (
    DESCRIPTOR.replace("consequence: medium}", "consequence: medium, sectors: [healthcare]}").replace(
        "spec:\n", 'spec:\n  evidence: ["k8s/*.yaml"]\n  parties: [{id: watcher, name: Watcher, jurisdiction: FR}]\n'
    )
    + "  outputs:\n    sinks: [{name: ehr, kind: api}]\n"
).replace("categories: [pii]", "categories: [pii], residency: {allowed: [EEA]}")
SHRINKING = [
    ("regimes: [gdpr]", "regimes: []", "spec.regimes[gdpr]", 8),
    ("sectors: [healthcare]", "sectors: []", "spec.purpose.sectors[healthcare]", 7),
    ("categories: [pii]", "categories: [none]", "spec.data.categories[pii]", 11),
    ("[{id: watcher, name: Watcher, jurisdiction: FR}]", "[]", "spec.parties[Watcher]", 6),
    ("[{name: ehr, kind: api}]", "[]", "spec.outputs.sinks[ehr]", 14),
    ('["k8s/*.yaml"]', "[]", "spec.evidence[k8s/*.yaml]", 5),
    ("consequence: medium", "consequence: low", "spec.purpose.consequence", 7),
    ("classification: confidential", "classification: internal", "spec.data.classification", 11),
    ("environment: production", "environment: staging", "metadata.environment", 3),
    ("allowed: [EEA]", "allowed: [EEA, US]", "spec.data.residency.allowed", 11),
    (", residency: {allowed: [EEA]}", "", "spec.data.residency.allowed", 11),
]


@pytest.mark.parametrize("moved", [False, True])
@pytest.mark.parametrize(("was", "now", "path", "line"), SHRINKING)
def test_scope_that_shrinks_holds_the_gate(
    scratch: Scratch, compared: Compared, was: str, now: str, path: str, line: int, *, moved: bool
) -> None:
    scratch.commit({"a.yaml": SCOPE, "k8s/a.yaml": MANIFEST})
    assert was in SCOPE
    if moved:
        scratch.git("mv", "a.yaml", "b.yaml")
    name = "b.yaml" if moved else "a.yaml"
    scratch.write({name: SCOPE.replace(was, now)})
    code, report = compared("--fail-on-new", "--gate", "baseline")
    # Without the glob nothing shows what the manifest showed, either.
    unshown = [("spec.evidence", f"{name}:{line}")] if path.startswith("spec.evidence") else []
    assert (code, reduced(report)) == (1, [*unshown, (path, f"{name}:{line}")])
    assert {"kind": "scope-reduced", "control": None, "domain": None, "score": None, "threshold": None} in (
        report["assessments"][0]["gate"]["reasons"]
    )
    assert compared("--gate", "advisory")[0] == 0


def test_a_waiver_for_wider_areas_is_for_those_areas(scratch: Scratch, compared: Compared) -> None:
    scratch.commit({"a.yaml": SCOPE, "k8s/a.yaml": MANIFEST})
    scratch.write({"a.yaml": SCOPE.replace("allowed: [EEA]", "allowed: [EEA, US]")})
    (notice,) = compared("--fail-on-new")[1]["assessments"][0]["reduced"]
    assert notice["message"] == "data may be in `US` now, where the base did not allow it"
    scratch.write({"a.yaml": SCOPE.replace("allowed: [EEA]", "allowed: [EEA, US, CN]")})
    (other,) = compared("--fail-on-new")[1]["assessments"][0]["reduced"]
    assert (other["fingerprint"], other["digest"] != notice["digest"]) == (notice["fingerprint"], True)
    scratch.write({"a.yaml": SCOPE.replace("allowed: [EEA]", "allowed: [DE, AT]")})
    assert compared("--fail-on-new")[1]["assessments"][0]["reduced"] == []


def test_scope_that_shrinks_in_a_base_is_seen_where_it_is_used(scratch: Scratch, compared: Compared) -> None:
    scratch.commit({"base.yaml": base_of("a"), "a.yaml": EXTENDING})
    scratch.write({"base.yaml": base_of("a").replace("regimes: [gdpr]", "regimes: []")})
    code, report = compared("--fail-on-new")
    assert (code, reduced(report)) == (1, [("spec.regimes[gdpr]", "base.yaml:6")])


def test_a_floor_of_the_settings_holds_the_gate_with_and_without_a_base(
    scratch: Scratch, compared: Compared, run: Callable[..., Ran]
) -> None:
    settings = "gates:\n  - {paths: [eu/*], regimes: [gdpr, hipaa]}\ncategories: [pii]\n"
    scratch.commit({"eu/a.yaml": DESCRIPTOR, "us/b.yaml": named("b"), ".psfpolicy.yaml": settings})
    ran = run("check", "--gate", "baseline", "--as-of", AS_OF, "--format", "json")
    found = {item["file"]: item for item in json.loads(ran.out)["assessments"]}
    (notice,) = found["eu/a.yaml"]["reduced"]
    assert found["us/b.yaml"]["reduced"] == []
    assert {key: notice[key] for key in ("control", "severity", "message", "path", "excerpt")} == {
        "control": "scope-reduced",
        "severity": "critical",
        "message": "the settings ask for the regime `hipaa`, which is not declared",
        "path": "spec.regimes[hipaa]",
        "excerpt": "  regimes: [gdpr]",
    }
    assert (notice["place"]["file"], notice["place"]["startLine"], notice["place"]["startColumn"]) == (
        "eu/a.yaml",
        6,
        12,
    )
    assert Counter(reason["kind"] for reason in found["eu/a.yaml"]["gate"]["reasons"])["scope-reduced"] == 1
    scratch.write({"eu/a.yaml": DESCRIPTOR + "# x\n", "us/b.yaml": named("b").replace("[pii]", "[none]")})
    code, report = compared("--fail-on-new")
    (existing, *_), lost = (item["reduced"] for item in report["assessments"])
    assert (code, existing["change"]) == (1, "existing")
    assert [(item["path"], item["change"]) for item in lost] == [("spec.data.categories[pii]", "new")] * 2
    assert len({item["fingerprint"] for item in lost}) == 2
    assert compared("--fail-on-new", "eu")[0] == 0
