"""`.psfpolicy.yaml`: finding it, reading it, and what a run takes from it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psfpolicy import catalogue, resources, schema, source
from psfpolicy.contents import bytes_of
from psfpolicy.engine.serving import PACKAGE, Serving, address_mistake, masked_address
from psfpolicy.errors import DocumentError, SettingsError
from psfpolicy.evidence.rules import EvidenceRule
from psfpolicy.files import DISK
from psfpolicy.gates import Exclusion, GateFloor
from psfpolicy.model.granted import LONGEST_DAYS, NOTICES, Ignoring
from psfpolicy.model.place import Diagnostic
from psfpolicy.own_rows import read_own_rows
from psfpolicy.profiles import complaint
from psfpolicy.suggest import listed, meant
from psfpolicy.targets import display_name, repository_of
from psfpolicy.waivers import read_accepted, read_waivers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from psfpolicy.bundles.force import Pin
    from psfpolicy.bundles.reading import Bundle
    from psfpolicy.catalogue import Tables, UserRows
    from psfpolicy.files import Files
    from psfpolicy.model.granted import AcceptedFile, Waiver
    from psfpolicy.model.place import Place
    from psfpolicy.source import Document

NAME = ".psfpolicy.yaml"
"""The name of the settings file."""

WAIVERS = "waivers.yaml"
"""The name of the file of waivers, where the settings name no other."""

_OPTIONS = {
    "gate": "gate",
    "format": "format_",
    "output": "outputs",
    "color": "color",
    "quiet": "quiet",
    "verbose": "verbose",
    "jobs": "jobs",
    "engine": "engine",
}


_LISTED = {
    "control": "`psfpolicy controls` lists them",
    "domain": "`psfpolicy controls` lists them",
    "regime": "`psfpolicy catalogue regimes` lists them",
}
_FLOORS = ("gate", "thresholds", "regimes", "categories")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the settings file says."""

    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Values for options that neither the command line nor the environment gives, by parameter."""
    floors: tuple[GateFloor, ...] = ()
    """Least gates, and least scores."""
    unwaivable: tuple[str, ...] = ()
    """Ids of controls, and kinds of notices, that no waiver may cover."""
    required_evidence: tuple[str, ...] = ()
    """Ids of controls whose pass must be evidenced."""
    evidence: tuple[EvidenceRule, ...] = ()
    """Manifests of many descriptors."""
    rows: UserRows | None = None
    """The user's own rows of the catalogue."""
    bundle: Pin | None = None
    """The bundle that they pin; None for none."""
    exclusion: Exclusion | None = None
    """What is not assessed."""
    waivers: tuple[Waiver, ...] = ()
    """What the file of waivers holds."""
    waivers_file: str = field(default=WAIVERS, compare=False)
    """Path of that file; it need not be there."""
    waiver_days: int = LONGEST_DAYS
    """Days that a waiver may last, at most."""
    ignoring: Ignoring = field(default_factory=Ignoring)
    """Which comments may waive."""
    accepted: AcceptedFile | None = None
    """The file of accepted findings, where there is one."""
    accepted_file: str | None = field(default=None, compare=False)
    """Path of that file, which need not be there; None where the settings name none."""
    serving: Serving | None = None
    """The servers that `opa` names; None where the settings have no such key."""
    servers_only: bool = False
    """The policy is to be asked of servers, whatever else is said."""
    files: tuple[str, ...] = field(default=(), compare=False)
    """Paths of the settings and of what they name."""


_NONE = Settings()


