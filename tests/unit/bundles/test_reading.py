"""Bundles read: what is not of one piece, not pinned or of another contract is refused with its reason."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import resources
from psfpolicy.building.compiling import canonical, readable
from psfpolicy.bundles import force, own
from psfpolicy.bundles.differing import ChangedControl, difference
from psfpolicy.bundles.own import rego_held, shipped
from psfpolicy.bundles.reading import MODULE, PACKS, read_bundle
from psfpolicy.errors import BundleError, ModuleError, SettingsError, UsageError
from psfpolicy.proving import prove
from tests.bundles import OVERRIDDEN, bundle, manifest, members

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran


def refusal(data: bytes, **how: Any) -> str:
    with pytest.raises(BundleError) as refused:
        read_bundle(data, **how)
    return refused.value.message


def changed(name: str, change: Callable[[Any], object]) -> dict[str, bytes | None]:
    """Give a file of JSON with a change made to its value."""
    value = json.loads(members()[name])
    change(value)
    return {name: canonical(value)}


def test_a_bundle_of_our_policy_alone_is_the_policy_that_is_shipped() -> None:
    read = read_bundle(bundle(packed=False))
    assert read.digest == resources.manifest().digest
    assert read.files == {name: (resources.BUNDLE / name).read_bytes() for name in read.files}
    assert (read.packs, read.signed, read.algorithm) == ([], False, None)


def test_a_bundle_with_packs_says_so() -> None:
    read = read_bundle(bundle())
    assert [pack["name"] for pack in read.packs] == ["bank"]
    assert read.digest != resources.manifest().digest
    assert read_bundle(bundle(), digest=read.digest).digest == read.digest


def test_another_than_the_pinned_one_is_refused_with_both_digests() -> None:
    read = read_bundle(bundle())
    assert refusal(bundle(), digest="0" * 64) == (
        f"the bundle is not the pinned one: its digest is sha256:{read.digest}, and sha256:{'0' * 64} was pinned"
    )


NOT_NAMED = "the files of the bundle are not those that its manifest names"
NOT_TOLD = "what the bundle tells servers of itself is not what it holds"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({MODULE: None}, f"the bundle has no `{MODULE}`: it is none of psfpolicy's"),
        ({"manifest.json": None, ".manifest": None}, "the bundle has no `.manifest`, `manifest.json`"),
        ({"policy.wasm": b""}, "the bundle holds `policy.wasm`, which no bundle of psfpolicy holds"),
        ({"other/a.rego": b""}, "the bundle holds `other/a.rego`, which no bundle of psfpolicy holds"),
        ({"psfpolicy/data.json": b""}, "the bundle holds `psfpolicy/data.json`, which no bundle of psfpolicy holds"),
        ({MODULE: b"\0asm"}, NOT_NAMED),
        ({"controls.json": b"[]"}, NOT_NAMED),
        ({"manifest.json": b"{"}, "`manifest.json` of the bundle is no JSON"),
        ({"manifest.json": b"[]"}, "`manifest.json` of the bundle is no object"),
        ({"manifest.json": b"[" * 100_000}, "`manifest.json` of the bundle is no JSON"),
        ({PACKS: None}, NOT_NAMED),
        ({"psfpolicy/gate.rego": b"package psfpolicy.gate\n"}, "the Rego of the bundle is not what its module"),
        ({"psfpolicy/gate.rego": None}, "the Rego of the bundle is not what its module was compiled from"),
        ({"psfpolicy/more.rego": b"package psfpolicy.gate\n"}, "the Rego of the bundle is not what its module"),
        (changed("data.json", lambda data: data.update(more=1)), "`data.json` of the bundle is not that of psfpolicy"),
        (changed("data.json", lambda data: data["psfpolicy"].pop("bundle")), "`data.json` of the bundle is not that"),
        (changed("data.json", lambda data: data["psfpolicy"]["catalogue"].clear()), NOT_NAMED),
        (changed("data.json", lambda data: data["psfpolicy"]["bundle"].update(digest="0")), NOT_TOLD),
        (changed("data.json", lambda data: data["psfpolicy"]["bundle"]["controls"].pop()), NOT_TOLD),
        (changed("data.json", lambda data: data["psfpolicy"]["bundle"].update(contract=2)), NOT_TOLD),
        (changed(".manifest", lambda row: row.update(roots=[""])), "`.manifest` of the bundle is not that of"),
        (changed(".manifest", lambda row: row.update(revision="0")), "`.manifest` of the bundle is not that of"),
        (
            changed("manifest.json", lambda row: row.update(contract=2)),
            "the bundle is of contract 2, and this psfpolicy",
        ),
        (changed("manifest.json", lambda row: row.pop("contract")), "the bundle is of contract None"),
        (changed("manifest.json", lambda row: row.pop("opa")), "the bundle does not say which OPA compiled it"),
        (changed("manifest.json", lambda row: row.update(digest="0" * 64)), NOT_NAMED),
        (changed("manifest.json", lambda row: row["files"].update(more="0")), NOT_NAMED),
    ],
)
def test_what_is_not_of_one_piece_is_refused(changes: dict[str, bytes | None], says: str) -> None:
    assert refusal(bundle(changes)).startswith(says)


def consistent(name: str, content: bytes) -> bytes:
    """Give a bundle with a changed file, whose manifest and whose word to servers are changed with it."""
    plain = json.loads(members()["data.json"])
    told = plain["psfpolicy"].pop("bundle")
    files = {
        "controls.json": members()["controls.json"],
        "data.json": canonical(plain),
        "policy.wasm": members()[MODULE],
        PACKS: members()[PACKS],
        "manifest.json": members()["manifest.json"],
        name: content,
    }
    files["manifest.json"] = manifest(files)
    digest = json.loads(files["manifest.json"])["digest"]
    try:
        ids = [row["id"] for row in json.loads(files["controls.json"])]
    except (ValueError, TypeError, KeyError):
        ids = told["controls"]
    plain["psfpolicy"]["bundle"] = {**told, "digest": digest, "controls": ids}
    changes = {
        "controls.json": files["controls.json"],
        PACKS: files[PACKS],
        MODULE: files["policy.wasm"],
        "manifest.json": files["manifest.json"],
        "data.json": canonical(plain),
        ".manifest": canonical({"revision": digest, "roots": ["psfpolicy"]}),
    }
    return bundle(changes)


@pytest.mark.parametrize("content", [b"{}", b"[]", b'[{"id": "a"}]', b"[5]", b"x", b"[{}]"])
def test_a_catalogue_that_lists_no_controls_is_refused(content: bytes) -> None:
    assert refusal(consistent("controls.json", content)).startswith("`controls.json` of the bundle")


def test_a_control_that_is_called_as_a_notice_is_refused() -> None:
    rows = json.loads(members()["controls.json"])
    rows = sorted((*rows, {**rows[0], "id": "scope-reduced"}), key=lambda row: str(row["id"]))
    said = refusal(consistent("controls.json", canonical(rows)))
    assert said == "the bundle has a control called `scope-reduced`, which reports call something else"


@pytest.mark.parametrize(
    "change",
    [
        {"severity": "grave"},
        {"title": 5},
        {"references": [5]},
        {"crosswalk": {"x": "y"}},
        {"criterion": []},
        {"apart": 0},
    ],
)
def test_a_row_that_is_no_control_is_refused(change: dict[str, Any]) -> None:
    first, *rows = json.loads(members()["controls.json"])
    said = refusal(consistent("controls.json", readable([{**first, **change}, *rows])))
    assert said == "`controls.json` of the bundle does not list controls by id"


@pytest.mark.parametrize(
    "change",
    [
        {"packs": {}},
        {"packs": [5]},
        {"packs": [{"name": "bank"}]},
        {"packs": [{"name": "b", "version": "1", "description": "d", "digest": "no", "controls": [], "overrides": []}]},
        {
            "packs": [
                {"name": "b", "version": "1", "description": "d", "digest": "0" * 64, "controls": 5, "overrides": []}
            ]
        },
    ],
)
def test_a_bundle_that_does_not_say_what_packs_are_in_it_is_refused(change: dict[str, Any]) -> None:
    about = {**json.loads(members()[PACKS]), **change}
    assert refusal(consistent(PACKS, readable(about))) == f"`{PACKS}` of the bundle does not say what packs are in it"


def test_a_catalogue_without_a_control_that_the_module_has_is_refused_when_it_is_asked() -> None:
    rows = json.loads(members()["controls.json"])
    read = read_bundle(consistent("controls.json", readable(rows[1:])))
    with pytest.raises(ModuleError.__base__ or ModuleError, match=f"unknown control {rows[0]['id']}"):
        prove(read.files)


def test_a_control_that_the_module_lacks_is_undecided_when_it_is_asked() -> None:
    rows = json.loads(members()["controls.json"])
    more = {**rows[0], "id": "zz-none", "domain": "ZZ", "apart": True}
    read = read_bundle(consistent("controls.json", readable([*rows, more])))
    with pytest.raises(ModuleError.__base__ or ModuleError, match="no score for ZZ"):
        prove(read.files)


def test_a_module_that_is_none_is_refused_when_it_is_loaded() -> None:
    read = read_bundle(consistent("policy.wasm", b"\0asm\1\0\0\0"))
    with pytest.raises(ModuleError):
        prove(read.files)


def test_a_policy_in_force_says_which_controls_a_pack_overrides() -> None:
    force.put(read_bundle(bundle()))
    (info,) = (info for info in resources.controls() if info.pack)
    assert (info.id, info.pack, info.overrides) == (OVERRIDDEN, "bank", True)
    force.put(None)
    assert not [info for info in resources.controls() if info.pack]


def test_a_pinned_bundle_is_opened_with_its_digest_and_key(tmp_path: Path) -> None:
    path, key = tmp_path / "b.tar.gz", tmp_path / "key"
    path.write_bytes(bundle())
    key.write_bytes(b"x" * 40)
    digest = force.opened(str(path)).digest
    assert force.opened(str(path), digest=f"sha256:{digest}").digest == digest
    with pytest.raises(BundleError, match="is not signed"):
        force.opened(str(path), key=str(key))
    with pytest.raises(BundleError, match=r"nowhere.* cannot be read: No such file"):
        force.opened(str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match=r"the key .*nowhere.* cannot be read: No such file"):
        force.opened(str(path), key=str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match="`sha256:12` is no digest"):
        force.opened(str(path), digest="sha256:12")


def test_what_the_settings_pin_is_not_swapped_for_what_the_user_names(tmp_path: Path) -> None:
    path = tmp_path / "b.tar.gz"
    path.write_bytes(bundle())
    read, other = read_bundle(bundle()), read_bundle(bundle(packed=False))
    pin = force.Pin(str(path), read.digest)
    with pytest.raises(SettingsError) as refused:
        force.enforce(pin, other)
    assert refused.value.message == (
        f"the settings pin the bundle sha256:{read.digest}, and sha256:{other.digest} was named"
    )
    force.enforce(pin, read)
    assert resources.manifest().digest == read.digest
    force.enforce(None, other)
    assert resources.manifest().digest == other.digest


def test_a_difference_names_what_is_added_removed_and_changed() -> None:
    rows = json.loads(members()["controls.json"])
    rows = [{**rows[0], "severity": "low", "title": "x"}, *rows[2:]]
    after = read_bundle(consistent("controls.json", readable(rows)))
    found = difference(shipped(), after)
    first, second, *_ = json.loads(members()["controls.json"])
    assert found.changed == (ChangedControl(first["id"], ("severity", "title"), code=False),)
    assert (found.added, found.removed) == ((), (second["id"],))
    assert (found.packs, found.rows) == (("+bank 1.0.0",), ())
    assert difference(after, shipped()).added == (second["id"],)


def test_nothing_tells_a_bundle_of_our_policy_from_the_shipped_one() -> None:
    assert difference(shipped(), read_bundle(bundle(packed=False))).empty


GATE = "psfpolicy/gate.rego"


def test_rego_of_a_bundle_without_packs_is_held_against_what_was_installed() -> None:
    """Servers run it, and the digest of psfpolicy's own policy does not cover it."""
    assert rego_held(read_bundle(bundle(packed=False)))
    for changes in (
        {GATE: members()[GATE] + b"# more\n"},
        {GATE: None},
        {"psfpolicy/more.rego": b"package psfpolicy.x\n"},
    ):
        read = read_bundle(bundle(changes, packed=False))
        assert read.digest == resources.manifest().digest
        with pytest.raises(BundleError, match="which servers run, is not that of the policy whose digest it has"):
            rego_held(read)
        assert rego_held(replace(read, algorithm="ES256")), "a signature covers every file"
        assert not rego_held(replace(read, digest="0" * 64)), "of another version nothing is known"


def test_verifying_says_what_it_could_not_check(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = f"sha256:{resources.manifest().digest}"
    file = tmp_path / "b.tar.gz"
    file.write_bytes(bundle(packed=False))
    ran = run("bundle", "verify", str(file), "--digest", digest)
    assert (ran.code, "not checked" in ran.out) == (0, False)

    monkeypatch.setattr(own, "shipped", lambda: replace(shipped(), digest="0" * 64))
    ran = run("bundle", "verify", str(file), "--digest", digest)
    assert (ran.code, "\nnot checked: its Rego, which servers run" in ran.out) == (0, True)
    monkeypatch.undo()

    file.write_bytes(bundle({GATE: members()[GATE].replace(b"count(_all) == 0", b"count(_all) >= 0")}, packed=False))
    ran = run("bundle", "verify", str(file), "--digest", digest)
    assert (ran.code, ran.out) == (4, "")
    assert "the Rego of the bundle, which servers run, is not that of the policy" in ran.err
