"""Bundles as users have them: built, pinned, asked, signed, and held back from what they may not change."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from psfpolicy import resources
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
    OVERRIDE,
    REGIME,
    write_pack,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Ran
    from tests.policy.conftest import Opa
    from tests.scratch import Scratch

ROOT = Path(__file__).parents[3]
AS_OF = ("--as-of", "2026-11-21")
EXAMPLES = sorted(path for path in (ROOT / "examples").rglob("deploy.yaml") if "invalid" not in path.parts)
OVERRIDING = {AT_ABOUT: f"{ABOUT}overrides: [input-injection-defence]\n", AT_OVERRIDE: OVERRIDE}
SHOP: dict[str, str | None] = {
    AT_ABOUT: ABOUT.replace("bank", "shop"),
    AT_DOMAIN: None,
    AT_CONTROL: None,
    AT_HELPER: None,
    AT_REGIME: None,
    "rego/psfpolicy/controls/shop.rego": DOMAIN.replace("controls.bank", "controls.shop").replace("BANK", "SHOP"),
    "rego/psfpolicy/controls/shop/always.rego": CONTROL.replace("controls.bank.regions", "controls.shop.always")
    .replace("import data.psfpolicy.packs.bank.places\n\n", "")
    .replace("places.own[input.descriptor.spec.serving.location.region]", "true")
    .replace('default _status := "fail"\n\n', ""),
    "rego/psfpolicy/packs/shop/lib/text.rego": HELPER.replace("packs.bank.places", "packs.shop.lib.text"),
    AT_GATE: GATE.replace("production", "shop").replace("bank-regions", "shop-always").replace("BANK", "SHOP"),
    "rego/psfpolicy/catalogue/shop_models/data.yaml": '"gpt-4o": {licence: none, as_of: "2020-01-01"}\n',
}


@pytest.fixture(scope="module")
def built(
    opa: Opa, measuring: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., tuple[Path, str]]:
    """Give a bundle file and its digest: `built("bank", "shop")`; each is built once."""
    folder = tmp_path_factory.mktemp("bundles")
    write_pack(folder / "bank")
    write_pack(folder / "over", OVERRIDING)
    write_pack(folder / "shop", SHOP)
    environment = {**os.environ, **measuring, "OPA": opa.path}
    done: dict[tuple[str, ...], tuple[Path, str]] = {}

    def build(*packs: str) -> tuple[Path, str]:
        if packs not in done:
            path = folder / f"{'-'.join(packs)}.tar.gz"
            words = [word for pack in packs for word in ("--with", str(folder / pack))]
            ran = subprocess.run(
                [sys.executable, "-m", "psfpolicy", "bundle", "build", *words, "-o", str(path)],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert (ran.returncode, ran.stderr) == (0, "")
            done[packs] = path, ran.stdout.splitlines()[-1].removeprefix("digest ")
        return done[packs]

    return build


def report(run: Callable[..., Ran], *words: str) -> dict[str, Any]:
    ran = run("check", *words, *AS_OF, "--format", "json")
    found: dict[str, Any] = json.loads(ran.out)
    return found


def ours(assessment: dict[str, Any]) -> dict[str, Any]:
    """Give what an assessment says by psfpolicy's own controls."""
    known = {row["id"] for row in resources.shipped("controls.json")}
    told = {key: assessment[key] for key in ("id", "overall", "overallRaw", "domains", "baseline", "flows", "reduced")}
    return {
        **told,
        "apart": [domain for domain in assessment["apart"] if domain["id"] == "OPS"],
        "controls": [control for control in assessment["controls"] if control["id"] in known],
        "findings": [finding for finding in assessment["findings"] if finding["control"] in known],
        "reasons": [reason for reason in assessment["gate"]["reasons"] if reason.get("control") in {*known, None}],
    }


@pytest.mark.usefixtures("in_root")
def test_no_pack_changes_an_answer_of_ours_without_naming_it(
    built: Callable[..., tuple[Path, str]], run: Callable[..., Ran]
) -> None:
    # What the pack of the shop declares is as near to ours as a pack may come: a control that always passes, helpers
    # named as ours, a gate that nobody asks for, a row of its own table that has the name of a model of ours, and is
    # older than all.
    path, _ = built("bank", "shop")
    files = [str(path.relative_to(ROOT)) for path in EXAMPLES]
    before, after = report(run, *files), report(run, *files, "--bundle", str(path))
    assert len(before["assessments"]) > 10
    assert [ours(item) for item in after["assessments"]] == [ours(item) for item in before["assessments"]]
    verdicts = [item["gate"]["verdict"] for item in before["assessments"]]
    # What fails for the bank holds its gate; what passes for the shop lifts none.
    assert "pass" in verdicts
    for was, item in zip(verdicts, after["assessments"], strict=True):
        regions = next(control["status"] for control in item["controls"] if control["id"] == "bank-regions")
        assert item["gate"]["verdict"] == ("fail" if regions == "fail" else was)


