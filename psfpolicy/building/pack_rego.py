"""What the Rego of a pack declares, and whether it may: the syntax tree that OPA gives decides, never the text."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from psfpolicy.building.gate_rows import NO_CONTROLS
from psfpolicy.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.building.opa import Opa

_WORD = re.compile(r"[a-z][a-z0-9]*")
_CONTROL = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_DOMAIN = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_METADATA = ("rego", "metadata", "chain")
_OUTSIDE = "reads `data` outside `data.psfpolicy`, which only some engines have"
_V0 = "write Rego v1: `if` before a body, `contains` for a set"


class Declared(NamedTuple):
    """What the Rego of a pack declares."""

    controls: tuple[str, ...]
    """Ids, sorted."""
    domains: Mapping[str, str]
    """Ids by folder."""


class Ours(NamedTuple):
    """What psfpolicy declares, which a pack may not declare again."""

    controls: frozenset[str]
    folders: frozenset[str]
    domains: frozenset[str]


class Module(NamedTuple):
    """A file and its syntax tree."""

    name: str
    """Path below the folder of the pack."""
    tree: Mapping[str, Any]

    @property
    def package(self) -> tuple[str, ...]:
        """Its package, without `data`: `("psfpolicy", "controls", "bank", "region")`."""
        return tuple(str(part["value"]) for part in self.tree["package"]["path"][1:])


def parsed(opa: Opa, folder: Path, files: Mapping[str, bytes]) -> tuple[Module, ...]:
    """Give the syntax trees of some files.

    Args:
        opa: What parses them.
        folder: The folder of the pack, for messages.
        files: Their contents by path below it.

    Raises:
        BuildError: One of them is no Rego v1; the details say where.
    """
    modules, problems = [], []
    with tempfile.TemporaryDirectory() as aside:
        path = Path(aside) / "parsed.rego"
        for name, content in sorted(files.items()):
            path.write_bytes(content)
            try:
                text = opa.run(
                    "parse", "-f", "json", "--json-include", "locations,-comments", path.name, folder=Path(aside)
                )
            except BuildError as error:
                problems += _syntax(f"{folder / name}", error)
            else:
                modules.append(Module(name, json.loads(text)))
    if problems:
        raise BuildError(f"the pack `{folder}` does not parse", details=tuple(problems))
    return tuple(modules)


def declared(modules: tuple[Module, ...], folder: Path, pack: str, overrides: tuple[str, ...], ours: Ours) -> Declared:
    """Give what the files of a pack declare.

    Args:
        modules: Its files.
        folder: Its folder, for messages.
        pack: Its name.
        overrides: Ids of the controls of ours that it says that it replaces.
        ours: What is ours.

    Raises:
        BuildError: It declares what it may not; the details say where.
    """
    inspection = _Inspection(pack.replace("-", "_"), frozenset(overrides), ours)
    inspection.domains = {
        module.package[2]: str(custom.get("domain"))
        for module in modules
        if _is_domain(module.package) and isinstance(custom := _custom(module), dict)
    }
    problems = [
        f"{folder / module.name}:{row}: {text}" for module in modules for row, text in inspection.faults(module)
    ]
    missing = sorted(set(overrides) - set(inspection.controls))
    problems += [f"{folder / 'pack.yaml'}: `overrides` names `{id_}`, which the pack does not hold" for id_ in missing]
    if problems:
        raise BuildError(f"the pack `{folder}` declares what a pack may not", details=tuple(problems))
    return Declared(tuple(sorted(inspection.controls)), dict(sorted(inspection.domains.items())))


class _Inspection:
    """What is wrong with each file of a pack, and the controls met on the way."""

    def __init__(self, pack: str, overrides: frozenset[str], ours: Ours) -> None:
        self._pack = pack
        self._overrides = overrides
        self._ours = ours
        self.controls: list[str] = []
        self.domains: dict[str, str] = {}

    def faults(self, module: Module) -> Iterator[tuple[int, str]]:
        """Give what is wrong with a file: the row, and what."""
        row = int(module.tree["package"]["location"]["row"])
        package = module.package
        named = ".".join(package)
        if "/".join(("rego", *package)) != module.name.removesuffix(".rego"):
            yield row, f"the package `{named}` is not named after the file; its place would be {_place(package)}"
        elif package[:2] == ("psfpolicy", "packs"):
            if package[2] != self._pack:
                yield row, f"helpers of this pack are in `psfpolicy.packs.{self._pack}`, not in `{named}`"
        elif _is_domain(package):
            yield from ((row, text) for text in self._domain(module))
        elif package[:2] == ("psfpolicy", "controls") and len(package) == 4:
            yield from self._control(module, row)
        else:
            yield row, f"a pack declares no package `{named}`: only controls, its domains and `psfpolicy.packs`"
        yield from _foreign(module.tree)
        yield from _entry_points(module.tree)

    def _domain(self, module: Module) -> Iterator[str]:
        folder = module.package[2]
        if folder in self._ours.folders:
            yield f"the folder `{folder}` of controls is psfpolicy's own"
        if not _WORD.fullmatch(folder):
            yield f"the folder `{folder}` is no word of small letters and digits, so that ids could be read in two ways"
        if module.tree.get("rules") or module.tree.get("imports"):
            yield "the file of a domain holds its METADATA and its package, and nothing else"
        custom = _custom(module)
        id_ = None if custom is None else custom.get("domain")
        if id_ in self._ours.domains or str(id_).upper().startswith("PSF-"):
            yield f"the domain `{id_}` is psfpolicy's own: another control in it would move its score"
        elif not isinstance(id_, str) or not _DOMAIN.fullmatch(id_):
            yield f"`custom.domain` is `{id_}`, and no id of a domain: capitals, digits and single `-`"
        if custom is not None and custom.get("scored") != "apart":
            yield "`custom.scored` must say apart: the overall score is that of the framework's domains"

    def _control(self, module: Module, row: int) -> Iterator[tuple[int, str]]:
        *_, folder, name = module.package
        id_ = f"{folder}-{name.replace('_', '-')}"
        self.controls.append(id_)
        if not _CONTROL.fullmatch(name):
            yield row, f"`{name}` is no name of a control: small letters, digits and single `_`"
        if id_ in NO_CONTROLS:
            yield row, f"`{id_}` is what reports call something else than a control"
        if folder in self._ours.folders:
            if id_ not in self._ours.controls:
                yield row, f"the domain of `{folder}` is psfpolicy's own: another control in it would move its score"
            elif id_ not in self._overrides:
                yield row, f"`{id_}` is a control of psfpolicy; to replace it, name it in `overrides` of pack.yaml"
        else:
            if folder not in self.domains:
                yield row, f"the pack has no rego/psfpolicy/controls/{folder}.rego with the METADATA of the domain"
            if id_ in self._overrides:
                yield row, f"`overrides` names `{id_}`, which is no control of psfpolicy"
        yield from _chained(module, row)


def _chained(module: Module, row: int) -> Iterator[tuple[int, str]]:
    """Find what would let a control say of itself what its folder says: the domain, and how it is scored."""
    rules = [rule for rule in module.tree.get("rules") or () if _head(rule)[:1] == ["metadata"]]
    if len(rules) != 1 or not _is_chain(rules[0]):
        at = int(rules[0]["location"]["row"]) if rules else row
        yield at, "a control has one rule `metadata := rego.metadata.chain()`"
    for at in _shadows(module.tree):
        yield at, "`rego` is OPA's own name: a control gives it to nothing else"
    for item in module.tree.get("annotations") or ():
        if item["scope"] == "subpackages":
            yield int(item["location"]["row"]), "the METADATA of a control has no `scope: subpackages`"
        elif item["scope"] != "package" and item.get("custom"):
            yield int(item["location"]["row"]), "`custom` stands in the METADATA of the package, not in that of a rule"


def _shadows(tree: Mapping[str, Any]) -> Iterator[int]:
    """Give the rows of imports and rules that are called `rego`, and would answer in the place of OPA."""
    for item in tree.get("imports") or ():
        parts = item["path"]["value"]
        called = item.get("alias") or (parts[-1]["value"] if len(parts) > 1 else None)
        if called == "rego":
            yield int(item["location"]["row"])
    for rule in tree.get("rules") or ():
        if _head(rule)[:1] == ["rego"]:
            yield int(rule["location"]["row"])


def _is_chain(rule: Mapping[str, Any]) -> bool:
    head = rule["head"]
    plain = _head(rule) == ["metadata"] and not any(rule.get(key) for key in ("else", "default"))
    always = all(item.get("generated") for item in rule.get("body") or ())
    value = head.get("value") or {}
    call = value.get("value") if value.get("type") == "call" else None
    called = call[0].get("value") if call and len(call) == 1 else None
    return (
        plain
        and always
        and "args" not in head
        and "key" not in head
        and isinstance(called, list)
        and tuple(part["value"] for part in called) == _METADATA
    )


def _head(rule: Mapping[str, Any]) -> list[Any]:
    return [part["value"] for part in rule["head"]["ref"]]


def _foreign(tree: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """Find references to data that is not of the policy: embedded there is none, on a server it is anybody's."""
    yield from _strays([tree.get("imports") or (), tree.get("rules") or ()], 1)
    for item in tree.get("imports") or ():
        if [part["value"] for part in item["path"]["value"]] == ["data", "psfpolicy"]:
            yield int(item["location"]["row"]), "imports all of `data.psfpolicy`: name the package that is meant"


