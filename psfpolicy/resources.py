"""Where the policy in force, its data, the catalogue of controls, the schemas and the templates are.

The policy in force is the one that psfpolicy ships, or the bundle that `use` puts in its place, for the whole process.
`psfpolicy/_bundle` is written by `policy/build.py`. Each file is checked against the digest that its manifest
names when it is read, so that a damaged or half-replaced installation is an error and never another verdict.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import _lru_cache_wrapper, cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from psfpolicy.errors import ModuleError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psfpolicy.model.report import Severity

BUNDLE = Path(__file__).parent / "_bundle"
"""The folder of the compiled policy."""

SERVER_BUNDLE = "bundle.tar.gz"
"""The name, in a bundle that is put in force, of the same policy as an OPA server loads it."""

_SCHEMAS = (Path(__file__).parent / "_schemas", Path(__file__).parent.parent / "schemas")
"""The folder of the schemas in a wheel, and in a checkout."""

_SOURCES = (Path(__file__).parent / "_policy", Path(__file__).parent.parent)
"""The folder of `rego` in a wheel, and in a checkout."""

_PACKS = "packs.json"
"""What a bundle with packs says of them."""

_TEMPLATES = Path(__file__).parent / "_templates"

_REINSTALL = "install psfpolicy again; in a checkout, run `make policy`"


@dataclass(frozen=True, slots=True)
class ControlInfo:
    """What the annotations of a control say."""

    id: str
    """Permanent id: `input-injection-defence`."""
    domain: str
    """Domain that it is scored in: `PSF-1`."""
    domain_title: str
    apart: bool
    """Whether that domain is none of the framework's: it has a score of its own, which no gate asks for by itself."""
    title: str
    description: str
    """Markdown, one sentence a line or flowing; why it matters, and the decisions taken."""
    severity: Severity
    criterion: str | None
    """Number of the framework's criterion, only where its official text could be had: `PSF-1.1`."""
    provenance: str
    """Where the control comes from: `official`, `guide`, `assessment`, `practice` or `ours`."""
    remediation: str
    """What to do: a sentence, an empty line, and YAML relative to `spec`."""
    references: tuple[str, ...]
    """Addresses to read on."""
    good: str
    """YAML below `spec` that passes the control."""
    bad: str
    """YAML below `spec` that does not."""
    crosswalk: Mapping[str, tuple[str, ...]]
    """Items of other frameworks, by framework: `{"owasp-llm-2025": ("LLM01",)}`."""
    crosswalk_provenance: str
    """Whose mapping the crosswalk is."""
    waivable: bool
    """Whether a waiver may cover its findings."""
    file: str
    """Its Rego, relative to the root of the sources: `rego/psfpolicy/controls/input/injection_defence.rego`."""
    gated: bool = True
    """Whether what fails in its domain holds a gate."""
    pack: str | None = None
    """Name of the pack that it comes with; None for psfpolicy's own."""
    overrides: bool = False
    """Whether it stands in the place of psfpolicy's own control of this id."""

    @property
    def rank(self) -> tuple[bool, str, str]:
        """What controls are listed by: the domains of the framework first, and each by its id."""
        return self.apart, self.domain, self.id


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the bundle is, and how it was made."""

    digest: str
    """SHA-256 in hex of the whole policy: of the output of `sha256sum` over the files in the order of their names."""
    opa: str
    """Version of the OPA that compiled it."""
    contract: int
    """Version of the agreement between policy and host on the shapes of question and report."""
    files: Mapping[str, str]
    """SHA-256 in hex of each file, by its name."""
    sources: str
    """SHA-256 in hex of the Rego that it was compiled from; empty where the manifest does not say."""


@dataclass(frozen=True, slots=True)
class PackInfo:
    """What a bundle says of a pack in it."""

    name: str
    version: str
    digest: str
    """SHA-256 in hex of its sources."""
    controls: tuple[str, ...]
    """Ids of its controls, those that it overrides among them."""
    overrides: tuple[str, ...]
    """Ids of the controls of psfpolicy that it replaces."""


_in_force: Mapping[str, bytes] | None = None
_kept: list[_lru_cache_wrapper[Any]] = []
_Given = TypeVar("_Given")


def per_policy(function: Callable[..., _Given]) -> _lru_cache_wrapper[_Given]:
    """Keep what a function gives, by its arguments, for as long as the same policy is in force."""
    return forgotten(cache(function))


def forgotten(kept: _lru_cache_wrapper[_Given]) -> _lru_cache_wrapper[_Given]:
    """Let what is kept be forgotten when another policy comes into force."""
    _kept.append(kept)
    return kept


def in_force() -> Mapping[str, bytes] | None:
    """Give the files of the bundle that is in force; None for the policy that psfpolicy ships."""
    return _in_force


def use(files: Mapping[str, bytes] | None) -> None:
    """Put another policy in force, for the whole process.

    Args:
        files: The files of its bundle, by name; None for the policy that psfpolicy ships.
    """
    global _in_force  # noqa: PLW0603 - one process asks one policy
    if files is _in_force:
        return
    _in_force = files
    for kept in _kept:
        kept.cache_clear()


@per_policy
def manifest() -> Manifest:
    """Give what the bundle says of itself.

    Raises:
        ModuleError: It is missing or cannot be read as one.
    """
    try:
        row = json.loads(_file("manifest.json"))
        return Manifest(
            digest=row["digest"],
            opa=row["opa"],
            contract=row["contract"],
            files=row["files"],
            sources=row.get("sources", ""),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ModuleError("the manifest of the bundled policy cannot be read", hint=_REINSTALL) from error


@per_policy
def policy_module() -> bytes:
    """Give the compiled policy, a WebAssembly module.

    Raises:
        ModuleError: It is missing, or not the one that the manifest names.
    """
    return _verified("policy.wasm")


@per_policy
def policy_data() -> bytes:
    """Give the data of the policy as JSON text, what Rego sees as `data`.

    Raises:
        ModuleError: It is missing, or not the one that the manifest names.
    """
    return _verified("data.json")


def policy_files() -> Mapping[str, bytes]:
    """Give what an OPA bundle is made of besides Rego: the manifest, the data and the catalogue, by name.

    Raises:
        ModuleError: One is missing, or not the one that the manifest names.
    """
    verified = {name: _verified(name) for name in ("controls.json", "data.json")}
    return {**verified, "manifest.json": _file("manifest.json")}


def server_bundle() -> bytes | None:
    """Give the policy in force as its bundle holds it for servers; None where psfpolicy's own sources are that."""
    return None if _in_force is None else _in_force.get(SERVER_BUNDLE)


