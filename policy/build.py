"""Compile `rego/` into `psfpolicy/_bundle`, the policy that the wheel ships; with `--check`, compare only.

    python policy/build.py [--check | --lint | --print-opa]

The bundle is committed. Two builds by the pinned OPA are byte-identical, so CI rebuilds and compares:
what a reviewer reads in `rego/` is what runs.

Exit codes: 0 done; 1 the bundle differs from its sources (`--check`), or the sources break a rule; 2 no pinned OPA.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
import tarfile
import tempfile
from pathlib import Path

import wasmtime
from catalogue import MetadataError, control_rows
from index import FILE, index
from pinned_opa import ROOT, Opa, OpaError
from staging import stage, without_custom_sections

BUNDLE = ROOT / "psfpolicy" / "_bundle"
CONTRACT = 1
"""Version of the agreement between policy and host on the shapes of question and report."""

# All paths are relative to the root, so that none of this machine gets into the module.
_CAPABILITIES = ("--capabilities", "policy/capabilities.json")
_SCHEMA = ("--schema", "policy/input.schema.json")
_WITHOUT_TESTS = ("--ignore", "*_test.rego")
_ENTRY_POINTS = tuple(
    word for name in ("report", "sizing", "collation", "change") for word in ("-e", f"psfpolicy/{name}")
)


def main(arguments: list[str] | None = None) -> int:
    """Run the script and give its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--check", action="store_true", help="compare the bundle with its sources; write nothing")
    action.add_argument("--lint", action="store_true", help="check the sources; compile nothing")
    action.add_argument("--print-opa", action="store_true", help="print the path of the pinned OPA")
    options = parser.parse_args(arguments)
    try:
        opa = Opa.pinned()
    except OpaError as error:
        print(error, file=sys.stderr)
        return 2
    if options.print_opa:
        print(opa.path)
        return 0
    try:
        if not options.lint and not options.check:
            (ROOT / FILE).write_bytes(_readable(index(ROOT)))
        lint(opa)
        if options.lint:
            return 0
        files = bundle(opa)
    except (OpaError, MetadataError) as error:
        print(error, file=sys.stderr)
        return 1
    return max(compare(files), _compare_index()) if options.check else write(files)


def lint(opa: Opa) -> None:
    """Hold the sources to their form and to strict checks: with their tests, and as built.

    As built means against the schema of the input, where a misspelt key is an error, and without host functions.

    Raises:
        OpaError: They break one; the text of OPA says where.
    """
    opa.run("fmt", "--fail", "--diff", "rego", "policy/conftest")
    opa.run("check", "--strict", "rego", "policy/conftest")
    opa.run("check", "--strict", *_SCHEMA, *_CAPABILITIES, *_WITHOUT_TESTS, "rego")


def bundle(opa: Opa) -> dict[str, bytes]:
    """Give the content of each file of the bundle, by name.

    Raises:
        OpaError: The sources do not compile.
        MetadataError: The annotations of a control are not complete.
    """
    members = _compiled(opa)
    module = without_custom_sections(members["/policy.wasm"])
    _require_valid(module)
    files = {
        "controls.json": _readable(control_rows(json.loads(opa.run("inspect", "-a", "-f", "json", "rego")), ROOT)),
        "data.json": _canonical(json.loads(members["/data.json"])),
        "policy.wasm": module,
    }
    digests = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    # The lines that `sha256sum controls.json data.json policy.wasm` prints, so that anyone can check the digest.
    listing = "".join(f"{digest}  {name}\n" for name, digest in digests.items())
    manifest = {
        "generated": "by policy/build.py from rego/",
        "contract": CONTRACT,
        "digest": hashlib.sha256(listing.encode()).hexdigest(),
        "opa": opa.version,
        "files": digests,
    }
    return {**files, "manifest.json": _readable(manifest)}


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
    if (ROOT / FILE).read_bytes() == _readable(index(ROOT)):
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


def _compiled(opa: Opa) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "bundle.tar.gz"
        stage(ROOT / "rego", Path(folder) / "rego")
        capabilities = ("--capabilities", str(ROOT / _CAPABILITIES[1]))
        options = ("-b", "--prune-unused", *capabilities, "-t", "wasm", *_ENTRY_POINTS)
        opa.run("build", *options, "-o", str(archive), "rego", folder=Path(folder))
        content = io.BytesIO(archive.read_bytes())
    members: dict[str, bytes] = {}
    with tarfile.open(fileobj=content) as opened:
        for member in opened:
            if stream := opened.extractfile(member):
                members[member.name] = stream.read()
    return members


def _require_valid(module: bytes) -> None:
    """Raise an `OpaError` for a module that no host would load: some references make OPA 1.22.0 write one."""
    try:
        wasmtime.Module.validate(wasmtime.Engine(), module)
    except wasmtime.WasmtimeError as error:
        raise OpaError(f"opa build wrote a module that is not valid: {error}") from error


def _difference(committed: bytes | None, built: bytes | None) -> str:
    if committed is None:
        return "missing"
    if built is None:
        return "not part of the bundle"
    at = next((index for index, (a, b) in enumerate(zip(committed, built, strict=False)) if a != b), None)
    where = "one is longer" if at is None else f"first difference at byte {at}"
    return f"{len(committed)} bytes committed, {len(built)} built, {where}"


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def _readable(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False).encode() + b"\n"


if __name__ == "__main__":
    sys.exit(main())
