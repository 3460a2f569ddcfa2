"""The OPA that compiles and tests the policy: one version, the one that compiled the bundle which is shipped."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from psfpolicy import resources
from psfpolicy.errors import BuildError, OpaMissingError

_CACHE = Path(__file__).parent.parent.parent / ".cache" / "opa"
"""Where `make opa` keeps it, in a checkout."""


_UNCOLLECTED = {"GOGC": "off", "GOMEMLIMIT": "1GiB"}
"""A run lasts a second; collecting garbage only where memory gets short halves it (Go, package `runtime`)."""


@dataclass(frozen=True)
class Opa:
    """An OPA of the pinned version."""

    path: str
    version: str

    @classmethod
    def pinned(cls, version: str | None = None, cache: Path = _CACHE) -> Opa:
        """Find it: `$OPA`, else the cache of `make opa`, else PATH when the version is right.

        Args:
            version: The version wanted; None for the one of the policy that is in force.
            cache: The folder of cached ones, by version.

        Raises:
            OpaMissingError: None of them is there, or `$OPA` is another version.
        """
        wanted = version or resources.manifest().opa
        hint = f"`go install github.com/open-policy-agent/opa@v{wanted}` builds it; in a checkout, `make opa` does"
        named = os.environ.get("OPA")
        if named:
            if _version(named) != wanted:
                raise OpaMissingError(f"$OPA is `{named}`, which is not OPA {wanted}", hint=f"{hint}; or unset $OPA")
            return cls(named, wanted)
        for candidate in (str(cache / wanted / "opa"), shutil.which("opa")):
            if candidate and _version(candidate) == wanted:
                return cls(candidate, wanted)
        raise OpaMissingError(f"OPA {wanted} is not on PATH, and $OPA names none", hint=hint)

    def run(self, *arguments: str, folder: Path) -> str:
        """Run it in a folder and give what it prints.

        Raises:
            BuildError: It exits with an error; the details are its own lines.
        """
        done = self.ran(*arguments, folder=folder)
        if done.returncode != 0:
            raise BuildError(f"opa {arguments[0]} refused", details=tuple(f"{done.stdout}{done.stderr}".splitlines()))
        return done.stdout

    def ran(self, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run it in a folder, whatever comes of it."""
        # The program is the pinned one, and the arguments are those of this package.
        return subprocess.run(  # noqa: S603
            [self.path, *arguments],
            cwd=folder,
            env={**_UNCOLLECTED, **os.environ},
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )


def _version(path: str) -> str | None:
    """Give the version that a program prints as OPA does; None when it is no OPA."""
    try:
        done = subprocess.run([path, "version"], capture_output=True, text=True, check=False)  # noqa: S603 - as above
    except OSError:
        return None
    first = done.stdout.partition("\n")[0]
    return first.removeprefix("Version: ") if first.startswith("Version: ") else None