@per_policy
def controls() -> tuple[ControlInfo, ...]:
    """Give the catalogue of controls, sorted by id.

    Raises:
        ModuleError: It is missing, or not the one that the manifest names.
    """
    of_packs = {id_: pack for pack in packs() for id_ in pack.controls}
    return tuple(_control(row, of_packs.get(row["id"])) for row in json.loads(_verified("controls.json")))


@per_policy
def packs() -> tuple[PackInfo, ...]:
    """Give the packs of the policy in force, by name; none in the one that psfpolicy ships.

    Raises:
        ModuleError: What the bundle says of them is not what its manifest names.
    """
    if _PACKS not in manifest().files:
        return ()
    return tuple(
        PackInfo(row["name"], row["version"], row["digest"], tuple(row["controls"]), tuple(row["overrides"]))
        for row in json.loads(_verified(_PACKS))["packs"]
    )


@per_policy
def tables() -> Mapping[str, Mapping[str, Any]]:
    """Give the tables of the policy's data by name, the rows of each by id.

    Raises:
        ModuleError: The data is missing or damaged.
    """
    found: dict[str, dict[str, Any]] = json.loads(policy_data()).get("psfpolicy", {}).get("catalogue", {})
    return found


def catalogue(name: str) -> Mapping[str, Any]:
    """Give a table of the policy's data, its rows by id: `catalogue("countries")["DE"]`.

    Args:
        name: The folder under `rego/psfpolicy/catalogue`.

    Raises:
        ModuleError: The data is missing or damaged, or has no such table.
    """
    if name not in tables():
        raise ModuleError(f"the bundled policy has no catalogue `{name}`", hint=_REINSTALL)
    return tables()[name]


