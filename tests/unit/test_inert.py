from __future__ import annotations

import pytest

from psfpolicy.inert import inert


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("naïve 日本 🙂", "naïve 日本 🙂"),
        ("a\x1b[31mred", "a\\x1b[31mred"),
        ("a\nb\rc", "a\\x0ab\\x0dc"),
        ("tab\there", "tab here"),
        ("right\u202eto left", "right\\u202eto left"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("line\u2028separator", "line\\u2028separator"),
        ("bell\x07 and c1 \x9b", "bell\\x07 and c1 \\x9b"),
        ("lone \ud800", "lone \\ud800"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("::error file=a.py::no", ":\\:error file=a.py::no"),
        ("::set-env name=x::y", ":\\:set-env name=x::y"),
        ("::ERROR::no", ":\\:ERROR::no"),
        ("##[error]no", "#\\#[error]no"),
        ("##vso[task.complete]no", "#\\#vso[task.complete]no"),
        ("## a heading", "## a heading"),
        ("a::b is a scope", "a::b is a scope"),
        ("::/0 is a network", "::/0 is a network"),
    ],
)
def test_text_is_made_inert(text: str, shown: str) -> None:
    assert inert(text) == shown
