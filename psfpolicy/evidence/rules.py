"""Manifests that the settings name for many descriptors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psfpolicy.gates import chosen

if TYPE_CHECKING:
    from psfpolicy.model.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRule:
    """Which manifests are evidence of which descriptors."""

    descriptors: tuple[str, ...] = ()
    """Globs over the descriptor's path relative to `folder`; empty for every one."""
    files: tuple[tuple[str, Place], ...]
    """Globs of manifests, relative to `folder`, each with the place that it is written at."""
    namespace: str = ""
    """Only objects of this namespace, and those that say none; empty for all."""
    labels: tuple[tuple[str, str], ...] = ()
    """Only workloads whose pods have these labels."""
    folder: str
    """The folder of the settings file."""
    place: Place
    """Where the rule is written."""

    def binds(self, file: str | None) -> bool:
        """Say whether the manifests are evidence of a descriptor.

        Args:
            file: Its path; None for standard input, which stands in no folder that a glob could choose.
        """
        return not self.descriptors or (file is not None and chosen(file, self.descriptors, self.folder))
