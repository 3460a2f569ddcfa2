from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from psfpolicy.evidence.rules import EvidenceRule
from psfpolicy.files import DISK
from psfpolicy.holding import Side, changed_files, holders, leads
from psfpolicy.model.place import Place, Region
from psfpolicy.reaching import every, namesakes, reached
from psfpolicy.revision import repository
from tests.scratch import DESCRIPTOR, Scratch, named

if TYPE_CHECKING:
    from collections.abc import Iterable

MANIFEST = "apiVersion: v1\nkind: Pod\n"
BASE = "apiVersion: psfpolicy/v1\nkind: LLMDeploymentBase\nmetadata: {name: base}\n"
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "ab" * 32 + "\nsize {}\n"
HERE = Place(".psfpolicy.yaml", Region(1, 1, 1, 1))


def resting(name: str, *, on: str = "", extends: str = "") -> str:
    """Give a descriptor that rests on manifests, or on a base."""
    text = named(name)
    if extends:
        text = text.replace("environment: production", f"environment: production, extends: {extends}")
    return text.replace("spec:\n", f"spec:\n  evidence: [{on}]\n") if on else text


def since(*, rules: Iterable[EvidenceRule] = ()) -> list[str]:
    """Give what the changes of the work tree since the last commit reach."""
    where = repository()
    base = where.revision("HEAD")
    changed = where.changed(base, None)
    head = Side(DISK, None, changed)
    return sorted(reached(where, changed, (Side(base, base, changed, head), head), tuple(rules)))


@pytest.fixture
def around(scratch: Scratch) -> Scratch:
    """A repository in which one descriptor rests on nothing, and others each on one thing."""
    scratch.commit(
        {
            "alone.yaml": named("alone"),
            "glob/deploy.yaml": resting("glob", on="k8s/**/*.yaml"),
            "glob/k8s/a/pod.yaml": MANIFEST,
            "base.yaml": BASE,
            "middle.yaml": BASE.replace("name: base", "name: middle, extends: base.yaml"),
            "low/deploy.yaml": resting("low", extends="../middle.yaml"),
            "other.yaml": "kind: ConfigMap\n",
        }
    )
    return scratch


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"other.yaml": "kind: Secret\n"}, []),
        ({"README.md": DESCRIPTOR}, []),
        ({"alone.yaml": named("alone") + "# more\n"}, ["alone.yaml"]),
        ({"glob/k8s/a/pod.yaml": "kind: Job\n"}, ["glob/deploy.yaml"]),
        ({"glob/k8s/b/new.yaml": MANIFEST}, ["glob/deploy.yaml"]),
        ({"base.yaml": BASE + "# more\n"}, ["base.yaml", "low/deploy.yaml", "middle.yaml"]),
        ({"new/case.json": '{"apiVersion": "psfpolicy/v1"}'}, ["new/case.json"]),
    ],
)
def test_a_change_reaches_what_rests_on_it(around: Scratch, changed: dict[str, str], found: list[str]) -> None:
    around.write(changed)
    assert since() == found


def test_what_is_gone_reaches_what_rested_on_it(around: Scratch) -> None:
    (around.root / "glob/k8s/a/pod.yaml").unlink()
    (around.root / "alone.yaml").unlink()
    assert since() == ["alone.yaml", "glob/deploy.yaml"]


def test_two_that_extend_each_other_are_both_reached_and_that_ends(scratch: Scratch) -> None:
    scratch.commit({"a.yaml": resting("a", extends="b.yaml"), "b.yaml": resting("b", extends="a.yaml")})
    scratch.write({"a.yaml": resting("a", extends="b.yaml") + "# more\n"})
    assert since() == ["a.yaml", "b.yaml"]


def test_several_that_share_a_folder_and_a_glob_are_all_reached(scratch: Scratch) -> None:
    scratch.commit({"a.yaml": resting("a", on="k8s/*"), "b.yaml": resting("b", on="k8s/*"), "k8s/x.yaml": MANIFEST})
    scratch.write({"k8s/x.yaml": "kind: Job\n"})
    assert since() == ["a.yaml", "b.yaml"]


