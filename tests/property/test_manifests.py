"""Laws of evidence, over mutations of real manifests: less text proves no more, and no text makes a reader raise."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from psfpolicy.errors import DocumentError
from psfpolicy.evidence.gathering import Globs, gather
from psfpolicy.model.place import Place, Region

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from random import Random

    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue

CORPUS = Path(__file__).parents[1] / "corpus"
TABLES = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((CORPUS / "expected").iterdir())]
TEXTS = {table["file"]: (CORPUS / table["file"]).read_text(encoding="utf-8") for table in TABLES}
READABLE = sorted(table["file"] for table in TABLES if "error" not in table and len(TEXTS[table["file"]]) < 13_000)
OBJECTS = [
    name
    for name in READABLE
    if name.endswith(".yaml") and re.search("^apiVersion:", TEXTS[name], re.MULTILINE) and "{{" not in TEXTS[name]
]
NOWHERE = Place("deploy.yaml", Region(1, 1, 1, 1))
DESCRIPTOR: JsonValue = {"spec": {"model": {"id": "none/such"}}}
NUMBERS = itertools.count()

# A value behind a key, or an item of a list, to the end of its line; and what may stand there instead.
VALUE = re.compile(r"^[ -]*(?:[\w./$\"'-]+ ?[:=] |- )(?P<value>\S[^\n]*)$", re.MULTILINE)
SCALARS = ["null", "true", "1", "-1", "0.5", "1e400", ".nan", "9" * 50, '""', '"\\0"', "!!binary aGk=", "&a 1", "*a"]
COLLECTIONS = ["[]", "{}", "[null]", "[[], {}]", "{a: {b: [1, null]}}", "[--model, null]", "[{name: null, value: []}]"]
UNKNOWN = ['"${A}"', "'{{ .Values.a }}'", "'$(A)'"]
OTHERS = [*SCALARS, *COLLECTIONS, *UNKNOWN]

# What a control takes for safe. Where a table has no row, no value of the path makes a control pass by itself.
SAFE: dict[str, Callable[[JsonValue], bool]] = {
    "spec.model.remoteCode": lambda value: value is False,
    "spec.model.revision": lambda value: bool(re.fullmatch("[0-9a-f]{40}", str(value))),
    "spec.model.adapters": lambda value: value == [],
    "spec.model.weights.source": lambda value: value in {"mirror", "image"},
    "spec.serving.engine.image": lambda value: "@sha256:" in str(value),
    "spec.serving.replicas.min": lambda value: isinstance(value, int) and value > 1,
    "spec.serving.autoscaling.metric": lambda value: value in {"queue-depth", "requests"},
    "spec.serving.queue.bounded": lambda value: value is True,
    "spec.inputs.guards": lambda _: True,
    "spec.inputs.rateLimits": lambda _: True,
    "spec.outputs.guards": lambda _: True,
    "spec.network.egress.default": lambda value: value == "deny",
    "spec.network.ingress.authentication": lambda value: value != "none",
    "spec.network.ingress.exposure": lambda value: value == "cluster",
    "spec.network.ingress.tls": lambda value: value is True,
    "spec.network.offlineHub": lambda value: value is True,
    "spec.network.telemetryOptOut": lambda value: value is True,
    "spec.observability.alerts": lambda _: True,
    "spec.observability.exports": lambda value: isinstance(value, dict) and value.get("tls") is True,
    "spec.observability.runLog.rawText": lambda value: value is False,
    "spec.release.canary.criteria": lambda _: True,
    "spec.release.canary.percent": lambda _: True,
    "spec.security.hardening.nonRoot": lambda value: value is True,
    "spec.security.hardening.readOnlyRootFilesystem": lambda value: value is True,
    "spec.security.leastPrivilege.serviceAccount": lambda value: value == "dedicated",
    "spec.security.secrets.store": lambda value: value != "none",
}


def path_of(fact: Fact) -> str:
    return ".".join(map(str, fact.path))


def passes(fact: Fact) -> bool:
    """Say whether a control would count a fact for the deployment."""
    safe = SAFE.get(path_of(fact))
    return safe is not None and fact.certainty == "certain" and safe(fact.value)


def read(text: str | bytes, name: str) -> tuple[Fact, ...]:
    """Give the facts of a text as a file of its own.

    Raises:
        DocumentError: It is no document.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{next(NUMBERS)}{Path(name).suffix}"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        globs = Globs(patterns=((path.name, NOWHERE),), folder=folder, root=str(Path(folder).resolve()))
        return tuple(item.fact for item in gather(DESCRIPTOR, [globs], lambda found: Path(found).name).facts)


@cache
def of_file(name: str) -> tuple[Fact, ...]:
    return read(TEXTS[name], name)


def node(lines: list[str], start: int) -> range:
    """Give the lines of what begins on a line: those below it that are indented further, and what closes it."""
    depth = indent(lines[start])
    end = start + 1
    while end < len(lines) and (not lines[end].strip() or indent(lines[end]) > depth or belongs(lines, start, end)):
        end += 1
    if end < len(lines) and indent(lines[end]) == depth and lines[end].strip()[:1] in {"}", "]", ")"}:
        end += 1
    return range(start, end)


def indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def belongs(lines: list[str], start: int, end: int) -> bool:
    """Say whether a line is an item of the list whose key is as far left as its items."""
    is_item = lines[end].lstrip().startswith("- ") and indent(lines[end]) == indent(lines[start])
    return is_item and not lines[start].lstrip().startswith("-") and lines[start].rstrip().endswith(":")


@st.composite
def removals(draw: st.DrawFn) -> tuple[str, str, frozenset[int]]:
    """Give a file, its text without one to three nodes, and the lines that are gone, from 1."""
    name = draw(st.sampled_from(READABLE))
    lines = TEXTS[name].splitlines(keepends=True)
    starts = [
        index
        for index, line in enumerate(lines)
        if line.strip() and line.strip()[0] not in "#}])" and line.strip() != "---"
    ]
    gone = {
        index
        for start in draw(st.lists(st.sampled_from(starts), min_size=1, max_size=3))
        for index in node(lines, start)
    }
    kept = "".join(line for index, line in enumerate(lines) if index not in gone)
    return name, kept, frozenset(index + 1 for index in gone)


def origin(fact: Fact, lines: list[str]) -> range:
    """Give the lines, from 1, that a fact comes from: its own; of an item of a list the two nodes around that.

    What makes an export plain, or a limit one for few, stands beside the line that the item is shown at.
    """
    start = fact.place.region.start_line - 1
    if not fact.item:
        return range(start + 1, start + 2)
    for _ in range(2):
        above = (index for index in range(start, -1, -1) if lines[index].strip())
        start = next((index for index in above if indent(lines[index]) < indent(lines[start])), start)
    around = node(lines, start)
    return range(around.start + 1, around.stop + 1)


def added(name: str, text: str, kept: str, gone: frozenset[int]) -> tuple[set[str], set[str]]:
    """Give the paths with more passing facts without some lines, and those of which the lines held what did not pass.

    A line that holds an unsafe thing may go: then what is safe by default is safe.
    """
    lines = text.splitlines()
    before = of_file(name) if text == TEXTS.get(name) else read(text, name)
    had, has = (Counter(path_of(fact) for fact in facts if passes(fact)) for facts in (before, read(kept, name)))
    excused = {path_of(fact) for fact in before if not passes(fact) and gone & set(origin(fact, lines))}
    return {path for path in has if has[path] > had[path]}, excused


@settings(max_examples=180, deadline=None)
@given(removals())
def test_removing_lines_never_adds_a_passing_fact(removal: tuple[str, str, frozenset[int]]) -> None:
    name, kept, gone = removal
    try:
        more, excused = added(name, TEXTS[name], kept, gone)
    except DocumentError:
        return
    assert more <= excused


def test_a_line_that_held_the_unsafe_thing_is_the_only_one_that_may_add_a_passing_fact() -> None:
    name = "gke-vllm-7b-awq.yaml"
    lines = TEXTS[name].splitlines(keepends=True)
    unsafe = [*lines[:35], "        - --trust-remote-code\n", *lines[35:]]
    assert added(name, "".join(unsafe), TEXTS[name], frozenset({36})) == (
        {"spec.model.remoteCode"},
        {"spec.model.remoteCode"},
    )
    assert added(name, "".join(unsafe), TEXTS[name], frozenset()) == ({"spec.model.remoteCode"}, set())


def said(facts: Iterable[Fact], text: str) -> Counter[str]:
    """Give what facts say wherever they stand: the lines themselves, without the numbers of lines and documents."""
    lines = text.split("\n")
    return Counter(
        f"{fact.path} {fact.value!r} {fact.certainty} {fact.reason} {fact.subject} {fact.workload} {fact.shown} "
        + lines[fact.place.region.start_line - 1]
        for fact in facts
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(OBJECTS), min_size=1, max_size=4, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_documents_changes_nothing(names: list[str], chance: Random) -> None:
    documents = [
        document.strip("\n") for name in names for document in re.split("^---.*$", TEXTS[name], flags=re.MULTILINE)
    ]
    shuffled = documents.copy()
    chance.shuffle(shuffled)
    one, other = ("\n---\n".join(each) for each in (documents, shuffled))
    assert said(read(one, "one.yaml"), one) == said(read(other, "other.yaml"), other)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(READABLE), st.data())
def test_a_scalar_of_another_type_makes_no_reader_raise(name: str, data: st.DataObject) -> None:
    values = list(VALUE.finditer(TEXTS[name]))
    chosen = data.draw(st.sets(st.sampled_from(range(len(values))), min_size=1, max_size=3))
    text = TEXTS[name]
    for index in sorted(chosen, reverse=True):
        start, end = values[index].span("value")
        text = text[:start] + data.draw(st.sampled_from(OTHERS)) + text[end:]
    with contextlib.suppress(DocumentError):
        read(text, name)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(READABLE), st.floats(0, 1))
def test_a_file_that_breaks_off_makes_no_reader_raise(name: str, share: float) -> None:
    whole = TEXTS[name].encode()
    with contextlib.suppress(DocumentError):
        read(whole[: round(share * len(whole))], name)
