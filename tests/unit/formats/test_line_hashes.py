"""The hashes of lines are those of GitHub's uploader: the vectors are the ones that its own tests publish."""

from __future__ import annotations

import pytest

from psfpolicy.formats._line_hashes import line_hashes

GREETINGS = [
    "e9496ae3ebfced30:1",
    "fb7c023a8b9ccb3f:1",
    "ce8ba1a563dcdaca:1",
    "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1",
    "c129715d7a2bc9a3:1",
]


@pytest.mark.parametrize(
    ("text", "hashes"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
        (
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
            [
                "8b7cf3e952e7aeb2:1",
                "b1ae1287ec4718d9:1",
                "bff680108adb0fcc:1",
                "c6805c5e1288b612:1",
                "b86d3392aea1be30:1",
                "e6ceba753e1a442:1",
            ],
        ),
        (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", GREETINGS),
        (" hello; \t\rworld!!!\r\r\r  \t\tGreetings\r End\r", GREETINGS),
        (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", GREETINGS),
        (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", GREETINGS),
        (
            "Lorem ipsum dolor sit amet.\n" * 10,
            [
                "a7f2ff13bc495cf2:1",
                "a7f2ff13bc495cf2:2",
                "a7f2ff13bc495cf2:3",
                "a7f2ff13bc495cf2:4",
                "a7f2ff13bc495cf2:5",
                "a7f2ff13bc495cf2:6",
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
    ],
    ids=["empty", "short", "no end", "LF", "CR", "CRLF", "mixed", "repeated"],
)
def test_published_vectors(text: str, hashes: list[str]) -> None:
    assert line_hashes(text.encode()) == hashes


def by_rolling(text: str) -> list[str]:
    """Compute the hashes of lines of a text the slow way, unit by unit."""
    data = text.encode("utf-16-le")
    units = [int.from_bytes(data[place : place + 2], "little") for place in range(0, len(data), 2)]
    kept = [unit for unit in units if unit not in {9, 32}] + [65535] + [0] * 100
    starts = [0, *(place + 1 for place, unit in enumerate(kept) if unit == 10)]
    sums = [sum(unit * 37 ** (99 - place) for place, unit in enumerate(kept[start : start + 100])) for start in starts]
    values = [f"{found % 2**64:x}" for found in sums]
    return [f"{value}:{values[: place + 1].count(value)}" for place, value in enumerate(values)]


def test_characters_outside_the_first_plane_count_as_two_units() -> None:
    text = "name: 🙂 日本\n\nother: naïve\n"
    assert line_hashes(text.encode()) == by_rolling(text)


def test_a_byte_order_mark_counts_as_the_uploader_counts_it() -> None:
    assert line_hashes(b"\xef\xbb\xbfa: 1\n") == by_rolling("\ufeffa: 1\n")


def test_bytes_that_are_not_utf_8_count_as_replacements() -> None:
    assert line_hashes(b"a: \xff\n") == by_rolling("a: \ufffd\n")
