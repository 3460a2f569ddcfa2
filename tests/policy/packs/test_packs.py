"""What a pack may declare, and what it is refused for: each with the file and line that does it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from psfpolicy import resources
from psfpolicy.building import gathering
from psfpolicy.building.checking import checked
from psfpolicy.building.opa import Opa
from psfpolicy.building.packs import read_pack, staged
from psfpolicy.errors import BuildError
from tests.packs import (
    ABOUT,
    AT_ABOUT,
    AT_CONTROL,
    AT_DOMAIN,
    AT_GATE,
    AT_HELPER,
    AT_OVERRIDE,
    AT_REGIME,
    CONTROL,
    DOMAIN,
    GATE,
    HELPER,
    METADATA,
    OVERRIDE,
    REGIME,
    write_pack,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.policy.conftest import Opa as Found

OVERRIDING = f"{ABOUT}overrides: [input-injection-defence]\n"
OVERRIDES: dict[str, str | None] = {AT_ABOUT: OVERRIDING, AT_OVERRIDE: OVERRIDE}


@pytest.fixture(scope="module")
def pinned(opa: Found) -> Opa:
    return Opa(opa.path, resources.manifest().opa)


def refusal(folder: Path, opa: Opa) -> tuple[str, ...]:
    """Give what a pack is refused for, without its folder."""
    with pytest.raises(BuildError) as refused:
        read_pack(folder, opa)
    said = refused.value.details or (refused.value.message,)
    return tuple(line.replace(f"{folder}/", "") for line in said)


def test_a_pack_says_what_it_declares(pinned: Opa, tmp_path: Path) -> None:
    test = f"{AT_CONTROL.removesuffix('.rego')}_test.rego"
    pack = read_pack(write_pack(tmp_path, {test: "package anything\n"}), pinned)
    assert (pack.name, pack.version, pack.description) == ("bank", "1.0.0", "Rules of a bank.")
    assert (pack.controls, pack.domains, pack.overrides) == (("bank-regions",), {"bank": "BANK"}, ())
    assert {table: sorted(rows) for table, rows in pack.rows.items()} == {"regimes": ["bank-eu"]}
    assert (sorted(pack.files), sorted(pack.tests)) == ([AT_REGIME, AT_DOMAIN, AT_CONTROL, AT_HELPER], [test])


def test_tests_do_not_change_the_digest_of_a_pack_and_sources_do(pinned: Opa, tmp_path: Path) -> None:
    before = read_pack(write_pack(tmp_path), pinned).digest
    write_pack(tmp_path, {"rego/psfpolicy/controls/bank/regions_test.rego": "package t\n"})
    assert read_pack(tmp_path, pinned).digest == before
    write_pack(tmp_path, {AT_HELPER: HELPER.replace("azure:westeurope", "azure:westus")})
    assert read_pack(tmp_path, pinned).digest != before


def test_an_override_is_read_where_it_is_named(pinned: Opa, tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path, OVERRIDES), pinned)
    assert (pack.overrides, pack.controls) == (
        ("input-injection-defence",),
        ("bank-regions", "input-injection-defence"),
    )


MOVES = "another control in it would move its score"

REFUSED: dict[str, tuple[dict[str, str | None], tuple[str, ...]]] = {
    "a second body for a function of ours": (
        {AT_HELPER: HELPER.replace("psfpolicy.packs.bank.places", "psfpolicy.lib.text")},
        (
            (
                f"{AT_HELPER}:3: the package `psfpolicy.lib.text` is not named after the file; "
                "its place would be rego/psfpolicy/lib/text.rego"
            ),
        ),
    ),
    "the package of the report": (
        {AT_HELPER: 'package psfpolicy\n\nreport := {"controls": {}}\n'},
        (
            (
                f"{AT_HELPER}:1: the package `psfpolicy` is not named after the file; "
                "its place would be rego/psfpolicy.rego"
            ),
        ),
    ),
    "a package of OPA itself": (
        {AT_HELPER: "package system.authz\n\nallow := true\n"},
        (
            (
                f"{AT_HELPER}:1: the package `system.authz` is not named after the file; "
                "its place would be rego/system/authz.rego"
            ),
        ),
    ),
    "a package whose line is quoted": (
        {AT_HELPER: 'package psfpolicy["lib"]["text"]\n\nlower_case(_) := "x"\n'},
        (
            (
                f"{AT_HELPER}:1: the package `psfpolicy.lib.text` is not named after the file; "
                "its place would be rego/psfpolicy/lib/text.rego"
            ),
        ),
    ),
    "helpers of another pack": (
        {"rego/psfpolicy/packs/shop/a.rego": "package psfpolicy.packs.shop.a\n\nx := 1\n"},
        (
            (
                "rego/psfpolicy/packs/shop/a.rego:1: helpers of this pack are in `psfpolicy.packs.bank`, "
                "not in `psfpolicy.packs.shop.a`"
            ),
        ),
    ),
    "a file of ours": (
        {"rego/psfpolicy/gate.rego": "package psfpolicy.gate\n"},
        (f"rego/psfpolicy/gate.rego: is none of what a pack holds below rego/psfpolicy: {gathering.PLACES}",),
    ),
    "data beside the catalogue": (
        {"rego/psfpolicy/index/data.json": "{}"},
        (f"rego/psfpolicy/index/data.json: is none of what a pack holds below rego/psfpolicy: {gathering.PLACES}",),
    ),
    "data of the root": (
        {"rego/data.yaml": "psfpolicy: {}\n"},
        (f"rego/data.yaml: is none of what a pack holds below rego/psfpolicy: {gathering.PLACES}",),
    ),
    "a control in a domain of ours": (
        {"rego/psfpolicy/controls/input/bank.rego": CONTROL.replace("controls.bank.regions", "controls.input.bank")},
        (f"rego/psfpolicy/controls/input/bank.rego:11: the domain of `input` is psfpolicy's own: {MOVES}",),
    ),
    "a control of ours that is not named": (
        {AT_OVERRIDE: OVERRIDE},
        (
            (
                f"{AT_OVERRIDE}:11: `input-injection-defence` is a control of psfpolicy; "
                "to replace it, name it in `overrides` of pack.yaml"
            ),
        ),
    ),
    "an override that is not there": (
        {AT_ABOUT: OVERRIDING},
        ("pack.yaml: `overrides` names `input-injection-defence`, which the pack does not hold",),
    ),
    "an override of nothing": (
        {AT_ABOUT: f"{ABOUT}overrides: [bank-regions]\n"},
        ("pack.yaml: `overrides` names `bank-regions`, which is no control of psfpolicy",),
    ),
    "the metadata of a domain of ours": (
        {"rego/psfpolicy/controls/input.rego": DOMAIN.replace("controls.bank", "controls.input")},
        ("rego/psfpolicy/controls/input.rego:11: the folder `input` of controls is psfpolicy's own",),
    ),
    "a domain with an id of ours": (
        {AT_DOMAIN: DOMAIN.replace("domain: BANK", "domain: PSF-1")},
        (f"{AT_DOMAIN}:11: the domain `PSF-1` is psfpolicy's own: {MOVES}",),
    ),
    "a domain with an id that the framework may have": (
        {AT_DOMAIN: DOMAIN.replace("domain: BANK", "domain: psf-9")},
        (f"{AT_DOMAIN}:11: the domain `psf-9` is psfpolicy's own: {MOVES}",),
    ),
    "a domain with an id that looks like one of ours": (
        {AT_DOMAIN: DOMAIN.replace("domain: BANK", 'domain: " PSF-1"')},
        (f"{AT_DOMAIN}:11: `custom.domain` is ` PSF-1`, and no id of a domain: capitals, digits and single `-`",),
    ),
    "a domain that would enter the overall": (
        {AT_DOMAIN: DOMAIN.replace("#   scored: apart\n", "")},
        (f"{AT_DOMAIN}:10: `custom.scored` must say apart: the overall score is that of the framework's domains",),
    ),
    "a domain with rules, which would be controls": (
        {AT_DOMAIN: f'{DOMAIN}\nextra := {{"metadata": [], "places": [], "findings": []}}\n'},
        (f"{AT_DOMAIN}:11: the file of a domain holds its METADATA and its package, and nothing else",),
    ),
    "no domain": (
        {AT_DOMAIN: None},
        (f"{AT_CONTROL}:11: the pack has no rego/psfpolicy/controls/bank.rego with the METADATA of the domain",),
    ),
    "a folder that makes an id of ours": (
        {
            "rego/psfpolicy/controls/input-rate.rego": DOMAIN.replace("controls.bank", 'controls["input-rate"]'),
            "rego/psfpolicy/controls/input-rate/limit.rego": CONTROL.replace(
                "controls.bank.regions", 'controls["input-rate"].limit'
            ),
        },
        (
            (
                "rego/psfpolicy/controls/input-rate.rego:11: the folder `input-rate` is no word of small letters and "
                "digits, so that ids could be read in two ways"
            ),
        ),
    ),
    "a control that says its domain itself": (
        {
            AT_CONTROL: CONTROL.replace(
                "metadata := rego.metadata.chain()",
                'metadata := [{"annotations": {"scope": "package", "custom": {"domain": "PSF-1", "severity": "low"}}}]',
            )
        },
        (f"{AT_CONTROL}:15: a control has one rule `metadata := rego.metadata.chain()`",),
    ),
    "a control that says its domain on a rule": (
        {AT_CONTROL: CONTROL.replace("metadata := rego", "# METADATA\n# custom:\n#   domain: PSF-1\nmetadata := rego")},
        (f"{AT_CONTROL}:15: `custom` stands in the METADATA of the package, not in that of a rule",),
    ),
    "a control that has a chain of its own": (
        {
            AT_CONTROL: CONTROL.replace("places\n\nmeta", "places as rego\n\nmeta"),
            AT_HELPER: f"{HELPER}\nmetadata := 1\n",
        },
        (f"{AT_CONTROL}:13: `rego` is OPA's own name: a control gives it to nothing else",),
    ),
    "a control that defines a chain of its own": (
        {AT_CONTROL: f"{CONTROL}\nrego.metadata.chain() := []\n"},
        (f"{AT_CONTROL}:34: `rego` is OPA's own name: a control gives it to nothing else",),
    ),
    "a control with metadata for some descriptors only": (
        {AT_CONTROL: CONTROL.replace("chain()\n", "chain() if input.descriptor.kind\n")},
        (f"{AT_CONTROL}:15: a control has one rule `metadata := rego.metadata.chain()`",),
    ),
    "a control that speaks for what is below it": (
        {AT_CONTROL: CONTROL.replace("# custom:\n", "# scope: subpackages\n# custom:\n")},
        (f"{AT_CONTROL}:1: the METADATA of a control has no `scope: subpackages`",),
    ),
    "a control whose name can be read in two ways": (
        {
            AT_CONTROL: None,
            "rego/psfpolicy/controls/bank/a__b.rego": CONTROL.replace("bank.regions", "bank.a__b"),
        },
        (
            (
                "rego/psfpolicy/controls/bank/a__b.rego:11: `a__b` is no name of a control: small letters, digits and "
                "single `_`"
            ),
        ),
    ),
    "a control that is called as a notice": (
        {
            "rego/psfpolicy/controls/scope.rego": DOMAIN.replace("controls.bank", "controls.scope").replace(
                "BANK", "SCOPE"
            ),
            "rego/psfpolicy/controls/scope/reduced.rego": CONTROL.replace("bank.regions", "scope.reduced", 1),
        },
        (
            (
                "rego/psfpolicy/controls/scope/reduced.rego:11: `scope-reduced` is what reports call something else "
                "than a control"
            ),
        ),
    ),
    "what servers alone are told of the policy": (
        {
            AT_CONTROL: CONTROL.replace("import data.", "import data.psfpolicy as all\nimport data.", 1)
            + "\n_one := data.psfpolicy.bundle.digest\n\n_other := data[`psfpolicy`].bundle\n"
        },
        (
            f"{AT_CONTROL}:35: reads `data.psfpolicy.bundle`, which only servers have",
            f"{AT_CONTROL}:37: reads `data.psfpolicy.bundle`, which only servers have",
            f"{AT_CONTROL}:13: imports all of `data.psfpolicy`: name the package that is meant",
        ),
    ),
    "an entry point of its own": (
        {AT_CONTROL: CONTROL.replace("# METADATA\n", "# METADATA\n# entrypoint: true\n", 1)},
        (f"{AT_CONTROL}:1: no METADATA of a pack says `entrypoint`: psfpolicy asks its own rules",),
    ),
    "an entry point among helpers": (
        {AT_HELPER: f"{HELPER}\n# METADATA\n# entrypoint: true\n_x := 1\n"},
        (f"{AT_HELPER}:7: no METADATA of a pack says `entrypoint`: psfpolicy asks its own rules",),
    ),
    "data of somebody else on a server": (
        {AT_CONTROL: f"{CONTROL}\n_spy := data.secrets.token\n\n_all := {{x | some x in data}}\n"},
        (
            f"{AT_CONTROL}:34: reads `data` outside `data.psfpolicy`, which only some engines have",
            f"{AT_CONTROL}:36: reads `data` outside `data.psfpolicy`, which only some engines have",
        ),
    ),
    "Rego of version 0": (
        {AT_CONTROL: f"{CONTROL}\n_old {{ input.descriptor }}\n"},
        (
            (
                f"{AT_CONTROL}:34:1: `if` keyword is required before rule body; "
                "write Rego v1: `if` before a body, `contains` for a set"
            ),
        ),
    ),
    "a row with an id of ours": (
        {AT_REGIME: REGIME.replace("bank-eu", "gdpr")},
        (f"{AT_REGIME}:1: the name `gdpr` of the row `gdpr` is one of psfpolicy's row `gdpr`",),
    ),
    "a row with a name of ours in capitals": (
        {"rego/psfpolicy/catalogue/models/data.yaml": '"x": {aliases: ["CLAUDE-sonnet-4-6"], as_of: "2026-11-01"}\n'},
        (
            (
                "rego/psfpolicy/catalogue/models/data.yaml:1: the name `CLAUDE-sonnet-4-6` of the row `x` "
                "is one of psfpolicy's row `claude-sonnet-4.6`"
            ),
        ),
    ),
    "a row that takes effect unasked": (
        {"rego/psfpolicy/catalogue/transfers/data.yaml": '"bank-scc": {as_of: "2026-11-01"}\n'},
        (
            (
                "rego/psfpolicy/catalogue/transfers/data.yaml:1: rows of `transfers` take effect in descriptors that "
                "do not name them; add them to the file that `catalogue` names in the settings"
            ),
        ),
    ),
    "a regime that would answer for one of ours": (
        {AT_REGIME: f"{REGIME}  answers: [gdpr]\n"},
        (
            (
                f"{AT_REGIME}:1: `answers` of the regime `bank-eu` would do without regimes of psfpolicy that a "
                "descriptor must name"
            ),
        ),
    ),
    "a regime that would be asked for unasked": (
        {AT_REGIME: f"{REGIME}  implied_by: []\n"},
        (
            (
                f"{AT_REGIME}:1: `implied_by` of the regime `bank-eu` would ask for it in descriptors that do not name "
                "it; `regimes` in the settings asks for it"
            ),
        ),
    ),
    "a day without quotes": (
        {AT_REGIME: REGIME.replace('"2026-11-01"', "2026-11-01")},
        ((f"{AT_REGIME}: `2026-11-01` is neither text, integer nor boolean: write text, and days, in quotes"),),
    ),
    "no day": (
        {AT_REGIME: REGIME.replace('  as_of: "2026-11-01"\n', "")},
        (f"{AT_REGIME}:1: the row `bank-eu` has no `as_of`, the day on which it held, in quotes",),
    ),
    "a row that is there twice": (
        {AT_REGIME: f"{REGIME}{REGIME}"},
        (f"{AT_REGIME}: the row `bank-eu` is there twice",),
    ),
    "rows that multiply": (
        {AT_REGIME: f'"a": &a [1]\n"b": [*a, *a]\n{REGIME}'},
        (f"{AT_REGIME}: an alias: each row is written out",),
    ),
    "a gate that is looser than what it extends": (
        {AT_GATE: GATE.replace("PSF-1: 70", "PSF-1: 59")},
        (
            (
                f"{AT_GATE}:1: the gate `production`: the least score of `PSF-1` is `59`, and must be a whole number "
                "from 60, which `standard` asks for, to 100"
            ),
        ),
    ),
    "a gate of psfpolicy's, and one that extends another profile": (
        {AT_GATE: GATE.replace("production", "strict") + GATE.replace("standard", "strict2")},
        (
            f"{AT_GATE}:1: `strict` is a gate of psfpolicy",
            (
                f"{AT_GATE}:8: the gate `production`: `extends` is `strict2`, and must be baseline, standard, strict: "
                "a gate of psfpolicy that holds"
            ),
        ),
    ),
    "a gate that names the control of nobody": (
        {AT_GATE: GATE.replace("bank-regions", "bank-region")},
        (
            (
                f"{AT_GATE}:1: the gate `production`: `must_pass` names `bank-region`, which is no control of "
                "psfpolicy or of the pack"
            ),
        ),
    ),
    "a gate with a score that is no whole number": (
        {AT_GATE: GATE.replace("90", "90.5")},
        (f"{AT_GATE}: `90.5` is neither text, integer nor boolean: write text, and days, in quotes",),
    ),
    "a gate that is there twice": ({AT_GATE: f"{GATE}{GATE}"}, (f"{AT_GATE}: the row `production` is there twice",)),
    "rows that are none": ({AT_REGIME: "- a\n"}, (f"{AT_REGIME}: a table is a map of rows by id",)),
    "a row that is no map": ({AT_REGIME: '"a": 1\n'}, (f"{AT_REGIME}:1: the row `a` is no map",)),
    "ids that are no text": ({AT_REGIME: "1: {}\n"}, (f"{AT_REGIME}: ids of rows are texts: write them in quotes",)),
    "rows that are no YAML": ({AT_REGIME: '"a": [\n'}, (f"{AT_REGIME}:2:1: did not find expected node content",)),
    "a table whose name is none": (
        {"rego/psfpolicy/catalogue/Bad-Table/data.yaml": REGIME},
        (
            (
                "rego/psfpolicy/catalogue/Bad-Table/data.yaml:1: `Bad-Table` is no name of a table: small letters, "
                "digits and single `_`"
            ),
        ),
    ),
    "a name that is none": (
        {AT_ABOUT: ABOUT.replace("bank", "../bank")},
        ("pack.yaml: `name` is no name: small letters, digits and single `-`",),
    ),
    "keys that are not known": (
        {AT_ABOUT: f"{ABOUT}waives: all\n"},
        ("pack.yaml: `waives` is not known",),
    ),
    "a version that is a number": (
        {AT_ABOUT: ABOUT.replace('"1.0.0"', "1.0")},
        ('pack.yaml: `version` is no version: write it in quotes, as in "1.0.0"',),
    ),
    "overrides that are no list": (
        {AT_ABOUT: f"{ABOUT}overrides: all\n"},
        ("pack.yaml: `overrides` is no list of ids of controls",),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_pack_is_refused_with(name: str, pinned: Opa, tmp_path: Path) -> None:
    changes, said = REFUSED[name]
    assert refusal(write_pack(tmp_path, changes), pinned) == said


@pytest.mark.parametrize("where", [AT_CONTROL, AT_ABOUT, "rego/psfpolicy/controls/more"])
def test_a_link_is_refused(where: str, pinned: Opa, tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = folder / where
    if path.exists():
        path.rename(elsewhere / "file")
        path.symlink_to(elsewhere / "file")
    else:
        path.symlink_to(elsewhere)
    assert "is a symbolic link: a pack holds its own files" in refusal(folder, pinned)[0]


def test_sources_that_are_a_link_are_refused(pinned: Opa, tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack")
    (folder / "rego").rename(tmp_path / "rego")
    (folder / "rego").symlink_to(tmp_path / "rego")
    assert "is a symbolic link" in refusal(folder, pinned)[0]


def test_a_pipe_is_refused_and_not_waited_for(pinned: Opa, tmp_path: Path) -> None:
    folder = write_pack(tmp_path, {AT_REGIME: None})
    (folder / "rego/psfpolicy/catalogue/regimes").mkdir(parents=True)
    os.mkfifo(folder / AT_REGIME)
    assert refusal(folder, pinned) == (f"{AT_REGIME}: is no plain file",)


def test_a_file_that_is_too_large_is_refused(pinned: Opa, tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    (folder / AT_HELPER).write_bytes(b"#" * (gathering.MOST_BYTES + 1))
    assert "is larger than 4 MiB" in refusal(folder, pinned)[0]


def test_too_many_files_are_refused(pinned: Opa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_FILES", 3)
    assert "holds more than 3 files" in refusal(write_pack(tmp_path), pinned)[0]


@pytest.mark.parametrize("text", ["", "[]", "{", "name: bank\n"])
def test_a_pack_that_does_not_say_what_it_is_is_refused(text: str, pinned: Opa, tmp_path: Path) -> None:
    assert AT_ABOUT in refusal(write_pack(tmp_path, {AT_ABOUT: text}), pinned)[0]


def test_what_is_no_pack_is_refused(pinned: Opa, tmp_path: Path) -> None:
    assert "is no folder" in refusal(tmp_path / "nowhere", pinned)[0]
    assert "it has no pack.yaml" in refusal(tmp_path, pinned)[0]
    (tmp_path / AT_ABOUT).write_text(ABOUT, encoding="utf-8")
    assert "holds nothing below rego/psfpolicy" in refusal(tmp_path, pinned)[0]


def test_two_packs_that_declare_the_same_are_refused(pinned: Opa, tmp_path: Path) -> None:
    packs = [read_pack(write_pack(tmp_path / name, {AT_GATE: GATE}), pinned) for name in ("a", "b")]
    with pytest.raises(BuildError) as refused:
        staged(packs, tmp_path / "tree")
    other, shown = tmp_path / "a", tmp_path / "b"
    assert refused.value.details == (
        f"{shown}: the control `bank-regions` is also that of the pack in {other}",
        f"{shown}: the domain `BANK` is also that of the pack in {other}",
        f"{shown}: the folder `bank` of controls is also that of the pack in {other}",
        f"{shown}: the name `bank-eu` of `regimes` is one of the pack in {other}, too",
        f"{shown}: the name `bank` is also that of the pack in {other}",
        f"{shown}: the name `production` of `gates` is one of the pack in {other}, too",
    )


def test_staged_is_what_is_ours_and_theirs_with_an_index_of_both(pinned: Opa, tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path / "pack", OVERRIDES), pinned)
    staged([pack], tmp_path / "tree")
    root = tmp_path / "tree"
    assert (root / AT_OVERRIDE).read_text(encoding="utf-8") == OVERRIDE
    assert (root / AT_REGIME).read_text(encoding="utf-8").splitlines()[-1].startswith('"bank-eu": {"as_of"')
    assert '"2026-11-01"' in (root / "rego/psfpolicy/index/data.json").read_text(encoding="utf-8")
    assert not list(root.rglob("*_test.rego"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {AT_CONTROL: f'{CONTROL}\n_got := http.send({{"method": "get", "url": "http://x"}})\n'},
            f"{AT_CONTROL}:34: rego_type_error: undefined function http.send",
        ),
        (
            {AT_CONTROL: CONTROL.replace("location.region", "region")},
            f"{AT_CONTROL}:28: rego_type_error: undefined ref: input.descriptor.spec.serving.region",
        ),
        ({AT_CONTROL: CONTROL.replace(METADATA, "")}, f"{AT_CONTROL}: the package has no METADATA"),
        (
            {AT_CONTROL: CONTROL.replace("#   severity: critical", "#   severity: critical\n#   domain: PSF-1")},
            f"{AT_CONTROL}: `custom.domain` is not known",
        ),
        (
            {**OVERRIDES, AT_OVERRIDE: OVERRIDE.replace("critical", "low")},
            f"{AT_OVERRIDE}: the severity of what replaces `input-injection-defence` is low, and is critical at least",
        ),
    ],
)
def test_what_does_not_compile_is_said_of_the_file_of_the_pack(
    changes: dict[str, str | None], said: str, pinned: Opa, tmp_path: Path
) -> None:
    pack = read_pack(write_pack(tmp_path / "pack", changes), pinned)
    staged([pack], tmp_path / "tree")
    with pytest.raises(BuildError) as refused:
        checked(pinned, tmp_path / "tree", [pack])
    assert f"{tmp_path / 'pack'}/{said}" in refused.value.details
