"""What holds for every format, known by existing: it renders every report, the same each time, and nothing acts."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import unicodedata
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from psfpolicy.errors import UsageError
from psfpolicy.formats import format_named, format_names
from psfpolicy.formats.base import Style
from psfpolicy.model.report import Report, Unassessed
from tests.unit.formats.reports import BROKEN, COMPARISON, HOSTILE, PASS, PROBLEM, assessment, full, hostile, report

VENDORED = Path(__file__).parent / "vendored"
SARIF = jsonschema_rs.Draft4Validator(json.loads((VENDORED / "sarif-schema-2.1.0.json").read_text()))
STYLE = Style(id="eu", link="https://git.example/o/r/blob/abc", folder="infra")

REPORTS = {
    "empty": report(),
    "clean": report(assessment(PASS, verdict="pass")),
    "unchanged": report(comparison=replace(COMPARISON, changes={}, policy_changes=(), unread=(), ignored=())),
    "full": full(),
    "undecided": report(assessment(BROKEN, verdict="undecided")),
    "inapplicable": report(assessment(verdict="undecided")),
    "unassessed": report(unassessed=(Unassessed(file="broken.yaml", problems=(PROBLEM,)),)),
    **{f"hostile {number}": hostile(text) for number, text in enumerate(HOSTILE)},
}


def rendered(name: str, shown: Report, style: Style = STYLE) -> str:
    return "".join(format_named(name).render(shown, style))


def test_the_formats_are_the_modules() -> None:
    assert format_names() == (
        "comment",
        "csv",
        "decisions",
        "github",
        "gitlab",
        "json",
        "junit",
        "markdown",
        "ndjson",
        "sarif",
        "text",
    )


def test_what_formats_share_is_no_format() -> None:
    with pytest.raises(UsageError, match="unknown format `_items`"):
        format_named("_items")


@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.parametrize("name", format_names())
def test_every_format_renders_every_report_the_same_each_time(name: str, kind: str) -> None:
    text = rendered(name, REPORTS[kind])
    assert text == rendered(name, REPORTS[kind])
    assert text.endswith("\n") or not text
    text.encode()


@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.parametrize("name", format_names())
def test_no_character_acts_on_a_terminal_and_no_line_on_a_build_log(name: str, kind: str) -> None:
    text = rendered(name, REPORTS[kind])
    assert {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}} <= {"\n"}
    assert re.findall(r"##\[|##vso\[", text, re.IGNORECASE) == []
    commands = re.findall(r"^\s*::.*", text, re.MULTILINE)
    ours = r"::(?:error|warning|notice) file=[^:,]*,line=\d+,endLine=\d+(?:,col=\d+,endColumn=\d+)?,title=[^:,]*::.*"
    assert [command for command in commands if name != "github" or not re.fullmatch(ours, command)] == []


@pytest.mark.parametrize("kind", REPORTS)
def test_sarif_is_what_the_official_schema_describes(kind: str) -> None:
    text = rendered("sarif", REPORTS[kind])
    assert text.isascii()
    SARIF.validate(json.loads(text))


def test_the_vendored_schemas_are_the_ones_that_their_table_names() -> None:
    table = (VENDORED / "README.md").read_text()
    listed = dict(re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", table, re.MULTILINE))
    files = {path.name: path for path in VENDORED.iterdir() if path.name != "README.md"}
    assert listed == {name: sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


# What `junit-10.xsd` lets stand where; read from the schema itself.
XSD = ET.parse(VENDORED / "junit-10.xsd").getroot()  # noqa: S314  # a file of ours
XS = "{http://www.w3.org/2001/XMLSchema}"


def allowed(element: str) -> tuple[set[str], set[str], set[str]]:
    """Give the children, the attributes, and the attributes that must be there, of an element of JUnit."""
    declared = next(item for item in XSD if item.tag == f"{XS}element" and item.get("name") == element)
    attributes = declared.findall(f".//{XS}attribute")
    names = {str(item.get("name")) for item in attributes}
    required = {str(item.get("name")) for item in attributes if item.get("use") == "required"}
    return {str(item.get("ref")) for item in declared.findall(f".//{XS}element")}, names, required


@pytest.mark.parametrize("kind", REPORTS)
def test_junit_is_what_jenkins_accepts(kind: str) -> None:
    root = ET.fromstring(rendered("junit", REPORTS[kind]))  # noqa: S314  # no entity but the five can stand in it
    assert root.tag == "testsuites"
    for element in root.iter():
        children, attributes, required = allowed(element.tag)
        assert {child.tag for child in element} <= children
        assert required <= set(element.attrib) <= attributes
    for suite in root:
        found = [[item.tag for item in case] for case in suite]
        assert suite.get("tests") == str(len(found))
        counts = {"failures": "failure", "errors": "error", "skipped": "skipped"}
        assert {what: suite.get(what) for what in counts} == {
            what: str(found.count([tag])) for what, tag in counts.items()
        }


@pytest.mark.parametrize("kind", REPORTS)
def test_gitlab_gets_what_its_report_asks_for(kind: str) -> None:
    text = rendered("gitlab", REPORTS[kind])
    assert text.isascii()
    for issue in json.loads(text):
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"blocker", "critical", "major", "minor", "info"}
        assert set(issue["location"]) == {"path", "lines"}
        assert not issue["location"]["path"].startswith(("/", "./"))


@pytest.mark.parametrize("kind", REPORTS)
def test_no_cell_of_csv_is_a_formula(kind: str) -> None:
    text = rendered("csv", REPORTS[kind])
    rows = list(csv.reader(io.StringIO(text)))
    assert {len(row) for row in rows} == {15}
    for separator in (",", ";", "\t"):
        cells = [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]
        assert [cell for cell in cells if re.match(r"[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]", cell)] == []


def outside_code(text: str) -> str:
    """Give what of Markdown is in no code span, as CommonMark 6.1 finds them; no block of ours spans lines."""
    found = []
    for line in text.split("\n"):
        rest = line
        while opening := re.search("`+", rest):
            closing = re.search(rf"(?<!`){opening[0]}(?!`)", rest[opening.end() :])
            assert closing, line
            found.append(rest[: opening.start()])
            rest = rest[opening.end() + closing.end() :]
        found.append(rest + "\n")
    return "".join(found)


@pytest.mark.parametrize("kind", REPORTS)
@pytest.mark.parametrize("name", ["markdown", "comment"])
def test_markdown_keeps_every_text_of_a_user_in_inline_code(name: str, kind: str) -> None:
    text = outside_code(rendered(name, REPORTS[kind]))
    assert text.startswith("<!-- psfpolicy eu -->\n## psfpolicy: ")
    plain = re.sub(
        r"\]\(https://git\.example/o/r/blob/abc/[\w./%~-]+#L\d+(?:-L\d+)?\)|<br>", "", text.partition("\n")[2]
    )
    plain = re.sub(r"(?:\d+|none) -> (?:\d+|none)|\(a date in it has aged\)", "", plain)
    assert re.findall(r"[<>@$~\\{}()]|https?:|&\w+;|<script|alert|evil|pwned|cmd", plain) == []
    assert [row for row in plain.split("\n") if row.startswith("|") and not row.endswith("|")] == []


def test_a_bar_in_a_table_ends_no_cell() -> None:
    rows = [line for line in rendered("markdown", hostile("a \\| b | c")).split("\n") if line.startswith("|")]
    assert {row.count("|") for row in rows} == {6}


@pytest.mark.parametrize("kind", REPORTS)
def test_nothing_undecided_is_green(kind: str) -> None:
    shown = REPORTS[kind]
    bad = bool(shown.unassessed) or any(item.gate.verdict == "undecided" for item in shown.assessments)
    invocation: dict[str, Any] = json.loads(rendered("sarif", shown))["runs"][0]["invocations"][0]
    assert invocation["executionSuccessful"] is not bad
    assert bool(invocation["toolExecutionNotifications"]) is bad
    decided = [json.loads(line) for line in rendered("decisions", shown).splitlines()]
    verdicts = [event["result"]["gate"]["verdict"] if "result" in event else "error" for event in decided]
    assert bool({"error", "undecided"} & set(verdicts)) is bad
    assert ("<error" in rendered("junit", shown)) is bad
    assert ("not everything could be assessed" in rendered("markdown", shown)) is bad


def test_a_text_of_a_user_can_be_read_in_each_format() -> None:
    shown = hostile("<b>bold</b> & more")
    assert "<b>bold</b> & more" in rendered("markdown", shown)
    assert "<b>bold</b> & more" in rendered("text", shown)
    assert html.escape("<b>bold</b> & more") in rendered("junit", shown)
    assert "<b>bold</b> & more" in rendered("sarif", shown)
    assert "<b>bold</b> & more" in rendered("csv", shown)
    assert "<b>bold</b> & more" in rendered("github", shown)


@pytest.mark.parametrize("name", ["csv", "gitlab", "github"])
def test_a_descriptor_that_no_control_applies_to_has_an_entry_of_its_own(name: str) -> None:
    assert "no verdict: no control applies" in rendered(name, REPORTS["inapplicable"])
    assert "no verdict" not in rendered(name, REPORTS["undecided"])
