"""`examples/opa-fleet`: a real OPA runs by its configuration, and its manifests are what Kubernetes accepts."""

from __future__ import annotations

import gzip
import json
import os
import re
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import jsonschema
import pytest
import yaml

from psfpolicy import resources
from psfpolicy.building.compiling import members_of
from psfpolicy.building.plain import archive, plain_bundle
from tests.programs import opa_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
FLEET = ROOT / "examples/opa-fleet"
VENDORED = Path(__file__).parent / "vendored"
TOKEN = "a-token-of-the-pipeline"  # noqa: S105  # of a server that lives as long as a test
SECRET = "ghp_" + "Ab3" * 12
MANIFESTS = [
    (f"{path.stem}-{number}", document)
    for path in sorted((FLEET / "kubernetes").glob("*.yaml"))
    if path.stem != "kustomization"
    for number, document in enumerate(yaml.safe_load_all(path.read_text()))
]


@dataclass
class Around:
    """What an OPA of the fleet talks to: a server of bundles, and a collector."""

    bundle: bytes
    events: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Server:
    """A running OPA."""

    url: str

    def asked(self, method: str, path: str, body: object = None, token: str | None = TOKEN) -> tuple[int, Any]:
        """Send a request; give the code and the JSON of the answer."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data=data, headers=headers, method=method)  # noqa: S310  # on loopback
        try:
            with urlopen(request, timeout=60) as response:  # noqa: S310  # likewise
                return response.status, json.loads(response.read() or b"null")
        except HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def health(self, query: str = "") -> int:
        """Give the code of its health; 0 where nobody listens."""
        try:
            return self.asked("GET", f"/health{query}", token=None)[0]
        except URLError:
            return 0


def until(claim: Callable[[], bool], *, seconds: float = 90) -> bool:
    """Wait until something holds; say whether it does."""
    end = time.monotonic() + seconds
    while not (held := claim()) and time.monotonic() < end:
        time.sleep(0.1)
    return held


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two pairs of keys, made here."""
    rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ours", "other"):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
        (folder / f"{name}.key").write_bytes(private)
        public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
        (folder / f"{name}.pem").write_bytes(public)
    return folder


@pytest.fixture(scope="module")
def plain() -> bytes:
    """The policy as an ordinary bundle, not signed."""
    names = ("controls.json", "data.json", "manifest.json", "policy.wasm")
    return plain_bundle(resources.sources(), {name: (resources.BUNDLE / name).read_bytes() for name in names})


def signed(bundle: bytes, key: Path, folder: Path) -> bytes:
    """Sign a bundle with OPA's own command."""
    members = {name.lstrip("/"): content for name, content in members_of(bundle).items()}
    for name, content in members.items():
        (folder / "bundle" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "bundle" / name).write_bytes(content)
    words = ["sign", "--signing-key", str(key), "--bundle", ".", "-o", ".."]
    subprocess.run([opa_program(), *words], cwd=folder / "bundle", check=True, timeout=120)
    return archive(members | {".signatures.json": (folder / ".signatures.json").read_bytes()})


