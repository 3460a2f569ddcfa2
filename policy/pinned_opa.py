"""The OPA that compiles and tests the policy: one version, named in `policy/opa-version`."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The root of the repository; OPA runs there."""


class OpaError(Exception):
    """There is no pinned OPA, or it refused."""


@dataclass(frozen=True)
class Opa:
    """An OPA of the pinned version."""

    path: str
    version: str

    @classmethod
    def pinned(cls) -> Opa:
        """Find it: `$OPA`, else the cache of `make opa`, else PATH when the version is right.

        Raises:
            OpaError: None of them is there, or `$OPA` is another version.
        """
        version = (ROOT / "policy" / "opa-version").read_text(encoding="utf-8").strip()
        named = os.environ.get("OPA")
        if named:
            if _version(named) != version:
                raise OpaError(f"$OPA is `{named}`, which is not OPA {version}: run `make opa`, or unset it")
            return cls(named, version)
        cached = ROOT / ".cache" / "opa" / version / "opa"
        for candidate in (str(cached), shutil.which("opa")):
            if candidate and _version(candidate) == version:
                return cls(candidate, version)
        raise OpaError(f"OPA {version} is neither in .cache/opa/{version} nor on PATH: run `make opa`, or set $OPA")

    def run(self, *arguments: str, folder: Path = ROOT) -> str:
        """Run it in a folder and give what it prints.

        Raises:
            OpaError: It exits with an error; the text is its own.
        """
        # The program is the pinned one, and the arguments are those of this build.
        done = subprocess.run(
            [self.path, *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
        )
        if done.returncode != 0:
            raise OpaError(f"opa {' '.join(arguments)}\n{done.stdout}{done.stderr}".rstrip())
        return done.stdout


def _version(path: str) -> str | None:
    """Give the version that a program prints as OPA does; None when it is no OPA."""
    try:
        done = subprocess.run([path, "version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    first = done.stdout.partition("\n")[0]
    return first.removeprefix("Version: ") if first.startswith("Version: ") else None
