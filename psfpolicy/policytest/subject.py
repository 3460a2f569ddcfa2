"""What is tested: a pack, or the policy of psfpolicy itself in a checkout; staged as one tree of sources."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from psfpolicy.building import packs
from psfpolicy.errors import BuildError, UsageError
from psfpolicy.policytest.compiler import Sources, refuse_syntax_errors
from psfpolicy.targets import display_name, repository_of

if TYPE_CHECKING:
    from psfpolicy.building.opa import Opa

TESTS: Final = "_test.rego"
"""How the names of files of test rules end."""

_OURS: Final = Path("rego/psfpolicy/report.rego")
"""What only a checkout of psfpolicy has: no pack may declare it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is tested."""

    title: str
    """`pack bank 1.0.0`."""
    folder: Path
    tree: Path
    """The folder of `rego` with everything that is compiled, and the tests of the subject."""
    sources: Sources
    """Which staged file is which of the user's."""
    controls: tuple[str, ...]
    """Ids of the controls that are under test."""
    whole: bool
    """It is the policy of psfpolicy, whose tests may be about anything."""

    def file_of(self, control: str) -> str:
        """Give the Rego of a control, as it is staged: `rego/psfpolicy/controls/input/rate_limit.rego`."""
        folder, _, name = control.partition("-")
        return f"rego/psfpolicy/controls/{folder}/{name.replace('-', '_')}.rego"

    @property
    def tests(self) -> tuple[str, ...]:
        """Give the files of test rules, as they are staged, sorted."""
        return tuple(name for name in sorted(self.sources.own) if name.endswith(TESTS))


def home_of(start: Path) -> Path:
    """Give the pack or the checkout that a folder lies in, as far up as its repository goes.

    Raises:
        UsageError: It lies in none, or is no folder.
    """
    if not start.is_dir():
        raise UsageError(f"`{start}` is no folder", hint="name the folder of a pack, the one with pack.yaml")
    here = start.resolve()
    root = repository_of(here)
    folders = (here, *here.parents)
    for folder in folders[: folders.index(root) + 1] if root in folders else folders:
        if (folder / packs.ABOUT).is_file() or (folder / _OURS).is_file():
            return folder
    raise UsageError(
        f"`{display_name(str(start))}` lies in no pack: there is no {packs.ABOUT} in it or above it",
        hint="`psfpolicy control new DOMAIN/NAME` begins one here",
    )


def staged(folder: Path, opa: Opa, aside: Path) -> Subject:
    """Read what a folder holds, and stage it.

    Args:
        folder: As `home_of` gives it.
        opa: What parses its Rego.
        aside: An empty folder for the tree.

    Raises:
        BuildError: It is no policy; the details say where.
    """
    if (folder / _OURS).is_file():
        own = {path.relative_to(folder).as_posix(): path for path in (folder / "rego").rglob("*.rego")}
        controls = tuple(
            sorted(_id(Path(name)) for name in own if Path(name).match("rego/psfpolicy/controls/*/*.rego"))
        )
        return Subject(
            title="the policy of psfpolicy",
            folder=folder,
            tree=folder,
            sources=Sources(own),
            controls=tuple(id_ for id_ in controls if not id_.endswith("-test")),
            whole=True,
        )
    try:
        pack = packs.read_pack(Path(os.path.relpath(folder)), opa)
    except BuildError:
        refuse_syntax_errors(opa, folder)
        raise
    packs.staged([pack], aside, tests=True)
    return Subject(
        title=f"pack {pack.name} {pack.version}",
        folder=folder,
        tree=aside,
        sources=Sources({name: folder / name for name in (*pack.files, *pack.tests)}),
        controls=pack.controls,
        whole=False,
    )


def _id(path: Path) -> str:
    return f"{path.parent.name}-{path.stem.replace('_', '-')}"
