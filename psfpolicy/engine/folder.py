"""The user's own cache: where it is, and whether what lies in it can be trusted."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def cache_folder(environment: Mapping[str, str], platform: str = sys.platform) -> Path | None:
    """Give the user's cache folder for psfpolicy: `PSFPOLICY_CACHE_DIR`, else where the platform keeps caches.

    Returns:
        The folder, which need not exist; None when the environment names no place at all.
    """
    if named := environment.get("PSFPOLICY_CACHE_DIR"):
        return Path(named).absolute()
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return Path(local) / "psfpolicy" / "Cache" if local else None
    # The XDG specification: a relative path is to be ignored.
    xdg = Path(environment.get("XDG_CACHE_HOME", ""))
    if xdg.is_absolute():
        return xdg / "psfpolicy"
    home = environment.get("HOME")
    if not home:
        return None
    return Path(home) / ("Library/Caches" if platform == "darwin" else ".cache") / "psfpolicy"


def trusted(cache: Path | None, name: str) -> tuple[Path | None, str | None]:
    """Give a folder of the cache, made where it is not there, when it is ours alone; else why there is none."""
    if cache is None:
        return None, "no cache folder: neither PSFPOLICY_CACHE_DIR nor a home folder is set"
    folder = cache / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError as error:
        return None, f"the cache folder {cache} cannot be made: {error.strerror}"
    # Windows keeps a user's folders from others by access lists, which these bits do not show.
    if os.name == "posix" and (status.st_uid != os.geteuid() or status.st_mode & 0o022):
        return None, f"the cache folder {folder} can be written to by other users"
    return folder, None
