"""Every format renders every report, and nothing in a report acts on whatever shows it."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psfpolicy.formats import format_named, format_names
from psfpolicy.formats.base import Style
from psfpolicy.model.record import jsonable
from psfpolicy.model.report import Position, Report

ROOT = Path(__file__).parents[2]
SCHEMA = jsonschema.Draft202012Validator(json.loads((ROOT / "schemas/report-v1.schema.json").read_text()))

# What acts somewhere, besides what hypothesis finds by itself.
HOSTILE = (
    "\x1b[2J",
    "\x9b31m",
    "\u202e",
    "\u2028",
    "\r\n",
    "::error::",
    "##[error]",
    "##vso[x]",
    "\ud800",
    "\U000e0041",
    "\0",
)
TEXTS = st.lists(st.sampled_from(HOSTILE) | st.text(st.characters(), max_size=8), max_size=3).map("".join)
STYLES = st.builds(
    Style,
    unicode=st.booleans(),
    quiet=st.booleans(),
    verbose=st.booleans(),
    suppressed=st.booleans(),
    id=TEXTS,
    link=TEXTS,
    folder=TEXTS,
)


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Give values of the type of an attribute of a report."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in {Union, UnionType}:
        return st.one_of([values(argument) for argument in arguments])
    if origin is dict:
        return st.dictionaries(values(arguments[0]), values(arguments[1]), max_size=2)
    if origin is not None:  # a tuple or a sequence of any length
        return st.lists(values(arguments[0]), max_size=2).map(tuple)
    scalars = {str: TEXTS, int: st.integers(1, 400), bool: st.booleans(), NoneType: st.none()}
    return scalars[kind] if kind in scalars else records(kind)


def records(kind: type) -> st.SearchStrategy[Any]:
    """Give records of a report; a place is used at most at one other."""
    hints = get_type_hints(kind)
    if kind is Position:
        del hints["used_at"]
    return st.builds(kind, **{name: values(hint) for name, hint in hints.items()})


REPORTS = records(Report)


def acts(text: str) -> list[str]:
    """Give the characters of a text, line breaks left out, that are not for reading."""
    return [c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}]


@pytest.mark.parametrize("name", format_names())
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(report=REPORTS, style=STYLES)
def test_every_format_renders_every_report_and_nothing_in_it_acts(name: str, report: Report, style: Style) -> None:
    text = "".join(format_named(name).render(report, style))
    assert acts(text) == []
    assert re.findall(r"##\[|##vso\[", text, re.IGNORECASE) == []
    commands = re.findall(r"^[^\S\n]*::\w+[ :].*", text, re.MULTILINE)
    # A format of workflow commands has those that it writes: each with a place, ten at most.
    assert [
        line for line in commands if not re.match(r"::(?:error|warning|notice) file=[^:]*,title=[^:,]*::", line)
    ] == []
    assert len(commands) <= (10 if name == "github" else 0)
    assert text.endswith("\n") or not text


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(report=REPORTS, style=STYLES)
def test_json_is_ascii_of_its_schema_and_says_what_the_report_says(report: Report, style: Style) -> None:
    text = "".join(format_named("json").render(report, style))
    assert text.isascii()
    found = json.loads(text)
    SCHEMA.validate(found)
    assert found == json.loads(json.dumps(jsonable(report)))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(report=REPORTS)
def test_colour_adds_escapes_and_changes_nothing_else(report: Report) -> None:
    plain = "".join(format_named("text").render(report, Style()))
    coloured = "".join(format_named("text").render(report, Style(color=True)))
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain
