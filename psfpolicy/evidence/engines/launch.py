"""Where a container starts the server of an engine, and with which words and variables."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.evidence.container import Variable, Word
from psfpolicy.evidence.engines import shell
from psfpolicy.evidence.engines.images import Image, image
from psfpolicy.evidence.engines.table import ENGINES, Table, engine, key_of
from psfpolicy.evidence.inside import Stretches
from psfpolicy.evidence.nodes import text
from psfpolicy.evidence.tables import table
from psfpolicy.source import Scalar, masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from psfpolicy.evidence.container import Container
    from psfpolicy.evidence.engines.shell import Statement, Token
    from psfpolicy.model.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """One start of a server."""

    table: Table
    words: tuple[Word, ...] = ()
    """What follows the server's name."""
    place: Place
    """Where it is started: what is not said is shown there."""
    variables: Mapping[str, Variable] = field(default_factory=dict)
    """Its environment: the container's, and what the script adds."""
    doubt: str = ""
    """Why what it shows is only inferred; empty where it is certain."""
    open: str = ""
    """Why its command line may hold more than is seen; empty where it does not."""
    open_variables: str = ""
    """Why its environment may hold more than is seen; empty where it does not."""
    is_explicit: bool = False
    """Its command is written, and not the image's own."""


class Found(NamedTuple):
    """What a container starts."""

    image: Image | None
    launches: tuple[Launch, ...]
    unknown: str = ""
    """Why it is not known what the container starts, where its image is an engine's; empty where it is known."""


def launches(container: Container) -> Found:
    """Find the servers that a container starts: in its command, its script, or by its image alone."""
    reference = text(container.image)
    found = image(reference) if reference else None
    inside = _Inside(container, found)
    words = (*(container.command or ()), *(container.arguments or ()))
    script = inside.script(words)
    if script is not None:
        starts = _starts(script)
        if starts:
            return Found(found, starts)
        return Found(found, (), _unknown(script.programs, found) if script.programs else "")
    start = inside.of_words(words, container.variables)
    if start is not None:
        return Found(found, (start,))
    if container.command is None and found is not None and found.engine:
        return inside.of_image(found)
    return Found(found, (), _unknown(_program(words), found))


class _Script(NamedTuple):
    launches: tuple[Launch, ...]
    programs: list[str]


def _starts(script: _Script) -> tuple[Launch, ...]:
    if len(script.launches) < 2:
        return script.launches
    doubt = f"the script starts a server in {len(script.launches)} places"
    return tuple(replace(each, doubt=each.doubt or doubt) for each in script.launches)


def _unknown(programs: Sequence[str], found: Image | None) -> str:
    """Say why it is not known what an image of an engine is told to start; empty where it is, or no engine's."""
    if found is None or not found.engine:
        return ""
    others = set(table("engines/programs")["others"]) | set(table("engines/programs")["wrappers"]) | _programs()
    strange = next((each for each in programs if each.rpartition("/")[2] not in others), "")
    if programs and not strange:
        return ""
    return f"what `{masked(strange)[:60]}` starts is not in the evidence" if strange else "nothing says what it starts"


def _program(words: Sequence[Word]) -> list[str]:
    """Give the program that a command line starts, behind those that start what follows them; none of an empty one."""
    through = {*table("engines/programs")["wrappers"], *shell.SOURCING}
    texts = [word.text for word in words]
    index = 0
    while index < len(texts) and (
        texts[index].rpartition("/")[2] in through or (index and (texts[index].startswith("-") or "=" in texts[index]))
    ):
        index += 1
    return texts[index : index + 1] or texts[:1]


@cache
def _programs() -> frozenset[str]:
    """Give the programs of engines that serve only with the right word behind them: `vllm` of `vllm serve`."""
    several = (words for key in ENGINES for words in engine(key).launchers if len(words) > 1)
    return frozenset(words[0] for words in several if words[0] != "python")


