"""From the words of a command line to the options that they set."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from psfpolicy.evidence.container import Word
from psfpolicy.evidence.engines.expansion import left_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from psfpolicy.model.place import JsonValue, Place

Takes: TypeAlias = Literal["switch", "value", "optional", "many"]
"""What follows an option: nothing, one word, one word or nothing, any number of words."""


class Argument(NamedTuple):
    """An option as it is given."""

    name: str
    """The option's own name without dashes, whichever way it is written; with the key inside its JSON behind a dot."""
    flag: str
    """How the option is written: `--tp`; empty where it is known by its position."""
    values: tuple[Word, ...]
    """What it is given; a switch has nothing."""
    place: Place
    """Of a switch the option, of another its value, or both where they are one word."""
    negated: bool = False
    """It is the opposite of the option: `--no-x`."""
    doubt: str = ""
    """Why it may be another option; empty where it is not."""

    @property
    def text(self) -> str | None:
        """The value, the last one of several; None where there is none, or it is not known."""
        return None if not self.values or self.unresolved else self.values[-1].text

    @property
    def unresolved(self) -> str:
        """What in its values is not known."""
        return next((word.unresolved or left_open(word.text) for word in self.values), "")

    @property
    def assumed(self) -> str:
        """The variable whose default was taken for it."""
        return next((word.assumed for word in self.values if word.assumed), "")


class Line(NamedTuple):
    """A command line."""

    arguments: tuple[Argument, ...]
    """In their order: the last one of a name is the one that counts."""
    positional: tuple[Word, ...]
    doubtful: tuple[Word, ...]
    """Words that are positional unless the unknown option before them takes them."""
    unknown: tuple[Word, ...]
    """Options that the engine is not known to have."""
    open: str
    """Why it may hold more options than are written; empty where it does not."""


@dataclass(frozen=True)
class Grammar:
    """The options of an engine."""

    options: Mapping[str, tuple[str, Takes]]
    """By the way they are written, `--tensor-parallel-size` or `-tp`: the option's own name, and what follows it."""
    inverses: Mapping[str, str]
    """Options that switch another one off, by the way they are written."""
    has_underscores: bool = False
    """An underscore in a name is a dash."""
    has_negations: bool = False
    """`--no-x` switches `--x` off."""
    has_abbreviations: bool = False
    """A beginning that only one option has stands for it."""

    def parse(self, words: Sequence[Word]) -> Line:
        """Read a command line, without the program's name."""
        return _Parser(self, words).line()

    def find(self, key: str) -> tuple[str, Takes, bool, str] | None:
        """Give what an option is: its name, what follows it, whether it is negated, and why it may be another.

        Args:
            key: As it is written, without a value.
        """
        written = self.normal(key)
        if written in self.options:
            return (*self.options[written], False, "")
        if written in self.inverses:
            return self.inverses[written], "switch", True, ""
        if self.has_negations and written.startswith("--no-") and f"--{written[5:]}" in self.options:
            return self.options[f"--{written[5:]}"][0], "switch", True, ""
        return self._abbreviated(written) if self.has_abbreviations and len(written) > 3 else None

    def normal(self, key: str) -> str:
        """Give an option as the table writes it."""
        if not self.has_underscores or not key.startswith("--"):
            return key
        first, dot, rest = key.partition(".")
        return f"--{first[2:].replace('_', '-')}{dot}{rest}"

    def _abbreviated(self, written: str) -> tuple[str, Takes, bool, str] | None:
        if not written.startswith("--"):
            return None
        found = {self.options[option][0]: option for option in self._long if option.startswith(written)}
        inverse = {name: option for option, name in self.inverses.items() if option.startswith(written)}
        if len(found) + len(inverse) != 1:
            return None
        (name, option), *_ = (found or inverse).items()
        takes = "switch" if inverse else self.options[option][1]
        return name, takes, bool(inverse), f"`{written}` is taken for `{option}`, which it is a beginning of"

    @cached_property
    def _long(self) -> tuple[str, ...]:
        return tuple(option for option in self.options if option.startswith("--"))


