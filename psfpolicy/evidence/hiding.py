"""Secrets that stand in manifests, kept out of excerpts: a fact knows where one stands, or the name of its key does."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.placeholders import UNFILLED
from psfpolicy.evidence.plain import is_plain
from psfpolicy.source import Mapping as Map
from psfpolicy.source import Scalar, Text, masked
from psfpolicy.source.secrets import MASK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from psfpolicy.evidence.files import Manifest
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import Region
    from psfpolicy.source import Node

STORE = ("spec", "security", "secrets", "store")
"""What a fact is about that shows where a secret is kept."""

_ANY = "secrets"
"""The reader that reads every manifest."""
_NAME = re.compile(
    r"(?i)(?:passw(?:or)?d|passphrase|token|(?:api|master|private|secret|secret_?access)[_-]?key|client_?secret)$"
)
_NAMES = re.compile(r"(?i)passw(?:or)?d|passphrase|token|key|client_?secret")
"""What a text holds that has such a name: a quick way to see that there is none."""
_BREAK = re.compile(r"(\r\n?|\n)")


def concealed(manifests: Iterable[Manifest], facts: Iterable[Fact]) -> tuple[Manifest, ...]:
    """Give the manifests with a mask in their texts wherever a fact or the name of a key says that a secret stands."""
    found: dict[str, list[Region]] = {}
    for fact in facts:
        if fact.path == STORE and (fact.certainty == "certain" or fact.reason == UNFILLED):
            found.setdefault(fact.place.file, []).append(fact.place.region)
    return tuple(_concealed(each, [*found.get(each.name, ()), *_named(each)]) for each in manifests)


def _named(manifest: Manifest) -> Iterable[Region]:
    """Give where a key with the name of a secret holds one."""
    if manifest.documents and _NAMES.search(manifest.documents[0].root.text.content):
        for document in manifest.documents:
            yield from _held(document.root, "")


def _held(node: Node, name: str) -> Iterable[Region]:
    if isinstance(node, Map):
        for each in node.entries:
            yield from _held(each.value, each.key)
    elif not isinstance(node, Scalar):
        for item in node.items:
            yield from _held(item, name)
    elif (
        not isinstance(node.value, bool) and node.value is not None and _NAME.search(name) and is_plain(str(node.value))
    ):
        yield node.place.region


def without_twins(facts: Sequence[Fact]) -> Iterable[Fact]:
    """Give the facts without those on a secret that another reader knows more of."""
    known: dict[tuple[str, bool], list[Region]] = {}
    for fact in facts:
        if fact.path == STORE and fact.reader != _ANY:
            # What another reader leaves open keeps no secret from being one.
            for is_certain in {False, fact.certainty == "certain"}:
                known.setdefault((fact.place.file, is_certain), []).append(fact.place.region)
    for regions in known.values():
        regions.sort(key=_start)
    return (fact for fact in facts if fact.path != STORE or fact.reader != _ANY or not _meets(fact, known))


def _meets(fact: Fact, known: Mapping[tuple[str, bool], Sequence[Region]]) -> bool:
    """Say whether a region that begins in the fact's, or is the last to begin before it, meets it."""
    region, regions = fact.place.region, known.get((fact.place.file, fact.certainty == "certain"), ())
    index = bisect_left(regions, _start(region), key=_start)
    return any(
        _start(each) < _end(region) and _start(region) < _end(each) for each in regions[max(index - 1, 0) : index + 1]
    )


def _start(region: Region) -> tuple[int, int]:
    return region.start_line, region.start_column


def _end(region: Region) -> tuple[int, int]:
    return region.end_line, region.end_column


def _concealed(manifest: Manifest, regions: Sequence[Region]) -> Manifest:
    text = manifest.documents[0].root.text if manifest.documents else manifest.plain
    if text is None or not regions:
        return manifest
    parts = _BREAK.split(text.content)
    # From behind, so that the columns of what comes before still count.
    for line, start, end in sorted(set(_stretches(regions)), reverse=True):
        at = 2 * (line - 1)
        if at < len(parts):
            written = parts[at]
            parts[at] = written[: start - 1] + MASK + written[len(written) if end is None else end - 1 :]
    return replace(manifest, text=Text(manifest.name, masked("".join(parts))))


def _stretches(regions: Sequence[Region]) -> Iterable[tuple[int, int, int | None]]:
    """Give the stretch of each line, those that meet as one; the end is None where it is the line's."""
    lines: dict[int, list[tuple[int, float]]] = {}
    for region in regions:
        for line in range(region.start_line, region.end_line + 1):
            start = region.start_column if line == region.start_line else 1
            end = region.end_column if line == region.end_line else float("inf")
            lines.setdefault(line, []).append((start, end))
    for line, stretches in lines.items():
        start, end = min(stretches)
        for begin, until in sorted(stretches):
            if begin > end:
                yield line, start, None if end == float("inf") else int(end)
                start, end = begin, until
            end = max(end, until)
        yield line, start, None if end == float("inf") else int(end)
