"""What one server says: its image, command line, configuration file and variables, and what none of them says."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from psfpolicy.evidence.container import Word
from psfpolicy.evidence.engines import keywords, observing, security, shell, vllm, weights
from psfpolicy.evidence.engines.arguments import Argument, last
from psfpolicy.evidence.engines.expansion import left_open
from psfpolicy.evidence.engines.images import image_facts
from psfpolicy.evidence.engines.launch import Launch
from psfpolicy.evidence.engines.run import Run
from psfpolicy.evidence.engines.table import engine as table_of
from psfpolicy.evidence.engines.table import key_of
from psfpolicy.evidence.inside import Stretches, embedded
from psfpolicy.evidence.nodes import text
from psfpolicy.source import Document, masked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.container import Container, Variable
    from psfpolicy.evidence.engines.arguments import Line
    from psfpolicy.evidence.engines.images import Image
    from psfpolicy.evidence.engines.keywords import Keywords
    from psfpolicy.evidence.engines.launch import Found
    from psfpolicy.evidence.engines.table import Table
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import Place
    from psfpolicy.source import Node


class _Engine(Protocol):
    def facts(self, run: Run) -> Iterator[Fact]: ...


def container_facts(container: Container, found: Found, origin: Origin) -> Iterator[Fact]:
    """Give what a container says of the model that it serves, in the order of the text.

    Args:
        container: The container.
        found: What it starts.
        origin: What is read.
    """
    yield from _in_order([*_identity(container, found, origin), *_all(container, found, origin)])


def keyword_facts(given: Keywords, origin: Origin) -> Iterator[Fact]:
    """Give what engine arguments say that a manifest names by their keys.

    Args:
        given: The arguments: Ray's `engine_kwargs`, a chart's `vllmConfig`.
        origin: What is read.
    """
    key = key_of(given.engine)
    if not key:
        return
    table = table_of(key)
    added = _words_of(given.variables, table.more.get("extra", "")) if given.serves else ()
    named, line = keywords.line(given.node, table.grammar), table.grammar.parse((*given.words, *added))
    model = () if given.model is None else (_model_argument(table, given.model),)
    run = Run(
        table=table,
        origin=origin,
        place=given.place,
        arguments=(*model, *named.arguments, *line.arguments),
        variables=given.variables,
        version=given.version,
        open_line=given.partial or _open(named.open or line.open),
        open_end=_open(line.open),
        open_variables=given.open_variables or given.partial,
    )
    facts = [*_facts(run, serves=given.serves), *_unknown(run, line)]
    if not given.serves:  # a chart has keys of its own beside those of the engine
        facts += _unknown(run, named)
    has_model = run.setting(*_model_options(table)) is not None
    yield from _in_order(fact for fact in facts if has_model or fact.path != _ID)


def _identity(container: Container, found: Found, origin: Origin) -> Iterator[Fact]:
    """Give which engine it is: by what is started, or else by the image."""
    path = "spec.serving.engine.name"
    explicit = next((each for each in found.launches if each.is_explicit), None)
    if explicit is not None:
        yield origin.fact(path, explicit.table.engine, explicit.place)
    reference = text(container.image)
    if container.image is None or not reference:
        return
    known = found.image.engine if found.image else ""
    for fact in image_facts(reference, container.image, origin):
        is_other = explicit is not None and known != explicit.table.engine
        if fact.path[-1] == "version" and is_other:
            yield origin.inconclusive("spec.serving.engine.version", container.image, "the image is not the engine's")
        elif fact.path[-1] != "name" or explicit is None:
            yield fact
    if explicit is not None and not known:
        yield origin.inconclusive("spec.serving.engine.version", container.image, "the image is not the engine's")
    if found.image and found.image.model:
        reason = "the image is made for it; its name is not the hub's"
        yield origin.inferred("spec.model.id", found.image.model, container.image, reason, shown=masked(reference))
    elif known == "nim" and explicit is None and left_open(reference):
        reason = "the image is made for a model, and its name is not known"
        yield origin.inconclusive("spec.model.id", container.image, reason, shown=masked(reference))


def _all(container: Container, found: Found, origin: Origin) -> Iterator[Fact]:
    starts = found.launches
    if not starts:
        key = (found.image.table or key_of(found.image.engine)) if found.image else ""
        where = _started_at(container)
        if not key:
            yield origin.inconclusive("spec.model.id", where, found.unknown)
            return
        unknown = Launch(table=table_of(key), place=where, variables=container.variables, open=found.unknown)
        starts = (unknown,)
    for start in starts:
        yield from _started(container, start, found.image, origin)


def _started_at(container: Container) -> Place:
    for words in (container.command, container.arguments):
        if words:
            return words[0].place
    return container.image.place if container.image is not None else container.place


def _started(container: Container, start: Launch, image: Image | None, origin: Origin) -> Iterator[Fact]:
    table = start.table
    line = table.grammar.parse((*start.words, *_additional(start)))
    arguments, missing = _with_file(container, table, line)
    is_own = image is not None and image.is_own
    is_same = image is not None and image.engine == table.engine
    run = Run(
        table=table,
        origin=origin,
        place=start.place,
        arguments=(*_positional(table, line), *arguments),
        variables=start.variables,
        version=image.version if image is not None and is_same else "",
        version_doubt=image.version_doubt if image is not None and is_same else "",
        doubt=start.doubt,
        open_line=start.open or missing or _open(line.open),
        open_end=_open(line.open),
        open_variables=container.open_variables or start.open_variables or start.open,
        unseen_variables="" if is_own else "the image, which is not the engine's own, may set it",
    )
    yield from (fact for fact in _facts(run, serves=True) if not _is_known_by_image(fact, image))
    yield from _unknown(run, line)
    if line.doubtful and not line.positional and "positional" in table.more and last(run.arguments, "model") is None:
        reason = (
            f"`{line.unknown[0].text.partition('=')[0]}` is not known, so what follows may be the model or its value"
        )
        yield run.unclear("spec.model.id", line.doubtful[0].place, reason)
    yield from _passed_on(run)


def _facts(run: Run, *, serves: bool) -> Iterator[Fact]:
    for row in run.table.rows:
        if serves or row.path != "spec.serving.engine.metrics" or run.setting(row.name) is not None:
            yield from run.of_row(row)
    module = cast("_Engine", import_module(f"psfpolicy.evidence.engines.{run.table.key}"))
    yield from module.facts(run)
    yield from weights.draft_facts(run)
    yield from weights.adapter_facts(run)
    yield from observing.tracing(run)
    yield from security.literal_secrets(run)
    if run.table.more.get("hub"):
        yield from weights.offline_facts(run, run.setting(*_model_options(run.table)))
    if serves:
        yield from security.authentication(run)
        yield from security.encryption(run)


def _is_known_by_image(fact: Fact, image: Image | None) -> bool:
    """Say whether a fact says that nothing names the model, where the image does."""
    return bool(image and image.model) and fact.path == _ID and fact.value is None


def _unknown(run: Run, line: Line) -> Iterator[Fact]:
    for word in line.unknown:
        flag = masked(word.text.partition("=")[0])[:80] if word.text.startswith("--") else f"{word.text[:3]}…"
        reason = f"`{flag}` is no option that {run.table.title} is known to have: it may stop the server, or do nothing"
        yield run.unclear("spec.serving.engine.arguments", word.place, reason, shown=flag)


def _positional(table: Table, line: Line) -> Iterator[Argument]:
    """Give the model that stands alone on the command line, as the option that names it."""
    name = table.more.get("positional")
    if name and line.positional:
        word = line.positional[0]
        yield Argument(name, "", (word,), word.place)


def _model_options(table: Table) -> tuple[str, ...]:
    return (table.more.get("positional", "model"), "model-id", "hf-repo")


def _model_argument(table: Table, model: Node) -> Argument:
    written = text(model) or ""
    name = table.more.get("positional", "model-id")
    return Argument(name, f"--{name}", (Word(written, model.place, left_open(written)),), model.place)


def _additional(start: Launch) -> tuple[Word, ...]:
    """Give the flags that a variable hands on, where the command that does so is not written here."""
    name = start.table.more.get("extra", "")
    return () if start.is_explicit else _words_of(start.variables, name)


def _words_of(variables: Mapping[str, Variable], name: str) -> tuple[Word, ...]:
    variable = variables.get(name)
    if variable is None:
        return ()
    if variable.value is None or variable.kind == "secret":
        return (Word(f"${name}", variable.place, name, several=True),)
    inner = Stretches(variable.scalar) if variable.scalar is not None else None
    return tuple(
        Word(
            token.text,
            inner.place(token.start, token.end)
            if inner and not token.variable and token.start >= 0
            else variable.place,
            token.unresolved,
            token.assumed,
        )
        for token in shell.words(variable.value, {}, None)
    )


def _with_file(container: Container, table: Table, line: Line) -> tuple[tuple[Argument, ...], str]:
    """Give the arguments with those of the engine's configuration file, and why that file is missing."""
    config = table.more.get("config")
    given = last(line.arguments, config["option"]) if config else None
    if config is None or given is None:
        return line.arguments, ""
    if given.text is None:
        return line.arguments, f"`{given.flag}` names a file that is not known"
    file = container.files.get(given.text)
    documents = (file,) if isinstance(file, Document) else embedded(file) if file is not None else None
    if not documents:
        return line.arguments, f"`{masked(given.text)[:120]}`, which `{given.flag}` names, is not in the evidence"
    inner = keywords.line(documents[0].root, table.grammar)
    if config["wins"] == "file":
        return (*line.arguments, *inner.arguments), inner.open
    return (*inner.arguments, *line.arguments), inner.open


