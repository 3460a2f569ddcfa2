"""`psfpolicy catalogue`: tables, rows, and one row with its sources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from psfpolicy import catalogue, resources
from psfpolicy.cli.catalogue import command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def with_rows(folder: Path) -> None:
    (folder / ".psfpolicy.yaml").write_text("catalogue: rows.yaml\n", encoding="utf-8")
    row = '{title: "Logs\\e[2J", days: 90, source: ours, as_of: "2026-11-21"}'
    (folder / "rows.yaml").write_text(f"duties:\n  house-logs: {row}\n", encoding="utf-8")


def test_without_a_table_the_tables_are_listed(run: Callable[..., Ran]) -> None:
    ran = run("catalogue")
    assert (ran.code, ran.err) == (0, "")
    head, *tables, total = ran.out.splitlines()
    assert head == "table           rows  oldest"
    assert [line.split()[0] for line in tables] == sorted(resources.tables())
    assert total == f"{len(tables)} tables, {sum(map(len, resources.tables().values()))} rows"


def test_the_tables_as_json_count_the_rows_of_the_user(repository: Path, run: Callable[..., Ran]) -> None:
    with_rows(repository)
    found = {item["table"]: item for item in json.loads(run("catalogue", "--format", "json").out)}
    assert found["duties"] == {"table": "duties", "rows": 2, "own": 1, "oldest": "2026-11-20"}
    assert found["regions"]["own"] == 0


def test_a_table_lists_its_rows_and_marks_those_of_the_user(repository: Path, run: Callable[..., Ran]) -> None:
    with_rows(repository)
    ran = run("catalogue", "duties")
    title = resources.catalogue("duties")["eu-ai-act-high-risk-logs"]["title"]
    assert ran.out == (
        f"eu-ai-act-high-risk-logs  2026-11-20  {title}\n"
        "house-logs                2026-11-21  Logs\\x1b[2J  your own\n"
        "2 rows\n"
    )


def test_a_table_as_json_is_its_rows(run: Callable[..., Ran]) -> None:
    assert json.loads(run("catalogue", "hosting", "--format", "json").out) == resources.catalogue("hosting")


def test_a_row_is_shown_with_its_sources(run: Callable[..., Ran]) -> None:
    assert run("catalogue", "countries", "GB").out == (
        "GB: Britain (UK)\n"
        "\n"
        "  adequate.scope  general\n"
        "  adequate.since  2025-12-19\n"
        "  adequate.until  2031-12-27\n"
        "  eea             no\n"
        "  eu              no\n"
        "\n"
        "Sources, read 2026-11-20\n"
        "  the row: https://data.iana.org/time-zones/tzdb/iso3166.tab\n"
        "  adequate: https://www.dpocentre.com/news/eu-renews-uk-personal-data-adequacy-decisions\n"
    )


def test_a_row_is_found_by_its_alias(run: Callable[..., Ran]) -> None:
    found = json.loads(run("catalogue", "models", "meta-llama/Llama-3.1-70B-Instruct", "--format", "json").out)
    assert (found["table"], found["id"], found["own"]) == ("models", "llama-3.1-70b", False)
    assert found["row"] == resources.catalogue("models")["llama-3.1-70b"]


@pytest.mark.parametrize(
    ("table", "name", "id_"),
    [
        ("models", "MistralAI/codestral-22b-v0.1", "codestral-22b"),
        ("models", "leon-se/gemma-3-12b-it-FP8-Dynamic", "gemma-3-12b"),
        ("licences", "MIT", "mit"),
        ("accelerators", "NVIDIA-H100-80GB-HBM3", "nvidia-h100-80gb"),
    ],
)
def test_a_row_is_found_whatever_the_capitals_and_by_its_repacks(
    table: str, name: str, id_: str, run: Callable[..., Ran]
) -> None:
    assert json.loads(run("catalogue", table, name, "--format", "json").out)["id"] == id_


@pytest.mark.parametrize("name", ["Codestral", "mistralai/Codestral-22B-v0.1-AWQ", "gemma-3-12b-it", "CODESTRAL-22B "])
def test_a_part_of_a_name_finds_nothing(name: str) -> None:
    assert catalogue.resolved("models", name) is None


def test_sentences_of_a_row_stand_apart(run: Callable[..., Ran]) -> None:
    lines = run("catalogue", "licences", "deepseek-1.0").out.splitlines()
    (duties,) = [line for line in lines if line.startswith("  duties ")]
    assert duties.split(maxsplit=1)[1] == (
        "Bind users to the use restrictions of Attachment A and tell them so; "
        "Pass on the licence and mark changed files; "
        "No generation of personal data without authorisation, and no use that discriminates"
    )


def test_a_row_of_the_user_says_that_it_is_one(repository: Path, run: Callable[..., Ran]) -> None:
    with_rows(repository)
    assert run("catalogue", "duties", "house-logs").out == (
        "house-logs: Logs\\x1b[2J (a row of your own)\n\n  days  90\n\nSources, read 2026-11-21\n  the row: ours\n"
    )


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["modls"], "unknown table `modls`", "did you mean `models`?"),
        (["gdpr"], "unknown table `gdpr`, which is a row", "did you mean `psfpolicy catalogue regimes gdpr`?"),
        (["models", "llama-3.1-70B-x"], "`models` has no row `llama-3.1-70B-x`", "did you mean `llama-3.1-70b`?"),
        (["MIT"], "unknown table `MIT`, which is a row", "did you mean `psfpolicy catalogue licences MIT`?"),
        (["duties", "zzz"], "`duties` has no row `zzz`", "`psfpolicy catalogue duties` lists them"),
        (["duties", ""], "`duties` has no row ``", "`psfpolicy catalogue duties` lists them"),
    ],
)
def test_an_unknown_name_says_what_was_probably_meant(
    words: list[str], message: str, hint: str, run: Callable[..., Ran]
) -> None:
    ran = run("catalogue", *words)
    assert (ran.code, ran.out, ran.err) == (2, "", f"psfpolicy: {message}\nhint: {hint}\n")


def test_every_row_of_every_table_names_a_source() -> None:
    rows = [(table, id_, row) for table, rows in resources.tables().items() for id_, row in rows.items()]
    assert [(table, id_) for table, id_, row in rows if not catalogue.sources(row)] == []


def test_no_row_shows_an_address_among_its_facts() -> None:
    shown = [
        (table, id_, key)
        for table, rows in resources.tables().items()
        for id_, row in rows.items()
        for key, text in catalogue.facts(row)
        if text.startswith("https://")
    ]
    assert shown == []


def test_the_shell_completes_tables() -> None:
    (table, *_) = command.params
    assert [item.value for item in table.type.shell_complete(None, table, "reg")] == ["regimes", "regions"]  # type: ignore[arg-type]
