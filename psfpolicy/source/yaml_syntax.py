"""What libyaml's complaints mean, in plain words and at the place to look at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from psfpolicy.source.mistakes import met

if TYPE_CHECKING:
    from collections.abc import Callable

    from yaml.error import MarkedYAMLError

    from psfpolicy.source.mistakes import Mistakes

_QUOTE_IT = "put the value in quotes"
_ALIGN = "check the indentation: the keys of one map, and the items of one list, start in the same column"
_SEPARATE = "put commas between items, close what is opened, and quote a value that holds brackets, commas or `: `"
_CLOSE_QUOTE = 'close it; a quote inside a quoted text is written twice in single quotes, and \\" in double quotes'
_ESCAPES = "write a backslash as \\\\ in double quotes, or use single quotes, where it stands for itself"
_DIRECTIVES = "remove the line, or quote a value that starts with `%`"
_SURROGATE = re.compile(r"[dD][89a-fA-F][0-9a-fA-F]{2}")


class _Stop(NamedTuple):
    """Where libyaml stopped reading."""

    content: str
    at: int
    """Offset of what it could not read."""
    opened_at: int
    """Offset of the thing that it was reading, where it says that; else the same."""
    mistakes: Mistakes

    @property
    def met(self) -> str:
        """What stands where it stopped."""
        return met(self.content, self.at)

    @property
    def opened(self) -> str:
        """The first character of the thing that it was reading, and where that stands."""
        return f"`{self.content[self.opened_at : self.opened_at + 1]}` at {self.mistakes.where(self.opened_at)}"

    @property
    def is_at_end(self) -> bool:
        """Whether nothing but space is left."""
        return not self.content[self.at :].strip()


class _Meaning(NamedTuple):
    code: str
    offset: int
    message: str
    hint: str


_Reading: TypeAlias = "Callable[[_Stop], _Meaning]"


def note_syntax_error(error: MarkedYAMLError, content: str, mistakes: Mistakes) -> None:
    """Note where a text stops being YAML.

    Args:
        error: What libyaml's scanner or parser said.
        content: The text.
        mistakes: Where to note it.
    """
    mark = error.problem_mark or error.context_mark
    at = min(mark.index, len(content)) if mark else 0
    opened_at = min(error.context_mark.index, at) if error.context_mark else at
    meaning = _READINGS.get(error.problem or "", _unknown)(_Stop(content, at, opened_at, mistakes))
    width = 1 if content[meaning.offset : meaning.offset + 1].strip("\r\n") else 0
    mistakes.add(meaning.code, meaning.offset, meaning.offset + width, meaning.message, meaning.hint)


def _simply(message: str, hint: str, code: str = "syntax") -> _Reading:
    """Read a complaint that means the same whatever was met; `{met}` in the message is what was."""
    return lambda stop: _Meaning(code, stop.at, message.format(met=stop.met), hint)


def _unknown(stop: _Stop) -> _Meaning:
    return _Meaning("syntax", stop.at, f"this is not YAML from here on: met {stop.met}", _QUOTE_IT)


def _bad_start(stop: _Stop) -> _Meaning:
    if stop.content[stop.at : stop.at + 1] == "\t":
        return _tab(stop)
    return _Meaning("syntax", stop.at, f"a value cannot start as {stop.met} does", _QUOTE_IT)


_tab = _simply("a tab stands where only spaces may indent", "use spaces for indentation", "tab-indentation")


def _unclosed_quote(stop: _Stop) -> _Meaning:
    before = "" if stop.is_at_end else f" before {stop.met}"
    return _Meaning("unclosed-quote", stop.opened_at, f"the quote that opens here is not closed{before}", _CLOSE_QUOTE)


def _inside_brackets(stop: _Stop) -> _Meaning:
    bracket = stop.content[stop.opened_at : stop.opened_at + 1]
    if stop.is_at_end:
        return _Meaning("unclosed-bracket", stop.opened_at, f"the `{bracket}` that opens here is not closed", _SEPARATE)
    closing = "}" if bracket == "{" else "]"
    message = f"`,` or `{closing}` is wanted after {stop.opened}, met {stop.met}"
    return _Meaning("unclosed-bracket", stop.at, message, _SEPARATE)


def _no_value(stop: _Stop) -> _Meaning:
    if stop.is_at_end:
        return _Meaning(
            "unclosed-bracket", stop.at, "the file ends inside a list or map in brackets", "close what is opened"
        )
    return _Meaning("syntax", stop.at, f"a value is wanted, met {stop.met}", _SEPARATE)


def _not_a_key(stop: _Stop) -> _Meaning:
    before = stop.content[: stop.at].rstrip(" \t")
    if before.endswith(("'", '"')):
        return _Meaning("unclosed-quote", stop.at, f"{stop.met} follows a quote that is closed", _CLOSE_QUOTE)
    return _Meaning(
        "syntax", stop.at, f"a key of the map that starts with {stop.opened} is wanted, met {stop.met}", _ALIGN
    )


def _not_an_item(stop: _Stop) -> _Meaning:
    message = f"`-` for the next item of the list that starts with {stop.opened} is wanted, met {stop.met}"
    return _Meaning("syntax", stop.at, message, _ALIGN)


def _no_colon(stop: _Stop) -> _Meaning:
    message = f"{met(stop.content, stop.opened_at)} stands where a key is wanted, and no `:` follows it"
    return _Meaning("syntax", stop.opened_at, message, "write `key: value`, or check the indentation")


def _no_name(stop: _Stop) -> _Meaning:
    sign = stop.content[stop.opened_at : stop.opened_at + 1]
    message = (
        f"`{sign}` starts an {'alias' if sign == '*' else 'anchor'}, and a name is wanted after it, met {stop.met}"
    )
    return _Meaning("syntax", stop.opened_at, message, f"put a value that starts with `{sign}` in quotes")


def _bad_code_point(stop: _Stop) -> _Meaning:
    if _SURROGATE.match(stop.content, stop.at):
        message = "the escape is half of a surrogate pair, which is no character"
        return _Meaning("lone-surrogate", stop.at, message, "write the character itself, or \\U and its eight digits")
    return _Meaning("syntax", stop.at, "the escape stands for no character of Unicode", _ESCAPES)


_READINGS: dict[str, _Reading] = {
    "block sequence entries are not allowed in this context": _simply(
        "a list cannot start here", "start the list on a line of its own, or put the value in quotes"
    ),
    "could not find expected ':'": _no_colon,
    "could not find expected directive name": _simply("`%` starts a directive without a name", _DIRECTIVES),
    "did not find expected '-' indicator": _not_an_item,
    "did not find expected ',' or ']'": _inside_brackets,
    "did not find expected ',' or '}'": _inside_brackets,
    "did not find expected <document start>": _simply(
        "the document has ended, met {met}", "a document is one map or list; start another document with a line `---`"
    ),
    "did not find expected alphabetic or numeric character": _no_name,
    "did not find expected comment or line break": _simply(
        "nothing but a comment may follow on this line, met {met}", "start the text on the next line"
    ),
    "did not find expected hexdecimal number": _simply("the escape lacks hexadecimal digits, met {met}", _ESCAPES),
    "did not find expected key": _not_a_key,
    "did not find expected node content": _no_value,
    "found a tab character that violates indentation": _tab,
    "found a tab character where an indentation space is expected": _tab,
    "found character that cannot start any token": _bad_start,
    "found incompatible YAML document": _simply(
        "the document asks for another version of YAML than 1.2", "remove the line", "yaml-version"
    ),
    "found invalid Unicode character escape code": _bad_code_point,
    "found undefined tag handle": _simply("the tag {met} is not known", "remove the tag", "unknown-tag"),
    "found unexpected document indicator": _unclosed_quote,
    "found unexpected end of stream": _unclosed_quote,
    "found unknown directive name": _simply("this directive is not known", _DIRECTIVES),
    "found unknown escape character": _simply("the escape {met} is not known", _ESCAPES),
    "mapping keys are not allowed in this context": _simply("a key cannot start here", _QUOTE_IT),
    "mapping values are not allowed in this context": _simply(
        "a `:` stands inside a value that has no quotes",
        "put the value in quotes; or, if this is a key, check the indentation of this line",
        "unquoted-colon",
    ),
}