def _entry_points(tree: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    for item in tree.get("annotations") or ():
        if item.get("entrypoint"):
            yield int(item["location"]["row"]), "no METADATA of a pack says `entrypoint`: psfpolicy asks its own rules"


def _strays(value: Any, row: int) -> Iterator[tuple[int, str]]:
    """Give the rows where `data` stands without `psfpolicy` after it, or with what only servers have below that.

    Args:
        value: A part of a syntax tree.
        row: Where what holds it is.
    """
    if isinstance(value, list | tuple):
        for item in value:
            yield from _strays(item, row)
    if not isinstance(value, dict):
        return
    row = int((value.get("location") or {"row": row})["row"])
    parts = value.get("value")
    if value.get("type") == "var" and parts == "data":
        yield row, _OUTSIDE
    elif value.get("type") == "ref" and isinstance(parts, list) and _is_data(parts[0]):
        named = [part["value"] if part["type"] == "string" else None for part in parts[1:3]]
        if named[:1] != ["psfpolicy"]:
            yield row, _OUTSIDE
        elif named[1:] == ["bundle"]:
            yield row, "reads `data.psfpolicy.bundle`, which only servers have"
        yield from _strays(parts[1:], row)
    else:
        yield from _strays(list(value.values()), row)


def _is_data(part: Mapping[str, Any]) -> bool:
    return (part.get("type"), part.get("value")) == ("var", "data")


def _custom(module: Module) -> dict[str, Any] | None:
    scoped = [item for item in module.tree.get("annotations") or () if item["scope"] == "subpackages"]
    custom = scoped[0].get("custom", {}) if scoped else None
    return custom if isinstance(custom, dict) else None


def _is_domain(package: tuple[str, ...]) -> bool:
    return package[:2] == ("psfpolicy", "controls") and len(package) == 3


def _place(package: tuple[str, ...]) -> str:
    return f"{'/'.join(('rego', *package))}.rego"


def _syntax(path: str, error: BuildError) -> list[str]:
    """Give what OPA says of the syntax of a file, one line for each error."""
    try:
        errors = json.loads("\n".join(error.details))["errors"]
        found = [(item["location"]["row"], item["location"]["col"], item["message"]) for item in errors]
    except (ValueError, KeyError, TypeError):
        return [f"{path}: {' '.join(error.details)}"]
    return [f"{path}:{row}:{col}: {text}{_advice(text)}" for row, col, text in found]


def _advice(text: str) -> str:
    return f"; {_V0}" if "keyword is required" in text else ""