@pytest.mark.usefixtures("in_root")
def test_an_override_says_so_on_each_finding(built: Callable[..., tuple[Path, str]], run: Callable[..., Ran]) -> None:
    path, digest = built("over")
    said = report(run, "examples/kubernetes-vllm/deploy.yaml", "--bundle", str(path))
    assert said["policy"]["digest"] == digest
    (pack,) = said["policy"]["packs"]
    assert (pack["name"], pack["overrides"]) == ("bank", ["input-injection-defence"])
    marked = [item for item in said["assessments"][0]["findings"] if "which overrides this control" in item["message"]]
    assert [item["control"] for item in marked] == ["input-injection-defence"]
    assert marked[0]["message"] == (
        "the gateway is not there (decided by the pack `bank`, which overrides this control)"
    )
    words = ("check", "examples/kubernetes-vllm/deploy.yaml", *AS_OF, "--bundle", str(path))
    assert "2 controls; overrides input-injection-defence" in run(*words).out
    assert "overrides 1 control" in run(*words, "--format", "markdown").out
    assert "A control of the pack `bank`, which overrides that of psfpolicy." in run(*words, "--format", "sarif").out


def test_the_same_packs_in_another_order_are_the_same_bytes(built: Callable[..., tuple[Path, str]]) -> None:
    assert built("bank", "shop")[0].read_bytes() == built("shop", "bank")[0].read_bytes()


def test_a_bundle_without_packs_is_the_policy_that_is_shipped(built: Callable[..., tuple[Path, str]]) -> None:
    assert built()[1] == f"sha256:{resources.manifest().digest}"


@pytest.fixture
def pinned(built: Callable[..., tuple[Path, str]], scratch: Scratch) -> str:
    """A repository whose settings pin the bundle of the bank; gives its digest."""
    path, digest = built("bank")
    shutil.copy(path, "bank.tar.gz")
    shutil.copy(ROOT / "examples/minimal.yaml", "deploy.yaml")
    pin(digest)
    commit(scratch)
    return digest


def commit(scratch: Scratch) -> None:
    scratch.git("add", "-A")
    scratch.git("commit", "-q", "-m", "change")


def pin(digest: str, more: str = "") -> None:
    text = f'bundle: {{file: bank.tar.gz, digest: "{digest}"}}\n{more}'
    Path(".psfpolicy.yaml").write_text(text, encoding="utf-8")


def test_what_the_settings_pin_decides_for_every_command(pinned: str, run: Callable[..., Ran]) -> None:
    assert report(run)["policy"]["digest"] == pinned
    assert "bank-regions" in run("controls", "--domain", "BANK").out
    assert "It is a control of the pack bank." in run("explain", "bank-regions").out
    assert "bank-eu" in run("catalogue", "regimes").out
    assert run("validate").code == 0
    for words in (
        ("flows", "deploy.yaml"),
        ("evidence", "deploy.yaml"),
        ("capacity", "deploy.yaml"),
        ("waivers", "list"),
    ):
        assert run(*words).code == 0


def test_names_of_a_pack_are_names_in_settings_and_waivers(pinned: str, run: Callable[..., Ran]) -> None:
    pin(pinned, "unwaivable: [bank-regions]\nthresholds: {BANK: 50}\nregimes: [bank-eu]\n")
    assert run("validate").code == 0
    assert {"kind": "domain-threshold", "domain": "BANK"}.items() <= {
        key: value
        for reason in report(run)["assessments"][0]["gate"]["reasons"]
        if reason["domain"] == "BANK"
        for key, value in reason.items()
    }.items()
    Path(".psfpolicy.yaml").write_text("unwaivable: [bank-regions]\n", encoding="utf-8")
    assert (run("validate").code, "`bank-regions`, which does not exist" in run("validate").err) == (2, True)


def test_a_finding_of_a_pack_is_waived_like_any_other(pinned: str, run: Callable[..., Ran]) -> None:
    del pinned
    finding = next(item for item in report(run)["assessments"][0]["findings"] if item["control"] == "bank-regions")
    words = ("--owner", "a", "--approver", "b", "--ticket", "T-1", "--reason", "moving", "--expires", "2026-12-01")
    assert run("waivers", "new", finding["fingerprint"][:12], *words, *AS_OF).code == 0
    waived = next(item for item in report(run)["assessments"][0]["findings"] if item["control"] == "bank-regions")
    assert waived["waiver"]


