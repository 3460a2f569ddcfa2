from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy.errors import SettingsError
from psfpolicy.gates import GateFloor, GateRule
from psfpolicy.settings import Settings, find_settings, read_settings, settings_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a/b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a/b")
    return tmp_path


def written(folder: Path, text: str, name: str = ".psfpolicy.yaml") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def test_the_nearest_settings_up_to_the_root_of_the_repository_are_found(repository: Path) -> None:
    assert find_settings() is None
    root = written(repository, "gate: strict\n")
    assert find_settings() == root
    nearer = written(repository / "a", "gate: baseline\n")
    assert find_settings() == nearer


def test_what_lies_above_the_repository_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "gate: advisory\n")
    (tmp_path / "repository/.git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repository")
    assert find_settings() is None


def test_outside_a_repository_only_the_working_directory_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "work"
    here.mkdir()
    written(tmp_path, "output: [json=/etc/passwd]\n")
    monkeypatch.chdir(here)
    assert find_settings() is None
    ours = written(here, "")
    assert find_settings() == ours


def test_a_folder_of_that_name_is_no_settings_file(repository: Path) -> None:
    (repository / ".psfpolicy.yaml").mkdir()
    assert find_settings() is None


def test_all_that_settings_say_is_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """\
gate: baseline
gates:
  - {gate: strict, paths: ["prod/*"], environments: [production]}
  - {gate: standard, thresholds: {OPS: 70.0}}
thresholds: {OPS: 60, PSF-7: 50}
unwaivable: [deploy-model-pinned]
requireEvidence: [security-weights-integrity]
format: json
output: [text=report.txt]
color: never
jobs: 3
quiet: true
verbose: false
""",
    )
    assert read_settings(path) == Settings(
        defaults={
            "gate": "baseline",
            "format_": "json",
            "outputs": ["text=report.txt"],
            "color": "never",
            "jobs": 3,
            "quiet": True,
            "verbose": False,
        },
        floors=(
            GateFloor(gate="strict", paths=("prod/*",), environments=("production",), folder=str(tmp_path)),
            GateFloor(gate="standard", thresholds={"OPS": 70}, folder=str(tmp_path)),
            GateFloor(gate="baseline", thresholds={"OPS": 60, "PSF-7": 50}),
        ),
        unwaivable=("deploy-model-pinned",),
        required_evidence=("security-weights-integrity",),
    )


@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "---\n", "{}\n", "gate: null\nthresholds: null\nunwaivable: null\n"]
)
def test_settings_may_say_nothing(text: str, tmp_path: Path) -> None:
    assert read_settings(written(tmp_path, text)) == Settings()


def test_named_settings_take_the_place_of_the_repositorys_but_do_not_lower_its_floors(repository: Path) -> None:
    written(repository, "gate: strict\nformat: json\nunwaivable: [input-schema, input-rate-limit]\n")
    named = written(repository / "a", "gate: advisory\nunwaivable: [input-schema, data-erasure]\n", "other.yaml")
    assert settings_of(named) == Settings(
        defaults={"gate": "advisory"},
        floors=(GateFloor(gate="strict"), GateFloor(gate="advisory")),
        unwaivable=("input-schema", "input-rate-limit", "data-erasure"),
    )
    assert settings_of(None).defaults == {"gate": "strict", "format_": "json"}


def test_named_settings_add_to_the_controls_that_need_evidence_in_the_repositorys(repository: Path) -> None:
    written(repository, "requireEvidence: [input-schema, input-rate-limit]\n")
    named = written(repository / "a", "requireEvidence: [input-schema, data-erasure]\n", "other.yaml")
    assert settings_of(named).required_evidence == ("input-schema", "input-rate-limit", "data-erasure")


def test_a_control_that_needs_evidence_and_is_unknown_is_told_at_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, "requireEvidence: [input-schemas]\n", "s.yaml")
    with pytest.raises(SettingsError) as raised:
        read_settings(path)
    assert raised.value.details == (
        f"  {path}:1:19: `requireEvidence` names the control `input-schemas`, which does not exist",
        "      hint: did you mean `input-schema`?",
    )


def test_thresholds_without_a_gate_ask_for_no_other_gate(tmp_path: Path) -> None:
    assert read_settings(written(tmp_path, "thresholds: {OPS: 60}\n")) == Settings(
        floors=(GateFloor(gate="advisory", thresholds={"OPS": 60}),)
    )


def test_named_settings_do_not_lower_the_thresholds_of_the_repositorys(repository: Path) -> None:
    written(repository, "thresholds: {OPS: 60}\n")
    named = written(repository / "a", "thresholds: {OPS: 10}\n", "other.yaml")
    assert GateRule(floors=settings_of(named).floors).thresholds("deploy.yaml", "production") == {"OPS": 60}


