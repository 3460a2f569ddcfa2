"""What a file may cost: each limit is met exactly, and acts before the cost that it prevents."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from psfpolicy.errors import DocumentError
from psfpolicy.model.place import Region
from psfpolicy.source import MAX_BYTES, MAX_DEPTH, bounds, json, limits, read

if TYPE_CHECKING:
    from collections.abc import Callable

    Found = Callable[[str | bytes, str], list[dict[str, str | None]]]

ROOT = Path(__file__).parents[3]
# Of the processor, interpreter included. The promise is one second; twice that is left for a slow or busy machine.
SECONDS = 2


def test_file_of_ten_mebibytes_is_read_and_one_byte_more_is_not(mistakes: Found) -> None:
    content = "a: " + "x" * (MAX_BYTES - 3)
    assert len(read(content.encode(), file="d.yaml")) == 1
    assert mistakes(content + "x", "d.yaml") == [
        {
            "at": "1:1-1:1",
            "code": "too-large",
            "message": "the file has more than 10 MiB",
            "hint": "a descriptor is some kilobytes; check that this is the right file, or split it",
        }
    ]


@pytest.mark.parametrize(
    ("content", "file", "at"),
    [
        ("[" * 65 + "]" * 65, "d.yaml", "1:65-1:66"),
        ("{a: " * 65 + "}" * 65, "d.yaml", "1:257-1:258"),
        ("- " * 65 + "x", "d.yaml", "1:129-1:129"),
        ("".join(" " * level + "a:\n" for level in range(66)), "d.yaml", "65:65-65:65"),
        ("? " * 65 + "x", "d.yaml", "1:129-1:129"),
        ("[" * 65 + "]" * 65, "d.json", "1:65-1:66"),
        ('{"a":' * 65 + "1" + "}" * 65, "d.json", "1:321-1:322"),
        ("a: &a " + "[" * 32 + "]" * 32 + "\nb: " + "[" * 32 + "*a" + "]" * 32, "d.yaml", "2:36-2:38"),
        ("- &a0 [x]\n" + "".join(f"- &a{i} [*a{i - 1}]\n" for i in range(1, 64)), "d.yaml", "64:9-64:13"),
        ("- &a0 {x: [y]}\n" + "".join(f"- &a{i} {{<<: *a{i - 1}}}\n" for i in range(1, 64)), "d.yaml", "63:13-63:17"),
    ],
)
def test_nesting_below_the_limit_is_refused_at_its_place(content: str, file: str, at: str, mistakes: Found) -> None:
    assert mistakes(content, file) == [
        {
            "at": at,
            "code": "too-deep",
            "message": "maps and lists are nested deeper than 64 levels here",
            "hint": "flatten the document; a descriptor needs about ten levels",
        }
    ]


@pytest.mark.parametrize("file", ["d.yaml", "d.json"])
def test_nesting_to_the_limit_is_read(file: str) -> None:
    assert len(read(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, file=file)) == 1


def test_depth_of_an_anchor_counts_the_anchors_in_it(mistakes: Found) -> None:
    content = "a: &a [&b [&c " + "[" * 29 + "]" * 29 + "]]\nb: " + "[" * 32 + "*a" + "]" * 32
    assert len(read(content.encode(), file="d.yaml")) == 1
    assert [mistake["at"] for mistake in mistakes(content.replace("*a", "[*a]"), "d.yaml")] == ["2:37-2:39"]


def test_aliases_that_nest_to_the_limit_are_read() -> None:
    nested = "a: &a " + "[" * 31 + "]" * 31 + "\nb: " + "[" * 32 + "*a" + "]" * 32
    chain = "- &a0 [x]\n" + "".join(f"- &a{i} [*a{i - 1}]\n" for i in range(1, 63))
    assert len(read(nested.encode(), file="d.yaml")) == 1
    assert len(read(chain.encode(), file="d.yaml")) == 1


TOO_MANY_NODES = {
    "code": "too-many-nodes",
    "message": "the file has more than 20 keys and values",
    "hint": "check that this is the right file, or split it",
}


@pytest.fixture
def few_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower the limits, so that a test of them takes no time."""
    for module in (bounds, json, limits):
        monkeypatch.setattr(module, "MAX_NODES", 20)
    monkeypatch.setattr(bounds, "MAX_EXPANDED_NODES", 20)
    monkeypatch.setattr(json, "SURELY_SMALL", 0)


