"""Lines of a run, records read back from JSON, rows of targets, and what is kept of assessments."""

from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from psfpolicy.cli.output import Output
from psfpolicy.cli.streams import Streams
from psfpolicy.errors import ReportError
from psfpolicy.formats import ndjson
from psfpolicy.formats.base import Style
from psfpolicy.model.record import jsonable, recorded
from psfpolicy.model.report import Assessment, Report
from psfpolicy.packed import Packed, packed
from psfpolicy.targets import STDIN, STDIN_NAME, Row, Target
from tests.unit.formats.reports import FAIL, PASS, assessment, full, hostile

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
SCHEMA = jsonschema_rs.Draft202012Validator(json.loads((ROOT / "schemas/run-v1.schema.json").read_text()))


@pytest.mark.parametrize("shown", [full(), hostile("##[error] \x1b[2J\u2028")])
def test_lines_of_a_report_hold_all_of_it_and_are_what_the_schema_describes(shown: Report) -> None:
    found = [json.loads(line) for line in ndjson.render(shown, Style())]
    for line in found:
        SCHEMA.validate(line)
    head, *files, summary = found
    whole: Any = json.loads(json.dumps(jsonable(shown)))
    assert [item for line in files for item in line["assessments"]] == whole["assessments"]
    problems = [problem for line in files if line["unassessed"] for problem in line["unassessed"]["problems"]]
    assert problems == [problem for item in whole["unassessed"] for problem in item["problems"]]
    told = [item for line in (*files, summary) for item in line["inputs"]]
    assert sorted(told, key=str) == sorted(whole["inputs"], key=str)
    assert (head["comparison"], summary["exitCode"], summary["waivers"]) == (
        whole["comparison"],
        whole["exitCode"],
        whole["waivers"],
    )


def test_problems_of_one_file_stand_on_one_line() -> None:
    shown = full()
    (failed, *_) = shown.unassessed
    *_, line, _ = ndjson.render(replace(shown, assessments=(), unassessed=(failed, failed)), Style())
    assert len(json.loads(line)["unassessed"]["problems"]) == 2 * len(failed.problems)


def test_a_record_is_read_back_from_its_json() -> None:
    for item in full().assessments:
        assert recorded(Assessment, json.loads(json.dumps(jsonable(item)))) == item


def target(path: str, **how: bool) -> Target:
    name = STDIN_NAME if path == STDIN else path
    return Target(path, name, named=how.get("named", False), stream=how.get("stream", False))


def test_a_row_has_every_target_in_the_order_of_the_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = [target("b/a.yaml"), target("b.yaml", named=True), target("a b.yaml"), target("a"), target("ä.yaml")]
    row = Row(found)
    assert list(row) == sorted(found, key=lambda item: item.name)
    assert (len(row), row[-1], row[1:3], row.streams) == (5, target("ä.yaml"), (row[1], row[2]), False)
    odd = os.fsdecode(b"\xff.yaml")
    other = Row([target(STDIN, named=True, stream=True), Target(odd, "\\xff.yaml", named=True, stream=False)])
    assert [(item.path, item.name, item.stream) for item in other] == [
        (STDIN, STDIN_NAME, True),
        (odd, "\\xff.yaml", False),
    ]
    assert other.streams
    assert list(Row([])) == []
    with pytest.raises(IndexError):
        Row([])[0]


def test_a_row_of_very_many_has_each_wherever_it_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = [target(f"fleet/{number:04}/deploy.yaml", named=number % 3 == 0) for number in range(1000)]
    row = Row(reversed(found))
    assert list(row) == found
    assert [row[number] for number in (999, 0, 63, 64, 63, -937)] == [found[n] for n in (999, 0, 63, 64, 63, 63)]
    assert row[60:70] == tuple(found[60:70])
    with pytest.raises(IndexError):
        row[1000]


def test_packed_assessments_come_back_though_some_are_left_out() -> None:
    items = [replace(assessment(PASS, FAIL), id=f"production/{number}") for number in range(300)]
    kept = Packed(list(map(packed, items)))
    assert list(kept) == items
    kept.append(packed(items[0]))
    left = kept.without({1, 300})
    assert len(left) == 299
    assert (left[0], left[1], left[-1], left[1:3]) == (items[0], items[2], items[299], (items[2], items[3]))


def test_where_nothing_can_be_kept_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Packed()

    def full_disk(_data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(kept._file, "write", full_disk, raising=False)
    with pytest.raises(ReportError, match="cannot keep what was assessed: No space left on device") as error:
        kept.append(b"x")
    assert "TMPDIR" in str(error.value.hint)


@pytest.fixture
def streams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Streams]:
    monkeypatch.chdir(tmp_path)
    return lambda target, resume=None: Streams([Output("ndjson", target)], resume)


def test_a_file_that_cannot_be_renamed_is_left_aside(streams: Callable[..., Streams], tmp_path: Path) -> None:
    found = streams("run.ndjson")
    found.write("{}\n")
    (tmp_path / "run.ndjson").mkdir()
    (tmp_path / "run.ndjson/x").touch()
    with pytest.raises(ReportError, match=r"`run\.ndjson` could not be written") as error:
        found.finish()
    assert error.value.hint == "what was assessed so far is in run.ndjson.part; `--resume` goes on with it"


def test_what_a_killed_run_left_is_removed_once_another_has_gone_on_with_it(
    streams: Callable[..., Streams], tmp_path: Path
) -> None:
    (tmp_path / "run.ndjson.part").write_text("left\n")
    found = streams("run.ndjson", "run.ndjson.part")
    found.write("whole\n")
    assert (tmp_path / "run.ndjson.part").read_text() == "left\n"
    found.finish()
    assert [path.name for path in tmp_path.iterdir()] == ["run.ndjson"]
    assert (tmp_path / "run.ndjson").read_text() == "whole\n"
