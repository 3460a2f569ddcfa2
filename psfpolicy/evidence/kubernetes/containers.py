"""From a container as Kubernetes writes it to the one that engines read."""

from __future__ import annotations

import re
from posixpath import basename, join, normpath
from typing import TYPE_CHECKING

from psfpolicy.evidence.container import Container, Word
from psfpolicy.evidence.kubernetes.variables import environment, expanded
from psfpolicy.evidence.nodes import at, entries, entry, items, text
from psfpolicy.source import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    import collections.abc

    from psfpolicy.evidence.container import Variable
    from psfpolicy.evidence.kubernetes.pods import Pod
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.place import Place
    from psfpolicy.source import Document, Node

_SHELLS = frozenset({"ash", "bash", "busybox", "dash", "ksh", "sh", "zsh"})
_COMMAND_FLAG = re.compile(r"-[a-zA-Z]*c[a-zA-Z]*")
_WRAPPERS_BEFORE_SHELL = 4


def container(node: Node, pod: Pod, project: Project) -> Container:
    """Give a container of a pod: its command line, variables and mounted files."""
    namespace = pod.item.namespace
    known = environment(node, namespace, project)
    command, script = _words(node, "command", known.variables)
    arguments, other = _words(node, "args", known.variables)
    command, arguments, found = _without_script(command, arguments, (*script, *other))
    image = at(node, "image")
    return Container(
        name=text(at(node, "name")) or "",
        image=image if isinstance(image, Scalar) and text(image) else None,
        command=command,
        arguments=arguments,
        script=found,
        variables=known.variables,
        files=_files(node, pod, project),
        mounts=tuple(text(at(mount, "mountPath")) or "/" for mount in items(at(node, "volumeMounts"))),
        partial=pod.partial or _patched(node),
        open_variables=known.missing,
        place=_place_of(node),
    )


def _place_of(node: Node) -> Place:
    name = at(node, "name")
    if name is not None:
        return name.place
    first = next(iter(entries(node)), None)
    return node.place if first is None else first.key_place


def _patched(node: Node) -> str:
    return "" if entry(node, "$patch") is None else "this is a patch"


def _words(
    node: Node, key: str, variables: collections.abc.Mapping[str, Variable]
) -> tuple[tuple[Word, ...] | None, tuple[Node, ...]]:
    """Give the words of `command` or `args` and the nodes that hold them; None where the image's own are kept."""
    written = at(node, key)
    if written is None or (isinstance(written, Scalar) and written.value is None):
        return None, ()
    if not isinstance(written, Sequence):
        return (Word(text(written) or "", written.place, f"`{key}`, which is no list"),), (written,)
    # An empty list replaces nothing: Kubernetes leaves it out.
    if not written.items:
        return None, ()
    return tuple(_word(item, variables) for item in written.items), written.items


def _word(node: Node, variables: collections.abc.Mapping[str, Variable]) -> Word:
    written = text(node)
    if written is None:
        return Word("", node.place, "an argument that is no text")
    value, unknown = expanded(written, variables)
    return Word(value, node.place, unknown)


def _without_script(
    command: tuple[Word, ...] | None, arguments: tuple[Word, ...] | None, nodes: tuple[Node, ...]
) -> tuple[tuple[Word, ...] | None, tuple[Word, ...] | None, Scalar | None]:
    """Take the script out of the words around it, where a shell is given one."""
    words = (*(command or ()), *(arguments or ()))
    index = _script_at(tuple(word.text for word in words))
    if index is None or not isinstance(nodes[index], Scalar):
        return command, arguments, None
    script = nodes[index]
    border = len(command or ())
    if index < border:
        command = tuple(word for at_, word in enumerate(command or ()) if at_ != index)
    else:
        arguments = tuple(word for at_, word in enumerate(arguments or ()) if at_ != index - border)
    return command, arguments, script if isinstance(script, Scalar) else None


def _script_at(words: tuple[str, ...]) -> int | None:
    """Say which word is the script that a shell is given with `-c`; None where there is none."""
    for start, word in enumerate(words[:_WRAPPERS_BEFORE_SHELL]):
        if basename(word) not in _SHELLS:
            continue
        rest = iter(range(start + 1, len(words)))
        commanded = False
        for index in rest:
            if words[index] == "sh" and basename(word) == "busybox":
                continue
            if not words[index].startswith(("-", "+")):
                return index if commanded else None
            commanded = commanded or bool(_COMMAND_FLAG.fullmatch(words[index]))
            # `-o pipefail`, also at the end of a cluster of flags: the next word is the option's name.
            if not words[index].startswith("--") and words[index].endswith("o"):
                next(rest, None)
    return None


def _files(node: Node, pod: Pod, project: Project) -> dict[str, Scalar | Document]:
    volumes = {text(at(item, "name")): item for item in items(at(pod.spec, "volumes"))}
    found: dict[str, Scalar | Document] = {}
    for mount in items(at(node, "volumeMounts")):
        root, part = text(at(mount, "mountPath")), text(at(mount, "subPath"))
        volume = volumes.get(text(at(mount, "name")))
        if not root or volume is None:
            continue
        for path, content in _held(volume, pod.item.namespace, project):
            if part is None:
                found[normpath(join(root, path))] = content
            elif normpath(part) == normpath(path):
                found[normpath(root)] = content
    return found


def _held(volume: Node, namespace: str, project: Project) -> collections.abc.Iterator[tuple[str, Scalar]]:
    """Give the files of a volume that ConfigMaps of the evidence fill, by their path in it."""
    sources = [at(volume, "configMap")]
    sources += [at(item, "configMap") for item in items(at(volume, "projected", "sources"))]
    for source in sources:
        if not isinstance(source, Mapping):
            continue
        config = project.named("ConfigMap", text(at(source, "name")) or "", namespace)
        if config is None:
            continue
        chosen = {text(at(item, "key")): text(at(item, "path")) for item in items(at(source, "items"))}
        for item in entries(at(config.node, "data")):
            path = chosen.get(item.key) if chosen else item.key
            if path and isinstance(item.value, Scalar) and isinstance(item.value.value, str):
                yield path, item.value