@pytest.mark.usefixtures("repository")
def test_without_any_file_there_are_no_settings() -> None:
    assert settings_of(None) == Settings()


def test_every_mistake_is_told_with_its_line_and_what_was_meant(tmp_path: Path) -> None:
    path = written(tmp_path, "quite: true\ncolor: sometimes\njobs: 0\n")
    with pytest.raises(SettingsError) as raised:
        read_settings(path)
    assert raised.value.message == "the settings cannot be used"
    assert (
        "\n".join(raised.value.details)
        == """\
  .psfpolicy.yaml:1:1: the document has no key `quite`
      hint: did you mean `quiet`? Whether the text report is the verdict lines only
  .psfpolicy.yaml:2:8: `color` is `sometimes`, which is not allowed
      hint: Allowed: `auto`, `always` or `never`. Whether the text report is coloured; `auto` does so on a terminal
  .psfpolicy.yaml:3:7: `jobs` is `0`, and must be at least 1
      hint: Processes that assess at once"""
    )


def test_every_unknown_control_is_told_at_its_place(tmp_path: Path) -> None:
    path = written(
        tmp_path, "unwaivable:\n  - input-injection-defense\n  - data-erasure\n  - something-else\n", "s.yaml"
    )
    with pytest.raises(SettingsError) as raised:
        read_settings(path)
    assert (
        "\n".join(raised.value.details)
        == f"""\
  {path}:2:5: `unwaivable` names the control `input-injection-defense`, which does not exist
      hint: did you mean `input-injection-defence`?
  {path}:4:5: `unwaivable` names the control `something-else`, which does not exist
      hint: `psfpolicy controls` lists them"""
    )


def test_notices_can_be_unwaivable_and_are_nothing_that_evidence_shows(tmp_path: Path) -> None:
    kinds = "[scope-reduced, evidence-undeclared]"
    path = written(tmp_path, f"unwaivable: {kinds}\n", "s.yaml")
    assert read_settings(path).unwaivable == ("scope-reduced", "evidence-undeclared")
    with pytest.raises(SettingsError) as raised:
        read_settings(written(tmp_path, f"unwaivable: [scope-reducd]\nrequireEvidence: {kinds}\n", "s.yaml"))
    assert [line for line in raised.value.details if "hint" not in line] == [
        f"  {path}:1:14: `unwaivable` names the control `scope-reducd`, which does not exist",
        f"  {path}:2:19: `requireEvidence` names the control `scope-reduced`, which does not exist",
        f"  {path}:2:34: `requireEvidence` names the control `evidence-undeclared`, which does not exist",
    ]


def test_every_unknown_domain_is_told_at_its_place(tmp_path: Path) -> None:
    path = written(
        tmp_path, "thresholds: {OSP: 60}\ngates:\n  - {gate: strict, thresholds: {OPS: 60, Quality: 1}}\n", "s.yaml"
    )
    with pytest.raises(SettingsError) as raised:
        read_settings(path)
    assert (
        "\n".join(raised.value.details)
        == f"""\
  {path}:1:19: `thresholds` names the domain `OSP`, which does not exist
      hint: did you mean `OPS`?
  {path}:3:51: `thresholds` names the domain `Quality`, which does not exist
      hint: `psfpolicy controls` lists them"""
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing.yaml", "`missing.yaml` cannot be read: No such file or directory"),
        (".", "`.` cannot be read: Is a directory"),
    ],
)
def test_settings_that_cannot_be_read_say_why(
    name: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError) as raised:
        read_settings(name)
    assert raised.value.message == f"the settings file {said}"


def test_floors_of_regimes_and_categories_need_no_gate(tmp_path: Path) -> None:
    text = "gates: [{paths: [eu/*], regimes: [gdpr]}]\ncategories: [pii]\n"
    assert read_settings(written(tmp_path, text)).floors == (
        GateFloor(scope={"regimes": ("gdpr",)}, paths=("eu/*",), folder=str(tmp_path)),
        GateFloor(scope={"categories": ("pii",)}),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("regimes: [gdrp]\n", "s.yaml:1:11: `regimes` names the regime `gdrp`, which does not exist"),
        ("gates:\n  - {paths: [eu/*]}\n", "s.yaml:2:5: a floor asks for nothing"),
    ],
)
def test_a_floor_that_asks_for_nothing_known_is_told_at_its_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings(written(tmp_path, text, "s.yaml"))
    assert says in "\n".join(raised.value.details)