class _Inside:
    """What surrounds the commands of one container."""

    def __init__(self, container: Container, found: Image | None) -> None:
        self.container = container
        self.image = found
        self.open = container.partial
        if not self.open and found is None and container.command is None:
            self.open = "there is no image here: it is a part of what another file says"

    def script(self, words: tuple[Word, ...]) -> _Script | None:
        """Give what the script of the container starts; None where there is none."""
        container, rest = self.container, _behind_option(words)
        if container.script is not None:
            value = text(container.script) or ""
            arguments = rest[1:] if rest and rest[0].text == value else rest
            return self._of_script(value, arguments[1:], Stretches(container.script).place)
        if not words:
            return None
        index = next((index for index, word in enumerate(words[:4]) if _name(word) in shell.SHELLS), -1)
        if index >= 0 and rest:
            return self._of_script(rest[0].text, rest[2:], lambda _start, _end: rest[0].place)
        at = next((at for at, word in enumerate(words) if at > index and not word.text.startswith("-")), -1)
        is_program = index >= 0 or (at == 0 and container.command is not None)
        mounted = container.files.get(words[at].text) if at >= 0 and is_program else None
        if isinstance(mounted, Scalar):
            return self._of_script(text(mounted) or "", words[at + 1 :], Stretches(mounted).place)
        return None

    def _of_script(
        self, value: str, positional: tuple[Word, ...], place: Callable[[int, int], Place], depth: int = 0
    ) -> _Script:
        container = self.container
        statements = shell.statements(
            value, container.variables, positional=positional, interpolation=container.interpolation
        )
        found: list[Launch] = []
        programs: list[str] = []
        for statement in statements:
            words = tuple(self._word(token, positional, place) for token in statement.words)
            variables = {**container.variables, **dict(self._exported(statement, positional, place))}
            start = self.of_words(words, variables)
            if start is not None:
                said = f"`{masked(statement.sourced)[:80]}` in the script may set more variables"
                found.append(replace(start, open_variables=said if statement.sourced else ""))
                continue
            program = _program(words)
            mounted = container.files.get(program[0]) if program else None
            if isinstance(mounted, Scalar) and depth < 2:
                rest = words[1 + next(index for index, word in enumerate(words) if word.text == program[0]) :]
                nested = self._of_script(text(mounted) or "", rest, Stretches(mounted).place, depth + 1)
                found += nested.launches
                programs += nested.programs
            else:
                programs += program
        if len(value) > shell.MAX_SCRIPT:
            programs.append("a script that is too long")
        return _Script(tuple(found), programs)

    def _word(self, token: Token, positional: tuple[Word, ...], place: Callable[[int, int], Place]) -> Word:
        return Word(token.text, self._place(token, positional, place), token.unresolved, token.assumed, token.several)

    def _place(self, token: Token, positional: tuple[Word, ...], place: Callable[[int, int], Place]) -> Place:
        if token.variable.startswith("@"):
            return positional[int(token.variable[1:])].place
        variable = self.container.variables.get(token.variable)
        if variable is not None:
            inner = variable.scalar
            return variable.place if inner is None else Stretches(inner).place(token.start, token.end)
        return place(max(token.start, 0), max(token.end, 0))

    def _exported(
        self, statement: Statement, positional: tuple[Word, ...], place: Callable[[int, int], Place]
    ) -> Iterator[tuple[str, Variable]]:
        for name, token in statement.exported.items():
            where = self._place(token, positional, place)
            if token.unresolved:
                yield name, Variable(kind="unknown", value=None, place=where)
            else:
                yield name, Variable(kind="literal", value=token.text, place=where)

    def of_words(self, words: tuple[Word, ...], variables: Mapping[str, Variable]) -> Launch | None:
        """Give the server that a command line starts; None where it starts none that is known."""
        programs = table("engines/programs")
        first = _name(words[0]) if words else ""
        if first in programs["others"] and first not in programs["wrappers"]:
            return None
        is_wrapped = first in programs["wrappers"]
        for index, word in enumerate(words[:_FARTHEST]):
            name = _name(word)
            for key in _starting().get("python" if _PYTHON.fullmatch(name) else name, ()):
                length = _matches(words[index:], engine(key))
                if length:
                    through = f"it is started through `{first}`" if index and not is_wrapped else ""
                    given = {**variables, **dict(_assigned(words[:index]))}
                    rest = words[index + length :]
                    start = self._launch(engine(key), rest, words[index].place, given, through)
                    return replace(start, is_explicit=True)
        return None

    def of_image(self, found: Image) -> Found:
        """Give the server that an image starts by itself, with the arguments of the container."""
        container = self.container
        key = found.table or key_of(found.engine)
        if not key or container.image is None:
            return Found(found, (), f"the flags of `{found.repository}` are not known" if not key else "")
        words = container.arguments or ()
        given = engine(key)
        if words and words[0].text == given.more.get("subcommand"):
            words = words[1:]
        place = words[0].place if words else container.image.place
        doubt = "" if found.is_own and found.is_server else f"the image is taken to start {given.title}"
        is_open = "" if found.is_server else f"what `{found.repository}` starts by itself is not known"
        start = self._launch(given, words, place, container.variables, doubt)
        return Found(found, (replace(start, open=start.open or is_open),))

    def _launch(
        self, given: Table, words: tuple[Word, ...], place: Place, variables: Mapping[str, Variable], doubt: str
    ) -> Launch:
        return Launch(table=given, words=words, place=place, variables=variables, doubt=doubt, open=self.open)


def _behind_option(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Give the words behind the `-c` of a shell."""
    for index, word in enumerate(words):
        if shell.is_command_option(word.text):
            return words[index + 1 :]
    return ()


def _assigned(words: Sequence[Word]) -> Iterator[tuple[str, Variable]]:
    """Give the variables that `env A=b` sets."""
    for word in words:
        name, equals, value = word.text.partition("=")
        if equals and name.isidentifier():
            known = not word.unresolved
            yield (
                name,
                Variable(kind="literal" if known else "unknown", value=value if known else None, place=word.place),
            )


def _name(word: Word) -> str:
    return word.text.rpartition("/")[2]


@cache
def _starting() -> Mapping[str, tuple[str, ...]]:
    """Give the tables of engines by the program that starts their server."""
    programs = {launcher[0] for key in ENGINES for launcher in engine(key).launchers}
    return {
        program: tuple(key for key in ENGINES if any(launcher[0] == program for launcher in engine(key).launchers))
        for program in programs
    }


def _matches(words: Sequence[Word], given: Table) -> int:
    """Give how many words start the server of an engine; 0 where they do not."""
    program = _name(words[0])
    for launcher in given.launchers:
        if launcher[0] == "python":
            length = _module(words, launcher[2:]) if _PYTHON.fullmatch(program) else 0
        else:
            rest = tuple(word.text for word in words[1 : len(launcher)])
            length = len(launcher) if program == launcher[0] and rest == launcher[1:] else 0
        if length:
            return length
    return 0


def _module(words: Sequence[Word], expected: tuple[str, ...]) -> int:
    """Give how many words run a module of Python; 0 where they do not."""
    index = 1
    while index < len(words) and words[index].text.startswith("-") and words[index].text != "-m":
        index += 1
    given = tuple(word.text for word in words[index : index + 1 + len(expected)])
    return index + 1 + len(expected) if given == ("-m", *expected) else 0


_FARTHEST = 40
_PYTHON = re.compile(r"python[\d.]*")
