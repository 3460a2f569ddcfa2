"""What a new control is called, and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy.drafting import draft
from psfpolicy.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from psfpolicy.drafting import Draft

CONTROLS = "rego/psfpolicy/controls"


def names(found: Draft, folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path, _ in found.files]


def text(found: Draft, ending: str) -> str:
    (only,) = [content for path, content in found.files if path.as_posix().endswith(ending)]
    return only


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    folder = tmp_path / "bank"
    folder.mkdir()
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that is psfpolicy itself, as far as can be told."""
    (tmp_path / CONTROLS).mkdir(parents=True)
    (tmp_path / "rego/psfpolicy/report.rego").touch()
    (tmp_path / CONTROLS / "input.rego").touch()
    return tmp_path


def test_an_empty_folder_becomes_a_pack_of_its_own_name(bank: Path) -> None:
    found = draft("guards/own-registry", bank, None)
    assert (found.id, found.pack) == ("guards-own-registry", bank)
    assert names(found, bank) == [
        "pack.yaml",
        f"{CONTROLS}/guards.rego",
        f"{CONTROLS}/guards/own_registry.rego",
        f"{CONTROLS}/guards/own_registry_test.rego",
        "fixtures/own-registry-pass.yaml",
        "fixtures/own-registry-fail.yaml",
    ]
    assert "\nname: bank\n" in text(found, "pack.yaml")
    assert '#   domain: "BANK-GUARDS"\n#   scored: apart\n' in text(found, "guards.rego")
    assert "owner: ml-platform # expect: guards-own-registry pass\n" in text(found, "pass.yaml")
    assert "owner: tbd # expect: guards-own-registry fail\n" in text(found, "fail.yaml")
    assert not any("@" in content for _, content in found.files)


def test_a_pack_above_is_gone_to_and_its_domain_is_kept(bank: Path) -> None:
    (bank / "pack.yaml").write_text("name: acme\n")
    (bank / CONTROLS / "guards").mkdir(parents=True)
    (bank / CONTROLS / "guards.rego").touch()
    found = draft("guards/own_registry", bank / "rego", None)
    assert names(found, bank)[0] == f"{CONTROLS}/guards/own_registry.rego"
    assert draft("models/own", bank, "acme").files[0][1].count('"ACME-MODELS"') == 1
    with pytest.raises(UsageError, match="is of pack `acme`, not of `other`"):
        draft("guards/own", bank, "other")


def test_the_search_ends_at_the_root_of_the_repository(tmp_path: Path, bank: Path) -> None:
    (tmp_path / "pack.yaml").write_text("name: acme\n")
    assert draft("guards/own", bank, None).pack == tmp_path
    (bank / ".git").mkdir()
    assert draft("guards/own", bank, None).pack == bank


def test_a_checkout_gets_one_of_its_own_controls(checkout: Path) -> None:
    found = draft("input/own-limit", checkout / "rego", None)
    assert found.pack is None
    assert names(found, checkout) == [f"{CONTROLS}/input/own_limit.rego", f"{CONTROLS}/input/own_limit_test.rego"]
    new = draft("guards/own", checkout, None)
    assert names(new, checkout)[0] == f"{CONTROLS}/guards.rego"
    assert '#   domain: "GUARDS"\n' in new.files[0][1]


def test_a_pack_is_begun_inside_of_a_checkout_where_it_is_named(checkout: Path) -> None:
    folder = checkout / "examples/policy-pack"
    folder.mkdir(parents=True)
    assert draft("guards/own", folder, "bank").pack == folder
    assert draft("guards/own", folder, None).pack is None
    with pytest.raises(UsageError, match="this is psfpolicy itself"):
        draft("guards/own", checkout, "bank")