@pytest.fixture
def around(plain: bytes) -> Iterator[tuple[Around, str]]:
    """What an OPA of the fleet talks to, and its address."""
    world = Around(plain)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/bundles/psfpolicy.tar.gz" and bool(world.bundle)
            self._answer(200 if found else 404, world.bundle if found else b"")

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            content = gzip.decompress(content) if self.headers["Content-Encoding"] == "gzip" else content
            world.tokens.add(self.headers["Authorization"])
            if self.path == "/logs":
                world.events.extend(json.loads(content))
            else:
                world.statuses.append(json.loads(content))
            self._answer(200, b"{}")

        def _answer(self, code: int, content: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the signature is the library's
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield world, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def started(around: tuple[Around, str], keys: Path, tmp_path: Path) -> Iterator[Callable[[], Server]]:
    """Start an OPA by the arguments of the Deployment, but for TLS, on a port that is free."""
    processes = []

    def start() -> Server:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        config = (FLEET / "opa/config.yaml").read_text()
        config = re.sub(
            r"min_delay_seconds: \d+, max_delay_seconds: \d+", "min_delay_seconds: 1, max_delay_seconds: 1", config
        )
        (tmp_path / "config.yaml").write_text(config)
        (tmp_path / "clients.json").write_text(
            json.dumps({"clients": {sha256(TOKEN.encode()).hexdigest(): "pipeline"}})
        )
        (tmp_path / "token").write_text("of-the-collector")
        files = {
            "/etc/opa/config/config.yaml": tmp_path / "config.yaml",
            "/etc/opa/clients/clients.json": tmp_path / "clients.json",
            "/etc/opa/config": FLEET / "opa",
            "/etc/opa/key/psfpolicy.pem": keys / "ours.pem",
            "0.0.0.0:8181": f"127.0.0.1:{port}",
        }
        words = [word for word in container()["args"] if "tls" not in word and "shutdown" not in word]
        for there, here in files.items():
            words = [word.replace(there, str(here)) for word in words]
        environment = {
            "BUNDLE_SERVICE_URL": around[1],
            "COLLECTOR_URL": around[1],
            "COLLECTOR_TOKEN_FILE": str(tmp_path / "token"),
            "FLEET_REGION": "here",
        }
        log = tmp_path / "log"
        with log.open("w") as stderr:
            process = subprocess.Popen([opa_program(), *words], env={**os.environ, **environment}, stderr=stderr)
        processes.append(process)
        server = Server(f"http://127.0.0.1:{port}")
        assert until(lambda: server.health() == 200 or process.poll() is not None), log.read_text()
        assert process.poll() is None, log.read_text()
        return server

    yield start
    for process in processes:
        process.terminate()
        process.wait(30)


def container() -> dict[str, Any]:
    """Give the container of the Deployment."""
    (found,) = [one for _, one in MANIFESTS if one["kind"] == "Deployment" and one["metadata"]["name"] == "opa"]
    (one,) = found["spec"]["template"]["spec"]["containers"]
    return dict(one)


def question(run: Callable[..., Ran]) -> Any:
    """Give the question about the recommended deployment, with a secret in it as only an engine gets it."""
    asked = json.loads(run("input", "--as-of", "2026-11-21", str(ROOT / "examples/llama-3.1-70b/recommended.yaml")).out)
    asked["descriptor"]["spec"]["purpose"]["summary"] = f"Takes notes with {SECRET}"
    return asked


def test_an_opa_of_the_fleet_answers_its_clients_by_a_signed_bundle_and_logs_no_more_than_it_may(
    around: tuple[Around, str],
    started: Callable[[], Server],
    keys: Path,
    plain: bytes,
    run: Callable[..., Ran],
    tmp_path: Path,
) -> None:
    world, _ = around
    world.bundle = b""
    server = started()
    # Ready only with a bundle, and with one that our key has signed.
    assert server.health("?bundles") == 500
    world.bundle = plain
    assert until(lambda: "bundle missing .signatures.json file" in json.dumps(world.statuses))
    assert server.health("?bundles") == 500
    world.bundle = signed(plain, keys / "other.key", tmp_path)
    assert until(lambda: "verification error" in json.dumps(world.statuses))
    assert server.health("?bundles") == 500
    assert server.asked("POST", "/v1/data/psfpolicy/report", {"input": {}})[1].get("result") is None
    world.bundle = signed(plain, keys / "ours.key", tmp_path)
    assert until(lambda: server.health("?bundles") == 200)

    asked = question(run)
    code, answer = server.asked("POST", "/v1/data/psfpolicy/report?provenance=true", {"input": asked})
    assert (code, answer["result"]["gate"]["verdict"]) == (200, "pass")
    assert answer["provenance"]["bundles"]["psfpolicy"]["revision"] == resources.manifest().digest
    assert server.asked("POST", "/v1/data/psfpolicy/bundle", {"input": {}})[1]["result"]["digest"]
    assert server.asked("GET", "/v1/data/psfpolicy/bundle")[0] == 200
    refused = [
        ("POST", "/v1/data/psfpolicy/report", None),
        ("POST", "/v1/data/psfpolicy/report", "another"),
        ("POST", "/v1/data/psfpolicy/report", ""),
        ("POST", "/v1/data/psfpolicy/report?explain=full", TOKEN),
        ("POST", "/v1/data/psfpolicy", TOKEN),
        ("POST", "/v1/data/psfpolicy/report/gate", TOKEN),
        ("POST", "/v1/data", TOKEN),
        ("POST", "/", TOKEN),
        ("POST", "/v1/query", TOKEN),
        ("POST", "/v1/compile", TOKEN),
        ("POST", "/v0/data/psfpolicy/report", TOKEN),
        ("GET", "/v1/data/clients", TOKEN),
        ("GET", "/v1/data/psfpolicy/report", TOKEN),
        ("GET", "/v1/policies", TOKEN),
        ("GET", "/v1/config", TOKEN),
        ("GET", "/metrics", TOKEN),
        ("PUT", "/v1/data/clients", TOKEN),
        ("PUT", "/v1/policies/mine", TOKEN),
        ("DELETE", "/v1/policies/mine", TOKEN),
        ("PATCH", "/v1/data", TOKEN),
    ]
    codes = {
        (method, path, token): server.asked(method, path, {"input": asked}, token)[0] for method, path, token in refused
    }
    assert {item: code for item, code in codes.items() if code != 401} == {}

    assert until(lambda: "gate" in json.dumps([event.get("result") for event in world.events]))
    (event,) = [event for event in world.events if "gate" in event.get("result", ())]
    assert event["path"] == "psfpolicy/report"
    named = asked["descriptor"]["metadata"]
    assert event["input"] == {
        "descriptor": {"metadata": {"environment": named["environment"], "name": named["name"]}},
        "gate": "standard",
        "today": "2026-11-21",
    }
    assert set(event["result"]) == {"apart", "controls", "domains", "gate", "overall"}
    assert {tuple(sorted(control)) for control in event["result"]["controls"].values()} == {("effective", "status")}
    assert "/input/facts" in event["erased"]
    assert "/input/descriptor" in event["masked"]
    assert event["bundles"]["psfpolicy"]["revision"] == resources.manifest().digest
    assert (event["labels"]["fleet"], event["labels"]["region"]) == ("psfpolicy", "here")
    assert world.tokens == {"Bearer of-the-collector"}
    assert until(lambda: bool(world.statuses))
    logged = json.dumps([world.events, world.statuses])
    assert [text for text in (SECRET, TOKEN, "Takes notes") if text in logged] == []

    # The events of psfpolicy's own runs have the same shape.
    file = str(ROOT / "examples/llama-3.1-70b/recommended.yaml")
    ours = json.loads(run("check", "--as-of", "2026-11-21", "--format", "decisions", file).out)
    assert set(ours) <= set(event)
    assert ours["path"] == event["path"]
    assert ours["bundles"] == event["bundles"]
    assert set(ours["result"]) == set(event["result"])
    assert ours["result"]["gate"] == event["result"]["gate"]
    assert ours["result"]["controls"].keys() == event["result"]["controls"].keys()
    assert ours["result"]["domains"] == {
        key: {side: {**sums, "band": sums.get("band")} for side, sums in domain.items() if side != "evidenced"}
        for key, domain in event["result"]["domains"].items()
    }


def test_a_placeholder_in_the_place_of_a_client_lets_nobody_in() -> None:
    clients = json.loads((FLEET / "opa/clients.json").read_text())["clients"]
    assert set(clients) == {"0" * 64}


@pytest.mark.parametrize("document", [document for _, document in MANIFESTS], ids=[name for name, _ in MANIFESTS])
def test_a_manifest_is_what_kubernetes_accepts(document: Any) -> None:
    schemas = json.loads((VENDORED / "kubernetes-1.34.json").read_text())
    group, _, version = document["apiVersion"].rpartition("/")
    package = {"": "core", "networking.k8s.io": "networking"}.get(group, group)
    kind = f"io.k8s.api.{package}.{version}.{document['kind']}"
    validator = jsonschema.Draft202012Validator({**schemas, "$ref": f"#/$defs/{kind}"})
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)] == []
    document["spec" if "spec" in document else "metadata"]["replicsa"] = 3
    assert not validator.is_valid(document)


