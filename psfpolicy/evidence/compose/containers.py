"""From a service of compose to the container that engines read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.compose.services import content_of, lines
from psfpolicy.evidence.container import Container, Variable, Word
from psfpolicy.evidence.engines.expansion import compose
from psfpolicy.evidence.engines.shell import SHELLS, is_command_option, words
from psfpolicy.evidence.inside import Stretches
from psfpolicy.evidence.nodes import at, entries, flag, items, text
from psfpolicy.source import Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.compose.services import Service
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.place import Place
    from psfpolicy.source import Node

_Line = tuple[tuple[Word, ...] | None, Scalar | None]


def container(service: Service, project: Project) -> Container:
    """Give the container of a service: its command line and its variables."""
    variables, missing = _variables(service, project)
    command, script = _line(at(service.node, "entrypoint"), service)
    arguments, other = _line(at(service.node, "command"), service)
    if script is None and command and not other:
        arguments, other = _given_to_shell(command, arguments, at(service.node, "command"))
    return Container(
        name=service.name,
        image=_image(service),
        command=command,
        arguments=arguments,
        script=script or other,
        variables=variables,
        mounts=tuple(_target(each, service) for each in items(at(service.node, "volumes"))),
        place=service.entry.key_place,
        partial=service.partial,
        open_variables=missing,
        interpolation=service.known,
    )


def hooks(service: Service, found: Container) -> Iterator[Container]:
    """Give what compose runs in the container of a service once it has started, as containers that start that."""
    for hook in items(at(service.node, "post_start")):
        command, script = _line(at(hook, "command"), service)
        yield replace(found, command=command, arguments=None, script=script, variables={})


def _target(node: Node, service: Service) -> str:
    """Give the folder that a volume is mounted at: `models:/models:ro`, or a map that says it."""
    filled = service.filled(node if text(node) is not None else at(node, "target")).text
    _, separator, behind = filled.partition(":")
    return behind.partition(":")[0] if separator else filled


def assumed_image(service: Service) -> str:
    """Give the variable in a service's image whose default was taken; empty where none was."""
    return service.filled(at(service.node, "image")).assumed


def _image(service: Service) -> Scalar | None:
    written = at(service.node, "image")
    if not isinstance(written, Scalar) or not text(written):
        return None
    filled = service.filled(written)
    # With a variable that is not known it stays as it is written, which no image is called.
    return written if filled.unresolved else written._replace(value=filled.text)


def _line(node: Node | None, service: Service) -> _Line:
    """Give the words of `command` or `entrypoint`, and the script among them that a shell is given.

    A text is split into words without a shell; null keeps what the image has, and an empty one clears it.
    """
    if node is None or (isinstance(node, Scalar) and node.value is None):
        return None, None
    if isinstance(node, Sequence):
        found = tuple(_word(item, service) for item in node.items)
        script = _script_at(found)
        holder = node.items[script] if script is not None else None
        if script is None or not isinstance(holder, Scalar):
            return found, None
        return (*found[:script], *found[script + 1 :]), holder
    if not isinstance(node, Scalar):
        return (Word("", node.place, "a command that is no text and no list"),), None
    return _split(node, service)


def _split(node: Scalar, service: Service) -> _Line:
    written = text(node) or ""
    stretches = Stretches(node)
    found: list[Word] = []
    for token in words(written, {}, service.known):
        place = stretches.place(token.start, token.end) if token.start >= 0 else node.place
        found.append(Word(token.text, place, token.unresolved, token.assumed, token.several))
    script = _script_at(tuple(found))
    if script is None or found[script].unresolved:
        return tuple(found), None
    value = found[script].text
    begin = node.text.content.find(value, node.start, node.end) if value else -1
    whole = Scalar(value, node.text, node.start, node.end, node.used_at)
    holder = whole if begin < 0 else whole._replace(start=begin, end=begin + len(value))
    return (*found[:script], *found[script + 1 :]), holder


def _word(node: Node, service: Service) -> Word:
    written = text(node)
    if written is None:
        return Word("", node.place, "an argument that is no text")
    filled = service.filled(node)
    return Word(filled.text, node.place, filled.unresolved, filled.assumed)


def _script_at(found: tuple[Word, ...]) -> int | None:
    """Say which word is the script that a shell is given with `-c`; None where there is none."""
    for start, word in enumerate(found[:4]):
        if word.text.rpartition("/")[2] in SHELLS:
            for index in range(start + 1, len(found) - 1):
                if is_command_option(found[index].text):
                    return index + 1
                if not found[index].text.startswith(("-", "+")):
                    return None
    return None


def _given_to_shell(command: tuple[Word, ...], arguments: tuple[Word, ...] | None, node: Node | None) -> _Line:
    """Take the script from the command where the entry point is a shell that waits for one: `["sh", "-c"]`."""
    last = command[-1].text
    ready = is_command_option(last) and any(word.text.rpartition("/")[2] in SHELLS for word in command)
    first = items(node)[0] if items(node) else None
    if not ready or not arguments or not isinstance(first, Scalar):
        return arguments, None
    return arguments[1:], first


def _variables(service: Service, project: Project) -> tuple[dict[str, Variable], str]:
    found: dict[str, Variable] = {}
    missing = ""
    written = at(service.node, "env_file")
    for item in items(written) or ((written,) if written is not None else ()):
        path = service.filled(item if text(item) is not None else at(item, "path"))
        content = None if path.unresolved else content_of(path.text, service.document, project)
        if content is None:
            required = flag(at(item, "required")) is not False
            missing = missing or (f"`{path.text}` is not in the evidence" if path.text and required else "")
        else:
            found |= {name: _known(value.place, value, str(value.value), service) for name, value in lines(content)}
    environment = at(service.node, "environment")
    for each in entries(environment):
        found[each.key] = _declared(each.value, service)
    for item in items(environment):
        name, equals, value = (text(item) or "").partition("=")
        if name:
            plain = item if isinstance(item, Scalar) else None
            given = _known(item.place, None, value, service) if equals and plain else None
            found[name] = given or Variable(kind="unknown", value=None, place=item.place)
    return found, missing


def _declared(node: Node, service: Service) -> Variable:
    value = text(node)
    if value is None or not isinstance(node, Scalar):
        return Variable(kind="unknown", value=None, place=node.place)
    return _known(node.place, node, value, service)


def _known(place: Place, written: Scalar | None, value: str, service: Service) -> Variable:
    filled = compose(value, service.known)
    if filled.unresolved or filled.assumed:
        return Variable(kind="unknown", value=None, place=place)
    return Variable(kind="literal", value=filled.text, place=place, scalar=written)