def _passed_on(run: Run) -> Iterator[Fact]:
    """Give what NIM hands to the engine inside."""
    if run.table.key != "nim":
        return
    words = _words_of(run.variables, "NIM_PASSTHROUGH_ARGS")
    lack = "" if "NIM_PASSTHROUGH_ARGS" in run.variables else run.open_variables
    if not words and not lack:
        return
    table = table_of("vllm")
    line = table.grammar.parse(words)
    doubt = "NIM hands it to the engine inside, which is vLLM unless the profile says otherwise"
    lack = _open(line.open) or lack
    inner = replace(run, table=table, arguments=line.arguments, variables={}, doubt=doubt, open_line=lack)
    for row in table.rows:
        is_switch = row.path.startswith("spec.security.hardening.")
        if row.name and (inner.setting(row.name) is not None or (lack and is_switch)):
            yield from inner.of_row(row)
    yield from security.literal_secrets(inner)
    if inner.setting("enable-log-requests", "enable-log-outputs") is not None:
        yield from (fact for fact in vllm.logging(inner) if fact.place != run.place)


def _open(unresolved: str) -> str:
    return f"`{masked(unresolved)[:80]}` may hold more arguments" if unresolved else ""


def _in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Give facts in the order of their places, each once."""
    once = {(fact.path, repr(fact.value), fact.place, fact.reason, fact.shown): fact for fact in facts}
    return sorted(once.values(), key=lambda fact: fact.place.region)


_ID = ("spec", "model", "id")