class _Parser:
    def __init__(self, grammar: Grammar, words: Sequence[Word]) -> None:
        self.grammar = grammar
        self.words = words
        self.index = 0
        self.open = ""
        self.arguments: list[Argument] = []
        self.positional: list[Word] = []
        self.doubtful: list[Word] = []
        self.unknown: list[Word] = []

    def line(self) -> Line:
        ended = False
        while self.index < len(self.words):
            word = self.words[self.index]
            self.index += 1
            if word.text == "--" and not ended:
                ended = True
            elif not ended and _is_option(word):
                self._option(word)
            else:
                if _is_all_unknown(word):
                    self.open = self.open or word.unresolved or word.text
                self.positional.append(word)
        arguments = tuple(each for argument in self.arguments for each in flattened(argument))
        doubtful, unknown = tuple(self.doubtful), tuple(self.unknown)
        return Line(arguments, tuple(self.positional), doubtful, unknown, self.open)

    def _option(self, word: Word) -> None:
        key, equals, value = word.text.partition("=")
        if left_open(key):
            self.open = self.open or word.unresolved or key
            return
        base, dot, inner = key.partition(".")
        appended = inner.removesuffix("+")
        found = self.grammar.find(base if dot else key)
        if found is None:
            self._unknown(word, has_value=bool(equals))
            return
        name, takes, negated, doubt = found
        if dot:
            name, takes = f"{name}.{appended}", "value"
        if equals:
            values: tuple[Word, ...] = (replace(word, text=value),)
        else:
            values = self._values(takes)
        self.open = self.open or next((each.unresolved for each in values if each.several), "")
        place = values[-1].place if values else word.place
        self.arguments.append(Argument(name, key, values, place, negated, doubt))

    def _values(self, takes: Takes) -> tuple[Word, ...]:
        most = {"switch": 0, "value": 1, "optional": 1, "many": len(self.words)}[takes]
        start = self.index
        while self.index < len(self.words) and self.index - start < most and not _is_option(self.words[self.index]):
            self.index += 1
        return tuple(self.words[start : self.index])

    def _unknown(self, word: Word, *, has_value: bool) -> None:
        self.unknown.append(word)
        if not has_value and self.index < len(self.words) and not _is_option(self.words[self.index]):
            self.doubtful.append(self.words[self.index])
            self.index += 1


def flattened(argument: Argument) -> Iterator[Argument]:
    """Give an argument, and where its value is a JSON object, one for each key inside it, dotted."""
    yield argument
    text = argument.text
    if text is None or not text.lstrip().startswith("{"):
        return
    try:
        value: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        return
    for path, inner in _leaves(value):
        word = Word(inner, argument.place, assumed=argument.assumed)
        yield argument._replace(name=f"{argument.name}.{path}", flag=f"{argument.flag}.{path}", values=(word,))


def _leaves(value: JsonValue, path: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict) or depth > _MAX_DEPTH:
        yield path, written(value)
        return
    for key, inner in value.items():
        yield from _leaves(inner, f"{path}.{key}" if path else key, depth + 1)


def written(value: JsonValue) -> str:
    """Give a value as a command line writes it."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value)


def last(arguments: Iterable[Argument], *names: str) -> Argument | None:
    """Give the last argument of some names: the one that counts; None where there is none."""
    found = None
    for argument in arguments:
        if argument.name in names:
            found = argument
    return found


def _is_option(word: Word) -> bool:
    return len(word.text) > 1 and word.text.startswith("-") and _NUMBER.fullmatch(word.text) is None


def _is_all_unknown(word: Word) -> bool:
    """Say whether the beginning of a word is not known, so that it may be an option, or any number of words."""
    return word.text.startswith(("$", "{{", "`")) and bool(word.unresolved or left_open(word.text))


_MAX_DEPTH = 8
_NUMBER = re.compile(r"-\d+(?:\.\d+)?")
