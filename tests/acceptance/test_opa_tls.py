"""A separate OPA as an organisation runs it: a bundle, TLS, a token, certificates of clients; and each way to fail."""

from __future__ import annotations

import json
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from psfpolicy import resources
from psfpolicy.building.plain import plain_bundle
from tests.programs import opa_program
from tests.servers import Authority, alike, free_port, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Ran

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = ("--as-of", "2026-11-21")
TOKEN = "s3cret-token-of-a-test"  # noqa: S105  # of no server but a test's
AUTHZ = f"""
package system.authz

default allow := false

allow if {{
	input.identity == "CN=server"
	input.headers.Authorization == ["Bearer {TOKEN}"]
}}
"""


class Around(NamedTuple):
    """Servers, by what their certificate is; and what their clients have."""

    folder: Path
    ports: dict[str, int]


@pytest.fixture(autouse=True)
def _opa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPA", opa_program())
    monkeypatch.setenv("OPA_TOKEN", TOKEN)


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Around]:
    folder = tmp_path_factory.mktemp("tls")
    for name in ("ours", "other", "authz"):
        (folder / name).mkdir()
    ours, other = Authority(folder / "ours"), Authority(folder / "other")
    shutil.copy(ours.ca, folder / "ca.pem")
    shutil.copy(other.ca, folder / "other-ca.pem")
    shutil.copy(ours.certificate("client", "DNS:client"), folder / "client.pem")
    shutil.copy(ours.certificate("old-client", "DNS:client", expired=True), folder / "old-client.pem")
    shutil.copy(other.certificate("client", "DNS:client"), folder / "other-client.pem")
    (folder / "bundle.tar.gz").write_bytes(plain_bundle(resources.sources(), resources.policy_files()))
    (folder / "authz/.manifest").write_text('{"roots": ["system/authz"], "revision": "1"}')
    (folder / "authz/authz.rego").write_text(AUTHZ)
    own = {
        "good": ours.certificate("server", "IP:127.0.0.1"),
        "expired": ours.certificate("expired", "IP:127.0.0.1", expired=True),
        "of another host": ours.certificate("host", "DNS:opa.example.org"),
    }
    policy = ("-b", str(folder / "bundle.tar.gz"), str(folder / "authz"), "--authorization=basic")
    clients = ("--authentication=tls", "--tls-ca-cert-file", str(ours.ca))
    found = Around(folder, {name: free_port() for name in own})
    with ExitStack() as stack:
        for name, pem in own.items():
            # The others are refused before anybody asks what policy they have.
            words = (*policy, *clients) if name == "good" else ()
            tls = ("--tls-cert-file", str(pem), "--tls-private-key-file", str(pem))
            stack.enter_context(running(opa_program(), *words, *tls, port=found.ports[name]))
        yield found


@pytest.fixture
def here(around: Around, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    for name in ("bank", "hosted-api"):
        shutil.copytree(EXAMPLES / name, tmp_path / name)
    for pem in around.folder.glob("*.pem"):
        shutil.copy(pem, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(port: int, ca: str | None = "ca.pem", client: str | None = "client.pem") -> None:
    keys = {"url": f"https://127.0.0.1:{port}", "tokenEnv": "OPA_TOKEN", "ca": ca, "clientCert": client}
    known = {key: value for key, value in keys.items() if value is not None}
    Path(".psfpolicy.yaml").write_text(json.dumps({"engine": "opa", "opa": known}))


@pytest.mark.usefixtures("here")
def test_the_same_bytes_come_from_each_engine_but_for_its_name_and_its_decisions(
    around: Around, run: Callable[..., Ran]
) -> None:
    words = ("check", *DAY, "--format", "json", ".")
    embedded = run(*words)
    private = run(*words, "--engine", "opa")
    settings(around.ports["good"])
    separate = run(*words)
    assert [(one.code, one.err) for one in (embedded, private, separate)] == [(embedded.code, "")] * 3
    assert [json.loads(one.out)["engine"]["name"] for one in (embedded, private, separate)] == ["wasm", "opa", "opa"]
    assert len(json.loads(embedded.out)["assessments"]) > 1
    assert json.dumps(alike(embedded.out)) == json.dumps(alike(private.out)) == json.dumps(alike(separate.out))


@pytest.mark.usefixtures("here")
def test_a_view_over_a_fleet_is_the_same_bytes_whoever_decides(around: Around, run: Callable[..., Ran]) -> None:
    words = ("fleet", *DAY, "--format", "json", ".")
    embedded = run(*words)
    settings(around.ports["good"])
    assert run(*words) == embedded


REFUSED: dict[str, tuple[str, dict[str, str | None], str, str]] = {
    "wrong authority": (
        "good",
        {"ca": "other-ca.pem"},
        "the certificate of {} goes back to an authority that is not known here",
        "opa: {ca: FILE}",
    ),
    "expired": ("expired", {}, "the certificate of {} has expired", "renew"),
    "of another host": ("of another host", {}, "the certificate of {} is for another host", "use the name"),
    "no client certificate": ("good", {"client": None}, "{} wants a certificate of this client", "clientCert: FILE"),
    "client of another authority": (
        "good",
        {"client": "other-client.pem"},
        "{} does not know the authority that signed this client's certificate",
        "of an authority that the server was given",
    ),
    "expired client": (
        "good",
        {"client": "old-client.pem"},
        "{} does not take this client's certificate, which has expired",
        "renew `clientCert`",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.usefixtures("here")
def test_a_certificate_that_does_not_hold_is_4_and_says_which(
    case: str, around: Around, run: Callable[..., Ran]
) -> None:
    server, more, says, hint = REFUSED[case]
    settings(around.ports[server], **more)
    for words in (("check", *DAY, "bank"), ("fleet", *DAY, "bank")):
        ran = run(*words)
        assert (ran.code, ran.out) == (4, "")
        said = says.format(f"the OPA server `https://127.0.0.1:{around.ports[server]}`")
        assert ran.err.splitlines()[0] == f"psfpolicy: {said}"
        assert hint in ran.err
        assert TOKEN not in ran.err


@pytest.mark.usefixtures("here")
def test_a_certificate_without_the_token_opens_nothing(
    around: Around, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(around.ports["good"])
    monkeypatch.setenv("OPA_TOKEN", "another")
    ran = run("check", *DAY, "bank")
    assert (ran.code, ran.out) == (4, "")
    assert "does not know who asks (HTTP 401" in ran.err
