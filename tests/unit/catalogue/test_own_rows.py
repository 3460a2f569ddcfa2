"""The user's own rows: what is read, what is refused and where, and what they change."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from psfpolicy import catalogue, resources
from psfpolicy.errors import DocumentError, SettingsError
from psfpolicy.own_rows import read_own_rows
from psfpolicy.settings import read_settings, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[3]
MINIMAL = (ROOT / "examples/minimal.yaml").read_text(encoding="utf-8")
REGION = '"aws:attic-1": {country: DE, government: false, source: "https://example.org/attic", as_of: "2026-11-20"}'
SOURCE = 'source: "https://example.org/x", as_of: "2026-11-20"'
REPACK = (
    "title: X, family: x, aliases: [], repacks: {phi4: gguf}, repacks_sources: ['https://example.org/x'], "
    "hosted: false, licence: mit, licence_source: 'https://example.org/x', modalities: {input: [text], output: [text]}"
)
REGIME = """\
regimes:
  house-rules:
    title: Prompts stay in Germany
    data: any
    carries: [prompts, responses]
    locations: {allowed: [DE]}
    source: ours
    as_of: "2026-11-21"
"""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with rows of its own and a descriptor that names one of them."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "rules").mkdir()
    (tmp_path / ".psfpolicy.yaml").write_text("catalogue: rules/rows.yaml\n", encoding="utf-8")
    (tmp_path / "rules/rows.yaml").write_text(f"{REGIME}regions:\n  {REGION}\n", encoding="utf-8")
    text = f"{MINIMAL}  regimes: [house-rules]\n"
    (tmp_path / "deploy.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def mistakes(path: Path, text: str) -> list[str]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as error:
        read_own_rows(str(path), "rows.yaml")
    return [
        f"{item.place.region.start_line}:{item.place.region.start_column} {item.code}: {item.message}"
        for item in error.value.diagnostics
    ]


def test_rows_are_read_with_the_digest_of_their_bytes(repository: Path) -> None:
    rows = read_settings(".psfpolicy.yaml").rows
    assert rows is not None
    assert rows.file == "rules/rows.yaml"
    assert rows.digest == "sha256:" + sha256((repository / "rules/rows.yaml").read_bytes()).hexdigest()
    assert sorted(rows.tables) == ["regimes", "regions"]


@pytest.mark.parametrize("text", ["", "{}", "models: {}\n", "# nothing yet\n"])
def test_a_file_without_rows_adds_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "rows.yaml").write_text(text, encoding="utf-8")
    rows = read_own_rows(str(tmp_path / "rows.yaml"), "rows.yaml")
    assert catalogue.rows("models", rows.tables) == resources.catalogue("models")


def test_a_row_replaces_ours_as_a_whole_and_leaves_the_others() -> None:
    own = {"countries": {"DE": {"name": "Ours"}}}
    assert catalogue.rows("countries", own)["DE"] == {"name": "Ours"}
    assert catalogue.rows("countries", own)["FR"] == resources.catalogue("countries")["FR"]
    assert catalogue.rows("regions", own) is resources.catalogue("regions")


def test_each_name_of_the_shipped_catalogue_stands_for_one_row() -> None:
    shared = {
        (table, name): ids
        for table in resources.tables()
        for name, ids in catalogue.names(table).items()
        if len(ids) > 1
    }
    assert shared == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- a\n", ["1:1 wrong-type: the document is a list, and must be a map of tables"]),
        ("regmes: {}\n", ["1:1 unknown-table: `regmes` is no table of the catalogue"]),
        ("regimes: []\n", ["1:10 wrong-type: `regimes` is a list, and must be a map"]),
        (
            "models: {}\n---\nmodels: {}\n",
            ["3:1 too-many: the document is the second of its file, which must hold one"],
        ),
        (
            'duties:\n  x-1: {title: X, days: 3, source: ours, as_of: "2026-11-20", until: "2026-02-30"}\n',
            ["2:70 no-such-day: `duties.x-1.until` is `2026-02-30`, a day that does not exist"],
        ),
        (
            'duties:\n  x-1: {title: X, days: 3, source: ours, as_of: "2026-11-20", applies_from: "2026-02-01"}\n',
            ["2:8 missing-key: `duties.x-1` has `applies_from`, and lacks `applies_from_source`, which goes with it"],
        ),
        (
            "duties:\n  x-1: {title: X, days: 3}\n",
            [
                "2:3 missing-key: `duties.x-1` lacks `as_of`, which is required",
                "2:3 missing-key: `duties.x-1` lacks `source`, which is required",
            ],
        ),
        (
            f"regions:\n  {REGION.replace('DE', 'XX')}\n",
            ['2:28 unknown-name: `regions["aws:attic-1"].country` is `XX`, which is no row of `countries`'],
        ),
        (
            REGIME.replace("data: any", "mechanisms: [scc, sccs]\n    data: any"),
            ["4:23 unknown-name: `regimes.house-rules.mechanisms[1]` is `sccs`, which is no row of `transfers`"],
        ),
        (
            f"decoding:\n  x: {{title: X, aliases: [llguidance], runs_in: engine, constrains: true, {SOURCE}}}\n",
            ["2:27 ambiguous-name: `decoding.x.aliases[0]` is `llguidance`, a name that `guidance` has too"],
        ),
        (
            f"models:\n  x: {{{REPACK}, {SOURCE}}}\n",
            ["2:51 ambiguous-name: `models.x.repacks.phi4` is `phi4`, a name that `phi-4` has too"],
        ),
        (
            f"models:\n  x: {{base: phi-5, base_source: 'https://example.org/x', {REPACK}, {SOURCE}}}\n".replace(
                "phi4:", "x4:"
            ),
            ["2:13 unknown-name: `models.x.base` is `phi-5`, which is no row of `models`"],
        ),
    ],
)
def test_each_mistake_is_told_at_its_place(text: str, found: list[str], tmp_path: Path) -> None:
    assert mistakes(tmp_path / "rows.yaml", text) == found


def test_a_key_that_a_row_may_not_have_beside_another_is_told(tmp_path: Path) -> None:
    row = 'name: X, eu: true, eea: false, membership_source: "https://x.org/", source: "https://x.org/"'
    assert mistakes(tmp_path / "rows.yaml", f'countries:\n  XX: {{{row}, as_of: "2026-11-20"}}\n') == [
        "2:21 not-allowed: `countries.XX.eu` is `true`, and must be `false`",
        "2:58 contradiction: `countries.XX.membership_source` does not go with what stands beside it",
    ]


def test_a_key_with_a_source_of_its_own_is_no_unknown_key(tmp_path: Path) -> None:
    found = mistakes(tmp_path / "rows.yaml", "models:\n  x: {layers_source: 'https://x.org/', layrs: 3}\n")
    assert [line for line in found if "unknown-key" in line] == ["2:40 unknown-key: `models.x` has no key `layrs`"]


def test_a_mistake_in_a_row_ends_the_run_with_2(repository: Path, run: Callable[..., Ran]) -> None:
    (repository / "rules/rows.yaml").write_text("regmes: {}\n", encoding="utf-8")
    ran = run("check", "deploy.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "psfpolicy: the settings cannot be used\n"
        "  rules/rows.yaml:1:1: `regmes` is no table of the catalogue\n"
        "      hint: did you mean `regimes`?\n"
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("none.yaml", "`catalogue` is `none.yaml`, which cannot be read: No such file or directory"),
        ("rules", "`catalogue` is `rules`, which cannot be read: Is a directory"),
        (
            "/rows.yaml",
            "`catalogue` is `/rows.yaml`, an absolute path\n      hint: name the file relative to the settings",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told_at_the_settings(repository: Path, written: str, said: str) -> None:
    (repository / ".psfpolicy.yaml").write_text(f"catalogue: {written}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        settings_of(None)
    assert "\n".join(error.value.details) == f"  .psfpolicy.yaml:1:12: {said}"


def test_other_settings_cannot_put_other_rows_in_place_of_the_repositorys(repository: Path) -> None:
    (repository / "mine.yaml").write_text("catalogue: other.yaml\n", encoding="utf-8")
    (repository / "other.yaml").write_text("models: {}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        settings_of("mine.yaml")
    assert error.value.message == "`mine.yaml` names other rows of the catalogue than the repository's settings"


def test_the_rows_of_the_repository_hold_under_other_settings(repository: Path) -> None:
    (repository / "mine.yaml").write_text("jobs: 1\n", encoding="utf-8")
    assert settings_of("mine.yaml").rows == settings_of(None).rows


def test_a_descriptor_may_name_rows_of_the_user_and_the_report_records_them(
    repository: Path, run: Callable[..., Ran]
) -> None:
    ran = run("check", "--as-of", "2026-11-21", "--format", "json", "deploy.yaml")
    assert ran.code in {0, 1}
    found = json.loads(ran.out)
    assert found["unassessed"] == []
    assert found["catalogue"]["userRows"] == {
        "file": "rules/rows.yaml",
        "digest": "sha256:" + sha256((repository / "rules/rows.yaml").read_bytes()).hexdigest(),
        "rows": {"regimes": ["house-rules"], "regions": ["aws:attic-1"]},
    }
    assert found["catalogue"]["asOf"]["stale"] is False


def test_a_descriptor_may_name_a_region_of_the_user(repository: Path, run: Callable[..., Ran]) -> None:
    text = MINIMAL.replace("  serving:\n", '  serving:\n    location: {region: "aws:attic-1"}\n')
    (repository / "deploy.yaml").write_text(text, encoding="utf-8")
    assert json.loads(run("check", "--format", "json", "deploy.yaml").out)["unassessed"] == []


def test_without_the_rows_the_same_descriptor_is_not_valid(repository: Path, run: Callable[..., Ran]) -> None:
    (repository / ".psfpolicy.yaml").unlink()
    ran = run("check", "deploy.yaml")
    assert ran.code == 4
    assert "`spec.regimes[0]` is `house-rules`, which is not a regime of the catalogue" in ran.out


def test_a_report_warns_from_180_days_on(repository: Path, run: Callable[..., Ran]) -> None:
    rows = repository / "rules/rows.yaml"
    rows.write_text(REGIME.replace("2026-11-21", "2026-05-25"), encoding="utf-8")
    ran = run("check", "--as-of", "2026-11-21", "deploy.yaml")
    assert ran.out.splitlines()[-1] == (
        "the catalogue is 180 days old: its oldest row was read on 2026-05-25; "
        "update psfpolicy, or the rows of your own"
    )
    rows.write_text(REGIME.replace("2026-11-21", "2026-05-26"), encoding="utf-8")
    assert "the catalogue is" not in run("check", "--as-of", "2026-11-21", "deploy.yaml").out
