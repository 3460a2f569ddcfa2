from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.errors import UsageError
from psfpolicy.fleet import lines, reading
from psfpolicy.fleet.held import Opened
from psfpolicy.fleet.reading import opened, opened_file
from psfpolicy.model.report import Unassessed
from tests.unit.fleet.made import as_json, as_run, deployment, ndjson
from tests.unit.formats.reports import COMPARISON, GONE, PROBLEM, full, report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psfpolicy.fleet.held import Entry

FAILED = Unassessed(file="broken.yaml", problems=(PROBLEM,))
TWO = report(deployment("a"), deployment("b", "pass"), unassessed=(FAILED,))


class OneWay(BytesIO):
    """A pipe."""

    def seekable(self) -> bool:
        return False


def read(content: bytes) -> tuple[Opened, list[Entry]]:
    found = opened("r.json", BytesIO(content))
    assert isinstance(found, Opened)
    return found, list(found.entries())


def told(entries: list[Entry]) -> list[tuple[str, str]]:
    return [(entry.kind, entry.value.get("id") or entry.value.get("file", "")) for entry in entries]


def refused(content: bytes) -> str:
    with pytest.raises(UsageError) as error:
        read(content)
    assert error.value.hint
    return "\n".join((error.value.message, *error.value.details))


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    value = as_json(TWO)
    change(value)
    return json.dumps(value).encode()


@pytest.mark.parametrize("indent", [None, 2])
def test_a_report_is_known_by_its_content_however_it_is_broken_into_lines(indent: int | None) -> None:
    found, entries = read(json.dumps(as_json(TWO), indent=indent).encode())
    assert (found.kind, found.as_of, found.version, found.only_new) == ("report", "2026-11-21", "1.2.3", False)
    assert told(entries) == [
        ("unassessed", "broken.yaml"),
        ("assessment", "production/a"),
        ("assessment", "production/b"),
    ]


def test_a_report_that_compares_tells_what_is_gone() -> None:
    found, entries = read(json.dumps(as_json(full())).encode())
    assert found.only_new
    assert told(entries)[-1] == ("gone", GONE.id)


def test_a_report_of_before_what_is_served_was_told_is_read() -> None:
    _, entries = read(changed(lambda value: [item.pop("served") for item in value["assessments"]]))
    assert len(entries) == 3


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"apiVersion: psfpolicy/v1\n",
        b'{"apiVersion": "psfpolicy/v1", "kind": "LLMDeployment"}',
        b"{apiVersion: psfpolicy/v1, kind: LLMDeployment}\n",
        b"{ unclosed",
        b"[1, 2]",
    ],
)
def test_what_may_be_a_descriptor_is_given_back(content: bytes) -> None:
    found = opened("d.yaml", BytesIO(content))
    assert isinstance(found, bytes)
    assert content.startswith(found)


def test_json_that_is_neither_is_refused() -> None:
    assert refused(b'{"version": "2.1.0", "runs": []}') == "`r.json` is neither a report of psfpolicy nor a descriptor"


def test_another_version_of_the_schema_is_refused_by_name() -> None:
    assert "`psfpolicy/report/v2`" in refused(changed(lambda value: value.update(schema="psfpolicy/report/v2")))
    assert "`psfpolicy/run/v2`" in refused(b'{"schema": "psfpolicy/run/v2", "kind": "head"}\n')


