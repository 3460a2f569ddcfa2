"""`check --engine opa`, against real servers: those of the settings, and the private one of a run."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import resources
from psfpolicy.building.plain import archive, plain_bundle, plain_members
from psfpolicy.engine.opened import opened
from tests.programs import opa_program
from tests.scratch import named
from tests.servers import PROVENANCE, Authority, alike, faked, free_port, policy_row, running

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran
    from tests.scratch import Scratch

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/llama-3.1-70b/recommended.yaml"
AS_OF = ("--as-of", "2026-11-21")
TOKEN = "s3cret-token-of-a-test"  # noqa: S105  # of no server but a test's


@pytest.fixture(autouse=True)
def _opa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPA", opa_program())


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bundle") / "bundle.tar.gz"
    path.write_bytes(plain_bundle(resources.sources(), resources.policy_files()))
    return path


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copy(EXAMPLE, tmp_path / "deploy.yaml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(folder: Path, text: str) -> None:
    (folder / ".psfpolicy.yaml").write_text(text)


def test_a_server_with_tls_and_a_token_gives_the_report_of_the_embedded_engine(
    run: Callable[..., Ran], here: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: Any
) -> None:
    folder = tmp_path_factory.mktemp("tls")
    authority = Authority(folder)
    shutil.copy(authority.ca, here / "ca.pem")
    both = authority.certificate("server", "IP:127.0.0.1")
    allowed = 'package system.authz\ndefault allow := false\nallow if input.identity == "' + TOKEN + '"\n'
    (folder / "authz").mkdir()
    (folder / "authz/.manifest").write_text('{"roots": ["system/authz"], "revision": "1"}')
    (folder / "authz/authz.rego").write_text(allowed)
    port = free_port()
    words = ["-b", str(bundle), str(folder / "authz"), "--authentication=token", "--authorization=basic"]
    words += ["--tls-cert-file", str(both), "--tls-private-key-file", str(both), "--set", "decision_logs.console=true"]
    settings(here, f"engine: opa\nopa: {{url: 'https://127.0.0.1:{port}', ca: ca.pem, tokenEnv: OPA_TOKEN}}\n")
    monkeypatch.setenv("OPA_TOKEN", TOKEN)
    with running(opa_program(), *words, port=port):
        served = run("check", *AS_OF, "--format", "json", "deploy.yaml")
        monkeypatch.setenv("OPA_TOKEN", "another")
        refused = run("check", *AS_OF, "deploy.yaml")
    settings(here, "{}")
    embedded = run("check", *AS_OF, "--format", "json", "deploy.yaml")

    assert (served.err, served.code, embedded.code) == ("", 0, 0)
    assert alike(served.out) == alike(embedded.out)
    report = json.loads(served.out)
    assert report["engine"] == {"name": "opa", "version": resources.manifest().opa}
    assert [len(item["decisions"]) for item in report["assessments"]] == [1]
    assert refused.code == 4
    assert "does not know who asks (HTTP 401" in refused.err
    assert "another" not in refused.out + refused.err


def test_a_bundle_that_was_tampered_with_is_refused_with_both_digests(
    run: Callable[..., Ran], here: Path, tmp_path: Path
) -> None:
    files = dict(resources.policy_files())
    manifest = json.loads(files["manifest.json"])
    ours, manifest["digest"] = manifest["digest"], "f" * 64
    files["manifest.json"] = json.dumps(manifest).encode()
    other = tmp_path / "other.tar.gz"
    other.write_bytes(plain_bundle(resources.sources(), files))
    port = free_port()
    settings(here, f"opa: {{url: 'http://127.0.0.1:{port}'}}\n")
    with running(opa_program(), "-b", str(other), port=port):
        ran = run("check", *AS_OF, "--engine", "opa", "deploy.yaml")

    assert ran.code == 4
    assert ran.out == ""
    assert f"serves another policy: sha256:{'f' * 64}; this run is to be decided by sha256:{ours}" in ran.err


def test_a_server_that_names_the_policy_and_lets_everything_pass_is_refused(
    run: Callable[..., Ran], here: Path, tmp_path: Path
) -> None:
    """Its Rego was edited, which the digest of psfpolicy's own policy does not cover."""
    members = plain_members(resources.sources(), resources.policy_files())
    gate = members["psfpolicy/gate.rego"].decode()
    for honest, lying in (
        ("count(_all) == 0\n}", "count(_all) >= 0\n}"),
        ("count(_all) > 0\n}", "count(_all) < 0\n}"),
        ('"reasons": _all}', '"reasons": {reason | some reason in _all; verdict != "pass"}}'),
    ):
        assert honest in gate
        gate = gate.replace(honest, lying)
    other = tmp_path / "other.tar.gz"
    other.write_bytes(archive({**members, "psfpolicy/gate.rego": gate.encode()}))
    shutil.copy(EXAMPLE.with_name("out-of-the-box.yaml"), here / "deploy.yaml")
    assert run("check", *AS_OF, "-q", "deploy.yaml").code == 1
    port = free_port()
    settings(here, f"opa: {{url: 'http://127.0.0.1:{port}'}}\n")
    with running(opa_program(), "-b", str(other), port=port):
        ran = run("check", *AS_OF, "--engine", "opa", "-q", "deploy.yaml")
    assert (ran.code, "PASS" in ran.out) == (4, False)
    assert "the policy's answer contradicts itself: the gate's verdict is pass, and data-encryption, " in ran.out


