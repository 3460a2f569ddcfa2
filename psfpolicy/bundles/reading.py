"""A bundle read: signed by the key where one is given, the one that is pinned, and of one piece."""

from __future__ import annotations

import hmac
import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from psfpolicy import resources
from psfpolicy.building import gate_rows
from psfpolicy.building.compiling import CONTRACT, canonical
from psfpolicy.bundles import archive, signatures
from psfpolicy.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.bundles.signatures import Key

MODULE = "embedded.wasm"
"""The compiled policy in a bundle; an OPA would take `policy.wasm` for what it is to run itself."""
PACKS = "packs.json"
"""What a bundle says of the packs in it; one of psfpolicy's policy alone has none."""
ROOT = "psfpolicy"
"""What a bundle owns of `data`, and the folder of its sources."""

_BUILD = "`psfpolicy bundle build` writes one"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PLAIN = {".manifest", "data.json", "controls.json", "manifest.json", MODULE}
_BESIDE = {PACKS, signatures.FILE}
_TEXTS = (
    *("id", "domain", "domainTitle", "title", "description", "severity", "provenance", "remediation"),
    *("good", "bad", "crosswalkProvenance", "file"),
)
_FORMS: dict[str, type] = {"apart": bool, "gated": bool, "waivable": bool, "references": list, "crosswalk": dict}
"""What the row of a control holds beside texts; `criterion` is a text or nothing."""
_SEVERITIES = {"critical", "high", "medium", "low"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle whose parts belong together."""

    files: Mapping[str, bytes]
    """What `resources.use` puts in force, by name."""
    sources: Mapping[str, bytes]
    """Its Rego, by name in the archive: `psfpolicy/report.rego`."""
    digest: str
    """SHA-256 in hex of the policy: what settings pin, and what a server says that it holds."""
    file_digest: str
    """SHA-256 in hex of the file."""
    algorithm: str | None
    """What its signature was made by, and checked; None where no key was given."""
    signed: bool
    """It holds a signature, checked or not."""

    @property
    def manifest(self) -> dict[str, Any]:
        """What it says of its making."""
        return _object("manifest.json", self.files["manifest.json"])

    @property
    def packs(self) -> list[dict[str, Any]]:
        """What it says of the packs in it; empty for psfpolicy's policy alone."""
        return list(_object(PACKS, self.files[PACKS])["packs"]) if PACKS in self.files else []

    @property
    def controls(self) -> list[dict[str, Any]]:
        """The rows of its controls, sorted by id."""
        rows: list[dict[str, Any]] = json.loads(self.files["controls.json"])
        return rows


def read_bundle(data: bytes, *, digest: str | None = None, key: Key | None = None) -> Bundle:
    """Read a bundle; nothing of it is taken for policy before its signature, its digest and its parts are held.

    Args:
        data: What the file holds.
        digest: The one that it must have, in hex; None where none was pinned.
        key: What it must be signed with; None where it need not be.

    Raises:
        BundleError: It is no bundle, is not signed with the key, not the pinned one, of another contract, or not of one
            piece.
    """
    members = archive.members(data)
    algorithm = signatures.verified(members, key) if key else None
    _require_known(members)
    manifest = _object("manifest.json", members["manifest.json"])
    _require_contract(manifest)
    sources = {name: content for name, content in members.items() if name.endswith(".rego")}
    plain, told = _data(members["data.json"])
    files = {
        "controls.json": members["controls.json"],
        "data.json": plain,
        "policy.wasm": members[MODULE],
        **({PACKS: members[PACKS]} if PACKS in members else {}),
    }
    found = _digest(files, manifest)
    if digest is not None and not hmac.compare_digest(found, digest):
        raise BundleError(
            f"the bundle is not the pinned one: its digest is sha256:{found}, and sha256:{digest} was pinned",
            hint="look at what has changed with `psfpolicy bundle diff`; only then pin the new digest",
        )
    _require_one_piece(members, files, found, told)
    _require_sources(files, sources)
    _require_gates(files)
    return Bundle(
        files={
            **files,
            "manifest.json": members["manifest.json"],
            # The digest of psfpolicy's policy alone does not cover Rego: a server gets it from the installation.
            **({resources.SERVER_BUNDLE: data} if PACKS in members else {}),
        },
        sources=sources,
        digest=found,
        file_digest=sha256(data).hexdigest(),
        algorithm=algorithm,
        signed=signatures.FILE in members,
    )


def listing_digest(files: Mapping[str, bytes]) -> str:
    """Give the SHA-256 in hex of what `sha256sum` prints of files, in the order of their names."""
    lines = (f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return sha256("".join(lines).encode()).hexdigest()


def _require_known(members: Mapping[str, bytes]) -> None:
    if missing := sorted(_PLAIN - members.keys()):
        names = ", ".join(f"`{name}`" for name in missing)
        raise BundleError(f"the bundle has no {names}: it is none of psfpolicy's", hint=_BUILD)
    for name in sorted(members.keys() - _PLAIN - _BESIDE):
        if not (name.startswith(f"{ROOT}/") and name.endswith(".rego")):
            raise BundleError(f"the bundle holds `{name}`, which no bundle of psfpolicy holds", hint=_BUILD)


def _require_contract(manifest: Mapping[str, Any]) -> None:
    contract = manifest.get("contract")
    if contract != CONTRACT:
        raise BundleError(
            f"the bundle is of contract {contract}, and this psfpolicy is of contract {CONTRACT}",
            hint="build it anew with this version of psfpolicy",
        )
    if not isinstance(manifest.get("opa"), str):
        raise BundleError("the bundle does not say which OPA compiled it", hint=_BUILD)


def _data(content: bytes) -> tuple[bytes, Any]:
    """Give the data as the module was compiled with it, and what a server says of the policy that it holds."""
    data = _object("data.json", content)
    own = data.get(ROOT)
    if set(data) != {ROOT} or not isinstance(own, dict) or "bundle" not in own:
        raise BundleError("`data.json` of the bundle is not that of psfpolicy's policy", hint=_BUILD)
    told = own.pop("bundle")
    return canonical(data), told


def _digest(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> str:
    """Give the digest of the policy, worked out from the files, which must be those that the manifest names."""
    found = listing_digest(files)
    named = {name: sha256(content).hexdigest() for name, content in files.items()}
    if manifest.get("files") != named or manifest.get("digest") != found:
        raise BundleError("the files of the bundle are not those that its manifest names", hint="get it again")
    return found


def _require_one_piece(members: Mapping[str, bytes], files: Mapping[str, bytes], digest: str, told: object) -> None:
    """Hold what servers are told against what is embedded."""
    try:
        rows = json.loads(files["controls.json"])
        ids = [str(row["id"]) for row in rows]
        whole = all(map(_is_control, rows))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BundleError("`controls.json` of the bundle lists no controls", hint=_BUILD) from error
    if not ids or not whole or ids != sorted(set(ids)):
        raise BundleError("`controls.json` of the bundle does not list controls by id", hint=_BUILD)
    if strange := sorted(set(ids) & set(gate_rows.NO_CONTROLS)):
        raise BundleError(f"the bundle has a control called `{strange[0]}`, which reports call something else")
    if told != {"contract": CONTRACT, "controls": ids, "digest": digest}:
        raise BundleError("what the bundle tells servers of itself is not what it holds", hint=_BUILD)
    if _object(".manifest", members[".manifest"]) != {"revision": digest, "roots": [ROOT]}:
        raise BundleError("`.manifest` of the bundle is not that of psfpolicy's policy", hint=_BUILD)


def _is_control(row: Mapping[str, Any]) -> bool:
    return (
        all(isinstance(row[key], str) for key in _TEXTS)
        and all(isinstance(row[key], form) for key, form in _FORMS.items())
        and (row["criterion"] is None or isinstance(row["criterion"], str))
        and row["severity"] in _SEVERITIES
        and _texts(row["references"])
        and all(map(_texts, row["crosswalk"].values()))
    )


def _require_sources(files: Mapping[str, bytes], sources: Mapping[str, bytes]) -> None:
    """Hold the Rego, which servers run, against the digest that goes into that of the policy."""
    if PACKS not in files:
        return
    about = _object(PACKS, files[PACKS])
    if about.get("sources") != listing_digest(sources):
        raise BundleError("the Rego of the bundle is not what its module was compiled from", hint="get it again")
    if not _sound_packs(about.get("packs")):
        raise BundleError(f"`{PACKS}` of the bundle does not say what packs are in it", hint=_BUILD)


def _require_gates(files: Mapping[str, bytes]) -> None:
    """Hold the gate profiles to what they were held to when the bundle was built, by somebody or by hand."""
    # Most bundles have none; those of a size are not read twice for it.
    if f'"{gate_rows.TABLE}"'.encode() not in files["data.json"]:
        return
    tables = json.loads(files["data.json"])[ROOT].get("catalogue")
    rows = tables.get(gate_rows.TABLE, {}) if isinstance(tables, dict) else None
    if not isinstance(rows, dict):
        raise BundleError(f"the table `{gate_rows.TABLE}` of the bundle is no map of gate profiles", hint=_BUILD)
    packs = _object(PACKS, files[PACKS])["packs"] if PACKS in files else []
    told = {id_ for pack in packs for id_ in _rows_told(pack)}
    controls = json.loads(files["controls.json"])
    known = gate_rows.Known({row["id"] for row in controls}, {row["domain"] for row in controls})
    wrong = [text for id_, row in sorted(rows.items()) for text in gate_rows.faults(id_, row, known)]
    wrong += [f"the gate `{id_}` is of no pack that the bundle names" for id_ in sorted(rows.keys() - told)]
    if wrong:
        raise BundleError("the bundle has gate profiles that no pack may add", hint=_BUILD, details=tuple(wrong))


def _rows_told(pack: Mapping[str, Any]) -> list[str]:
    rows = pack.get("rows")
    named = rows.get(gate_rows.TABLE, []) if isinstance(rows, dict) else []
    return named if _texts(named) else []


def _sound_packs(packs: object) -> bool:
    return isinstance(packs, list) and all(
        isinstance(pack, dict)
        and all(isinstance(pack.get(key), str) for key in ("name", "version", "description"))
        and isinstance(pack.get("digest"), str)
        and _DIGEST.fullmatch(pack["digest"]) is not None
        and all(_texts(pack.get(key)) for key in ("controls", "overrides"))
        for pack in packs
    )


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _object(name: str, content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"`{name}` of the bundle is no JSON", hint=_BUILD) from error
    if not isinstance(value, dict):
        raise BundleError(f"`{name}` of the bundle is no object", hint=_BUILD)
    return value