@pytest.mark.parametrize("cut", [200, 2000, -2])
def test_a_truncated_report_says_where_it_breaks(cut: int) -> None:
    said = refused(json.dumps(as_json(TWO), indent=2).encode()[:cut])
    assert "it is truncated or damaged: line " in said


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (b"\xff", "it is not UTF-8"),
        (b"NaN", "NaN is no number of JSON"),
        (b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_no_report_holds_is_refused_with_its_reason(damage: bytes, says: str) -> None:
    assert says in refused(b'{"schema": "psfpolicy/report/v1", "x": ' + damage)


def test_a_shape_that_is_not_the_reports_is_refused_with_its_places() -> None:
    said = refused(changed(lambda value: value["assessments"][1]["gate"].update(verdict="green")))
    assert "`r.json` is not of the shape of `psfpolicy/report/v1`" in said
    assert "assessments.1.gate.verdict is `green`" in said
    many = refused(b'{"schema": "psfpolicy/report/v1"}')
    assert many.splitlines()[-1].startswith("  and ")


def test_the_hint_names_another_version_that_wrote_it() -> None:
    content = changed(lambda value: value.update(more=1))
    with pytest.raises(UsageError) as error:
        read(content)
    assert str(error.value.hint).startswith("psfpolicy 1.2.3 wrote it, and this is ")
    with pytest.raises(UsageError) as error:
        read(b'{"schema": "psfpolicy/report/v1", "tool": 7}')
    assert str(error.value.hint).startswith("psfpolicy ? wrote it")


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value["assessments"].pop(),
        lambda value: value["assessments"].append(value["assessments"][0]),
        lambda value: value["unassessed"].pop(),
        lambda value: value["assessments"][0]["gate"].update(verdict="pass"),
    ],
)
def test_a_report_that_does_not_hold_what_it_counts_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    assert "its summary says 2 descriptors and 1 files not assessed" in refused(changed(change))


@pytest.mark.parametrize("change", [{"asOf": "zzzz"}, {"generatedAt": "later"}, {"asOf": "٢٠٢٦-11-21"}])
def test_a_day_by_which_nothing_can_be_told_is_refused(change: dict[str, str]) -> None:
    assert "is no day" in refused(changed(lambda value: value.update(change)))


def test_a_report_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_REPORT", 1024 * 1024)
    assert refused(b'{"schema": "psfpolicy/report/v1"}'.ljust(1024 * 1024 + 1)) == "`r.json` has more than 1 MiB"


def test_a_file_is_read_again_for_what_follows_its_head(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(as_json(TWO)))
    found = opened_file(str(path), "r.json")
    assert found is not None
    assert len(list(found.entries())) == 3
    path.write_text(json.dumps(as_json(replace(TWO, as_of="2026-11-22"))))
    with pytest.raises(UsageError, match="written anew"):
        list(found.entries())
    path.write_text("gone: true\n")
    with pytest.raises(UsageError, match="written anew"):
        list(found.entries())
    path.unlink()
    with pytest.raises(UsageError, match="cannot be read"):
        list(found.entries())
    with pytest.raises(UsageError, match=r"`r\.json` cannot be read: No such file"):
        opened_file(str(path), "r.json")


def test_a_file_that_is_no_report_is_none(tmp_path: Path) -> None:
    (tmp_path / "d.yaml").write_text("kind: x\n")
    assert opened_file(str(tmp_path / "d.yaml"), "d.yaml") is None


def test_a_pipe_by_its_name_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"",))
    writer.start()
    with pytest.raises(UsageError, match="no file that can be read twice") as error:
        opened_file(str(path), "pipe")
    writer.join()
    assert error.value.hint == "give it on standard input, as `-`"


def test_the_lines_of_a_run_are_read_one_by_one() -> None:
    found, entries = read(ndjson(as_run(TWO)))
    assert (found.kind, found.as_of, found.policy) == ("run", "2026-11-21", TWO.policy.digest)
    assert told(entries) == [
        ("assessment", "production/a"),
        ("assessment", "production/b"),
        ("unassessed", "broken.yaml"),
    ]


def test_a_run_that_compares_tells_what_is_gone() -> None:
    compared = replace(TWO, comparison=replace(COMPARISON, vanished=(GONE,)))
    found, entries = read(ndjson(as_run(compared)))
    assert found.only_new
    assert ("gone", GONE.id) in told(entries)


WITHDRAWN = [{"id": "production/a", "file": "a.yaml", "line": 3}]


def without_a() -> list[dict[str, Any]]:
    found = as_run(TWO, withdrawn=WITHDRAWN)
    summary = found[-1]["summary"]
    found[-1]["summary"] = {**summary, "descriptors": 1, "verdicts": {"pass": 1}, "unassessed": 2}
    return found