def test_a_file_that_is_another_is_refused_with_both_digests(
    pinned: str, built: Callable[..., tuple[Path, str]], run: Callable[..., Ran]
) -> None:
    other, digest = built("over")
    shutil.copy(other, "bank.tar.gz")
    for words in (("check",), ("controls",), ("validate",)):
        ran = run(*words)
        assert ran.code == 4
        assert (digest in ran.err, pinned in ran.err, ran.out) == (True, True, "")
    Path("bank.tar.gz").unlink()
    assert (run("check").code, "cannot be read: No such file" in run("check").err) == (4, True)


def test_the_command_line_cannot_swap_what_the_settings_pin(
    pinned: str, built: Callable[..., tuple[Path, str]], run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    other, digest = built("over")
    ran = run("check", "--bundle", str(other))
    assert (ran.code, ran.out) == (2, "")
    assert f"the settings pin the bundle {pinned}, and {digest} was named" in ran.err
    monkeypatch.setenv("PSFPOLICY_BUNDLE", str(other))
    assert run("check").code == 2
    assert run("waivers", "list").code == 2
    monkeypatch.delenv("PSFPOLICY_BUNDLE")
    Path("mine.yaml").write_text(f'bundle: {{file: "{other}", digest: "{digest}"}}\n', encoding="utf-8")
    assert run("check", "--settings", "mine.yaml").code == 2
    assert report(run, "--bundle", "bank.tar.gz")["policy"]["digest"] == pinned


def test_a_change_of_the_bundle_reaches_every_descriptor_and_can_wait(
    pinned: str, built: Callable[..., tuple[Path, str]], scratch: Scratch, run: Callable[..., Ran]
) -> None:
    assert report(run, "--base", "HEAD")["assessments"] == []
    other, digest = built("over")
    shutil.copy(other, "bank.tar.gz")
    pin(digest)
    commit(scratch)
    now = report(run, "--base", "HEAD~1")
    assert (now["policy"]["digest"], len(now["assessments"])) == (digest, 1)
    held = report(run, "--base", "HEAD~1", "--policy-from", "base")
    assert held["policy"]["digest"] == pinned
    assert ".psfpolicy.yaml" in held["comparison"]["policyChanges"]


def test_many_processes_ask_the_same_bundle(pinned: str, run: Callable[..., Ran]) -> None:
    text = Path("deploy.yaml").read_text(encoding="utf-8")
    for number in range(60):
        Path(f"d{number}.yaml").write_text(text.replace("name: ", f"name: n{number}-", 1), encoding="utf-8")
    said = report(run, "--jobs", "2")
    assert (said["policy"]["digest"], len(said["assessments"])) == (pinned, 61)
    assert all(any(row["id"] == "bank-regions" for row in item["controls"]) for item in said["assessments"])


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a key of a curve, its public half, and a secret."""
    folder = tmp_path_factory.mktemp("keys")
    key = ec.generate_private_key(ec.SECP256R1())
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "private.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / "public.pem").write_bytes(public)
    (folder / "secret").write_bytes(b"a secret that is long enough to be one")
    return folder


@pytest.fixture(scope="module")
def signed(opa: Opa, keys: Path, measuring: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that is signed with the key of the curve."""
    folder = tmp_path_factory.mktemp("signed")
    write_pack(folder / "bank")
    words = ["--with", str(folder / "bank"), "-o", str(folder / "bank.tar.gz"), "--signing-alg", "ES256"]
    done = subprocess.run(
        [sys.executable, "-m", "psfpolicy", "bundle", "build", *words, "--signing-key", str(keys / "private.pem")],
        env={**os.environ, **measuring, "OPA": opa.path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "signed by ES256" in done.stdout
    return folder / "bank.tar.gz"


def test_a_signature_of_opa_is_checked(signed: Path, keys: Path, run: Callable[..., Ran]) -> None:
    ran = run("bundle", "verify", str(signed), "--key", str(keys / "public.pem"))
    assert (ran.code, "of one piece; signed by ES256 with that key" in ran.out) == (0, True)
    ran = run("bundle", "verify", str(signed), "--key", str(keys / "secret"))
    assert (ran.code, "was signed by ES256, and the key is a secret" in ran.err) == (4, True)
    assert "its signature was not checked" in run("bundle", "verify", str(signed)).out


def test_settings_with_a_key_want_a_signature(pinned: str, signed: Path, keys: Path, run: Callable[..., Ran]) -> None:
    text = f'bundle: {{file: bank.tar.gz, digest: "{pinned}", key: "{keys}/public.pem"}}\n'
    Path(".psfpolicy.yaml").write_text(text, encoding="utf-8")
    ran = run("check")
    assert (ran.code, "the bundle is not signed, and the key says that it must be" in ran.err) == (4, True)
    shutil.copy(signed, "bank.tar.gz")
    assert report(run)["policy"]["digest"] == pinned


@pytest.fixture
def server(opa: Opa, signed: Path, keys: Path, tmp_path: Path) -> Iterator[Callable[[str], Any]]:
    """An OPA that was given the signed bundle and the public key; asked by path."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["--verification-key", str(keys / "public.pem"), "--signing-alg", "ES256", "-b", str(signed)]
    with (tmp_path / "log").open("w") as log:
        running = subprocess.Popen(
            [opa.path, "run", "--server", "-a", f"127.0.0.1:{port}", *words], stdout=log, stderr=log
        )
        address = f"http://127.0.0.1:{port}/v1/data/psfpolicy/"

        def ask(path: str) -> Any:
            for _ in range(100):
                try:
                    with urllib.request.urlopen(f"{address}{path}", timeout=5) as answer:  # noqa: S310 - loopback
                        return json.load(answer)["result"]
                except OSError:
                    time.sleep(0.1)
            pytest.fail((tmp_path / "log").read_text())

        yield ask
        running.terminate()
        running.wait(10)


def test_an_opa_server_takes_the_very_file_and_says_the_same_digest(
    server: Callable[[str], Any], built: Callable[..., tuple[Path, str]]
) -> None:
    told = server("bundle")
    assert f"sha256:{told['digest']}" == built("bank")[1]
    assert "bank-regions" in told["controls"]


@pytest.mark.usefixtures("in_root")
def test_a_difference_says_what_changes_on_descriptors(
    built: Callable[..., tuple[Path, str]], run: Callable[..., Ran]
) -> None:
    path, _ = built("over")
    ran = run("bundle", "diff", "shipped", str(path), "examples/kubernetes-vllm/deploy.yaml", *AS_OF)
    assert ran.code == 0
    assert {
        "pack + bank 1.0.0",
        "control + bank-regions",
        "row + regimes/bank-eu",
        "shared code + psfpolicy/packs/bank/places.rego",
        "examples/kubernetes-vllm/deploy.yaml: production/assistant: verdict: pass -> fail",
    } <= set(ran.out.splitlines())
    assert any(line.startswith("control ~ input-injection-defence: ") for line in ran.out.splitlines())
    found = json.loads(run("bundle", "diff", str(path), "shipped", "--format", "json").out)
    assert found["controls"]["removed"] == ["bank-regions"]
    assert run("bundle", "diff", str(path), str(path)).out == "nothing tells them apart\n"


def test_inspect_shows_what_a_bundle_says_that_it_holds(
    built: Callable[..., tuple[Path, str]], run: Callable[..., Ran]
) -> None:
    path, digest = built("over")
    said = run("bundle", "inspect", str(path)).out
    assert f"digest    {digest}\n" in said
    assert (
        "adds bank-regions\n          overrides input-injection-defence\n          rows of regimes: bank-eu\n" in said
    )
    found = json.loads(run("bundle", "inspect", str(path), "--format", "json").out)
    assert (found["digest"], found["signed"], found["packs"][0]["name"]) == (digest, False, "bank")


def test_without_the_pinned_opa_a_build_says_how_to_get_it(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA", "/bin/false")
    ran = run("bundle", "build", "-o", str(tmp_path / "b.tar.gz"))
    assert (ran.code, "go install github.com/open-policy-agent/opa@v" in ran.err) == (2, True)
    assert not list(tmp_path.iterdir())


def test_rows_that_no_table_takes_are_refused_at_their_place(
    opa: Opa, run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA", opa.path)
    pack = write_pack(tmp_path / "bank", {AT_REGIME: REGIME.replace('"NL"]}', '"NL"]}\n  mechanism: []')})
    ran = run("bundle", "build", "--with", str(pack), "-o", str(tmp_path / "b.tar.gz"))
    assert (ran.code, f"{pack / AT_REGIME}:6:3: " in ran.err) == (2, True)


def test_a_bundle_is_not_written_among_the_sources_of_its_pack(run: Callable[..., Ran], tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "bank")
    ran = run("bundle", "build", "--with", str(pack), "-o", str(pack / "rego/b.tar.gz"))
    assert (ran.code, "lies among the sources of the pack" in ran.err) == (2, True)


def test_a_bundle_goes_to_standard_output_and_through_a_pipe(
    opa: Opa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPA", opa.path)
    monkeypatch.chdir(tmp_path)
    words = [sys.executable, "-m", "psfpolicy", "bundle", "build", "-o"]
    done = subprocess.run([*words, "-"], capture_output=True, check=True)
    assert (done.stdout[:2], b"-: " in done.stderr) == (b"\x1f\x8b", True)
    assert not list(tmp_path.iterdir())

    os.mkfifo("pipe")
    with ThreadPoolExecutor() as pool:
        reading = pool.submit(Path("pipe").read_bytes)
        subprocess.run([*words, "pipe"], capture_output=True, check=True)
        assert reading.result() == done.stdout
    assert Path("pipe").is_fifo()
