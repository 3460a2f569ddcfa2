"""Everything that is wrong with a descriptor that could be read: what its schema refuses, and what does not agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy import catalogue, consistency, schema
from psfpolicy.mistake import located

if TYPE_CHECKING:
    from psfpolicy.catalogue import Tables
    from psfpolicy.model.place import Diagnostic
    from psfpolicy.source import Document


def diagnostics(document: Document, *, partial: bool = False, own: Tables = catalogue.NONE) -> tuple[Diagnostic, ...]:
    """Give every mistake of a document, in the order of the document; none when it is valid.

    Args:
        document: One document, as it stands in its file or merged over its bases.
        partial: Another document completes it: only its shape is judged, since what it refers to may lie there.
        own: The user's own rows of the catalogue.
    """
    of_shape = schema.mistakes(document, partial=partial)
    of_values = () if partial else tuple(consistency.mistakes(document, of_shape, own))
    found = (*of_shape, *of_values)
    return located(found, document) if found else ()