def test_the_vendored_schemas_are_the_ones_that_their_table_names() -> None:
    table = (VENDORED / "README.md").read_text()
    listed = dict(re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", table, re.MULTILINE))
    files = {path.name: path for path in VENDORED.iterdir() if path.name != "README.md"}
    assert listed == {name: sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def test_each_container_is_confined_and_each_service_finds_its_pods() -> None:
    by_name: dict[tuple[str, str], Any] = {(one["kind"], one["metadata"]["name"]): one for _, one in MANIFESTS}
    for (kind, name), one in by_name.items():
        if kind == "Deployment":
            pod = one["spec"]["template"]["spec"]
            assert pod["automountServiceAccountToken"] is False
            assert pod["securityContext"]["runAsNonRoot"] is True
            mounted = {mount["name"] for each in pod["containers"] for mount in each["volumeMounts"]}
            assert mounted == {volume["name"] for volume in pod["volumes"]}
            for each in pod["containers"]:
                assert each["securityContext"]["readOnlyRootFilesystem"] is True
                assert each["securityContext"]["capabilities"] == {"drop": ["ALL"]}
                assert set(each["resources"]) == {"limits", "requests"}
            labels = one["spec"]["template"]["metadata"]["labels"]
            assert by_name["Service", name]["spec"]["selector"].items() <= labels.items()
            assert by_name["NetworkPolicy", name]["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
            assert by_name["PodDisruptionBudget", name]["spec"]["minAvailable"] < one["spec"]["replicas"]


def test_the_kustomization_names_files_that_are_there_and_the_pinned_opa_runs() -> None:
    named = yaml.safe_load((FLEET / "kubernetes/kustomization.yaml").read_text())
    files = [file.partition("=")[2] for each in named["configMapGenerator"] for file in each["files"]]
    assert [file for file in (*named["resources"], *files) if not (FLEET / "kubernetes" / file).is_file()] == []
    there = {path.name for path in (FLEET / "kubernetes").iterdir()}
    assert {*named["resources"], "kustomization.yaml"} == there
    assert container()["image"].endswith(f"/opa:{resources.manifest().opa}-static")