def test_a_server_without_the_policy_is_refused(run: Callable[..., Ran], here: Path) -> None:
    port = free_port()
    settings(here, f"opa: {{url: 'http://127.0.0.1:{port}'}}\n")
    with running(opa_program(), port=port):
        ran = run("check", *AS_OF, "--engine", "opa", "deploy.yaml")
    assert (ran.code, "`data.psfpolicy.bundle` is undefined" in ran.err) == (4, True)


def test_a_server_that_is_not_there_is_no_other_engine(run: Callable[..., Ran], here: Path) -> None:
    settings(here, f"engine: opa\nopa: {{url: 'http://127.0.0.1:{free_port()}'}}\n")
    ran = run("check", *AS_OF, "deploy.yaml")
    assert (ran.code, ran.out) == (4, "")
    assert "connection refused" in ran.err


def written(part: Path, count: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a run has written so many lines."""
    end = time.monotonic() + 120
    while not (part.exists() and part.read_bytes().count(b"\n") >= count):
        assert time.monotonic() < end
        assert process.poll() is None
        time.sleep(0.01)


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
def test_a_killed_server_and_an_interrupt_lose_nothing_of_a_run(
    run: Callable[..., Ran], here: Path, bundle: Path
) -> None:
    (here / "fleet").mkdir()
    for number in range(48):
        (here / f"fleet/{number:02}.yaml").write_text(named(f"deployment-{number}"))
    ports = free_port(), free_port()
    settings(here, f"opa: {{urls: ['http://127.0.0.1:{ports[0]}', 'http://127.0.0.1:{ports[1]}']}}\n")
    words = ("check", *AS_OF, "-q", "-o", "ndjson=run.ndjson", "fleet", "--jobs")
    lines, part = here / "run.ndjson", here / "run.ndjson.part"
    with (
        running(opa_program(), "-b", str(bundle), port=ports[0]) as first,
        running(opa_program(), "-b", str(bundle), port=ports[1]),
    ):
        process = subprocess.Popen(
            [sys.executable, "-m", "psfpolicy", *words, "2", "--engine", "opa"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        written(part, 9, process)
        first.kill()
        written(part, 20, process)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=120)
        assert (process.returncode, said) == (130, b"psfpolicy: interrupted\n")
        kept = [json.loads(line) for line in lines.read_bytes().splitlines()]
        done = len(kept) - 2
        assert (kept[-1]["interrupted"], kept[-1]["remaining"]) == (True, 48 - done)
        assert 18 <= done < 48
        resumed = run(*words, "1", "--engine", "opa", "--resume", "run.ndjson")
    assert resumed.code == 1
    assert f"{done} results were taken over from `run.ndjson`" in resumed.err
    assert "connection refused; the other servers are asked" in resumed.err
    served = [json.loads(line) for line in lines.read_bytes().splitlines()]
    settings(here, "{}")
    assert run(*words, "1").code == 1
    whole = [json.loads(line) for line in lines.read_bytes().splitlines()]
    assert served[0].pop("engine") != whole[0].pop("engine")
    assert (served[-1].pop("takenOver"), whole[-1].pop("takenOver")) == (done, 0)
    assert json.dumps(served) == json.dumps(whole)


@pytest.mark.usefixtures("here")
def test_without_a_server_in_the_settings_a_private_one_runs_and_ends(
    run: Callable[..., Ran], tmp_path_factory: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path_factory.mktemp("t")
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    served = run("check", *AS_OF, "--engine", "opa", "--format", "json", "deploy.yaml")
    embedded = run("check", *AS_OF, "--format", "json", "deploy.yaml")

    assert (served.code, served.err) == (0, "")
    assert alike(served.out) == alike(embedded.out)
    assert list(temporary.iterdir()) == []


def servers_below(folder: Path) -> list[int]:
    """Give the processes whose words name a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in words:
            found.append(int(process.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_private_server_ends_with_the_run_however_that_ends(how: signal.Signals, here: Path, tmp_path: Path) -> None:
    folder = tmp_path / "t"
    folder.mkdir()
    pipe = here / "pipe.yaml"
    os.mkfifo(pipe)  # a run waits for what is written to it
    process = subprocess.Popen(
        [sys.executable, "-m", "psfpolicy", "check", "--engine", "opa", str(pipe)],
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    with pipe.open("w"):  # opened once the run reads, and so once its server runs
        assert servers_below(folder) != []
        os.killpg(process.pid, how)
        process.wait(30)
    _, err = process.communicate()
    deadline = time.monotonic() + 20
    while (servers_below(folder) or any(folder.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert b"Traceback" not in err
    assert not servers_below(folder)
    assert not any(folder.iterdir())
    if how is signal.SIGINT:
        assert process.returncode == 130


@pytest.mark.usefixtures("here")
def test_a_private_server_needs_the_pinned_opa(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "opa"
    program.write_text("#!/bin/sh\necho 'Version: 0.1.0'\n")
    program.chmod(0o755)
    monkeypatch.setenv("OPA", str(program))
    ran = run("check", *AS_OF, "--engine", "opa", "deploy.yaml")

    assert (ran.code, ran.out) == (2, "")
    assert f"is not OPA {resources.manifest().opa}" in ran.err
    assert "go install" in ran.err


@pytest.mark.usefixtures("here")
def test_a_private_server_that_does_not_start_is_shown_with_its_own_words(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "opa"
    version = resources.manifest().opa
    program.write_text(f"#!/bin/sh\n[ $1 = version ] && echo 'Version: {version}' || {{ echo no room >&2; exit 1; }}\n")
    program.chmod(0o755)
    monkeypatch.setenv("OPA", str(program))
    ran = run("check", *AS_OF, "--engine", "opa", "deploy.yaml")

    assert ran.code == 4
    assert "the private OPA server ended before it answered\nno room\n" in ran.err


@pytest.mark.usefixtures("here")
def test_a_private_server_is_not_given_other_sources_than_those_that_were_compiled(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "rego", tmp_path / "changed/rego")
    changed = tmp_path / "changed/rego/psfpolicy/gate.rego"
    changed.write_text(changed.read_text() + "\n# changed\n")
    monkeypatch.setattr(resources, "sources", lambda: tmp_path / "changed")
    ran = run("check", *AS_OF, "--engine", "opa", "deploy.yaml")

    assert (ran.code, "are not those of the compiled policy" in ran.err) == (4, True)


def test_a_bundle_that_is_in_force_is_what_a_private_server_serves(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(resources, "server_bundle", bundle.read_bytes)
    monkeypatch.setattr(resources, "sources", lambda: tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ("long" * 30)))  # a socket's path must be short
    with opened(None) as (serving, lost):
        assert (serving.versions, lost) == ((resources.manifest().opa,), ())
        assert len(str(serving.socket)) < 100


@pytest.mark.parametrize(("words", "said"), [(("--engine", "wasm"), "--engine"), ((), "PSFPOLICY_ENGINE")])
def test_nobody_switches_away_from_servers_that_the_settings_require(
    words: tuple[str, ...], said: str, run: Callable[..., Ran], here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(here, "engine: opa\n")
    if not words:
        monkeypatch.setenv("PSFPOLICY_ENGINE", "wasm")
    ran = run("check", *AS_OF, *words, "deploy.yaml")

    assert (ran.code, ran.out) == (2, "")
    assert f"the settings ask for the engine `opa`, and {said} for `wasm`" in ran.err


def test_other_settings_can_name_no_other_server(run: Callable[..., Ran], here: Path) -> None:
    settings(here, f"engine: opa\nopa: {{url: 'http://127.0.0.1:{free_port()}'}}\n")
    (here / "mine.yaml").write_text("engine: wasm\nopa: {url: 'http://127.0.0.1:1'}\n")
    ran = run("check", *AS_OF, "--settings", "mine.yaml", "deploy.yaml")
    assert (ran.code, "names other OPA servers than the repository's settings" in ran.err) == (2, True)

    (here / "mine.yaml").write_text("engine: wasm\n")
    ran = run("check", *AS_OF, "--settings", "mine.yaml", "deploy.yaml")
    assert (ran.code, "connection refused" in ran.err) == (4, True)


def test_a_pull_request_chooses_no_server_of_its_own(run: Callable[..., Ran], scratch: Scratch) -> None:
    with faked() as ours, faked() as theirs:
        for fake in (ours, theirs):
            fake.on("report", lambda handler: handler.say({"code": "x", "message": "asked"}, 500))
        text = EXAMPLE.read_text()
        scratch.commit({".psfpolicy.yaml": f"engine: opa\nopa: {{url: '{ours.url}'}}\n", "deploy.yaml": text})
        text = text.replace("remoteCode: false", "remoteCode: true")
        scratch.commit({".psfpolicy.yaml": f"engine: wasm\nopa: {{url: '{theirs.url}'}}\n", "deploy.yaml": text})
        ran = run("check", *AS_OF, "--base", "HEAD~1", "--policy-from", "base")

        assert ran.code == 4
        assert ours.seen
        assert theirs.seen == []


@pytest.mark.parametrize(
    ("opa", "says"),
    [
        ("{url: 'http://opa.example.org'}", "plain http is for this machine alone"),
        ("{url: 'https://me:secret@opa.example.org'}", "`https://…@opa.example.org` is not usable: it holds a name"),
        ("{urls: ['https://a', 'ftp://b']}", "`ftp://b` is not usable"),
        ("{url: 'https://a', urls: ['https://b']}", "`opa` has both `url` and `urls`"),
        ("{tokenEnv: OPA_TOKEN}", "`tokenEnv` is for a server, and no `url` names one"),
        ("{url: 'https://a', ca: none.pem}", "`ca` is `none.pem`, which cannot be read: No such file"),
        ("{url: 'https://a', ca: deploy.yaml}", "`ca` is `deploy.yaml`, which holds no certificate as PEM"),
        ("{url: 'https://a', tokenEnv: 'the token'}", "tokenEnv"),
        ("{url: 'https://a', tokenEnv: NOT_SET}", "`NOT_SET`, which should hold the token for OPA, is not set"),
    ],
)
def test_settings_that_name_no_server_are_refused(opa: str, says: str, run: Callable[..., Ran], here: Path) -> None:
    settings(here, f"engine: opa\nopa: {opa}\n")
    ran = run("check", *AS_OF, "deploy.yaml")

    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert "secret" not in ran.err


def test_a_server_that_is_not_there_at_the_start_is_told_and_stood_in_for(run: Callable[..., Ran], here: Path) -> None:
    with faked() as fake:
        fake.on("bundle", lambda handler: handler.say({"result": policy_row(), "provenance": PROVENANCE}))
        fake.on("report", lambda handler: handler.say({"provenance": PROVENANCE}))
        settings(here, f"opa: {{urls: ['http://127.0.0.1:{free_port()}', '{fake.url}']}}\n")
        ran = run("check", *AS_OF, "--engine", "opa", "deploy.yaml")
    assert "connection refused; the other servers are asked" in ran.err
    assert (ran.code, "`data.psfpolicy.report` is undefined" in ran.out) == (4, True)


@pytest.mark.usefixtures("here")
def test_the_http_client_is_imported_only_for_servers() -> None:
    heavy = "{'requests', 'urllib3', 'opa_client', 'psfpolicy.engine.opa'} & set(sys.modules)"
    for words in (["--version"], ["check", "--help"], ["check", "-q", *AS_OF, "deploy.yaml"]):
        script = f"import sys\nfrom psfpolicy.cli import main\ntry: main({words!r})\nexcept SystemExit: print({heavy})"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert done.stdout.endswith("set()\n")
