"""Write the generated schemas, or with `--check` compare them with what the models say now."""

import sys
from pathlib import Path

from psfpolicy.model.schemas.table import TABLE, text_of

ROOT = Path(__file__).parents[3]
"""Root of the checkout that the schemas are written to."""


def stale(root: Path) -> list[str]:
    """Give the files, relative to the root, that do not hold what the models say; missing ones too."""
    return [row.file for row in TABLE if not (root / row.file).is_file() or _read(root / row.file) != text_of(row)]


def write(root: Path) -> None:
    """Write every schema below the root, in folders that exist."""
    for row in TABLE:
        (root / row.file).write_text(text_of(row), encoding="utf-8", newline="\n")


def main(arguments: list[str], root: Path = ROOT) -> None:
    """Do what the command line asks; with `--check`, leave with 1 where a file is stale."""
    if arguments == ["--check"]:
        if files := stale(root):
            sys.exit("stale, run `python -m psfpolicy.model.schemas`: " + ", ".join(files))
    elif arguments:
        sys.exit("usage: python -m psfpolicy.model.schemas [--check]")
    else:
        write(root)


def _read(path: Path) -> str:
    return path.read_bytes().decode()


if __name__ == "__main__":
    main(sys.argv[1:])