@pytest.mark.usefixtures("few_nodes")
@pytest.mark.parametrize(
    ("most", "one_more", "file", "at"),
    [
        ("- a\n" * 19, "- a\n", "d.yaml", "20:3-20:4"),
        ("[" + "[]," * 19, "[]", "d.yaml", "1:59-1:60"),
        ("[" + "0," * 18 + "0", ",0", "d.json", "1:39-1:40"),
        ("[" + "[]," * 18 + "{ }", ",[\n]", "d.json", "1:59-1:60"),
        ('[{"a":1},{"a":1},{"a":1},{"a":1},{"a":1},{"a":1}, "a,b"', ",1", "d.json", "1:56-1:57"),
    ],
)
def test_nodes_are_counted_exactly(most: str, one_more: str, file: str, at: str, mistakes: Found) -> None:
    closing = "]" if most.startswith("[") else ""
    assert len(read((most + closing).encode(), file=file)) == 1
    assert mistakes(most + one_more + closing, file) == [{"at": at, **TOO_MANY_NODES}]


@pytest.mark.usefixtures("few_nodes")
@pytest.mark.parametrize(
    ("content", "at"),
    [
        ("- &a [x, y, z]\n- *a\n- *a\n- *a\n- x\n- y\n- z\n", "8:3-8:4"),
        ("- &a [x, y, z]\n- &b [*a]\n- *b\n- *a\n- x\n", "6:3-6:4"),
        ("- &a {x: y}\n- {<<: *a}\n- {<<: [*a]}\n- *a\n- x\n- y\n", "7:3-7:4"),
        ("- &a x\n- &b [*a, *a]\n- *b\n- *b\n- *b\n- x\n- y\n- z\n- [w]\n- v\n", "11:3-11:4"),
    ],
)
def test_nodes_that_aliases_stand_for_are_counted_exactly(content: str, at: str, mistakes: Found) -> None:
    assert len(read(content.encode(), file="d.yaml")) == 1
    assert mistakes(content + "- x\n", "d.yaml") == [
        {
            "at": at,
            "code": "too-many-aliases",
            "message": "the aliases up to here stand for more than 20 keys and values",
            "hint": "write out what is meant, or use fewer aliases of aliases",
        }
    ]


@pytest.mark.usefixtures("few_nodes")
def test_alias_counts_for_the_last_anchor_of_its_name() -> None:
    inner = "- &a [x, y, z, &a x]\n" + "- *a\n" * 14
    assert len(read(inner.encode(), file="d.yaml")) == 1


@pytest.mark.usefixtures("few_nodes")
def test_brackets_in_strings_do_not_count_for_the_depth_of_a_large_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json, "MAX_DEPTH", 2)
    assert read(b'[["[[["], "]]", "\\"["]', file="d.json")[0].data == [["[[["], "]]", '"[']
    with pytest.raises(DocumentError) as raised:
        read(b'[["]"], ["]", []], [["\\"]"], [[1]]]]', file="d.json")
    assert raised.value.diagnostics[0].code == "too-deep"
    assert raised.value.diagnostics[0].place.region == Region(1, 21, 1, 22)


@pytest.mark.usefixtures("few_nodes")
def test_limit_of_nodes_holds_for_all_documents_of_a_file_together(mistakes: Found) -> None:
    assert mistakes("---\n[1, 2, 3]\n" * 6, "d.yaml") == [{"at": "12:1-12:2", **TOO_MANY_NODES}]


