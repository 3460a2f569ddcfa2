"""Each kind of mistake in a file, and the whole of what is said about it; the tables are in `mistakes/`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from psfpolicy import source
from psfpolicy.errors import DocumentError, NotAssessedError
from psfpolicy.source import read
from psfpolicy.source import yaml as source_yaml
from psfpolicy.source.mistakes import MAX_MISTAKES

if TYPE_CHECKING:
    from collections.abc import Callable

    Found = Callable[[str | bytes, str], list[dict[str, str | None]]]


def _cases(table: str) -> list[Any]:
    path = Path(__file__).parent / "mistakes" / table
    cases = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [pytest.param(case["content"], case["mistakes"], id=name) for name, case in cases.items()]


@pytest.mark.parametrize(("content", "expected"), _cases("yaml.yaml"))
def test_mistake_in_yaml_is_said_in_full_at_its_place(
    content: str, expected: list[dict[str, str]], mistakes: Found
) -> None:
    assert mistakes(content, "d.yaml") == expected


@pytest.mark.parametrize(("content", "expected"), _cases("json.yaml"))
def test_mistake_in_json_is_said_in_full_at_its_place(
    content: str, expected: list[dict[str, str]], mistakes: Found
) -> None:
    assert mistakes(content, "d.json") == expected


@pytest.mark.parametrize(("content", "expected"), _cases("bytes.yaml"))
@pytest.mark.parametrize("file", ["d.yaml", "d.json", "<stdin>"])
def test_file_that_is_no_text_is_refused_at_the_byte_whatever_its_name(
    content: str | bytes, expected: list[dict[str, str]], file: str, mistakes: Found
) -> None:
    assert mistakes(content, file) == expected


def test_large_file_says_the_mistakes_before_its_syntax_error_too(
    monkeypatch: pytest.MonkeyPatch, mistakes: Found
) -> None:
    monkeypatch.setattr(source_yaml, "SURELY_SMALL", 0)
    found = mistakes("a: 1\na: 2\nb: '\n", "d.yaml")
    assert [mistake["code"] for mistake in found] == ["duplicate-key", "unclosed-quote"]


@pytest.mark.parametrize("number", ["1" * 4301, "-" + "9" * 4301, "0" * 4301, "0x" + "f" * 3572, "0o" + "7" * 4762])
def test_number_that_python_would_not_print_is_refused(number: str, mistakes: Found) -> None:
    assert mistakes(f"a: {number}", "d.yaml") == [
        {
            "at": f"1:4-1:{4 + len(number)}",
            "code": "number-too-long",
            "message": "a number has more than 4,300 digits",
            "hint": "write a shorter number, or a string in quotes",
        }
    ]


def test_number_of_json_that_python_would_not_print_is_refused(mistakes: Found) -> None:
    assert [mistake["code"] for mistake in mistakes("[" + "1" * 4301 + "]", "d.json")] == ["number-too-long"]


def test_number_that_a_stricter_interpreter_would_not_print_is_refused(
    mistakes: Found, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(partial(sys.set_int_max_str_digits, sys.get_int_max_str_digits()))
    sys.set_int_max_str_digits(640)
    assert [mistake["code"] for mistake in mistakes("a: " + "1" * 641, "d.yaml")] == ["number-too-long"]


def test_message_counts_the_mistakes_and_names_the_file() -> None:
    with pytest.raises(DocumentError, match=r"^deploy\.yaml cannot be read: 2 mistakes$"):
        read(b"a: 1\na: 2\na: 3", file="deploy.yaml")
    with pytest.raises(DocumentError, match=r"^deploy\.yaml cannot be read: one mistake$"):
        read(b"a: 1\na: 2", file="deploy.yaml")


def test_collecting_ends_after_a_thousand_mistakes_and_says_so(mistakes: Found) -> None:
    found = mistakes("a: 1\n" * 2000, "d.yaml")
    assert len(found) == MAX_MISTAKES + 1
    assert found[-1] == {
        "at": "1001:2-1001:2",
        "code": "too-many-mistakes",
        "message": "the first 1,000 mistakes are shown, and the rest of the file was not read",
        "hint": None,
    }


def test_installation_without_libyaml_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(source, "yaml")
    monkeypatch.setitem(sys.modules, "psfpolicy.source.yaml", None)
    with pytest.raises(NotAssessedError, match="PyYAML was installed without libyaml") as raised:
        read(b"a: 1", file="d.yaml")
    assert raised.value.hint == "install PyYAML from a wheel, or build it with libyaml"
    assert read(b"{}", file="d.json")[0].data == {}