def test_a_second_domain_may_have_a_control_of_the_same_name(bank: Path) -> None:
    (bank / "fixtures").mkdir()
    (bank / "fixtures/own-pass.yaml").touch()
    assert names(draft("models/own", bank, None), bank)[-2:] == [
        "fixtures/models-own-pass.yaml",
        "fixtures/models-own-fail.yaml",
    ]


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("own", "`own` names no domain"),
        ("/own", "`` cannot be a domain"),
        ("Guards/own", "`Guards` cannot be a domain"),
        ("../own", "`..` cannot be a domain"),
        ("a-b/own", "`a-b` cannot be a domain"),
        ("contains/own", "`contains` cannot be a domain"),
        ("guards/", "`` cannot be the name of a control"),
        ("guards/../../x", "`../../x` cannot be the name of a control"),
        ("guards/own test", "`own test` cannot be the name of a control"),
        ("guards/own.rego", "cannot be the name of a control"),
        ("guards/not", "`not` cannot be the name of a control"),
        ("guards/own_test", "`own_test` cannot be the name of a control"),
        ("guards/own-test", "`own-test` cannot be the name of a control"),
        ("guards/" + "x" * 61, "cannot be the name of a control"),
        ("scope/reduced", "`scope-reduced` is what reports call something else than a control"),
        ("input/rate-limit", "`input-rate-limit` is a control of psfpolicy"),
        ("input/rate_limit", "`input-rate-limit` is a control of psfpolicy"),
        ("input/own-limit", "`input` is a domain of psfpolicy, and another control in it would move its score"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused(named: str, said: str, bank: Path) -> None:
    with pytest.raises(UsageError) as refused:
        draft(named, bank, None)
    assert said in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize("pack", ["Bank", "a-b", "", "../x", "true", "no"])
def test_a_pack_that_cannot_be_called_so_is_refused(pack: str, bank: Path) -> None:
    with pytest.raises(UsageError, match=r"`.*` cannot name a pack"):
        draft("guards/own", bank, pack)


@pytest.mark.parametrize(("folder", "name"), [("policy-pack", "policypack"), ("2nd Bank_", "ndbank")])
def test_a_folder_names_its_pack_by_its_letters_and_digits(folder: str, name: str, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir()
    assert f"\nname: {name}\n" in text(draft("guards/own", tmp_path / folder, None), "pack.yaml")


@pytest.mark.parametrize("folder", ["---", "no", "42"])
def test_a_folder_whose_name_names_no_pack_asks_for_one(folder: str, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir()
    with pytest.raises(UsageError, match="names no pack"):
        draft("guards/own", tmp_path / folder, None)


@pytest.mark.parametrize("content", ["name: true\n", "- bank\n", "name: 'a b'\n", "version: 1.0.0\n", "name: ../x\n"])
def test_a_pack_without_a_name_is_refused(content: str, bank: Path) -> None:
    (bank / "pack.yaml").write_text(content)
    with pytest.raises(UsageError, match="says no `name` of the pack"):
        draft("guards/own", bank, None)


@pytest.mark.parametrize("content", [b"name: [", b"", b"\xff\xfe\xff", b"a: 1\n---\nb: 2\n"])
def test_a_pack_that_cannot_be_read_is_refused(content: bytes, bank: Path) -> None:
    (bank / "pack.yaml").write_bytes(content)
    with pytest.raises(UsageError, match="cannot be read as the description of a pack"):
        draft("guards/own", bank, None)


@pytest.mark.parametrize("dangling", [False, True])
def test_what_is_there_is_never_overwritten(dangling: bool, bank: Path) -> None:  # a parameter of a test
    file = bank / CONTROLS / "guards/own.rego"
    file.parent.mkdir(parents=True)
    if dangling:
        file.symlink_to(bank / "nowhere.rego")
    else:
        file.touch()
    with pytest.raises(UsageError, match=r"own\.rego` exists, and is left as it is"):
        draft("guards/own", bank, None)
    (file.parent / "own_test.rego").touch()
    with pytest.raises(UsageError, match="exist, and are left as they are"):
        draft("guards/own", bank, None)