def settings_of(path: str | None, files: Files = DISK, bundle: Bundle | None = None) -> Settings:
    """Give the settings of a run, and put the policy in force that they are for.

    Args:
        path: The file that the user named instead of the repository's; None for none. The repository's floors, rows
            and bundle hold even then, since neither the command line nor the environment can lower them.
        files: Where they are read from.
        bundle: What the user named; None for none. It decides where no settings pin another.

    Raises:
        SettingsError: A file cannot be read or is not valid, or both name rows of their own, or another bundle.
        BundleError: The bundle that they pin is not there, is another, or cannot be trusted.
    """
    resources.use(None if bundle is None else bundle.files)
    found = find_settings(files)
    if found is not None:
        ours = read_settings(found, files, bundle)
    else:
        # Without settings nobody has said where else it is, unless by those that the user named.
        root = repository_of(Path.cwd()) or Path.cwd()
        ours = Settings() if path is not None else _granting(None, {}, root, files)
    if path is None:
        return ours
    if ours.bundle is not None:
        from psfpolicy.bundles.force import opened  # noqa: PLC0415 - few settings pin a bundle

        bundle = opened(ours.bundle.path, digest=ours.bundle.digest, files=files)
    named = read_settings(path, files, bundle)
    if found is None:
        return named
    _refuse_other_grants(path, ours, named)
    if ours.rows is not None and named.rows is not None and ours.rows != named.rows:
        raise SettingsError(
            f"`{path}` names other rows of the catalogue than the repository's settings",
            hint=f"the rows of `{ours.rows.file}` hold in this repository; add yours there, or leave out `catalogue`",
        )
    if ours.serving is not None and named.serving not in {None, ours.serving}:
        raise SettingsError(
            f"`{path}` names other OPA servers than the repository's settings",
            hint="`opa` of the repository's settings holds; leave it out of yours",
        )
    return Settings(
        defaults=named.defaults,
        serving=ours.serving or named.serving,
        servers_only=ours.servers_only or named.servers_only,
        floors=(*ours.floors, *named.floors),
        unwaivable=tuple(dict.fromkeys((*ours.unwaivable, *named.unwaivable))),
        required_evidence=tuple(dict.fromkeys((*ours.required_evidence, *named.required_evidence))),
        evidence=tuple(dict.fromkeys((*ours.evidence, *named.evidence))),
        rows=ours.rows or named.rows,
        bundle=ours.bundle or named.bundle,
        # Where the repository has settings, another file can exclude no more than they do.
        exclusion=ours.exclusion if ours.files else named.exclusion,
        waivers=ours.waivers,
        waivers_file=ours.waivers_file,
        waiver_days=ours.waiver_days,
        ignoring=ours.ignoring,
        accepted=ours.accepted,
        accepted_file=ours.accepted_file,
        files=(*ours.files, *named.files),
    )


def _refuse_other_grants(path: str, ours: Settings, named: Settings) -> None:
    """Refuse settings that would let more findings stand than the repository's do.

    Raises:
        SettingsError: They would.
    """
    others = {
        "waivers": bool(named.waivers) and _real(named.waivers_file) != _real(ours.waivers_file),
        "accepted": named.accepted_file is not None and _real(named.accepted_file) != _real(ours.accepted_file),
    }
    for key, other in others.items():
        if other:
            raise SettingsError(
                f"`{path}` has another file of {key} than the repository's settings",
                hint=f"`{key}` of the repository's settings holds; leave it out of yours",
            )


def _real(path: str | None) -> str | None:
    return path and os.path.realpath(path)


def find_settings(files: Files = DISK) -> str | None:
    """Give the nearest settings file, from the working directory up to the root of its repository.

    Outside a repository only the working directory is looked at: what lies above it may be somebody else's.
    """
    here = Path.cwd()
    folders = (here, *here.parents)
    # `os.path` takes a folder that may not be read for one without it, where `pathlib` raises.
    root = next((folder for folder in folders if os.path.exists(folder / ".git")), here)  # noqa: PTH110
    inside = folders[: folders.index(root) + 1]
    return next((str(folder / NAME) for folder in inside if files.is_file(str(folder / NAME))), None)


def read_settings(path: str, files: Files = DISK, bundle: Bundle | None = None) -> Settings:
    """Read a settings file, and put the bundle in force that it pins.

    Args:
        path: The file.
        files: Where it and what it names are read from.
        bundle: What is in force already; one that is pinned must be the same.

    Raises:
        SettingsError: It cannot be read or is not valid; with everything that is wrong, each at its place.
        BundleError: The bundle that it pins is not there, is another, or cannot be trusted.
    """
    name = NAME if Path(path).name == NAME else path
    try:
        documents = source.read(bytes_of(path, files), file=name)
    except OSError as error:
        raise SettingsError(f"the settings file `{path}` cannot be read: {error.strerror}") from error
    except DocumentError as error:
        raise _wrong(error.diagnostics) from error
    if not documents:
        return _granting(None, {}, Path(path).parent, files, Settings(files=(path,)))
    if len(documents) > 1:
        raise SettingsError(f"the settings file `{path}` holds more than one document")
    if mistakes := schema.diagnostics_of(documents[0], "settings-v1"):
        raise _wrong(mistakes)
    folder = Path(path).parent
    data: Any = documents[0].data
    # Before anything is looked up in the catalogue, which comes with it.
    pin = _pinned(data["bundle"], folder, files, bundle) if data.get("bundle") else None
    if unknown := tuple(_unknown_names(documents[0])):
        raise _wrong(unknown)
    rows = _rows(documents[0], folder, files)
    strange = tuple(_unknown_regimes(documents[0], {} if rows is None else rows.tables))
    if strange:
        raise _wrong(strange)
    named = () if rows is None else (str(folder / data["catalogue"]),)
    serving = _serving(documents[0], folder, files)
    if serving is not None and serving.ca is not None:
        named = (*named, str(folder / data["opa"]["ca"]))
    if pin is not None:
        named = (*named, pin.path, *(() if pin.key is None else (pin.key,)))
    settings = replace(
        _settings(data, str(folder)),
        serving=serving,
        evidence=tuple(_evidence(documents[0], str(folder))),
        rows=rows,
        bundle=pin,
        files=(path, *named),
    )
    return _granting(documents[0], data, folder, files, settings)