def test_documents_are_counted(monkeypatch: pytest.MonkeyPatch, mistakes: Found) -> None:
    monkeypatch.setattr(bounds, "MAX_DOCUMENTS", 3)
    assert len(read(b"---\na\n" * 3, file="d.yaml")) == 3
    assert mistakes("---\na\n" * 4, "d.yaml") == [
        {
            "at": "7:1-7:4",
            "code": "too-many-documents",
            "message": "the file has more than 3 documents",
            "hint": "split the file",
        }
    ]


def test_directives_are_counted(mistakes: Found) -> None:
    assert mistakes("%TAG !a! x\n" * 102 + "---\na\n", "d.yaml") == [
        {
            "at": "1:1-1:1",
            "code": "too-many-directives",
            "message": "the file has more than 100 `%TAG` lines",
            "hint": "remove them; no tag that they could define is accepted",
        }
    ]


def test_separator_that_cannot_be_hidden_is_refused(mistakes: Found) -> None:
    noncharacters = "".join(chr(code) for code in range(0xFDD0, 0xFDF0))
    assert mistakes(f"a: {noncharacters}\u2028", "d.yaml") == [
        {
            "at": "1:36-1:37",
            "code": "control-character",
            "message": "the character U+2028 cannot be told from the noncharacters in this file",
            "hint": "remove it",
        }
    ]


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n" for before, name in pairwise("abcdefghij")
)
MERGE_BOMB = "a: &a {" + ", ".join(f"k{number}: 1" for number in range(1000)) + "}\nb:\n" + "  - <<: *a\n" * 100_000
MANY = {
    "an alias bomb": (BOMB, "d.yaml", "too-many-aliases"),
    "a bomb of merge keys": (MERGE_BOMB, "d.yaml", "too-many-aliases"),
    "a hundred thousand brackets": ("[" * 100_000, "d.yaml", "too-deep"),
    "a hundred thousand brackets of JSON": ("[" * 100_000, "d.json", "too-deep"),
    "brackets behind many items": ("- a\n" * 500_000 + "- " + "[" * 100, "d.yaml", "too-deep"),
    "brackets behind many items of JSON": ('["[",' + '"]",' * 500_000 + "[" * 100, "d.json", "too-deep"),
    "a million items": ("- a\n" * 1_100_000, "d.yaml", "too-many-nodes"),
    "five million items of JSON": ("[" + "0," * 5_000_000 + "0]", "d.json", "too-many-nodes"),
    "a million duplicate keys": ("{" + "a: 1," * 1_000_000 + "}", "d.yaml", "too-many-nodes"),
    "two million documents": ("---\n" * 2_000_000, "d.yaml", "too-many-documents"),
    "a hundred thousand directives": ("%TAG !a! x\n" * 100_000, "d.yaml", "too-many-directives"),
    "eleven mebibytes": ("a" * 11 * 1024**2, "d.yaml", "too-large"),
}
MEASURE = """
import resource, sys
from pathlib import Path
from psfpolicy.errors import DocumentError
from psfpolicy.source import read
data = sys.stdin.buffer.read()
try:
    read(data, file=sys.argv[1])
except DocumentError as error:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    # Not ru_maxrss, which begins with the memory of the process that started this one.
    peak = next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    print(error.diagnostics[-1].code, spent.ru_utime + spent.ru_stime, peak)
"""


@pytest.mark.parametrize(("content", "file", "code"), MANY.values(), ids=MANY.keys())
def test_hostile_file_is_refused_before_it_costs_much(content: str, file: str, code: str) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("only Linux tells what a process has cost")
    done = subprocess.run(
        [sys.executable, "-Bc", MEASURE, file],
        input=content.encode(),
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={},  # whoever measures the coverage of the tests would slow this process down
    )
    said, seconds, kibibytes = done.stdout.decode().split()
    assert said == code
    assert float(seconds) < SECONDS
    assert int(kibibytes) < 200 * 1024
