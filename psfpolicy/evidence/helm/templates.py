"""Templates of charts that are no YAML before they are filled in: that they serve a model, and what they leave open."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.files import HCL, TEMPLATE
from psfpolicy.evidence.tables import table
from psfpolicy.source import Document, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Text

NAME = "helm_templates"

_REASON = "a template of a chart: what it is filled in with is not in the evidence"
_SEPARATOR = re.compile(r"^---[ \t]*$", re.MULTILINE)
_KIND = re.compile(
    r"^[ \t]*kind:[ \t]*[\"']?(Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|Pod|LeaderWorkerSet|Rollout)\b",
    re.MULTILINE,
)
_COMMENT = re.compile(r"\{\{-?\s*/\*.{0,10000}?\*/\s*-?\}\}|(?:^|(?<=\s))#[^\n]*", re.DOTALL)
_CALL = re.compile(r"\b(?:include|template)\s+\"[^\"\n]*\"")
_LABEL = re.compile(r"^[ \t]*(?:name|app|component|[\w./-]+/[\w-]+):[^\n]*$", re.MULTILINE)
_WORDS = re.compile(r"^[ \t]*(?:-[ \t]*)?(?:args|command):", re.MULTILINE)
_SHOWING = {
    "spec.serving.engine.image": (re.compile(r"^[ \t]*(?:-[ \t]*)?image:[^\n]*", re.MULTILINE),),
    "spec.model.id": (re.compile(r"--model(?:-path|-id)?\b"), _WORDS),
    "spec.model.remoteCode": (re.compile(r"--trust-remote-code\b"), _WORDS),
    "spec.serving.replicas.min": (re.compile(r"^[ \t]*replicas:[^\n]*", re.MULTILINE),),
}
"""What shows that a template bears on a question, the best first."""


def is_template(text: Text) -> bool:
    """Say whether a file has something in it that Helm fills in; HCL may hold such a text, and is none."""
    return not text.file.lower().endswith(HCL) and bool(TEMPLATE.search(text.content))


def template_facts(text: Text) -> Iterator[Fact]:
    """Give what a template leaves open, for each object in it that serves a model; nothing of any other text.

    Args:
        text: A file that is no YAML, with what fills it in still in it.
    """
    if "{{" not in text.content:
        return
    borders = [0, *(found.end() for found in _SEPARATOR.finditer(text.content)), len(text.content)]
    for start, end in pairwise(borders):
        kind = _KIND.search(text.content, start, end)
        if kind is not None and _serves(text.content[start:end]):
            yield from _open(text, start, end, kind)


def _serves(content: str) -> bool:
    """Say whether an object runs what serves a model: an engine's name stands in it, and in more than its labels."""
    plain = _LABEL.sub(" ", _CALL.sub(" ", _COMMENT.sub(" ", content))).lower()
    return any(name in plain for name in _engines())


@cache
def _engines() -> tuple[str, ...]:
    return tuple(table("images")["names"])


def _open(text: Text, start: int, end: int, kind: re.Match[str]) -> Iterator[Fact]:
    document = Document(text.file, Scalar("", text, start, start), 0)
    subject = f"template of a {kind[1]}"
    origin = Origin(reader=NAME, document=document, subject=subject, workload=f"{subject} in {text.file}")
    for path, patterns in _SHOWING.items():
        found = next(filter(None, (each.search(text.content, start, end) for each in patterns)), kind)
        shown = found[0].strip()
        first = found.end() - len(found[0].lstrip())
        yield origin.inconclusive(path, text.place(first, found.end()), _REASON, shown=shown[:200])
