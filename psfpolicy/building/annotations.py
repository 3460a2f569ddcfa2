"""The catalogue of controls, from the annotations of their Rego."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from psfpolicy.errors import BuildError

_TESTS = "_test.rego"
_SEVERITIES = ("critical", "high", "medium", "low")
_PROVENANCES = ("official", "guide", "assessment", "practice", "ours")
_TEXTS = ("remediation", "good", "bad")
_KEYS = {"criterion", "provenance", "severity", "references", "waivable", *_TEXTS}
_DOMAIN_KEYS = {"domain", "scored", "gated", "crosswalk", "crosswalk_provenance"}


def control_rows(inspected: dict[str, Any], root: Path) -> list[dict[str, Any]]:
    """Give one row for each control, sorted by id.

    Args:
        inspected: What `opa inspect -a -f json rego` prints.
        root: The folder of `rego`, where the files are counted.

    Raises:
        BuildError: A control or a domain lacks an annotation, has one that is not known, or a package is not
            named after its file.
    """
    annotations = {
        Path(item["location"]["file"]).as_posix(): item
        for item in inspected["annotations"]
        if item["annotations"]["scope"] in {"package", "subpackages"}
    }
    folder = root / "rego" / "psfpolicy" / "controls"
    files = sorted(
        path.relative_to(root).as_posix() for path in folder.glob("*/*.rego") if not path.name.endswith(_TESTS)
    )
    problems: list[str] = []
    rows = []
    for file in files:
        domain_file = f"{file.rpartition('/')[0]}.rego"
        wrong = _mistakes(file, annotations.get(file)) + _domain_mistakes(domain_file, annotations.get(domain_file))
        if wrong:
            problems += wrong
        else:
            rows.append(_row(file, annotations[file]["annotations"], annotations[domain_file]["annotations"]))
    if problems:
        raise BuildError("the annotations of the policy are not complete", details=tuple(sorted(set(problems))))
    return sorted(rows, key=lambda row: str(row["id"]))


def _row(file: str, control: dict[str, Any], domain: dict[str, Any]) -> dict[str, Any]:
    own, shared = control["custom"], domain["custom"]
    *_, folder, name = file.removesuffix(".rego").split("/")
    return {
        "id": f"{folder}-{name.replace('_', '-')}",
        "domain": shared["domain"],
        "domainTitle": domain["title"],
        "apart": shared.get("scored") == "apart",
        "gated": shared.get("gated", True),
        "title": control["title"],
        "description": control["description"].strip(),
        "severity": own["severity"],
        "criterion": own.get("criterion"),
        "provenance": own["provenance"],
        "remediation": own["remediation"],
        "references": own["references"],
        "good": own["good"],
        "bad": own["bad"],
        "crosswalk": shared["crosswalk"],
        "crosswalkProvenance": shared["crosswalk_provenance"],
        "waivable": own.get("waivable", True),
        "file": file,
    }


def _mistakes(file: str, item: dict[str, Any] | None) -> list[str]:
    if item is None:
        return [f"{file}: the package has no METADATA"]
    control = item["annotations"]
    own = control.get("custom", {})
    references = own.get("references")
    claims = {
        "the package is not named after the file": _package(item) == file.removesuffix(".rego").split("/")[1:],
        "`title` is missing": _is_text(control.get("title")),
        "`description` is missing": _is_text(control.get("description")),
        f"`custom.severity` is none of {', '.join(_SEVERITIES)}": own.get("severity") in _SEVERITIES,
        f"`custom.provenance` is none of {', '.join(_PROVENANCES)}": own.get("provenance") in _PROVENANCES,
        "`custom.criterion` goes with provenance official, and only with it": (
            ("criterion" in own) == (own.get("provenance") == "official")
        ),
        "`custom.references` is no list of https addresses": (
            isinstance(references, list) and len(references) > 0 and all(_is_address(one) for one in references)
        ),
        "`custom.waivable` is no boolean": isinstance(own.get("waivable", True), bool),
        **{f"`custom.{key}` is missing": _is_text(own.get(key)) for key in _TEXTS},
        **{f"`custom.{key}` is not known": False for key in own.keys() - _KEYS},
    }
    return [f"{file}: {complaint}" for complaint, holds in claims.items() if not holds]


def _domain_mistakes(file: str, item: dict[str, Any] | None) -> list[str]:
    if item is None:
        return [f"{file}: the domain's package has no METADATA"]
    domain = item["annotations"]
    shared = domain.get("custom", {})
    claims = {
        "the package is not named after the file": _package(item) == file.removesuffix(".rego").split("/")[1:],
        "`scope` is not subpackages, so its controls do not see it": domain["scope"] == "subpackages",
        "`title` is missing": _is_text(domain.get("title")),
        "`custom.domain` is missing": _is_text(shared.get("domain")),
        "`custom.scored` says something else than apart": shared.get("scored", "apart") == "apart",
        "`custom.gated` says something else than false, or its domain is not scored apart": (
            "gated" not in shared or (shared["gated"] is False and shared.get("scored") == "apart")
        ),
        "`custom.crosswalk` is missing": isinstance(shared.get("crosswalk"), dict),
        "`custom.crosswalk_provenance` is missing": _is_text(shared.get("crosswalk_provenance")),
        **{f"`custom.{key}` is not known": False for key in shared.keys() - _DOMAIN_KEYS},
    }
    return [f"{file}: {complaint}" for complaint, holds in claims.items() if not holds]


def _package(item: dict[str, Any]) -> list[str]:
    return [str(part["value"]) for part in item["path"][1:]]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith("https://")
