"""Bytes to documents that know where each of their keys and values is written; YAML and JSON.

Nothing here opens a file, and nothing is executed or constructed but null, truth values, numbers, strings, maps and
lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.errors import DocumentError, NotAssessedError
from psfpolicy.source.limits import MAX_BYTES, MAX_DEPTH, MAX_EXPANDED_NODES, MAX_NODES, decoded
from psfpolicy.source.node import Document, Entry, Located, Mapping, Node, Scalar, Sequence, plain
from psfpolicy.source.overlay import overlay
from psfpolicy.source.secrets import is_placeholder, literal_secrets, masked
from psfpolicy.source.text import Text

if TYPE_CHECKING:
    from psfpolicy.model.place import Region

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_EXPANDED_NODES",
    "MAX_NODES",
    "STANDARD_INPUT",
    "Document",
    "Entry",
    "Located",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "Text",
    "is_placeholder",
    "literal_secrets",
    "masked",
    "overlay",
    "plain",
    "read",
]

STANDARD_INPUT = "<stdin>"
"""The name of standard input, which tells nothing about the format."""


def read(data: bytes, *, file: str, any_keys: bool = False) -> tuple[Document, ...]:
    """Read the documents of a file.

    A name that ends in `.json` means JSON, any other YAML. Standard input is JSON when it starts with `{`, unless only
    YAML can read it.

    Args:
        data: The bytes of the file; it is enough to pass one more than `MAX_BYTES` of a larger one.
        file: The name that places show.
        any_keys: Keys may be numbers and truth values, as in manifests of others, and count as what is written.

    Returns:
        The documents in their order, without those that have no content; none for an empty file.

    Raises:
        DocumentError: The file is not readable, with every mistake that was met.
        NotAssessedError: This installation lacks libyaml.
    """
    text = decoded(data, file=file)
    if file.lower().endswith(".json"):
        return _read_json(text)
    if file == STANDARD_INPUT and text.content.lstrip().startswith("{"):
        return _read_either(text)
    return _read_yaml(text, any_keys=any_keys)


def _read_json(text: Text) -> tuple[Document, ...]:
    # Each reader is imported when it is needed: a run on JSON alone does not pay for PyYAML.
    from psfpolicy.source import json  # noqa: PLC0415

    return json.parse(text)


def _read_yaml(text: Text, *, any_keys: bool = False) -> tuple[Document, ...]:
    try:
        from psfpolicy.source import yaml  # noqa: PLC0415
    except ImportError as error:
        raise NotAssessedError(
            "YAML cannot be read: PyYAML was installed without libyaml",
            hint="install PyYAML from a wheel, or build it with libyaml",
        ) from error
    return yaml.parse(text, any_keys=any_keys)


def _read_either(text: Text) -> tuple[Document, ...]:
    try:
        return _read_json(text)
    except DocumentError as as_json:
        try:
            return _read_yaml(text)
        except DocumentError as as_yaml:
            # The reader that came farther is the one that the author had in mind.
            raise max(as_json, as_yaml, key=_last_region) from None


def _last_region(error: DocumentError) -> Region:
    return error.diagnostics[-1].place.region
