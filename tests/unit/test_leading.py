from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from psfpolicy.errors import NothingToAssessError, UsageError
from psfpolicy.gates import Exclusion
from psfpolicy.leading import led_to
from psfpolicy.targets import Target, parted, targets

if TYPE_CHECKING:
    from pathlib import Path

DESCRIPTOR = "apiVersion: psfpolicy/v1\nkind: LLMDeployment\nmetadata: {name: a}\nspec: {evidence: [k8s/*.yaml]}\n"
BASE = "apiVersion: psfpolicy/v1\nkind: LLMDeploymentBase\nmetadata: {name: base}\n"
EXTENDING = "apiVersion: psfpolicy/v1\nkind: LLMDeployment\nmetadata: {name: b, extends: base.yaml}\n"
MANIFEST = "apiVersion: v1\nkind: Pod\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)  # noqa: S607
    monkeypatch.chdir(tmp_path)
    files = {
        "a.yaml": DESCRIPTOR,
        "b.yaml": EXTENDING,
        "base.yaml": BASE,
        "k8s/pod.yaml": MANIFEST,
        "other/pod.yaml": MANIFEST,
        "README.md": "psfpolicy/v1 LLMDeployment\n",
        "broken.yaml": "a: [psfpolicy/v1\n",
        "other/broken.yaml": "a: [\n",
        ".psfpolicy.yaml": "gate: baseline\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (["a.yaml"], ["a.yaml"]),
        (["k8s/pod.yaml"], ["a.yaml"]),
        (["base.yaml"], ["b.yaml", "base.yaml"]),
        (["other/pod.yaml", "README.md", "other/broken.yaml"], []),
        (["a.yaml", "k8s/pod.yaml", "other/pod.yaml"], ["a.yaml"]),
        (["broken.yaml"], ["broken.yaml"]),
        ([".psfpolicy.yaml"], ["a.yaml", "b.yaml", "base.yaml", "broken.yaml"]),
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("here")
def test_named_files_lead_to_the_descriptors_that_rest_on_them(named: list[str], expected: list[str]) -> None:
    assert [target.name for target in led_to(named, [".psfpolicy.yaml"])] == expected


@pytest.mark.usefixtures("here")
def test_what_is_led_to_may_hold_no_descriptor_and_a_descriptor_itself_must() -> None:
    assert [target.named for target in led_to(["a.yaml", "base.yaml"], ())] == [True, False, False]


@pytest.mark.usefixtures("here")
def test_folders_streams_and_no_path_at_all_are_what_they_are_otherwise() -> None:
    assert led_to(["other/pod.yaml", "-"], ()) == (Target("-", "<stdin>", named=True, stream=True),)
    assert led_to([], ()) == targets([])
    assert led_to(["."], ()) == targets(["."])


@pytest.mark.usefixtures("here")
def test_a_path_that_does_not_exist_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="does not exist"):
        led_to(["gone.yaml"], ())


def test_a_descriptor_in_a_file_with_manifests_may_be_evidence_of_another(here: Path) -> None:
    (here / "k8s/both.yaml").write_text(f"{EXTENDING.replace('base.yaml', '../base.yaml')}---\n{MANIFEST}")
    assert [target.name for target in led_to(["k8s/both.yaml"], ())] == ["a.yaml", "k8s/both.yaml"]


def test_a_manifest_outside_a_repository_is_refused_since_nothing_says_what_rests_on_it(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("alone")
    (folder / "pod.yaml").write_text(MANIFEST)
    (folder / "a.yaml").write_text(DESCRIPTOR)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    assert [target.name for target in led_to(["a.yaml"], ())] == ["a.yaml"]
    with pytest.raises(UsageError, match="git repository"):
        led_to(["pod.yaml"], ())


def test_what_is_excluded_is_so_whether_found_or_named(here: Path) -> None:
    exclusion = Exclusion(("b.yaml", "base*"), str(here))
    for paths in (["."], ["a.yaml", "b.yaml", "base.yaml", "broken.yaml"]):
        kept, excluded = parted(targets(paths), exclusion)
        assert [target.name for target in kept] == ["a.yaml", "broken.yaml"]
        assert excluded == ("b.yaml", "base.yaml")


def test_a_link_in_an_excluded_folder_excludes_nothing_outside_it(here: Path) -> None:
    (here / "Fixtures").mkdir()
    (here / "Fixtures/a.yaml").symlink_to("../a.yaml")
    kept, excluded = parted(targets(["."]), Exclusion(("Fixtures",), str(here)))
    assert "Fixtures/a.yaml" in [target.name for target in kept]
    assert excluded == ()


def test_a_stream_stands_in_no_folder_and_is_never_excluded() -> None:
    stream = Target("-", "<stdin>", named=True, stream=True)
    assert parted([stream], Exclusion(("**",), ".")) == ((stream,), ())


def test_a_search_for_nothing_still_says_so(tmp_path: Path) -> None:
    with pytest.raises(NothingToAssessError):
        led_to([str(tmp_path)], ())