def _serving(document: Document, folder: Path, files: Files) -> Serving | None:
    """Read where OPA serves the policy.

    Raises:
        SettingsError: An address or a file cannot be used.
    """
    data: Any = document.data
    row = data.get("opa")
    if row is None:
        return None
    urls: list[tuple[tuple[str | int, ...], str]] = [(("opa", "url"), row["url"])] if row.get("url") else []
    urls += [(("opa", "urls", index), url) for index, url in enumerate(row.get("urls") or ())]
    wrong = []
    for path, url in urls:
        if says := address_mistake(url):
            place = document.locate(path).place
            wrong.append(Diagnostic(place, "address", f"`{masked_address(url)}` is not usable: {says}"))
    if row.get("url") and row.get("urls"):
        place = document.locate(("opa", "urls")).place
        wrong.append(Diagnostic(place, "address", "`opa` has both `url` and `urls`", "name all of them in `urls`"))
    if not urls and (astray := [key for key in ("tokenEnv", "ca", "clientCert") if row.get(key)]):
        place = document.locate(("opa", astray[0])).place
        wrong.append(Diagnostic(place, "address", f"`{astray[0]}` is for a server, and no `url` names one"))
    if wrong:
        raise _wrong(tuple(wrong))
    return Serving(
        urls=tuple(dict.fromkeys(url.rstrip("/") for _, url in urls)),
        token_env=row.get("tokenEnv"),
        ca=_certificates(document, row.get("ca"), folder, files),
        client_cert=str(folder / row["clientCert"]) if row.get("clientCert") else None,
        timeout_seconds=float(row.get("timeoutSeconds") or Serving().timeout_seconds),
        package=row.get("package") or PACKAGE,
    )


def _certificates(document: Document, written: str | None, folder: Path, files: Files) -> str | None:
    """Read certificates: of the repository from where the settings are from, so that a change of them can wait."""
    if written is None:
        return None
    root = repository_of(folder)
    elsewhere = root is None or not Path(os.path.realpath(folder / written)).is_relative_to(os.path.realpath(root))
    place = document.locate(("opa", "ca")).place
    try:
        text = (DISK if elsewhere else files).read(str(folder / written), source.MAX_BYTES).decode("ascii")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no PEM"
        raise _wrong((Diagnostic(place, "unreadable", f"`ca` is `{written}`, which cannot be read: {why}"),)) from error
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise _wrong((Diagnostic(place, "unreadable", f"`ca` is `{written}`, which holds no certificate as PEM"),))
    return text


def _pinned(data: Any, folder: Path, files: Files, bundle: Bundle | None) -> Pin:
    """Put the bundle in force that settings pin."""
    from psfpolicy.bundles.force import Pin, enforce  # noqa: PLC0415 - few settings pin a bundle

    key = str(folder / data["key"]) if data.get("key") else None
    pin = Pin(str(folder / data["file"]), data["digest"].removeprefix("sha256:"), key)
    enforce(pin, bundle, files)
    return pin


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


def _granting(document: Document | None, data: Any, folder: Path, files: Files, settings: Settings = _NONE) -> Settings:
    """Give settings with what lets findings stand: waivers, comments, accepted findings.

    Args:
        document: The settings, for places; None for none.
        data: What they say.
        folder: Where the files are that they name.
        files: Where those are read from.
        settings: The settings so far.

    Raises:
        SettingsError: A file cannot be read or is not valid.
    """
    days = int(data.get("waiverDays") or LONGEST_DAYS)
    written = data.get("waivers")
    path = str(folder / (written or WAIVERS))
    accepted = None if data.get("accepted") is None else str(folder / data["accepted"])
    for key in ("waivers", "accepted"):
        if data.get(key) is not None and document is not None and Path(data[key]).is_absolute():
            place = document.locate((key,)).place
            hint = "name the file relative to the settings"
            raise _wrong((Diagnostic(place, "absolute-path", f"`{key}` is `{data[key]}`, an absolute path", hint),))
    found: dict[str, Any] = {}
    for key, where in (("waivers", path), ("accepted", accepted)):
        if where is None or not files.is_file(where):
            continue  # what is not there lets nothing stand
        try:
            if key == "waivers":
                found[key] = read_waivers(where, display_name(where), files, days=days)
            else:
                found[key] = read_accepted(where, display_name(where), files)
        except OSError as error:
            raise SettingsError(f"`{display_name(where)}` cannot be read: {error.strerror}") from error
        except DocumentError as error:
            raise _wrong(error.diagnostics, f"`{display_name(where)}` cannot be used") from error
    allowed = data.get("inlineIgnores") or "forbid"
    controls = {"allow": None, "forbid": ()}.get(allowed, ()) if isinstance(allowed, str) else tuple(allowed)
    return replace(
        settings,
        **found,
        waivers_file=path,
        waiver_days=days,
        ignoring=Ignoring(controls=controls, days=days),
        accepted_file=accepted,
        files=(*settings.files, path, *(() if accepted is None else (accepted,))),
    )