def test_a_manifest_of_the_settings_reaches_the_descriptors_that_it_is_for(around: Scratch) -> None:
    rule = EvidenceRule(
        descriptors=("glob/*",),
        files=(("other.yaml", HERE), ("missing/*.yaml", HERE)),
        namespace="",
        labels=(),
        folder=str(around.root),
        place=HERE,
    )
    assert since(rules=[rule]) == []
    around.write({"other.yaml": "kind: Secret\n"})
    assert since(rules=[rule]) == ["glob/deploy.yaml"]


def test_what_rests_on_a_file_that_git_ignores_is_always_reached(around: Scratch) -> None:
    around.commit({".gitignore": "plan.json\nlocal.yaml\nbuilt/\n", "plan/deploy.yaml": resting("plan", on="'*.json'")})
    around.commit({"middle.yaml": BASE.replace("name: base", "name: middle, extends: local.yaml")})
    around.commit({"on/deploy.yaml": resting("on", extends="../middle.yaml"), "settings/x.yaml": named("x")})
    rule = EvidenceRule(
        descriptors=("settings/*",), files=(("built/**/*.yaml", HERE),), folder=str(around.root), place=HERE
    )
    around.write({"glob/k8s/built/README": "a folder that git ignores is no file"})
    assert since(rules=[rule]) == []
    around.write({"plan/plan.json": "{}"})
    assert since(rules=[rule]) == ["plan/deploy.yaml"]
    around.write({"built/a/b.yaml": MANIFEST})
    assert since(rules=[rule]) == ["plan/deploy.yaml", "settings/x.yaml"]
    around.write({"local.yaml": BASE})
    assert since() == ["low/deploy.yaml", "middle.yaml", "on/deploy.yaml", "plan/deploy.yaml"]


def test_what_lies_outside_or_leads_there_is_none_that_git_ignores(around: Scratch) -> None:
    around.root.parent.joinpath("outside.yaml").write_text(MANIFEST)
    around.root.joinpath("link.yaml").symlink_to(around.root.parent / "outside.yaml")
    around.commit(
        {"a.yaml": resting("a", on="link.yaml, ../outside.yaml"), "b.yaml": resting("b", extends="../outside.yaml")}
    )
    assert since() == []


def test_everything_is_all_that_may_hold_a_descriptor_at_either_side(around: Scratch) -> None:
    (around.root / "alone.yaml").unlink()
    around.write({"new.yaml": named("new"), "utf16.yaml": "kind: x".encode("utf-16")})
    where = repository()
    base = where.revision("HEAD")
    changed = where.changed(base, None)
    head = Side(DISK, None, changed)
    assert sorted(every(where, (Side(base, base, changed, head), head))) == [
        "alone.yaml",
        "base.yaml",
        "glob/deploy.yaml",
        "low/deploy.yaml",
        "middle.yaml",
        "new.yaml",
        "utf16.yaml",  # nobody can tell before it is read
    ]


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("metadata: {name: case}\n", True),
        ("metadata:\n  name: case\n", True),
        ("metadata:\n  'name' : \"case\"  # why\n", True),
        ('{"metadata": {"name": "case"}}\n', True),
        ("metadata: {name: case-two}\n", False),
        ("metadata: {name: my.case}\n", False),
        ("metadata:\n  title: case\n", False),
    ],
)
def test_a_namesake_is_found_by_its_name_whole(scratch: Scratch, text: str, *, met: bool) -> None:
    scratch.commit({"a.yaml": f"# psfpolicy/v1\n{text}", "other.yaml": text})
    where = repository()
    head = where.revision("HEAD")
    assert namesakes(where, ["case"], Side(head, head)) == ({"a.yaml"} if met else set())
    assert namesakes(where, ["case"], Side(DISK, None)) == ({"a.yaml"} if met else set())
    assert namesakes(where, [], Side(head, head)) == set()


