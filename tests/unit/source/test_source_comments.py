from __future__ import annotations

import pytest

from psfpolicy.source import Text
from psfpolicy.source.comments import comments


def found(content: str) -> list[tuple[str, int, bool]]:
    text = Text("a.yaml", content)
    return [
        (item.text, text.place(item.start, item.start).region.start_line, item.alone) for item in comments(text, "here")
    ]


def test_a_comment_is_told_with_its_place_and_whether_it_stands_alone() -> None:
    content = "# here\na: 1 # here 2  \n  # here 3\r\nb: [1, # here 4\n  2]\n#here"
    assert found(content) == [
        ("# here", 1, True),
        ("# here 2", 2, False),
        ("# here 3", 3, True),
        ("# here 4", 4, False),
        ("#here", 6, True),
    ]


@pytest.mark.parametrize(
    "content",
    [
        'a: "x # here"',
        "a: 'x\n  # here\n  '",
        'a: "x\\\n  # here"',
        "a: |\n  # here\n",
        "a: >-\n  x\n\n  # here\n",
        "a: |2\n   x\n  # here\nb: 1",
        "a: [\"# here\", '# here']",
        '"# here": 1',
        "? |\n  # here\n: 1",
        "a: x#here",
        "a: &b 'x # here'",
        "%YAML 1.2\n---\na: |\n  # here\n...\n",
        "a: &b 'x # here'\nc: *b\n",
        "a: !!str '# here'\n",
    ],
)
def test_what_stands_in_a_string_is_no_comment(content: str) -> None:
    assert found(content) == []


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("a: | # here\n  x\n", 1),
        ("a: |\n  x\n# here\nb: 1", 3),
        ("a: |\n    x\n  # here\nb: 1", 3),
        ("a: 'it''s' # here", 1),
        ('a: "\\"" # here', 1),
        ("a: x\u2028 # here", 1),
        ("a: 1\n---\nb: 2 # here\n", 3),
    ],
)
def test_a_comment_beside_a_string_is_one(content: str, line: int) -> None:
    assert [place for _, place, _ in found(content)] == [line]


@pytest.mark.parametrize("content", ['a: "x # here', "a: @x # here", "a: 1\n" + "%TAG ! x\n" * 200 + "# here"])
def test_what_is_no_yaml_has_no_comments(content: str) -> None:
    assert found(content) == []