def _rows(document: Document, folder: Path, files: Files) -> UserRows | None:
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
        return read_own_rows(path, display_name(path), files)
    except (OSError, ValueError) as error:  # the name itself may be none that a file can have
        why = getattr(error, "strerror", None) or error
        says = f"`catalogue` is `{written}`, which cannot be read: {why}"
        raise _wrong((Diagnostic(place, "unreadable", says),)) from error
    except DocumentError as error:
        raise _wrong(error.diagnostics) from error


def _unknown_names(document: Document) -> Iterator[Diagnostic]:
    data: Any = document.data
    controls = [info.id for info in resources.controls()]
    allowed = {
        "unwaivable": [*controls, *NOTICES],
        "inlineIgnores": [*controls, NOTICES[0]],
        "requireEvidence": controls,
    }
    for key, known in allowed.items():
        named = data.get(key) or ()
        for index, id_ in enumerate(() if isinstance(named, str) else named):
            if id_ not in known:
                yield _unknown(document.locate((key, index)).place, key, "control", id_, known)
    domains = sorted({info.domain for info in resources.controls()})
    for path, floor in _floors(data):
        if (gate := floor.get("gate")) and (said := complaint(gate)):
            yield Diagnostic(document.locate((*path, "gate")).place, "unknown-gate", f"`gate`: {said[0]}", said[1])
        for name in floor.get("thresholds") or ():
            if name not in domains:
                place = document.locate((*path, "thresholds", name)).place
                yield _unknown(place, "thresholds", "domain", name, domains)
        if path and not any(floor.get(key) for key in _FLOORS):
            place = document.locate(path).place
            yield Diagnostic(place, "empty-floor", f"a floor asks for nothing: it has none of {listed(_FLOORS)}")


def _unknown_regimes(document: Document, own: Tables) -> Iterator[Diagnostic]:
    data: Any = document.data
    if not any(floor.get("regimes") for _, floor in _floors(data)):
        return
    known = sorted(catalogue.rows("regimes", own))
    for path, floor in _floors(data):
        for index, name in enumerate(floor.get("regimes") or ()):
            if name not in known:
                place = document.locate((*path, "regimes", index)).place
                yield _unknown(place, "regimes", "regime", name, known)


def _floors(data: Any) -> list[tuple[tuple[str | int, ...], Any]]:
    """Give the settings, and each of their rows of `gates`, with the path to it."""
    return [((), data), *((("gates", index), row) for index, row in enumerate(data.get("gates") or ()))]


def _unknown(place: Place, key: str, kind: str, name: str, known: Sequence[str]) -> Diagnostic:
    close = meant(name, known)
    return Diagnostic(
        place,
        f"unknown-{kind}",
        f"`{key}` names the {kind} `{name}`, which does not exist",
        f"did you mean {listed(close)}?" if close else _LISTED[kind],
    )


def _settings(data: Any, folder: str) -> Settings:
    floors = [
        replace(
            _floor(row),
            paths=tuple(row.get("paths") or ()),
            environments=tuple(row.get("environments") or ()),
            folder=folder,
        )
        for row in data.get("gates") or ()
    ]
    if any(data.get(key) for key in _FLOORS):
        floors.append(_floor(data))
    defaults = {parameter: data[key] for key, parameter in _OPTIONS.items() if data.get(key) is not None}
    return Settings(
        defaults=defaults,
        floors=tuple(floors),
        unwaivable=tuple(data.get("unwaivable") or ()),
        required_evidence=tuple(data.get("requireEvidence") or ()),
        servers_only=data.get("engine") == "opa",
        exclusion=Exclusion(tuple(data["exclude"]), folder) if data.get("exclude") else None,
    )


def _floor(data: Any) -> GateFloor:
    thresholds = {name: int(score) for name, score in (data.get("thresholds") or {}).items()}
    scope = {key: tuple(data[key]) for key in ("regimes", "categories") if data.get(key)}
    return GateFloor(gate=data.get("gate") or "advisory", thresholds=thresholds, scope=scope)


def _wrong(diagnostics: tuple[Diagnostic, ...], says: str = "the settings cannot be used") -> SettingsError:
    details = []
    for item in diagnostics:
        region = item.place.region
        details.append(f"  {item.place.file}:{region.start_line}:{region.start_column}: {item.message}")
        if item.hint:
            details.append(f"      hint: {item.hint}")
    return SettingsError(says, details=tuple(details))
