"""Compile `rego/` into `psfpolicy/_bundle`, the policy that the wheel ships; with `--check`, compare only.

    python policy/build.py [--check | --lint | --print-opa]

The bundle is committed. Two builds by the pinned OPA are byte-identical, so CI rebuilds and compares:
what a reviewer reads in `rego/` is what runs.

Exit codes: 0 done; 1 the bundle differs from its sources (`--check`), or the sources break a rule; 2 no pinned OPA.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from psfpolicy.building.compiling import bundle, readable
from psfpolicy.building.index import FILE, index
from psfpolicy.building.opa import Opa
from psfpolicy.errors import BuildError, OpaMissingError

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = ROOT / "psfpolicy" / "_bundle"

_CAPABILITIES = ("--capabilities", "policy/capabilities.json")
_SCHEMA = ("--schema", "policy/input.schema.json")
_WITHOUT_TESTS = ("--ignore", "*_test.rego")


def main(arguments: list[str] | None = None) -> int:
    """Run the script and give its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--check", action="store_true", help="compare the bundle with its sources; write nothing")
    action.add_argument("--lint", action="store_true", help="check the sources; compile nothing")
    action.add_argument("--print-opa", action="store_true", help="print the path of the pinned OPA")
    options = parser.parse_args(arguments)
    try:
        version = (ROOT / "policy" / "opa-version").read_text(encoding="utf-8").strip()
        opa = Opa.pinned(version, ROOT / ".cache" / "opa")
    except OpaMissingError as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)
        return 2
    if options.print_opa:
        print(opa.path)
        return 0
    try:
        if not options.lint and not options.check:
            (ROOT / FILE).write_bytes(readable(index(ROOT)))
        lint(opa)
        if options.lint:
            return 0
        files = bundle(opa, ROOT, "by policy/build.py from rego/")
    except BuildError as error:
        print(error.message, *error.details, sep="\n", file=sys.stderr)
        return 1
    return max(compare(files), _compare_index()) if options.check else write(files)


def lint(opa: Opa) -> None:
    """Hold the sources to their form and to strict checks: with their tests, and as built.

    As built means against the schema of the input, where a misspelt key is an error, and without host functions.

    Raises:
        BuildError: They break one; the text of OPA says where.
    """
    opa.run("fmt", "--fail", "--diff", "rego", "policy/conftest", folder=ROOT)
    opa.run("check", "--strict", "rego", "policy/conftest", folder=ROOT)
    opa.run("check", "--strict", *_SCHEMA, *_CAPABILITIES, *_WITHOUT_TESTS, "rego", folder=ROOT)


def compare(files: dict[str, bytes]) -> int:
    """Say which files of the committed bundle differ from a fresh one; 0 when none does."""
    committed = {path.name: path.read_bytes() for path in BUNDLE.iterdir()} if BUNDLE.is_dir() else {}
    differing = [name for name in sorted(files.keys() | committed.keys()) if files.get(name) != committed.get(name)]
    for name in differing:
        print(f"psfpolicy/_bundle/{name}: {_difference(committed.get(name), files.get(name))}", file=sys.stderr)
    if differing:
        print("the bundle is not what rego/ compiles to; run `make policy` and commit the result", file=sys.stderr)
    return 1 if differing else 0


def _compare_index() -> int:
    """Say whether the committed index of the catalogue differs from a fresh one; 0 when it does not."""
    if (ROOT / FILE).read_bytes() == readable(index(ROOT)):
        return 0
    print(f"{FILE} is not the index of the catalogue; run `make policy` and commit the result", file=sys.stderr)
    return 1


def write(files: dict[str, bytes]) -> int:
    """Write the bundle, the manifest last, each file aside and then renamed: a reader never sees half of one."""
    BUNDLE.mkdir(parents=True, exist_ok=True)
    for name in sorted(files, key=lambda name: (name == "manifest.json", name)):
        aside = BUNDLE / f"{name}.part"
        aside.write_bytes(files[name])
        aside.replace(BUNDLE / name)
    for path in BUNDLE.iterdir():
        if path.name not in files:
            path.unlink()
    print(f"psfpolicy/_bundle: {len(json.loads(files['controls.json']))} controls, {len(files['policy.wasm'])} bytes")
    return 0


def _difference(committed: bytes | None, built: bytes | None) -> str:
    if committed is None:
        return "missing"
    if built is None:
        return "not part of the bundle"
    at = next((index for index, (a, b) in enumerate(zip(committed, built, strict=False)) if a != b), None)
    where = "one is longer" if at is None else f"first difference at byte {at}"
    return f"{len(committed)} bytes committed, {len(built)} built, {where}"


if __name__ == "__main__":
    sys.exit(main())
