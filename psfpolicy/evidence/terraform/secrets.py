"""Secrets that stand in a configuration as they are: that they do, never what they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.terraform.hcl import parsed
from psfpolicy.evidence.terraform.resources import NAME
from psfpolicy.evidence.terraform.sagemaker import STORE
from psfpolicy.evidence.terraform.values import left
from psfpolicy.source import Document, Mapping, Scalar, is_placeholder, literal_secrets, masked
from psfpolicy.source.secrets import MASK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.terraform.hcl import Block
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node, Text

_NAME = re.compile(r"(?i)(?:^|_)(?:token|password|api_?key|secret_(?:access_)?key)$")
_INNER = re.compile(r"[^\r\n]")
_CALLED = "by its name it is a secret"
_FILLED = "a placeholder stands where the secret goes; what fills it in is not in the evidence"


def hidden(text: Text) -> str:
    """Give a file of HCL for people: without the values of what its name calls a secret, line breaks kept."""
    shown, end = [], 0
    file = parsed(text)
    for root, name in ((file.root, ""), *((each.body, _label(each)) for each in file.blocks)):
        for key, value in _named(root, name):
            if value.start >= end and _is_called_secret(key, value):
                written = _INNER.sub("", text.content[value.start : value.end])
                shown += [text.content[end : value.start], f'"{MASK}"', written]
                end = value.end
    return masked("".join((*shown, text.content[end:])))


def secret_facts(text: Text) -> Iterator[Fact]:
    """Give the secrets that a file of HCL holds, in the order of the text."""
    file = parsed(text)
    roots = [(file.root, text.file, ""), *((each.body, str(each.heading.value), _label(each)) for each in file.blocks)]
    for body, subject, name in roots:
        document = Document(text.file, body, 0)
        origin = Origin(reader=NAME, document=document, subject=subject)
        places = {document.locate(path).place for path in literal_secrets(document)}
        for key, value in _named(body, name):
            if value.place in places or _is_called_secret(key, value):
                yield from _secret(key, value, origin, known=value.place in places)


def _secret(key: str, value: Scalar, origin: Origin, *, known: bool) -> Iterator[Fact]:
    shown = f"{key} = …"
    if known:
        yield origin.fact(STORE, "none", value, shown=shown)
    elif is_placeholder(str(value.value)):
        if value.value:
            yield origin.inconclusive(STORE, value, _FILLED, shown=shown)
    else:
        yield origin.inferred(STORE, "none", value, _CALLED, shown=shown)


def _named(node: Node, key: str) -> Iterator[tuple[str, Scalar]]:
    """Give each value with what names it; the default of a variable is named by the variable."""
    if isinstance(node, Scalar):
        yield key, node
    elif isinstance(node, Mapping):
        for each in node.entries:
            yield from _named(each.value, key if each.key == "default" and key else each.key)
    else:
        for item in node.items:
            yield from _named(item, key)


def _is_called_secret(key: str, value: Scalar) -> bool:
    return isinstance(value.value, str) and bool(_NAME.search(key)) and not left(value)


def _label(block: Block) -> str:
    return block.labels[0] if block.kind == "variable" and block.labels else ""
