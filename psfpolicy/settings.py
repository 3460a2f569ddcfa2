"""`.psfpolicy.yaml`: finding it, reading it, and what a run takes from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psfpolicy import resources, schema, source
from psfpolicy.errors import DocumentError, SettingsError
from psfpolicy.gates import GateFloor
from psfpolicy.suggest import meant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.model.place import Diagnostic

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

    defaults: Mapping[str, Any]
    """Values for options that neither the command line nor the environment gives, by parameter."""
    floors: tuple[GateFloor, ...]
    """Least gates."""
    unwaivable: tuple[str, ...]
    """Ids of controls that no waiver may cover."""


def find_settings() -> str | None:
    """Give the nearest settings file, from the working directory up to the root of its repository."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / NAME).is_file():
            return str(folder / NAME)
        if (folder / ".git").exists():
            return None
    return None


def read_settings(path: str) -> Settings:
    """Read a settings file.

    Raises:
        SettingsError: It cannot be read or is not valid; with everything that is wrong, each at its place.
    """
    try:
        documents = source.read(Path(path).read_bytes(), file=NAME if Path(path).name == NAME else path)
    except OSError as error:
        raise SettingsError(f"the settings file `{path}` cannot be read: {error.strerror}") from error
    except DocumentError as error:
        raise _wrong(error.diagnostics) from error
    if not documents:
        return Settings(defaults={}, floors=(), unwaivable=())
    if len(documents) > 1:
        raise SettingsError(f"the settings file `{path}` holds more than one document")
    mistakes = schema.diagnostics_of(documents[0], "settings-v1")
    if mistakes:
        raise _wrong(mistakes)
    return _settings(documents[0].data, str(Path(path).parent))


def _settings(data: Any, folder: str) -> Settings:
    unwaivable = tuple(data.get("unwaivable") or ())
    known = [info.id for info in resources.controls()]
    for id_ in unwaivable:
        if id_ not in known:
            close = meant(id_, known)
            raise SettingsError(
                f"`unwaivable` names the control `{id_}`, which does not exist",
                hint=f"did you mean `{close[0]}`?" if close else "`psfpolicy controls` lists them",
            )
    floors = [
        GateFloor(
            gate=row["gate"],
            paths=tuple(row.get("paths") or ()),
            environments=tuple(row.get("environments") or ()),
            folder=folder,
        )
        for row in data.get("gates") or ()
    ]
    if data.get("gate"):
        floors.append(GateFloor(gate=data["gate"]))
    defaults = {parameter: data[key] for key, parameter in _OPTIONS.items() if data.get(key) is not None}
    return Settings(defaults=defaults, floors=tuple(floors), unwaivable=unwaivable)


def _wrong(diagnostics: tuple[Diagnostic, ...]) -> SettingsError:
    lines = [
        f"{item.place.file}:{item.place.region.start_line}:{item.place.region.start_column}: {item.message}"
        + (f" ({item.hint})" if item.hint else "")
        for item in diagnostics
    ]
    return SettingsError("the settings cannot be used: " + "; ".join(lines))
