"""Real manifests, each held against what a reviewer found in it: see README.md beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from psfpolicy.errors import DocumentError
from psfpolicy.evidence.gathering import Globs, gather
from psfpolicy.model.place import Place, Region
from psfpolicy.schema.parts import fits, has_key, worded_item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue
    from tests.conftest import Ran

CORPUS = Path(__file__).parent
TABLES = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((CORPUS / "expected").iterdir())]
SOURCES = yaml.safe_load((CORPUS / "SOURCES.yaml").read_text(encoding="utf-8"))
READABLE = [table for table in TABLES if "error" not in table]
BROKEN = [table for table in TABLES if "error" in table]
DESCRIPTOR: JsonValue = {"spec": {"model": {"id": "none/such"}}}
SERVED = {("spec", "model"), ("spec", "serving")}
NOWHERE = Place("deploy.yaml", Region(1, 1, 1, 1))


def found(*names: str, folder: Path = CORPUS) -> list[Fact]:
    """Give the facts of files that are read together."""
    globs = Globs(patterns=tuple((name, NOWHERE) for name in names), folder=str(folder), root=str(folder))
    return [item.fact for item in gather(DESCRIPTOR, [globs], lambda path: Path(path).name).facts]


def leaves(fact: Fact) -> Iterator[tuple[str, JsonValue]]:
    """Give the paths of a fact with what it says there: its own, and of a map that is no item those of its keys."""
    path = ".".join(map(str, fact.path))
    yield path, fact.value
    if isinstance(fact.value, dict) and not fact.item:
        yield from ((f"{path}.{key}", inner) for key, inner in fact.value.items())


def covers(row: dict[str, Any], value: JsonValue) -> bool:
    """Say whether a value is that of a row: a map is a part of it, a word is in its list."""
    if "value" not in row:
        return True
    if isinstance(value, list) and not isinstance(row["value"], list):
        return row["value"] in value
    return part(row["value"], value)


def part(wanted: object, value: object) -> bool:
    if isinstance(wanted, dict) and isinstance(value, dict):
        return all(key in value and part(inner, value[key]) for key, inner in wanted.items())
    if isinstance(wanted, list) and isinstance(value, list):
        return all(item in value for item in wanted)
    return wanted == value and isinstance(wanted, bool) == isinstance(value, bool)


def words(value: str | list[str] | None) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else value


def lines(value: int | str | list[int]) -> list[int]:
    if isinstance(value, int):
        return [value]
    if isinstance(value, list):
        return value
    first, last = value.split("-")
    return list(range(int(first), int(last) + 1))


def met(row: dict[str, Any], fact: Fact) -> bool:
    """Say whether a fact is what a row of `facts` asks for."""
    certainties = words(row.get("certainty")) or ["certain", "inferred", "inconclusive"]
    return (
        fact.certainty in certainties
        and ("line" not in row or fact.place.region.start_line in lines(row["line"]))
        and any(
            path in words(row["path"]) and (fact.certainty == "inconclusive" or covers(row, value))
            for path, value in leaves(fact)
        )
    )


def forbidden(row: dict[str, Any], fact: Fact) -> bool:
    """Say whether a fact is what a row of `never` forbids."""
    certainties = words(row.get("certainty")) or ["certain", "inferred"]
    return fact.certainty in certainties and any(
        f"{path}.".startswith(f"{row['path']}.") and covers(row, value) for path, value in leaves(fact)
    )


def missing(table: dict[str, Any], facts: list[Fact]) -> Iterator[str]:
    """Say each row of `facts` that no fact meets, with what there is instead."""
    for row in table.get("facts", []):
        if not any(met(row, fact) for fact in facts):
            near = [shown(fact) for fact in facts if ".".join(map(str, fact.path)) in words(row["path"])]
            yield f"{row}; there is {near}"


def shown(fact: Fact) -> str:
    where = fact.place.region
    return (
        f"{fact.certainty} {fact.value!r} at {where.start_line}:{where.start_column} by {fact.reader} ({fact.reason})"
    )


def of(table: dict[str, Any]) -> str:
    return str(table["file"])


@pytest.mark.parametrize("table", READABLE, ids=of)
def test_what_a_reviewer_found_comes_out(table: dict[str, Any], request: pytest.FixtureRequest) -> None:
    if table.get("pending"):
        request.applymarker(pytest.mark.xfail(reason="a reader of it is not there yet", raises=AssertionError))
    assert list(missing(table, found(table["file"]))) == []


@pytest.mark.parametrize("table", [table for table in READABLE if not table.get("pending")], ids=of)
def test_no_other_reader_takes_a_file_for_its_own(table: dict[str, Any]) -> None:
    assert {fact.reader for fact in found(table["file"])} <= set(table["readers"])


@pytest.mark.parametrize("table", READABLE, ids=of)
def test_what_a_reviewer_excluded_does_not_come_out(table: dict[str, Any]) -> None:
    facts = found(table["file"])
    assert [(row, shown(fact)) for row in table.get("never", []) for fact in facts if forbidden(row, fact)] == []


@pytest.mark.parametrize("table", [table for table in READABLE if table.get("serves")], ids=of)
def test_a_file_that_serves_a_model_is_not_silent(table: dict[str, Any]) -> None:
    sections = {fact.path[:2] for fact in found(table["file"])}
    if table.get("pending") and not sections & SERVED:
        pytest.xfail("a reader of it is not there yet")
    assert sections & SERVED


@pytest.mark.parametrize("table", BROKEN, ids=of)
def test_a_file_that_is_broken_is_an_error_at_its_line(table: dict[str, Any]) -> None:
    with pytest.raises(DocumentError) as caught:
        found(table["file"])
    assert [(item.place.file, item.place.region.start_line) for item in caught.value.diagnostics] == [
        (table["file"], table["error"])
    ]


def test_a_broken_file_stops_a_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]) -> None:
    (table,) = BROKEN
    (tmp_path / ".git").mkdir()
    (tmp_path / table["file"]).write_bytes((CORPUS / table["file"]).read_bytes())
    (tmp_path / "deploy.yaml").write_text(
        "apiVersion: psfpolicy/v1\nkind: LLMDeployment\nmetadata: {name: a, environment: production}\n"
        "spec: {purpose: {summary: a}, model: {id: a/b}, serving: {hosting: on-prem},"
        f" evidence: [{table['file']}]}}\n"
    )
    monkeypatch.chdir(tmp_path)
    ran = run("check", "deploy.yaml")
    assert ran.code == 4
    assert f"{table['file']}:{table['error']}:" in ran.out


def test_the_order_of_the_files_changes_no_fact(tmp_path: Path) -> None:
    names = [table["file"] for table in READABLE]
    forward, backward = tmp_path / "forward", tmp_path / "backward"
    given: list[set[str]] = []
    for folder, numbers in ((forward, range(len(names))), (backward, range(len(names) - 1, -1, -1))):
        folder.mkdir()
        for number, name in zip(numbers, names, strict=True):
            (folder / f"{number:02}-{name}").write_bytes((CORPUS / name).read_bytes())
        given.append(
            {f"{fact.place.file[3:]} {fact.path} {fact.workload} {shown(fact)}" for fact in found("*", folder=folder)}
        )
    assert given[0] == given[1]


def test_every_file_has_a_source_a_licence_and_a_table() -> None:
    files = {path.name for path in CORPUS.iterdir() if path.suffix in {".yaml", ".tf", ".json"}} - {"SOURCES.yaml"}
    assert len(files) == 90
    assert sorted(files) == [row["file"] for row in SOURCES] == sorted(table["file"] for table in TABLES)
    texts = {path.name for path in (CORPUS / "LICENSES").iterdir()}
    assert all(any(text.startswith(row["licence"]) for text in texts) for row in SOURCES)


def test_every_row_of_the_tables_says_what_it_may_say() -> None:
    for table in TABLES:
        assert set(table) <= {"file", "readers", "pending", "serves", "error", "facts", "never", "note"}, of(table)
        assert all(set(row) <= {"path", "value", "line", "certainty"} for row in table.get("facts", [])), of(table)
        assert all(set(row) <= {"path", "value", "certainty", "why"} for row in table.get("never", [])), of(table)
        length = len((CORPUS / table["file"]).read_text(encoding="utf-8").splitlines())
        for row in (*table.get("facts", []), *table.get("never", [])):
            assert max(lines(row.get("line", 1))) <= length, (of(table), row)
            for path in words(row["path"]):
                steps = tuple(path.split("."))
                wanted = row.get("value")
                assert has_key(steps), (of(table), row)
                assert wanted is None or fits(steps, wanted) or worded_item(steps, wanted) == wanted, (of(table), row)
