"""`.psfpolicy.yaml`: finding it, reading it, and what a run takes from it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psfpolicy import resources, schema, source
from psfpolicy.errors import DocumentError, SettingsError
from psfpolicy.evidence.rules import EvidenceRule
from psfpolicy.gates import GateFloor
from psfpolicy.model.place import Diagnostic
from psfpolicy.own_rows import read_own_rows
from psfpolicy.suggest import listed, meant
from psfpolicy.targets import display_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from psfpolicy.catalogue import UserRows
    from psfpolicy.model.place import Place
    from psfpolicy.source import Document

NAME = ".psfpolicy.yaml"
"""The name of the settings file."""

_OPTIONS = {
    "gate": "gate",
    "format": "format_",
    "output": "outputs",
    "color": "color",
    "quiet": "quiet",
    "verbose": "verbose",
    "jobs": "jobs",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the settings file says."""

    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Values for options that neither the command line nor the environment gives, by parameter."""
    floors: tuple[GateFloor, ...] = ()
    """Least gates, and least scores."""
    unwaivable: tuple[str, ...] = ()
    """Ids of controls that no waiver may cover."""
    required_evidence: tuple[str, ...] = ()
    """Ids of controls whose pass must be evidenced."""
    evidence: tuple[EvidenceRule, ...] = ()
    """Manifests of many descriptors."""
    rows: UserRows | None = None
    """The user's own rows of the catalogue."""


def settings_of(path: str | None) -> Settings:
    """Give the settings of a run.

    Args:
        path: The file that the user named instead of the repository's; None for none. The repository's floors and
            rows hold even then, since neither the command line nor the environment can lower them.

    Raises:
        SettingsError: A file cannot be read or is not valid, or both name rows of their own.
    """
    found = find_settings()
    ours = Settings() if found is None else read_settings(found)
    if path is None:
        return ours
    named = read_settings(path)
    if ours.rows is not None and named.rows is not None and ours.rows != named.rows:
        raise SettingsError(
            f"`{path}` names other rows of the catalogue than the repository's settings",
            hint=f"the rows of `{ours.rows.file}` hold in this repository; add yours there, or leave out `catalogue`",
        )
    return Settings(
        defaults=named.defaults,
        floors=(*ours.floors, *named.floors),
        unwaivable=tuple(dict.fromkeys((*ours.unwaivable, *named.unwaivable))),
        required_evidence=tuple(dict.fromkeys((*ours.required_evidence, *named.required_evidence))),
        evidence=tuple(dict.fromkeys((*ours.evidence, *named.evidence))),
        rows=ours.rows or named.rows,
    )


def find_settings() -> str | None:
    """Give the nearest settings file, from the working directory up to the root of its repository.

    Outside a repository only the working directory is looked at: what lies above it may be somebody else's.
    """
    here = Path.cwd()
    folders = (here, *here.parents)
    root = next((folder for folder in folders if os.path.exists(folder / ".git")), here)  # noqa: PTH110  # see below
    inside = folders[: folders.index(root) + 1]
    # `os.path` takes a folder that may not be read for one without the file, where `pathlib` raises.
    return next((str(folder / NAME) for folder in inside if os.path.isfile(folder / NAME)), None)  # noqa: PTH113


def read_settings(path: str) -> Settings:
    """Read a settings file.

    Raises:
        SettingsError: It cannot be read or is not valid; with everything that is wrong, each at its place.
    """
    name = NAME if Path(path).name == NAME else path
    try:
        with Path(path).open("rb") as file:
            documents = source.read(file.read(source.MAX_BYTES + 1), file=name)
    except OSError as error:
        raise SettingsError(f"the settings file `{path}` cannot be read: {error.strerror}") from error
    except DocumentError as error:
        raise _wrong(error.diagnostics) from error
    if not documents:
        return Settings()
    if len(documents) > 1:
        raise SettingsError(f"the settings file `{path}` holds more than one document")
    mistakes = schema.diagnostics_of(documents[0], "settings-v1") or tuple(_unknown_names(documents[0]))
    if mistakes:
        raise _wrong(mistakes)
    folder = Path(path).parent
    return replace(
        _settings(documents[0].data, str(folder)),
        evidence=tuple(_evidence(documents[0], str(folder))),
        rows=_rows(documents[0], folder),
    )


