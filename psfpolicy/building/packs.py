"""Packs: policy of others, and the one tree that it is compiled in together with ours.

A pack is a folder with `pack.yaml`, sources below `rego/psfpolicy`, and tests. What it may declare is new: controls in
domains of its own, helpers below `psfpolicy.packs.<name>`, and rows with new ids. A control of ours is replaced only by
a pack that names it in `overrides`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import yaml

from psfpolicy import resources
from psfpolicy.building import pack_rego, pack_rows
from psfpolicy.building.compiling import readable
from psfpolicy.building.gate_rows import Known
from psfpolicy.building.gathering import contents, sources_of
from psfpolicy.building.index import FILE, index
from psfpolicy.building.opa import Opa
from psfpolicy.building.pack_rego import Ours
from psfpolicy.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

ABOUT = "pack.yaml"
"""The file that says what a pack is."""

_TESTS = "_test.rego"
_ROWS = "/data.yaml"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,63}")
_REQUIRED = ("name", "version", "description")
_LONGEST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A pack that was read: what it declares is its own, or is named in `overrides`."""

    name: str
    """`bank`."""
    version: str
    description: str
    overrides: tuple[str, ...]
    """Ids of the controls of ours that it replaces, sorted."""
    folder: Path
    """Where it was read from, as the user named it."""
    files: Mapping[str, bytes]
    """What is compiled, by path below the folder: `rego/psfpolicy/controls/bank/region.rego`."""
    tests: Mapping[str, bytes]
    """The `_test.rego` of it, likewise."""
    controls: tuple[str, ...]
    """Ids of its controls, those that it overrides among them, sorted."""
    domains: Mapping[str, str]
    """Ids of the domains that it declares, by the folder of their controls."""
    rows: Mapping[str, Mapping[str, Any]]
    """Its rows of the catalogue, by table and id."""

    @property
    def digest(self) -> str:
        """SHA-256 in hex of what it puts into a bundle: of the output of `sha256sum` over `files`, by name."""
        listing = "".join(f"{sha256(self.files[name]).hexdigest()}  {name}\n" for name in sorted(self.files))
        return sha256(listing.encode()).hexdigest()


def read_pack(folder: Path, opa: Opa | None = None) -> Pack:
    """Read a pack, and hold it to what packs may declare.

    Args:
        folder: Where it is.
        opa: What parses its Rego; None for the pinned one.

    Raises:
        BuildError: It cannot be read, or declares what it may not; the details say where.
        OpaMissingError: The pinned OPA is not there.
    """
    about = _about(folder)
    found = sources_of(folder)
    tests = {name: content for name, content in found.items() if name.endswith(_TESTS)}
    files = {name: content for name, content in found.items() if name not in tests}
    if not files:
        raise BuildError(f"the pack `{folder}` holds nothing below rego/psfpolicy")
    rows = {name: content for name, content in files.items() if name.endswith(_ROWS)}
    rego = {name: content for name, content in files.items() if name not in rows}
    overrides = tuple(sorted(about["overrides"]))
    modules = pack_rego.parsed(opa or Opa.pinned(), folder, rego)
    ours = _ours()
    declared = pack_rego.declared(modules, folder, about["name"], overrides, ours)
    known = Known(ours.controls.union(declared.controls), ours.domains.union(declared.domains.values()))
    return Pack(
        name=about["name"],
        version=about["version"],
        description=about["description"].strip(),
        overrides=overrides,
        folder=folder,
        files=files,
        tests=tests,
        controls=declared.controls,
        domains=declared.domains,
        rows=pack_rows.rows_of(folder, rows, _tables(), known),
    )


