"""A small reader of shell scripts: the commands in them, their words and their variables. Nothing is evaluated.

What it knows: quotes, escapes, comments, continued lines, `;` `&` `&&` `||` `|`, redirections, here-documents, blocks,
assignments, `export`, arrays, `${…}`, `eval` and `sh -c`. What only a run could tell (`$(command)`, arithmetic, what is
assigned under a condition) is not known, and is said so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.evidence.engines.lexer import commands
from psfpolicy.evidence.engines.written import DECLARING, Command, Segment, Value, Written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psfpolicy.evidence.container import Variable, Word


class Token(NamedTuple):
    """One word of a command, as the program gets it."""

    text: str
    start: int
    """Offset in the script of its first character as it is written; -1 where it comes from a variable outside."""
    end: int
    variable: str = ""
    """Name of the variable outside the script that all of it comes from, with `start` and `end` in its value."""
    unresolved: str = ""
    """The variable or template in it whose value is not known."""
    assumed: str = ""
    """The variable in it whose default was taken because nothing sets it."""
    several: bool = False
    """It stands for any number of words that are not known."""


class Statement(NamedTuple):
    """A command of a script."""

    words: tuple[Token, ...]
    exported: Mapping[str, Token]
    """The variables that the script gives it, by name."""
    conditional: bool
    """Whether it depends on something if it is run."""
    sourced: str = ""
    """What before it may set variables that are not seen: a file that is sourced; empty where nothing does."""


@dataclass(slots=True)
class _Scope:
    """What is known of the variables at a point of the script."""

    outside: Mapping[str, Variable]
    interpolation: Mapping[str, str] | None
    positional: tuple[Written, ...] | None
    values: dict[str, Value | None] = field(default_factory=dict)
    """By name; None where the script sets it to what is not known."""
    exported: set[str] = field(default_factory=set)
    sourced: str = ""
    """What may have set variables that are not seen."""
    elsewhere: list[tuple[str, int]] = field(default_factory=list)
    """The variables, with offsets in their values, that the offsets -2, -3 and so on of a nested script stand for."""


def statements(
    script: str,
    variables: Mapping[str, Variable],
    *,
    positional: tuple[Word, ...] | None = None,
    interpolation: Mapping[str, str] | None = None,
) -> tuple[Statement, ...]:
    """Give the commands of a script in their order.

    Args:
        script: Its text.
        variables: The environment that it starts in.
        positional: What `$1` and the following stand for; None where it is not known. A word that comes from one says
            so by the variable `@0` and the following.
        interpolation: Of compose: what `${A}` takes before the shell reads it; None where Kubernetes' `$(A)` holds.
    """
    if len(script) > MAX_SCRIPT:
        return ()
    scope = _Scope(variables, interpolation, None if positional is None else _given(positional))
    return tuple(_statements(script, range(len(script)), scope, depth=0))


def _given(positional: tuple[Word, ...]) -> tuple[Written, ...]:
    return tuple(
        Written((Segment(word.text, 0, f"@{index}", unresolved=word.unresolved),), 0, len(word.text), f"@{index}")
        for index, word in enumerate(positional)
    )


def words(text: str, variables: Mapping[str, Variable], interpolation: Mapping[str, str] | None) -> tuple[Token, ...]:
    """Split a text into words as a shell without operators does: a command of compose, flags in a variable."""
    scope = _Scope(variables, interpolation, None)
    found = commands(text, range(len(text)), _lookup(scope), operators=False, interpolation=interpolation)
    return tuple(_token(word, scope) for command in found for word in command.words)


def _statements(script: str, offsets: range | list[int], scope: _Scope, depth: int) -> list[Statement]:
    found: list[Statement] = []
    for command in commands(script, offsets, _lookup(scope), interpolation=scope.interpolation):
        plain = [word for word in command.words if not word.several]
        name = plain[0].text if plain else ""
        if not command.words:
            for each in command.assignments:
                _assign(scope, each.name, each.value, conditional=command.conditional, append=each.append)
            continue
        scope.sourced = scope.sourced or _sourced(command, name)
        inner = _inner(command, name, scope) if depth < _MAX_NESTED else None
        if name in DECLARING:
            _declare(scope, command, exported=name == "export" or any(word.text == "-x" for word in command.words))
        elif name in _CHANGING:
            scope.values |= dict.fromkeys(word.text for word in command.words[1:])
        elif name == "set" and any(word.text in {"-a", "-o allexport"} for word in command.words):
            scope.exported.add("*")
        elif inner is not None:
            nested = _statements(inner[0], inner[1], scope, depth + 1)
            found += [each._replace(conditional=each.conditional or command.conditional) for each in nested]
        else:
            found.append(_statement(command, scope))
    return found


def _statement(command: Command, scope: _Scope) -> Statement:
    everything = "*" in scope.exported
    names = [
        name for name, value in scope.values.items() if everything or name in scope.exported or name in scope.outside
    ]
    exported = {name: _of_value(name, scope.values[name], scope) for name in names}
    exported |= {each.name: _of_value(each.name, each.value, scope) for each in command.assignments}
    return Statement(tuple(_token(word, scope) for word in command.words), exported, command.conditional, scope.sourced)


def _sourced(command: Command, name: str) -> str:
    """Give what a command takes variables from that are not seen: a file, what another program prints."""
    rest = command.words[1:] if name else command.words
    if name in SOURCING:
        words = [word.text for word in command.words[:2]]
        return "" if words[-1].endswith(_OF_ENVIRONMENT) else " ".join(words)
    if name not in {"eval", "env", *DECLARING}:
        return ""
    return next((f"{name} {word.unresolved}" for word in rest if word.unresolved and _may_assign(word)), "")


def _may_assign(word: Written) -> bool:
    """Say whether what is not known in a word may be an assignment: it begins the word."""
    first = next(iter(word.segments), None)
    return first is not None and bool(first.unresolved)


def _inner(command: Command, name: str, scope: _Scope) -> tuple[str, list[int]] | None:
    """Give the script that a command runs: what `eval` or `sh -c` is given."""
    if name == "eval":
        parts = command.words[1:]
    elif name.rpartition("/")[2] in SHELLS:
        options = [index for index, word in enumerate(command.words) if is_command_option(word.text)]
        parts = command.words[options[0] + 1 : options[0] + 2] if options else ()
    else:
        return None
    offsets: list[int] = []
    for part in parts:
        for segment in part.segments:
            offsets += _offsets(segment, part, scope)
        offsets.append(offsets[-1] if offsets else part.start)
    return ("".join(part.text + " " for part in parts), offsets) if parts else None


def _offsets(segment: Segment, word: Written, scope: _Scope) -> list[int]:
    size = len(segment.text)
    if segment.variable:
        first = -2 - len(scope.elsewhere)
        scope.elsewhere += [(segment.variable, segment.at + index) for index in range(size)]
        return list(range(first, first - size, -1))
    # What separates two words of `eval` is written nowhere, so a word that holds it is longer than its place.
    last = max(word.end - 1, segment.at)
    return [min(segment.at + index, last) if segment.at >= 0 else word.start for index in range(size)]


SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})
"""Programs that run a script which `-c` gives them."""


def is_command_option(word: str) -> bool:
    """Say whether a word tells a shell that the next one is its script: `-c`, `-lc`, `-euxc`."""
    return len(word) > 1 and word[0] == "-" and word[1:].isalpha() and word.endswith("c")


def _declare(scope: _Scope, command: Command, *, exported: bool) -> None:
    for each in command.assignments:
        _assign(scope, each.name, each.value, conditional=command.conditional, append=each.append)
        if exported:
            scope.exported.add(each.name)
    if exported:
        scope.exported.update(word.text for word in command.words[1:] if word.text.isidentifier())


def _assign(scope: _Scope, name: str, value: Value | None, *, conditional: bool, append: bool) -> None:
    if conditional:
        scope.values[name] = None
    elif append:
        before = _lookup(scope)(name)
        scope.values[name] = before.joined(value) if before and value and not before.is_long else None
    else:
        scope.values[name] = value


def _lookup(scope: _Scope) -> Callable[[str], Value | None]:
    def value_of(name: str) -> Value | None:
        if name in {"@", "*"}:
            return None if scope.positional is None else Value(scope.positional, is_array=True)
        if name.isdigit():
            index = int(name) - 1
            return Value(scope.positional[index : index + 1]) if scope.positional and index >= 0 else None
        if name in scope.values:
            return scope.values[name]
        variable = scope.outside.get(name)
        if variable is None or variable.value is None or variable.kind == "secret":
            return None
        return Value.outside(name, variable.value)

    return value_of


def _token(word: Written, scope: _Scope) -> Token:
    start, end, variable = word.start, word.end, word.variable
    if start < -1:
        first, last = -2 - start, -3 - end
        (variable, start), (other, final) = scope.elsewhere[first], scope.elsewhere[max(first, last)]
        end = final + 1 if other == variable else start
    return Token(word.text, start, max(start, end), variable, word.unresolved, word.assumed, word.several)


def _of_value(name: str, value: Value | None, scope: _Scope) -> Token:
    return Token("", -1, -1, unresolved=name) if value is None else _token(value.word(), scope)


_OF_ENVIRONMENT = "/bin/activate"
"""What Python's virtual environments are entered by; it changes the path of programs, and lies in the image."""
SOURCING = frozenset({".", "source"})
"""Commands that run a script in the shell that they stand in."""
_CHANGING = frozenset({"unset", "read", "mapfile", "readarray", "getopts"})
"""Commands that give variables another value, which is not known."""
_MAX_NESTED = 3
MAX_SCRIPT = 100_000
"""Characters of the longest script that is read; of a longer one nothing is known."""
