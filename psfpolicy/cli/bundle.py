"""`psfpolicy bundle`: policy of one's own beside ours, as one file; what is in it, and what another changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from psfpolicy.cli.days import day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psfpolicy.building.packs import Pack
    from psfpolicy.bundles.reading import Bundle
    from psfpolicy.model.report import Report

_ALGORITHMS = ("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
_SHIPPED = "shipped"

_format_option = click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Text or JSON."
)


@click.group("bundle")
def command() -> None:
    """Build, look into, verify and compare bundles of policy.

    A bundle is one file: the policy compiled for psfpolicy, and an ordinary OPA bundle for servers.
    """


@command.command("build")
@click.option(
    "--with", "packs", multiple=True, metavar="DIR", type=click.Path(), help="A pack to compile in; repeatable."
)
@click.option(
    "-o", "--output", required=True, metavar="FILE", type=click.Path(), help="The file to write; - is standard output."
)
@click.option(
    "--signing-key",
    metavar="FILE",
    type=click.Path(),
    help="Sign it with this private key in PEM, or with the secret in this file.",
)
@click.option(
    "--signing-alg", type=click.Choice(_ALGORITHMS), default="RS256", show_default=True, help="How the key signs."
)
def build(packs: tuple[str, ...], *, output: str, signing_key: str | None, signing_alg: str) -> None:
    """Compile our policy, and that of packs, into one file.

    It needs the OPA of the version that compiled ours, and says how to get it. The same packs give the same bytes;
    a signature by ES256 is another each time. Without --with, the policy is ours alone.
    """
    from pathlib import Path

    from psfpolicy.building.opa import Opa
    from psfpolicy.building.packs import read_pack
    from psfpolicy.bundles.reading import read_bundle
    from psfpolicy.bundles.writing import built, packed, signed
    from psfpolicy.cli.output import STDOUT, put_bytes
    from psfpolicy.inert import inert

    _require_other(packs, output)
    opa = Opa.pinned()
    read = [read_pack(Path(folder), opa) for folder in packs]
    for pack in read:
        _require_sound_rows(pack)
    members = built(opa, read)
    if signing_key is not None:
        members = signed(opa, members, key=Path(signing_key), algorithm=signing_alg)
    data = packed(members)
    bundle = read_bundle(data)
    _prove(bundle)
    beside = output == STDOUT
    if beside:
        click.echo(data, nl=False)
    else:
        put_bytes(output, data)
    by = f", signed by {signing_alg}" if signing_key is not None else ""
    click.echo(inert(f"{output}: {_counted(bundle)}, {len(data):,} bytes{by}"), err=beside)
    click.echo(f"digest sha256:{bundle.digest}", err=beside)


@command.command("inspect")
@click.argument("file", type=click.Path())
@_format_option
def inspect(file: str, *, format_: str) -> None:
    """Show what a bundle says that it holds; its signature is not checked."""
    import json

    from psfpolicy.bundles.force import opened
    from psfpolicy.inert import inert

    bundle = opened(file)
    if format_ == "json":
        click.echo(json.dumps(_described(bundle), indent=2, sort_keys=True))
        return
    for line in _shown(bundle):
        click.echo(inert(line))


@command.command("verify")
@click.argument("file", type=click.Path())
@click.option(
    "--key", metavar="FILE", type=click.Path(), help="What checks its signature: the public key in PEM, or the secret."
)
@click.option("--digest", metavar="SHA256", help="The digest that it must have.")
def verify(file: str, *, key: str | None, digest: str | None) -> None:
    """Say whether a bundle is of one piece, and answers as it says.

    Its parts are held against each other, against --key and --digest where they are given, and the policy in it is
    loaded and asked once. What does not hold is said, with exit code 4.
    """
    from psfpolicy.bundles.force import opened
    from psfpolicy.bundles.own import rego_held
    from psfpolicy.inert import inert

    bundle = opened(file, digest=digest, key=key)
    held = rego_held(bundle)
    _prove(bundle)
    signature = f"signed by {bundle.algorithm} with that key" if bundle.algorithm else "its signature was not checked"
    if not bundle.signed:
        signature = "it is not signed"
    click.echo(inert(f"{file}: {_counted(bundle)}; of one piece; {signature}"))
    click.echo(f"digest sha256:{bundle.digest}")
    if not held:
        click.echo("not checked: its Rego, which servers run; the digest of another version's own policy covers none")


@command.command("diff")
@click.argument("before", metavar="A", type=click.Path())
@click.argument("after", metavar="B", type=click.Path())
@click.argument("descriptors", nargs=-1, metavar="[DESCRIPTOR]...", type=click.Path())
@click.option("--as-of", metavar="DATE", callback=day, help="Judge descriptors as of this day; default today, UTC.")
@_format_option
def diff(before: str, after: str, descriptors: tuple[str, ...], *, as_of: str | None, format_: str) -> int:
    """Show what bundle B changes against bundle A.

    Controls added, removed and changed, by metadata and by code; rows and packs; and, on the descriptors that are
    named, each answer that is another. `shipped` stands for the policy that psfpolicy ships.
    """
    import json

    from psfpolicy.bundles.differing import difference
    from psfpolicy.cli.differences import answers, line, lines, told
    from psfpolicy.inert import inert

    first, second = _bundle_or_shipped(before), _bundle_or_shipped(after)
    found = difference(first, second)
    reports = [_asked(bundle, descriptors, as_of) for bundle in (first, second)] if descriptors else []
    changed = answers(*reports) if reports else []
    if format_ == "json":
        value = {**told(found), "a": f"sha256:{first.digest}", "b": f"sha256:{second.digest}", "descriptors": changed}
        click.echo(json.dumps(value, indent=2, sort_keys=True))
    else:
        for text in (*lines(found), *map(line, changed)):
            click.echo(inert(text))
        if found.empty and not changed:
            click.echo("nothing tells them apart")
    return 4 if any(report.exit_code == 4 for report in reports) else 0


def _require_other(packs: Sequence[str], output: str) -> None:
    """Refuse to write into a pack, whose next build would find it there."""
    import os

    from psfpolicy.errors import UsageError

    target = os.path.realpath(output)
    for folder in packs:
        if target.startswith(f"{os.path.realpath(os.path.join(folder, 'rego'))}{os.sep}"):  # noqa: PTH118
            raise UsageError(f"`{output}` lies among the sources of the pack `{folder}`", hint="name another file")


def _require_sound_rows(pack: Pack) -> None:
    """Hold the rows of a pack to the schemas of our tables, and to what they refer to.

    Raises:
        BuildError: They are not sound; the details say where.
    """
    from psfpolicy.errors import BuildError
    from psfpolicy.own_rows import mistakes_of_pack

    paths = {table: f"rego/psfpolicy/catalogue/{table}/data.yaml" for table in pack.rows}
    wrong = mistakes_of_pack(
        {table: ((pack.folder / path).as_posix(), pack.files[path]) for table, path in paths.items()}
    )
    if wrong:
        details = []
        for item in wrong:
            region = item.place.region
            hint = f"; {item.hint}" if item.hint else ""
            details.append(f"{item.place.file}:{region.start_line}:{region.start_column}: {item.message}{hint}")
        raise BuildError(f"rows of the pack `{pack.folder}` are not sound", details=tuple(details))


def _prove(bundle: Bundle) -> None:
    """Load the policy of a bundle and ask each of its rules once.

    Raises:
        EngineError: It cannot be loaded, asks for something of the host, or does not answer as its catalogue says.
    """
    from psfpolicy.proving import prove

    prove(bundle.files)


def _bundle_or_shipped(path: str) -> Bundle:
    from psfpolicy.bundles.force import opened
    from psfpolicy.bundles.own import shipped

    return shipped() if path == _SHIPPED else opened(path)


def _counted(bundle: Bundle) -> str:
    packs = ", ".join(f"{pack['name']} {pack['version']}" for pack in bundle.packs)
    return f"{len(bundle.controls)} controls" + (f" with the packs {packs}" if packs else "")


def _described(bundle: Bundle) -> dict[str, Any]:
    manifest = bundle.manifest
    return {
        "digest": f"sha256:{bundle.digest}",
        "file": f"sha256:{bundle.file_digest}",
        "contract": manifest["contract"],
        "opa": manifest["opa"],
        "signed": bundle.signed,
        "packs": bundle.packs,
        "controls": [row["id"] for row in bundle.controls],
        "files": manifest["files"],
    }


def _shown(bundle: Bundle) -> Iterator[str]:
    manifest = bundle.manifest
    yield f"digest    sha256:{bundle.digest}"
    yield f"file      sha256:{bundle.file_digest}"
    yield f"compiled  by OPA {manifest['opa']}, contract {manifest['contract']}"
    yield f"signed    {'yes; `psfpolicy bundle verify --key` checks it' if bundle.signed else 'no'}"
    yield f"controls  {len(bundle.controls)}"
    for pack in bundle.packs:
        yield f"pack      {pack['name']} {pack['version']} sha256:{pack['digest'][:12]}: {pack['description']}"
        of_its_own = sorted(set(pack["controls"]) - set(pack["overrides"]))
        for kind, ids in (("adds", of_its_own), ("overrides", pack["overrides"])):
            if ids:
                yield f"          {kind} {', '.join(ids)}"
        for table, ids in sorted((pack.get("rows") or {}).items()):
            yield f"          rows of {table}: {', '.join(ids)}"


def _asked(bundle: Bundle, paths: tuple[str, ...], as_of: str | None) -> Report:
    from psfpolicy.bundles.force import put
    from psfpolicy.cli.days import clock
    from psfpolicy.gates import GateRule
    from psfpolicy.model.run import Request
    from psfpolicy.pipeline import check

    today, generated_at = clock(as_of)
    put(bundle)
    return check(Request(paths=paths, gate=GateRule(), today=today, generated_at=generated_at))