def staged(packs: Sequence[Pack], target: Path, *, tests: bool = False) -> None:
    """Write our sources and those of packs as one tree, `target/rego`; the index of the catalogue is made anew.

    The same packs give the same tree in whatever order. Our own tests are left out.

    Args:
        packs: What was read; none for our sources alone.
        target: A folder; it has no `rego` yet.
        tests: Take the tests of the packs, too.

    Raises:
        BuildError: Two of them declare the same.
    """
    if clashes := sorted(_clashes(packs)):
        raise BuildError("two packs declare the same", details=tuple(clashes))
    source = resources.sources()
    for path in sorted((source / "rego").rglob("*")):
        if path.suffix in {".rego", ".yaml", ".json"} and not path.name.endswith(_TESTS):
            _write(target / path.relative_to(source), path.read_bytes())
    for pack in sorted(packs, key=lambda pack: pack.name):
        for name, content in (*pack.files.items(), *(pack.tests.items() if tests else ())):
            if not name.endswith(_ROWS):
                _write(target / name, content)
        for table, rows in sorted(pack.rows.items()):
            path = target / f"rego/psfpolicy/catalogue/{table}/data.yaml"
            before = path.read_text(encoding="utf-8") if path.is_file() else ""
            _write(path, pack_rows.joined(before, rows).encode())
    if any(pack.rows for pack in packs):
        _write(target / FILE, readable(index(target)))


def _about(folder: Path) -> dict[str, Any]:
    """Give what `pack.yaml` says.

    Raises:
        BuildError: It is missing, or says something else than it should; the details have all of it.
    """
    path = folder / ABOUT
    if not folder.is_dir():
        raise BuildError(f"`{folder}` is no folder", hint="a pack is a folder with pack.yaml and rego/psfpolicy")
    if not path.is_file():
        raise BuildError(f"`{folder}` is no pack: it has no {ABOUT}", hint="write `name`, `version` and `description`")
    try:
        about = yaml.load(contents(path), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise BuildError(f"`{path}` is no YAML: {' '.join(str(error).split())}") from error
    if not isinstance(about, dict):
        raise BuildError(f"`{path}` is no map", hint=f"write {', '.join(f'`{key}`' for key in _REQUIRED)}")
    about = {"overrides": [], **about}
    wrong = sorted(f"{path}: {complaint}" for complaint, holds in _claims(about).items() if not holds)
    if wrong:
        raise BuildError("the pack does not say what it is", details=tuple(wrong))
    return about


def _claims(about: Mapping[str, Any]) -> dict[str, bool]:
    overrides = about["overrides"]
    texts = isinstance(overrides, list) and all(isinstance(id_, str) for id_ in overrides)
    known = {info["id"] for info in resources.shipped("controls.json")}
    strange = sorted(set(overrides) - known) if texts else []
    return {
        **{f"`{key}` is not known": key in {*_REQUIRED, "overrides"} for key in about},
        "`name` is no name: small letters, digits and single `-`": _is(_NAME, about.get("name")),
        '`version` is no version: write it in quotes, as in "1.0.0"': _is(_VERSION, about.get("version")),
        f"`description` is no text of at most {_LONGEST:,} letters": _is_text(about.get("description")),
        "`overrides` is no list of ids of controls": texts,
        "`overrides` names a control twice": not texts or len(set(overrides)) == len(overrides),
        **{f"`overrides` names `{id_}`, which is no control of psfpolicy": False for id_ in strange},
    }


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value.strip()) > 0 and len(value) <= _LONGEST


def _ours() -> Ours:
    rows = resources.shipped("controls.json")
    return Ours(
        controls=frozenset(row["id"] for row in rows),
        folders=frozenset(row["file"].split("/")[-2] for row in rows),
        domains=frozenset(row["domain"] for row in rows),
    )


def _tables() -> Mapping[str, Mapping[str, Any]]:
    found: dict[str, dict[str, Any]] = resources.shipped("data.json")["psfpolicy"]["catalogue"]
    return found


def _clashes(packs: Sequence[Pack]) -> Iterator[str]:
    """Say what more than one pack declares."""
    known: dict[str, Pack] = {}
    for pack in sorted(packs, key=lambda pack: (pack.name, str(pack.folder))):
        named = (
            f"the name `{pack.name}`",
            *(f"the control `{id_}`" for id_ in pack.controls),
            *(f"the folder `{folder}` of controls" for folder in pack.domains),
            *(f"the domain `{id_}`" for id_ in sorted(set(pack.domains.values()))),
        )
        for thing in named:
            other = known.setdefault(thing, pack)
            if other is not pack:
                yield f"{pack.folder}: {thing} is also that of the pack in {other.folder}"
    yield from pack_rows.shared({str(pack.folder): pack for pack in packs})


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
