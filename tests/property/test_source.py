"""Laws of reading: what holds of every file, whatever stands in it."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

import yaml
from hypothesis import given
from hypothesis import strategies as st

from psfpolicy.errors import DocumentError
from psfpolicy.source import Mapping, Scalar, masked, overlay, plain, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.model.place import JsonValue, Path, Region
    from psfpolicy.source import Document, Node

FILES = st.sampled_from(["d.yaml", "d.json", "<stdin>"])
# What a document may hold as it is; the rest is written as escapes, or refused.
CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cc"), include_characters="\n\t\x85", exclude_characters="\ufeff\ufffe\uffff"
)
WORDS = st.sampled_from(["", "NO", "1e3", "0o14", "~", "a: b", "- a", "<<", "# a", "*a", "it's", '"', "a\u2028b", "😀"])
STRINGS = WORDS | st.text(CHARACTERS, max_size=12)
# A block of text that starts with a space needs a number in its header that counts from what stands around it.
YAML_STRINGS = STRINGS.filter(lambda value: not value[:1].isspace())
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)


# PyYAML writes for YAML 1.1, and so leaves out the quotes that the core schema asks for.
YAML_KEYS = YAML_STRINGS.filter(lambda value: not value.startswith(tuple("+-.0123456789")))


def _trees(strings: st.SearchStrategy[str], keys: st.SearchStrategy[str]) -> st.SearchStrategy[JsonValue]:
    leaves: st.SearchStrategy[JsonValue] = st.none() | st.booleans() | NUMBERS | strings
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
    )


JSON = _trees(STRINGS, STRINGS)
INDENTS = st.sampled_from([None, 0, 3])


@st.composite
def _yaml(draw: st.DrawFn) -> str:
    return yaml.dump(
        draw(_trees(YAML_STRINGS, YAML_KEYS)),
        Dumper=yaml.CSafeDumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=draw(st.sampled_from([None, True, False])),
        default_style=draw(st.sampled_from([None, "'", '"', "|", ">"])),
        width=draw(st.sampled_from([20, 80])),
        indent=draw(st.sampled_from([2, 4])),
        line_break="\n",
    )


def _walk(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    yield path, node
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield from _walk(entry.value, (*path, entry.key))
    elif not isinstance(node, Scalar):
        for index, item in enumerate(node.items):
            yield from _walk(item, (*path, index))


def _slice(content: str, region: Region) -> str:
    lines = content.split("\n")[region.start_line - 1 : region.end_line]
    lines[-1] = lines[-1][: region.end_column - 1]
    lines[0] = " " * (region.start_column - 1) + lines[0][region.start_column - 1 :]
    return "\n".join(lines)


def _value(content: str, file: str) -> JsonValue:
    return next((document.data for document in read(content.encode(), file=file)), None)


def _without_last_breaks(value: JsonValue) -> JsonValue:
    """Leave out the line breaks that end a text: those of a block of text are not part of its region."""
    if isinstance(value, dict):
        return {key: _without_last_breaks(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_last_breaks(item) for item in value]
    return value.rstrip("\n") if isinstance(value, str) else value


@given(_yaml())
def test_region_of_every_path_of_yaml_slices_to_its_value(content: str) -> None:
    for document in read(content.encode(), file="d.yaml"):
        for path, node in _walk(document.root):
            located = document.locate(path)
            assert located.missing == ()
            written = _value(_slice(content, located.place.region), "d.yaml")
            assert _without_last_breaks(written) == _without_last_breaks(plain(node))


@given(JSON, INDENTS)
def test_region_of_every_path_of_json_slices_to_its_value(tree: JsonValue, indent: int | None) -> None:
    content = json.dumps(tree, ensure_ascii=False, indent=indent)
    (document,) = read(content.encode(), file="d.json")
    assert repr(document.data) == repr(tree)
    for path, node in _walk(document.root):
        assert repr(_value(_slice(content, document.locate(path).place.region), "d.json")) == repr(plain(node))


@given(_yaml())
def test_region_of_every_key_slices_to_the_key(content: str) -> None:
    for document in read(content.encode(), file="d.yaml"):
        for path, _ in _walk(document.root):
            if path and isinstance(path[-1], str):
                assert _value(_slice(content, document.locate_key(path).region), "d.yaml") == path[-1]


@given(JSON, INDENTS)
def test_yaml_and_json_agree_on_every_value_and_place_of_json(tree: JsonValue, indent: int | None) -> None:
    content = json.dumps(tree, ensure_ascii=False, indent=indent).encode()
    (as_json,), (as_yaml,) = read(content, file="d.json"), read(content, file="d.yaml")
    assert repr(as_yaml.data) == repr(as_json.data)
    for path, _ in _walk(as_json.root):
        assert as_yaml.locate(path).place.region == as_json.locate(path).place.region
        assert as_yaml.locate_key(path).region == as_json.locate_key(path).region


SCRAPS = st.lists(
    st.sampled_from(
        [
            *("a", "b", "1", "~", ".inf", "true", "x y", "<<", "hf_", "😀", "é", "\u2028", "\x85", "\ufeff", "\ufdd0"),
            *(
                ": ",
                ":",
                "- ",
                "-",
                "? ",
                ", ",
                ",",
                "[",
                "]",
                "{",
                "}",
                "|",
                ">",
                "'",
                '"',
                "\\",
                "\\ud800",
                "#",
                " #",
            ),
            *("&a ", "*a", "*b", "!", "!!str ", "!!int ", "!x ", "%", "@", "`", "---", "...", "%YAML 1.1", "//"),
            *("\n", "\n  ", "\n    ", "\r\n", "\r", "\t", " ", "\0", "\x1b"),
        ]
    ),
    max_size=30,
).map("".join)
BYTES = st.binary(max_size=40) | (SCRAPS | st.text(max_size=30)).map(lambda text: text.encode("utf-8", "surrogatepass"))


@given(BYTES, FILES)
def test_reading_never_fails_in_another_way_and_says_where(data: bytes, file: str) -> None:
    try:
        documents = read(data, file=file)
    except DocumentError as error:
        lines = data.count(b"\n") + data.count(b"\r") + 1
        regions = [mistake.place.region for mistake in error.diagnostics]
        assert regions
        assert regions == sorted(regions)
        for mistake in error.diagnostics:
            region = mistake.place.region
            assert (1, 1) <= (region.start_line, region.start_column) <= (region.end_line, region.end_column)
            assert region.end_line <= lines
            assert mistake.place.file == file
            assert mistake.hint
            assert (mistake.message + mistake.hint).isprintable()
    else:
        for document in documents:
            json.dumps(document.data, allow_nan=False, ensure_ascii=False).encode()


@given(SCRAPS, st.lists(st.sampled_from(["a", "b", 0, 1, -1, ""]), max_size=4).map(tuple))
def test_every_path_has_a_place_and_what_is_missing_is_its_end(content: str, path: Path) -> None:
    with contextlib.suppress(DocumentError):
        for document in read(content.encode(), file="d.yaml"):
            located = document.locate(path)
            assert path[len(path) - len(located.missing) :] == located.missing
            assert located.place.file == document.locate_key(path).file == "d.yaml"
            assert isinstance(document.named(path), str)


@given(st.text() | SCRAPS)
def test_masking_twice_is_masking_once_and_keeps_every_line(text: str) -> None:
    content = text + "hf_" + "aB3" * 12 + text
    once = masked(content)
    assert masked(once) == once
    assert len(once.splitlines()) == len(content.splitlines())


MAPS = st.dictionaries(st.sampled_from("abc"), JSON, max_size=3)


def _document(data: JsonValue, file: str) -> Document:
    (document,) = read(json.dumps(data, ensure_ascii=False).encode(), file=file)
    return document


@given(MAPS, MAPS)
def test_overlaid_values_are_those_of_the_upper_document_where_it_has_one(
    base: dict[str, JsonValue], top: dict[str, JsonValue]
) -> None:
    data = overlay(_document(base, "base.json"), _document(top, "top.json")).data
    assert isinstance(data, dict)
    assert set(data) == (set(base) | set(top)) - {key for key, value in top.items() if value is None}
    assert {key: data[key] for key in set(base) - set(top)} == {key: base[key] for key in set(base) - set(top)}


@given(MAPS, MAPS)
def test_overlaid_scalar_stands_where_its_file_has_it(base: dict[str, JsonValue], top: dict[str, JsonValue]) -> None:
    files = {"base.json": json.dumps(base, ensure_ascii=False), "top.json": json.dumps(top, ensure_ascii=False)}
    merged = overlay(_document(base, "base.json"), _document(top, "top.json"))
    for path, node in _walk(merged.root):
        if isinstance(node, Scalar):
            place = merged.locate(path).place
            assert repr(_value(_slice(files[place.file], place.region), "d.json")) == repr(node.value)


@given(MAPS)
def test_nothing_laid_over_a_document_changes_nothing(base: dict[str, JsonValue]) -> None:
    assert repr(overlay(_document(base, "base.json"), _document({}, "top.json")).data) == repr(base)
