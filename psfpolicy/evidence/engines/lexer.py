"""From the text of a script to its commands, word by word, each character with the place that it comes from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.words import Words, or_end
from psfpolicy.evidence.engines.written import DECLARING, Assignment, Command, Segment, Value, Written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


def commands(
    text: str,
    offsets: Sequence[int],
    value_of: Callable[[str], Value | None],
    *,
    operators: bool = True,
    interpolation: Mapping[str, str] | None = None,
) -> Iterator[Command]:
    """Give the commands of a script one by one, so that what one of them assigns is known to the next.

    Args:
        text: The script.
        offsets: For each of its characters the offset that places are counted in. Negative ones below -1 stand for
            places elsewhere: they go down by one from character to character.
        value_of: Gives the value of a variable at that moment; None where it is not known.
        operators: Whether `;`, `|` and the like end a command; otherwise white space alone separates.
        interpolation: Of compose: what `${A}` takes before the shell reads it.
    """
    reader = Words(text, offsets, value_of, operators=operators, interpolation=interpolation)
    return _Lexer(reader, operators=operators).commands()


class _Lexer:
    def __init__(self, reader: Words, *, operators: bool) -> None:
        self.text = reader.text
        self.operators = operators
        self.reader = reader
        self.words: list[Written] = []
        self.assignments: list[Assignment] = []
        self.blocks: list[str] = []
        self.subshells = 0
        self.depends = False
        self.is_function = False
        self.here: list[tuple[str, bool]] = []

    def commands(self) -> Iterator[Command]:
        text, length = self.text, len(self.text)
        while self.reader.position < length:
            char = text[self.reader.position]
            if char in " \t\r":
                self.reader.position += 1
            elif text.startswith("\\\n", self.reader.position):
                self.reader.position += 2
            elif text.startswith("\\\r\n", self.reader.position):
                self.reader.position += 3
            elif char == "\n":
                if self.operators:
                    yield from self._ended()
                self.reader.position += 1
                self._skip_here_documents()
            elif char == "#" and self.operators:
                self.reader.position = or_end(text.find("\n", self.reader.position), length)
            elif self.operators and char in "<>":
                self._redirection()
            elif self.operators and char in ";&|()":
                yield from self._operator(char)
            else:
                self._word()
        yield from self._ended()

    def _ended(self) -> Iterator[Command]:
        if not self.words and not self.assignments:
            return
        conditional = self.depends or self.subshells > 0 or any(block != "{" for block in self.blocks)
        found = Command(tuple(self.words), tuple(self.assignments), conditional)
        self.words, self.assignments, self.depends = [], [], False
        yield found

    def _operator(self, char: str) -> Iterator[Command]:
        two = self.text[self.reader.position : self.reader.position + 2]
        if two == "&>":
            self.reader.position += 1
            self._redirection()
            return
        if char == "(" and len(self.words) == 1 and _FUNCTION.match(self.text, self.reader.position):
            self.words, self.is_function = [], True
            self.reader.position = self.text.index(")", self.reader.position) + 1
            return
        yield from self._ended()
        self.depends = self.depends or two in {"&&", "||"}
        self.subshells = max(0, self.subshells + {"(": 1, ")": -1}.get(char, 0))
        self.reader.position += 2 if two in {"&&", "||", ";;", "|&"} else 1

    def _redirection(self) -> None:
        found = _REDIRECTION.match(self.text, self.reader.position)
        if found is None:
            self.reader.position += 1
            return
        self.reader.position = found.end()
        if found[0].endswith("("):  # a process: its text is no word that is known
            self.reader.position = self.reader.balanced(self.reader.position)
            self.words.append(Written((Segment("", unresolved=found[0], several=False),), -1, -1))
            return
        while self.text[self.reader.position : self.reader.position + 1] in {" ", "\t"}:
            self.reader.position += 1
        target = self.reader.read(assigned=True)
        if found[0] in {"<<", "<<-"} and target:
            self.here.append((target[0].text, found[0] == "<<-"))

    def _skip_here_documents(self) -> None:
        for delimiter, stripped in self.here:
            while self.reader.position < len(self.text):
                end = or_end(self.text.find("\n", self.reader.position), len(self.text))
                line = self.text[self.reader.position : end].rstrip("\r")
                self.reader.position = min(end + 1, len(self.text))
                if (line.lstrip("\t") if stripped else line) == delimiter:
                    break
        self.here = []

    def _word(self) -> None:
        assigning = not self.words or self.words[0].text in DECLARING
        found = _ASSIGNMENT.match(self.text, self.reader.position) if assigning and self.operators else None
        if found is not None:
            self._assignment(found)
            return
        start = self.reader.position
        read = self.reader.read()
        raw = self.text[start : self.reader.position]
        if (
            self.text[self.reader.position : self.reader.position + 1] in {"<", ">"}
            and raw.isdigit()
            and self.operators
        ):
            return  # the number of a file that is redirected
        if self.words or not self.operators or not self._reserved(raw):
            self.words += read
        if self.reader.position == start:
            self.reader.position += 1

    def _reserved(self, raw: str) -> bool:
        """Take a word of the shell's own at the beginning of a command; say whether it was one."""
        if raw in _OPENING:
            self.blocks.append(raw)
            if raw in {"for", "select"}:
                self._loop()
        elif raw == "{":
            self.blocks.append("function" if self.is_function else "{")
            self.is_function = False
        elif raw in {"fi", "done", "esac", "}"}:
            del self.blocks[-1:]
        elif raw == "function":
            self.is_function = True
            self._read_word_after_blanks()
        elif raw not in {"then", "else", "elif", "do", "!", "time", "in"}:
            return False
        return True

    def _loop(self) -> None:
        for word in self._read_word_after_blanks():
            self.assignments.append(Assignment(word.text, None))
        rest = _END_OF_COMMAND.search(self.text, self.reader.position)
        self.reader.position = rest.start() if rest else len(self.text)

    def _read_word_after_blanks(self) -> list[Written]:
        while self.text[self.reader.position : self.reader.position + 1] in {" ", "\t"}:
            self.reader.position += 1
        return self.reader.read()

    def _assignment(self, found: re.Match[str]) -> None:
        self.reader.position = found.end()
        if found["index"]:
            self.reader.read(assigned=True)
            self.assignments.append(Assignment(found["name"], None))
            return
        if self.text.startswith("(", self.reader.position):
            value = self._array()
        else:
            read = self.reader.read(assigned=True)
            value = Value(tuple(read) or (Written((), -1, -1),))
        self.assignments.append(Assignment(found["name"], value, bool(found["append"])))

    def _array(self) -> Value:
        self.reader.position += 1
        elements: list[Written] = []
        while self.reader.position < len(self.text) and self.text[self.reader.position] != ")":
            if self.text[self.reader.position].isspace():
                self.reader.position += 1
            elif self.text[self.reader.position] == "#":
                self.reader.position = or_end(self.text.find("\n", self.reader.position), len(self.text))
            elif self.text.startswith("\\\n", self.reader.position):
                self.reader.position += 2
            else:
                start = self.reader.position
                elements += self.reader.read()
                self.reader.position += self.reader.position == start
        self.reader.position += 1
        return Value(tuple(elements), is_array=True)


_OPENING = frozenset({"if", "while", "until", "for", "case", "select"})
_FUNCTION = re.compile(r"\([ \t]*\)")
_END_OF_COMMAND = re.compile(r"[;\n]")
_REDIRECTION = re.compile(r"<<<|<<-|<<|[<>]\(|>\||>>|>&|<&|<>|[<>]")
_ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<index>\[[^\]\s]*\])?(?P<append>\+)?=")
