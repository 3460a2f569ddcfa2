"""A container, wherever it is declared: image, words of its command line, variables, devices.

Readers of Kubernetes, compose, serving operators and Terraform make one of these, and `engines` reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.model.place import Place
    from psfpolicy.source import Document, Scalar


@dataclass(frozen=True, slots=True)
class Word:
    """One argument of a command line, at its place."""

    text: str
    """As the program gets it: quotes removed, variables that are known replaced."""
    place: Place
    unresolved: str = ""
    """The variable or the template in it whose value is not known; empty where there is none."""
    assumed: str = ""
    """The variable in it whose default was taken, because nothing in the evidence sets it: `${A:-b}`."""
    several: bool = False
    """It may be any number of words: what is not known in it is not quoted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """An environment variable."""

    kind: Literal["literal", "secret", "config", "field", "unknown"]
    """`secret`: from an object that holds secrets; `config`: from a ConfigMap; `field`: from the pod itself;
    `unknown`: its value is not in the evidence."""
    value: str | None
    """None where it is not known. Of a secret never given."""
    place: Place
    scalar: Scalar | None = None
    """The value as it is written, for places inside it; None where it is written in parts, or elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A container that may serve a model."""

    name: str
    image: Scalar | None = None
    command: tuple[Word, ...] | None = None
    """What replaces the image's entry point; None where nothing does."""
    arguments: tuple[Word, ...] | None = None
    """What replaces the image's command; None where nothing does."""
    script: Scalar | None = None
    """The shell script that `sh -c` is given, if it is; then the words of command and arguments are those around it."""
    variables: Mapping[str, Variable] = field(default_factory=dict)
    """By name; a later declaration of a name replaces an earlier one."""
    files: Mapping[str, Scalar | Document] = field(default_factory=dict)
    """Mounted files whose content is in the evidence, by absolute path."""
    mounts: tuple[str, ...] = ()
    """The folders that volumes are mounted at: what lies there is none of the image's."""
    place: Place
    """Where it is declared: its name, or its first key."""
    partial: str = ""
    """Why another file may say more of it (a patch, an overlay, a chart's values); empty where it is whole.
    Of a partial container nothing follows from what is absent."""
    open_variables: str = ""
    """Why it may have variables that are not listed: `envFrom` of an object that is not there; empty for none."""
    interpolation: Mapping[str, str] | None = None
    """Of compose: what `${A}` in `script` becomes before a shell reads it. None where Kubernetes' `$(A)` holds."""