def schema_names() -> tuple[str, ...]:
    """Give the names that `schema` knows, sorted: among them `llm-deployment-v1` and `catalogue/models`."""
    folder = _schema_folder()
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*.schema.json"))
    return tuple(sorted(file.removesuffix(".schema.json") for file in files))


@cache
def schema(name: str) -> str:
    """Give the text of a JSON Schema.

    Args:
        name: One of `schema_names()`.

    Raises:
        ModuleError: There is none of that name.
    """
    if name not in schema_names():
        raise ModuleError(f"there is no schema `{name}`", hint=_REINSTALL)
    return _bytes(_schema_folder() / f"{name}.schema.json").decode()


def template(name: str) -> str:
    """Give the text of a file to start from, such as `deploy.yaml`.

    Raises:
        ModuleError: It is missing.
    """
    return _bytes(_TEMPLATES / name).decode()


def shipped_bytes(name: str) -> bytes:
    """Give a file of the policy that psfpolicy ships, whatever policy is in force.

    Raises:
        ModuleError: It is missing.
    """
    return _bytes(BUNDLE / name)


def shipped(name: str) -> Any:
    """Give what a JSON file of the policy that psfpolicy ships says, whatever policy is in force.

    Raises:
        ModuleError: It is missing, or is no JSON.
    """
    try:
        return json.loads(shipped_bytes(name))
    except ValueError as error:
        raise ModuleError(f"`{name}` of the shipped policy cannot be read", hint=_REINSTALL) from error


def sources() -> Path:
    """Give the folder that holds `rego`, the sources of the policy that psfpolicy ships."""
    return next((folder for folder in _SOURCES if (folder / "rego").is_dir()), _SOURCES[0])


def capabilities() -> bytes:
    """Give what a policy may call, as `opa build --capabilities` reads it.

    Raises:
        ModuleError: It is missing.
    """
    return _build_file("capabilities.json")


def input_schema() -> bytes:
    """Give the schema of the policy's input, as `opa check --schema` reads it.

    Raises:
        ModuleError: It is missing.
    """
    return _build_file("input.schema.json")


def _build_file(name: str) -> bytes:
    wheel, checkout = _SOURCES
    return _bytes(wheel / name if (wheel / name).is_file() else checkout / "policy" / name)


def _schema_folder() -> Path:
    return next((folder for folder in _SCHEMAS if folder.is_dir()), _SCHEMAS[0])


def _verified(name: str) -> bytes:
    content = _file(name)
    if sha256(content).hexdigest() != manifest().files.get(name):
        raise ModuleError(f"`{name}` of the bundled policy is not the one that its manifest names", hint=_REINSTALL)
    return content


def _file(name: str) -> bytes:
    """Give a file of the policy in force."""
    if _in_force is None:
        return _bytes(BUNDLE / name)
    if name not in _in_force:
        raise ModuleError(f"the bundle holds no `{name}`", hint="build it again with `psfpolicy bundle build`")
    return _in_force[name]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModuleError(f"`{path.name}` cannot be read: {error.strerror}", hint=_REINSTALL) from error


def _control(row: dict[str, Any], pack: PackInfo | None) -> ControlInfo:
    return ControlInfo(
        id=row["id"],
        domain=row["domain"],
        domain_title=row["domainTitle"],
        apart=row["apart"],
        gated=row["gated"],
        title=row["title"],
        description=row["description"],
        severity=row["severity"],
        criterion=row["criterion"],
        provenance=row["provenance"],
        remediation=row["remediation"],
        references=tuple(row["references"]),
        good=row["good"],
        bad=row["bad"],
        crosswalk={framework: tuple(items) for framework, items in row["crosswalk"].items()},
        crosswalk_provenance=row["crosswalkProvenance"],
        waivable=row["waivable"],
        file=row["file"],
        pack=pack.name if pack else None,
        overrides=pack is not None and row["id"] in pack.overrides,
    )
