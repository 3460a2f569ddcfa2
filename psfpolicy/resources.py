"""Where the bundled policy, its data, the catalogue of controls, the schemas and the template are.

`psfpolicy/_bundle` is written by `policy/build.py`. Each file is checked against the digest that its manifest
names when it is read, so that a damaged or half-replaced installation is an error and never another verdict.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psfpolicy.errors import ModuleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.model.report import Severity

BUNDLE = Path(__file__).parent / "_bundle"
"""The folder of the compiled policy."""

_SCHEMAS = (Path(__file__).parent / "_schemas", Path(__file__).parent.parent / "schemas")
"""The folder of the schemas in a wheel, and in a checkout."""

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


@cache
def manifest() -> Manifest:
    """Give what the bundle says of itself.

    Raises:
        ModuleError: It is missing or cannot be read as one.
    """
    try:
        row = json.loads(_bytes(BUNDLE / "manifest.json"))
        return Manifest(digest=row["digest"], opa=row["opa"], contract=row["contract"], files=row["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModuleError("the manifest of the bundled policy cannot be read", hint=_REINSTALL) from error


@cache
def policy_module() -> bytes:
    """Give the compiled policy, a WebAssembly module.

    Raises:
        ModuleError: It is missing, or not the one that the manifest names.
    """
    return _verified("policy.wasm")


@cache
def policy_data() -> bytes:
    """Give the data of the policy as JSON text, what Rego sees as `data`.

    Raises:
        ModuleError: It is missing, or not the one that the manifest names.
    """
    return _verified("data.json")


@cache
def controls() -> tuple[ControlInfo, ...]:
    """Give the catalogue of controls, sorted by id.

    Raises:
        ModuleError: It is missing, or not the one that the manifest names.
    """
    return tuple(_control(row) for row in json.loads(_verified("controls.json")))


@cache
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


def _schema_folder() -> Path:
    return next((folder for folder in _SCHEMAS if folder.is_dir()), _SCHEMAS[0])


def _verified(name: str) -> bytes:
    content = _bytes(BUNDLE / name)
    if sha256(content).hexdigest() != manifest().files.get(name):
        raise ModuleError(f"`{name}` of the bundled policy is not the one that its manifest names", hint=_REINSTALL)
    return content


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModuleError(f"`{path.name}` cannot be read: {error.strerror}", hint=_REINSTALL) from error


def _control(row: dict[str, Any]) -> ControlInfo:
    return ControlInfo(
        id=row["id"],
        domain=row["domain"],
        domain_title=row["domainTitle"],
        apart=row["apart"],
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
    )