def test_what_a_run_withdraws_at_its_end_does_not_count() -> None:
    _, entries = read(ndjson(without_a()))
    assert told(entries) == [
        ("assessment", "production/b"),
        ("unassessed", "broken.yaml"),
        ("unassessed", "a.yaml"),
    ]
    assert entries[-1].value["problems"][0]["code"] == "duplicate-identity"


def test_what_a_run_withdraws_is_found_however_long_its_last_line_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "_NEAR_END", 16)
    assert len(read(ndjson(without_a()))[1]) == 3
    monkeypatch.setattr(lines, "MAX_LINE", 64)
    assert "line 2 has more than 0 MiB" in refused(ndjson(without_a()))


def test_a_pipe_that_withdraws_is_refused_with_what_to_do() -> None:
    found = opened("<stdin>", OneWay(ndjson(without_a())))
    assert isinstance(found, Opened)
    with pytest.raises(UsageError, match="withdraws 1 of its assessments") as error:
        list(found.entries())
    assert "give it as a file" in str(error.value.hint)


def test_a_pipe_that_withdraws_nothing_is_read_as_it_comes() -> None:
    found = opened("<stdin>", OneWay(ndjson(as_run(TWO))))
    assert isinstance(found, Opened)
    assert len(list(found.entries())) == 3


def test_an_interrupted_run_says_how_much_is_missing() -> None:
    _, entries = read(ndjson(as_run(TWO, interrupted=True, remaining=7)))
    assert entries[-1] == ("interrupted", {"remaining": 7})
    for odd in ({"interrupted": None}, {"remaining": -1}, {"remaining": "7"}):
        assert read(ndjson(as_run(TWO, **odd)))[1][-1] == ("interrupted", {"remaining": 1})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda found: found[1:], "its first line is no head"),
        (lambda found: found[:-1], "it is truncated: no summary follows line 4"),
        (lambda found: found[:1], "it is truncated: no summary follows line 1"),
        (lambda found: [*found, found[1]], "something follows its summary, which is line 5"),
        (lambda found: [found[0], *found[2:]], "its summary says 2 descriptors"),
        (lambda found: [found[0], {**found[1], "kind": "head"}], "line 2 is neither about a file nor a summary"),
        (lambda found: [found[0], {**found[1], "assessments": {}}], "line 2 is neither about a file nor a summary"),
        (lambda found: [found[0], {**found[1], "schema": "psfpolicy/run/v2"}], "is of another version"),
        (lambda found: [found[0], {**found[1], "assessments": [7]}], "line 2, is not of the shape"),
        (lambda found: [found[0], {**found[1], "unassessed": 7}], "line 2, is not of the shape"),
        (lambda found: [*found[:-1], {**found[-1], "summary": None}], "line 5, is not of the shape"),
        (lambda found: [*found[:-1], {**found[-1], "withdrawn": None}], "which of its assessments it withdraws"),
        (lambda found: [*found[:-1], {**found[-1], "withdrawn": [7]}], "which of its assessments it withdraws"),
        (lambda found: [{**found[0], "tool": None}, *found[1:]], "its head does not say what wrote it"),
        (lambda found: [{**found[0], "asOf": 7}, *found[1:]], "its head does not say what wrote it"),
        (lambda found: [{**found[0], "comparison": {"vanished": 7}}, *found[1:]], "line 1, is not of the shape"),
    ],
)
def test_a_run_of_another_shape_is_refused(
    change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]], says: str
) -> None:
    assert says in refused(ndjson(change(as_run(TWO))))


@pytest.mark.parametrize("cut", [-3, -400])
def test_a_run_that_breaks_off_in_a_line_is_refused(cut: int) -> None:
    assert "is truncated" in refused(ndjson(as_run(TWO))[:cut])


def test_a_line_that_is_no_object_is_refused() -> None:
    assert "line 2 is truncated or damaged: it is no JSON object" in refused(ndjson(as_run(TWO)[:1]) + b"7\n")
