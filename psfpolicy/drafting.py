"""A control to start from, with its tests: which files it takes, and what stands in them.

A pack is a folder with `pack.yaml`; its sources are laid out below `rego/psfpolicy` as those of psfpolicy are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from psfpolicy import resources, source
from psfpolicy.building.gate_rows import NO_CONTROLS
from psfpolicy.errors import DocumentError, UsageError
from psfpolicy.targets import display_name, repository_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACK: Final = "pack.yaml"
_CONTROLS: Final = Path("rego/psfpolicy/controls")
_OURS: Final = Path("rego/psfpolicy/report.rego")
"""What only a checkout of psfpolicy has: no pack may declare it."""
_DOMAIN: Final = re.compile(r"[a-z][a-z0-9]{0,39}")
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_LONGEST_NAME: Final = 60
_KEYWORDS: Final = frozenset(
    ("as", "contains", "default", "else", "every", "false", "if", "import", "in", "not", "null", "package", "some",
     "true", "with")
)  # fmt: skip
"""Words that Rego keeps for itself."""
_NO_TEXT: Final = frozenset(("false", "n", "no", "null", "off", "on", "true", "y", "yes"))
"""Words that some reader of YAML takes for something else than text."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The files of a new control."""

    id: str
    """The id of the control."""
    files: tuple[tuple[Path, str], ...]
    """What is to be written, each with its text; none of it is there."""
    pack: Path | None
    """The folder of the pack; None in a checkout of psfpolicy."""


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a control goes."""

    folder: Path
    pack: str | None
    """Name of the pack; None in a checkout of psfpolicy."""
    new: bool = False
    """The pack has no `pack.yaml` yet."""


def draft(named: str, start: Path, pack: str | None) -> Draft:
    """Give the files of a new control.

    Args:
        named: `DOMAIN/NAME`.
        start: The folder that the user is in.
        pack: Name of the pack; None for the one that the folder is in, or for the folder's own name.

    Raises:
        UsageError: A name cannot be one, is taken, or the pack is another one.
    """
    domain, name = _parted(named)
    home = _home(start, pack)
    id_ = f"{domain}-{name}"
    _refuse_ours(domain, id_, home)
    filled = {
        "@DOMAIN@": domain,
        "@DOMAIN_ID@": "-".join(filter(None, (home.pack, domain))).upper(),
        "@DOMAIN_TITLE@": f"{home.pack or ''} {domain}".strip().capitalize(),
        "@FILE@": name.replace("-", "_"),
        "@ID@": id_,
        "@NAME@": name,
        "@PACK@": home.pack or "",
        "@TITLE@": name.replace("-", " ").capitalize(),
    }
    files = tuple((home.folder / path, _text(template, filled)) for path, template in _files(home, domain, name))
    _refuse_taken([path for path, _ in files])
    return Draft(id_, files, None if home.pack is None else home.folder)


def _parted(named: str) -> tuple[str, str]:
    domain, sign, name = named.partition("/")
    if not sign:
        raise UsageError(f"`{named}` names no domain", hint="write DOMAIN/NAME, such as guards/own-registry")
    if not _DOMAIN.fullmatch(domain) or domain in _KEYWORDS:
        raise UsageError(
            f"`{domain}` cannot be a domain",
            hint="small letters and digits, a letter first, and no word that Rego keeps for itself",
        )
    dashed = name.replace("_", "-")
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME or dashed in _KEYWORDS or dashed.endswith("-test"):
        raise UsageError(
            f"`{name}` cannot be the name of a control",
            hint="small letters and digits in words joined by `-`, a letter first, not ending in `-test`, "
            "and no word that Rego keeps for itself",
        )
    return domain, dashed


def _home(start: Path, pack: str | None) -> _Home:
    """Find the pack or the checkout that a folder lies in; where there is neither, the folder becomes a pack."""
    if pack is not None and (not _DOMAIN.fullmatch(pack) or pack in _NO_TEXT):
        raise UsageError(f"`{pack}` cannot name a pack", hint="small letters and digits, a letter first: `bank`")
    root = repository_of(start)
    folders = (start, *start.parents)
    for folder in folders[: folders.index(root) + 1] if root in folders else folders:
        if (folder / _PACK).is_file():
            name = _pack_name(folder / _PACK)
            if pack not in {None, name}:
                raise UsageError(f"`{display_name(str(folder / _PACK))}` is of pack `{name}`, not of `{pack}`")
            return _Home(folder, name)
        # A pack may be begun inside of a checkout: then it is named.
        if (folder / _OURS).is_file() and (pack is None or folder == start):
            if pack is not None:
                raise UsageError("this is psfpolicy itself, and no folder for a pack", hint="leave out --pack")
            return _Home(folder, None)
    name = pack or re.sub(r"^[0-9]+|[^a-z0-9]", "", start.name.lower())[:40]
    if not name or name in _NO_TEXT:
        raise UsageError("the name of this folder names no pack", hint="name it with --pack: `--pack bank`")
    return _Home(start, name, new=True)


def _pack_name(file: Path) -> str:
    shown = display_name(str(file))
    try:
        with file.open("rb") as opened:
            (document,) = source.read(opened.read(source.MAX_BYTES + 1), file=shown)
    except (OSError, DocumentError, ValueError) as error:
        raise UsageError(f"`{shown}` cannot be read as the description of a pack") from error
    data = document.data
    name = data.get("name") if isinstance(data, dict) else None
    if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9_-]*", name):
        raise UsageError(f"`{shown}` says no `name` of the pack", hint="small letters and digits: `name: bank`")
    return name


def _refuse_ours(domain: str, id_: str, home: _Home) -> None:
    if home.pack is None:
        return
    if id_ in NO_CONTROLS:
        raise UsageError(
            f"`{id_}` is what reports call something else than a control", hint="give the control another name"
        )
    if any(info.id == id_ for info in resources.controls()):
        raise UsageError(
            f"`{id_}` is a control of psfpolicy",
            hint="give yours another name; one of ours is replaced by a file of its name, with its id in `overrides`",
        )
    if any(Path(info.file).parent.name == domain for info in resources.controls()):
        raise UsageError(
            f"`{domain}` is a domain of psfpolicy, and another control in it would move its score",
            hint="name a domain of your own, such as guards/own-registry",
        )


def _files(home: _Home, domain: str, name: str) -> Iterator[tuple[Path, str]]:
    """Give the paths, and the template of each."""
    file = name.replace("-", "_")
    if home.new:
        yield Path(_PACK), "pack.yaml"
    shared = _CONTROLS / f"{domain}.rego"
    if not (home.folder / shared).exists():
        yield shared, "domain.rego"
    yield _CONTROLS / domain / f"{file}.rego", "control.rego"
    yield _CONTROLS / domain / f"{file}_test.rego", "control-tests.rego"
    if home.pack is not None:
        fixtures = [Path("fixtures") / f"{name}-{status}.yaml" for status in ("pass", "fail")]
        # Another domain may have a control of the same name.
        if any((home.folder / path).exists() for path in fixtures):
            fixtures = [path.with_name(f"{domain}-{path.name}") for path in fixtures]
        yield from zip(fixtures, ("fixture-pass.yaml", "fixture-fail.yaml"), strict=True)


def _refuse_taken(paths: list[Path]) -> None:
    taken = [f"`{display_name(str(path))}`" for path in paths if path.exists() or path.is_symlink()]
    if taken:
        verb = "exists, and is left as it is" if len(taken) == 1 else "exist, and are left as they are"
        hint = "give the control another name; nothing was written"
        raise UsageError(f"{' and '.join(taken)} {verb}", hint=hint)


def _text(template: str, filled: dict[str, str]) -> str:
    text = resources.template(template)
    for mark, value in filled.items():
        text = text.replace(mark, value)
    return text
