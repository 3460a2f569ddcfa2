"""The pack of a bank, from its sources to a verdict: the same bytes by every engine, and nothing else taken for it."""

from __future__ import annotations

import json
import re
import shutil
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import yaml

from psfpolicy import resources
from psfpolicy.building.plain import archive, plain_bundle
from tests.packs import ran
from tests.programs import opa_program
from tests.servers import Authority, alike, faked, free_port, policy_row, running

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.conftest import Ran

EXAMPLES = Path(__file__).parents[2] / "examples"
PACK = EXAMPLES / "policy-pack"
FIXTURES = sorted(path.name for path in (PACK / "fixtures").glob("*.yaml"))
DEPLOYMENTS = [
    *(f"policy-pack/fixtures/{name}" for name in FIXTURES),
    "bank/deploy.yaml",
    "kubernetes-vllm/deploy.yaml",
]
CHECK = ("check", "--as-of", "2026-11-21")
GATE = ("--gate", "bank-production")
TOKEN = "s3cret-token-of-a-test"  # noqa: S105  # of no server but a test's
CONTROLS = ["bank-four-eyes", "bank-images", "bank-models", "bank-regions"]


class Bank(NamedTuple):
    """The bundle of the pack."""

    path: Path
    digest: str
    other: str
    """The bundle of the same pack with one more approved model."""


@pytest.fixture(autouse=True)
def _opa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPA", opa_program())


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    opa_program()  # builds it
    folder = tmp_path_factory.mktemp("bank")
    shutil.copytree(PACK, folder / "pack")
    digest = build(folder, "bank.tar.gz")
    models = folder / "pack/rego/psfpolicy/catalogue/bank_models/data.yaml"
    models.write_text(f'{models.read_text()}"evil/model":\n  revisions: [main]\n  as_of: "2026-11-01"\n')
    return Bank(folder / "bank.tar.gz", digest, build(folder, "other.tar.gz"))


def build(folder: Path, name: str) -> str:
    done = ran(f"psfpolicy bundle build --with pack -o {name}", folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1].removeprefix("digest ")