def test_what_extends_a_namesake_may_have_its_name(scratch: Scratch) -> None:
    nameless = "apiVersion: psfpolicy/v1\nkind: LLMDeployment\nmetadata: {extends: base.yaml}\n"
    scratch.commit({"base.yaml": BASE, "low.yaml": nameless})
    where = repository()
    assert namesakes(where, ["base"], Side(DISK, None)) == {"base.yaml", "low.yaml"}


@pytest.mark.parametrize(("size", "holds"), [(5, True), (10**12, False)])
def test_a_pointer_of_lfs_may_hold_a_descriptor_that_is_not_too_large(
    scratch: Scratch, size: int, *, holds: bool
) -> None:
    scratch.commit({"a.yaml": POINTER.format(size)})
    head = repository().revision("HEAD")
    for side in (Side(DISK, None), Side(head, head)):
        assert list(holders(repository(), side)) == (["a.yaml"] if holds else [])


def test_one_that_cannot_be_read_may_rest_on_whatever_changed(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR, "other.yaml": "a: 1\n"})
    scratch.write({"other.yaml": "a: 2\n"})
    read = type(DISK).read

    def refused(_disk: object, path: str, most: int) -> bytes:
        if os.path.basename(path) == "a.yaml":  # noqa: PTH119
            raise PermissionError(13, "Permission denied", path)
        return read(DISK, path, most)

    monkeypatch.setattr(type(DISK), "read", refused)
    assert since() == ["a.yaml"]


def test_an_unusual_way_to_name_others_is_read_by_the_parser() -> None:
    assert leads(b'metadata: {"ext\\u0065nds": "b.yaml"}\nspec: {evidence: [x, 1]}\n', "a.yaml") == (["b.yaml"], ["x"])


def test_a_report_is_no_descriptor_whatever_it_mentions(scratch: Scratch) -> None:
    scratch.commit({"report.json": '{"schema": "psfpolicy/report/v1", "policy": "psfpolicy/v1"}'})
    head = repository().revision("HEAD")
    assert holders(repository(), Side(head, head)) == {}


def test_links_lead_to_the_file_that_changed_and_never_out_of_the_repository(scratch: Scratch) -> None:
    (scratch.root.parent / "outside.yaml").write_text(DESCRIPTOR)
    scratch.commit({"a.yaml": DESCRIPTOR})
    for name, aim in {"in.yaml": "a.yaml", "out.yaml": "../outside.yaml", "round.yaml": "round.yaml"}.items():
        (scratch.root / name).symlink_to(aim)
    scratch.commit()
    head = repository().revision("HEAD")
    for side in (Side(DISK, None), Side(head, head)):
        found = changed_files(repository(), ["in.yaml", "out.yaml", "round.yaml", "note.md"], side)
        assert found == {"a.yaml", "out.yaml", "round.yaml"}


def test_a_submodule_changed_is_all_that_lies_in_it(scratch: Scratch) -> None:
    inner = Scratch(scratch.root.parent / "inner")
    inner.start()
    inner.commit({"deploy/a.yaml": named("inner"), "b.yaml": "a: 1\n", "c.txt": DESCRIPTOR})
    scratch.git("submodule", "--quiet", "add", str(inner.root), "sub")
    scratch.commit({"near.yaml": named("near"), "far.yaml": resting("far", on="sub/*.yaml")})
    Scratch(scratch.root / "sub").commit({"b.yaml": "a: 2\n"})
    assert since() == ["far.yaml", "sub/deploy/a.yaml"]


@pytest.mark.parametrize(
    "text",
    ["a: [\nevidence: x\n", "- evidence\n", "metadata: x\nspec: [evidence]\n", "extends: [a]\nspec: {evidence: 1}\n"],
)
def test_what_is_no_descriptor_names_nothing(text: str) -> None:
    assert leads(text.encode(), "a.yaml") == ([], [])