def _evidence(document: Document, folder: str) -> Iterator[EvidenceRule]:
    data: Any = document.data
    for index, row in enumerate(data.get("evidence") or ()):
        path = ("evidence", index)
        files = [(glob, document.locate((*path, "files", at)).place) for at, glob in enumerate(row["files"])]
        yield EvidenceRule(
            descriptors=tuple(row.get("descriptors") or ()),
            files=tuple(files),
            namespace=row.get("namespace") or "",
            labels=tuple(sorted((row.get("selector") or {}).items())),
            folder=folder,
            place=document.locate(path).place,
        )


def _rows(document: Document, folder: Path) -> UserRows | None:
    """Read the user's own rows of the catalogue, if the settings name a file of them.

    Raises:
        SettingsError: The file cannot be read or is not valid.
    """
    data: Any = document.data
    written = data.get("catalogue")
    if written is None:
        return None
    place = document.locate(("catalogue",)).place
    if Path(written).is_absolute():
        hint = "name the file relative to the settings"
        raise _wrong((Diagnostic(place, "absolute-path", f"`catalogue` is `{written}`, an absolute path", hint),))
    path = str(folder / written)
    try:
        return read_own_rows(path, display_name(path))
    except (OSError, ValueError) as error:  # the name itself may be none that a file can have
        why = getattr(error, "strerror", None) or error
        says = f"`catalogue` is `{written}`, which cannot be read: {why}"
        raise _wrong((Diagnostic(place, "unreadable", says),)) from error
    except DocumentError as error:
        raise _wrong(error.diagnostics) from error


def _unknown_names(document: Document) -> Iterator[Diagnostic]:
    data: Any = document.data
    controls = [info.id for info in resources.controls()]
    for key in ("unwaivable", "requireEvidence"):
        for index, id_ in enumerate(data.get(key) or ()):
            if id_ not in controls:
                yield _unknown(document.locate((key, index)).place, key, "control", id_, controls)
    domains = sorted({info.domain for info in resources.controls()})
    floors = [((), data), *((("gates", index), row) for index, row in enumerate(data.get("gates") or ()))]
    for path, floor in floors:
        for name in floor.get("thresholds") or ():
            if name not in domains:
                place = document.locate((*path, "thresholds", name)).place
                yield _unknown(place, "thresholds", "domain", name, domains)


def _unknown(place: Place, key: str, kind: str, name: str, known: Sequence[str]) -> Diagnostic:
    close = meant(name, known)
    return Diagnostic(
        place,
        f"unknown-{kind}",
        f"`{key}` names the {kind} `{name}`, which does not exist",
        f"did you mean {listed(close)}?" if close else "`psfpolicy controls` lists them",
    )


def _settings(data: Any, folder: str) -> Settings:
    floors = [
        GateFloor(
            gate=row["gate"],
            thresholds=_thresholds(row),
            paths=tuple(row.get("paths") or ()),
            environments=tuple(row.get("environments") or ()),
            folder=folder,
        )
        for row in data.get("gates") or ()
    ]
    if data.get("gate") or data.get("thresholds"):
        floors.append(GateFloor(gate=data.get("gate") or "advisory", thresholds=_thresholds(data)))
    defaults = {parameter: data[key] for key, parameter in _OPTIONS.items() if data.get(key) is not None}
    return Settings(
        defaults=defaults,
        floors=tuple(floors),
        unwaivable=tuple(data.get("unwaivable") or ()),
        required_evidence=tuple(data.get("requireEvidence") or ()),
    )


def _thresholds(data: Any) -> dict[str, int]:
    return {name: int(score) for name, score in (data.get("thresholds") or {}).items()}


def _wrong(diagnostics: tuple[Diagnostic, ...]) -> SettingsError:
    details = []
    for item in diagnostics:
        region = item.place.region
        details.append(f"  {item.place.file}:{region.start_line}:{region.start_column}: {item.message}")
        if item.hint:
            details.append(f"      hint: {item.hint}")
    return SettingsError("the settings cannot be used", details=tuple(details))