@pytest.fixture
def here(bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of deployments, whose settings pin the bundle."""
    for name in ("bank", "kubernetes-vllm", "policy-pack"):
        shutil.copytree(EXAMPLES / name, tmp_path / name)
    (tmp_path / ".git").mkdir()
    shutil.copy(bank.path, tmp_path / "bank.tar.gz")
    settings(tmp_path, bank.digest)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(folder: Path, digest: str, more: str = "") -> None:
    pin = f'bundle: {{file: bank.tar.gz, digest: "{digest}"}}\n'
    (folder / ".psfpolicy.yaml").write_text(f"{pin}{more}")


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as opened:
        return {item.name: read.read() for item in opened if (read := opened.extractfile(item)) is not None}


@pytest.mark.usefixtures("here")
def test_the_same_sources_are_the_same_bytes_in_another_folder(bank: Bank, tmp_path: Path) -> None:
    shutil.copytree(PACK, tmp_path / "elsewhere/pack")
    assert build(tmp_path / "elsewhere", "again.tar.gz") == bank.digest
    assert (tmp_path / "elsewhere/again.tar.gz").read_bytes() == bank.path.read_bytes()


@pytest.mark.usefixtures("here")
def test_each_control_passes_one_deployment_and_fails_another(run: Callable[..., Ran]) -> None:
    said = json.loads(run(*CHECK, "--format", "json", *DEPLOYMENTS).out)
    statuses = {
        item["file"].split("/")[-1]: {one["id"]: one["status"] for one in item["controls"] if one["id"] in CONTROLS}
        for item in said["assessments"]
    }
    assert statuses["all-pass.yaml"] == dict.fromkeys(CONTROLS, "pass")
    assert statuses["sections-missing.yaml"] == dict.fromkeys(CONTROLS, "fail")
    for control in CONTROLS:
        found = statuses[f"{control.removeprefix('bank-')}-fail.yaml"]
        assert [name for name in CONTROLS if found[name] == "fail"] == [control]
    assert [pack["name"] for pack in said["policy"]["packs"]] == ["bank"]


def test_a_private_server_and_one_with_tls_and_a_token_give_the_report_of_the_embedded_engine(
    run: Callable[..., Ran],
    bank: Bank,
    here: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    embedded = run(*CHECK, "--format", "json", *DEPLOYMENTS)
    private = run(*CHECK, "--format", "json", "--engine", "opa", *DEPLOYMENTS)
    held = [run(*CHECK, *GATE, "--format", "json", "--engine", engine, *DEPLOYMENTS) for engine in ("wasm", "opa")]
    folder = tmp_path_factory.mktemp("tls")
    authority = Authority(folder)
    shutil.copy(authority.ca, here / "ca.pem")
    both = str(authority.certificate("server", "IP:127.0.0.1"))
    port = free_port()
    server = f"engine: opa\nopa: {{url: 'https://127.0.0.1:{port}', ca: ca.pem, tokenEnv: OPA_TOKEN}}\n"
    settings(here, bank.digest, server)
    monkeypatch.setenv("OPA_TOKEN", TOKEN)
    (folder / "authz").mkdir()
    (folder / "authz/.manifest").write_text('{"roots": ["system/authz"], "revision": "1"}')
    allowed = f'package system.authz\ndefault allow := false\nallow if input.identity == "{TOKEN}"\n'
    (folder / "authz/authz.rego").write_text(allowed)
    words = ["-b", str(bank.path), str(folder / "authz"), "--authentication=token", "--authorization=basic"]
    with running(opa_program(), *words, "--tls-cert-file", both, "--tls-private-key-file", both, port=port):
        separate = run(*CHECK, "--format", "json", *DEPLOYMENTS)
        held.append(run(*CHECK, *GATE, "--format", "json", *DEPLOYMENTS))
        monkeypatch.setenv("OPA_TOKEN", "another")
        stranger = run(*CHECK, *DEPLOYMENTS)

    assert [(one.code, one.err) for one in (embedded, private, separate)] == [(1, "")] * 3
    assert [json.loads(one.out)["engine"]["name"] for one in (embedded, private, separate)] == ["wasm", "opa", "opa"]
    assert json.dumps(alike(embedded.out)) == json.dumps(alike(private.out)) == json.dumps(alike(separate.out))
    assert len({json.dumps(alike(one.out)) for one in held}) == 1
    assert {item["gate"]["name"] for item in json.loads(held[0].out)["assessments"]} == {GATE[1]}
    assert json.loads(embedded.out)["policy"]["digest"] == bank.digest
    assert len(json.loads(embedded.out)["assessments"]) == len(DEPLOYMENTS)
    assert (stranger.code, stranger.out) == (4, "")


def test_the_gate_of_the_bank_asks_for_more_than_the_one_that_it_extends(
    run: Callable[..., Ran], bank: Bank, here: Path
) -> None:
    floor = "gates: [{environments: [production], gate: bank-production}]\n"
    settings(here, bank.digest, floor)
    said = json.loads(run(*CHECK, "--gate", "advisory", "--format", "json", "bank/deploy.yaml").out)
    (item,) = said["assessments"]
    assert (item["gate"]["name"], item["gate"]["verdict"]) == ("bank-production", "fail")
    assert item["gate"]["thresholds"] == {"BANK": 100, "PSF-3": 80, "PSF-8": 60}
    assert [(one["kind"], one["control"] or one["domain"]) for one in item["gate"]["reasons"]] == [
        ("critical-fail", "bank-images"),
        ("domain-threshold", "BANK"),
    ]
    standard = json.loads(run(*CHECK, "--gate", "strict", "--format", "json", "bank/deploy.yaml").out)
    assert standard["assessments"][0]["gate"]["name"] == "bank-production+strict"
    settings(here, bank.digest)
    unknown = run(*CHECK, "--gate", "bank-prodution", "bank/deploy.yaml")
    assert (unknown.code, "did you mean `bank-production`?" in unknown.err) == (2, True)


def test_a_bundle_with_another_digest_is_refused_with_both(run: Callable[..., Ran], bank: Bank, here: Path) -> None:
    shutil.copy(bank.path.with_name("other.tar.gz"), here / "bank.tar.gz")
    refused = run(*CHECK, *DEPLOYMENTS)
    assert (refused.code, refused.out) == (4, "")
    assert bank.digest in refused.err
    assert bank.other in refused.err


@pytest.mark.parametrize("name", ["data.json", "psfpolicy/controls/bank/models.rego", "embedded.wasm"])
@pytest.mark.parametrize("relabelled", [False, True])
def test_a_bundle_of_which_one_part_is_another_is_refused(
    name: str, relabelled: bool, run: Callable[..., Ran], bank: Bank, here: Path
) -> None:
    held, theirs = members(bank.path), members(bank.path.with_name("other.tar.gz"))
    changed = theirs[name] if theirs[name] != held[name] else held[name] + b"\n"
    # Who relabels takes the manifest along that says what the changed part is.
    more: Mapping[str, bytes] = {"manifest.json": theirs["manifest.json"]} if relabelled else {}
    (here / "bank.tar.gz").write_bytes(archive({**held, name: changed, **more}))
    refused = run(*CHECK, *DEPLOYMENTS)
    assert (refused.code, refused.out) == (4, "")
    assert run("bundle", "verify", "bank.tar.gz").code == 4


def test_a_bundle_that_is_not_there_is_refused(run: Callable[..., Ran], here: Path) -> None:
    (here / "bank.tar.gz").unlink()
    refused = run(*CHECK, *DEPLOYMENTS)
    assert (refused.code, refused.out) == (4, "")


def test_a_server_that_has_another_policy_is_refused_with_both_digests(
    run: Callable[..., Ran], bank: Bank, here: Path
) -> None:
    port = free_port()
    settings(here, bank.digest, f"opa: {{url: 'http://127.0.0.1:{port}'}}\n")
    with running(opa_program(), "-b", str(bank.path.with_name("other.tar.gz")), port=port):
        refused = run(*CHECK, "--engine", "opa", *DEPLOYMENTS)
    assert (refused.code, refused.out) == (4, "")
    assert bank.digest in refused.err
    assert bank.other in refused.err


def test_a_server_that_says_it_has_the_pack_and_leaves_it_out_decides_nothing(
    run: Callable[..., Ran], bank: Bank, here: Path, tmp_path: Path
) -> None:
    # Our Rego alone, under the name of the bank's.
    files = {name: data for name, data in members(bank.path).items() if name in {"controls.json", "manifest.json"}}
    lie = tmp_path / "lie.tar.gz"
    lie.write_bytes(plain_bundle(resources.sources(), {**resources.policy_files(), **files}))
    port = free_port()
    settings(here, bank.digest, f"opa: {{url: 'http://127.0.0.1:{port}'}}\n")
    with running(opa_program(), "-b", str(lie), port=port):
        refused = run(*CHECK, "--engine", "opa", "--format", "json", *DEPLOYMENTS)
    assert refused.code == 4
    said = json.loads(refused.out)
    for item in said["assessments"]:
        assert item["gate"]["verdict"] == "undecided"
        assert [one["status"] for one in item["controls"] if one["id"] in CONTROLS] == ["error"] * len(CONTROLS)


def test_a_server_that_answers_with_something_else_decides_nothing(
    run: Callable[..., Ran], bank: Bank, here: Path
) -> None:
    with faked() as fake:
        settings(here, bank.digest, f"opa: {{url: '{fake.url}'}}\n")
        fake.on("bundle", lambda one: one.say({"result": policy_row(), "provenance": fake.provenance}))
        refused = run(*CHECK, "--engine", "opa", "--format", "json", *DEPLOYMENTS)
    assert refused.code == 4
    said = json.loads(refused.out)
    assert (said["assessments"], len(said["unassessed"])) == ([], len(DEPLOYMENTS))


def test_the_commands_of_its_page_and_of_its_workflow_run(here: Path) -> None:
    pack = here / "policy-pack"
    page = (pack / "README.md").read_text(encoding="utf-8")
    lines = "".join(re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)).splitlines()
    workflow = yaml.safe_load((pack / ".github/workflows/policy.yml").read_text(encoding="utf-8"))
    steps = "\n".join(step.get("run", "") for step in workflow["jobs"]["policy"]["steps"])
    lines += [line.strip() for line in steps.splitlines() if line.strip().startswith(("psfpolicy ", "cmp "))]
    (here / ".psfpolicy.yaml").unlink()
    assert [line.split()[1] for line in lines if line.startswith("psfpolicy")].count("test") == 2
    # Page and workflow begin alike.
    for line in dict.fromkeys(lines):
        done = ran(line, pack)
        assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
    version = f"open-policy-agent/opa@v{resources.shipped('manifest.json')['opa']}\n"
    assert version in steps
