"""Servers: one that answers as a test wants it to, well, by a canned report or in any wrong way; and those of OPA."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, get_args

from psfpolicy import resources
from psfpolicy.engine.base import Rule
from psfpolicy.engine.wasm import WasmEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PROVENANCE = {"version": resources.manifest().opa, "bundles": {"psfpolicy": {"revision": "r1"}}}
REPORT = {"answered": True}

_CONFIG = """
[ca]
default_ca = own
[own]
new_certs_dir = .
database = index.txt
serial = serial
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
"""


def policy_row() -> dict[str, Any]:
    """Give what a server of the policy in force says of it."""
    manifest = resources.manifest()
    ids = [info.id for info in resources.controls()]
    return {"contract": manifest.contract, "controls": ids, "digest": manifest.digest}


class Handler(BaseHTTPRequestHandler):
    """One request; `server.behaviours` says what to do for a path, else it is answered well."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.fake.bodies.append(body)  # type: ignore[attr-defined]  # set below
        self.question = json.loads(body)
        self._answer()

    def _answer(self) -> None:
        self.close_connection = True
        path = self.path.partition("?")[0]
        fake: Fake = self.server.fake  # type: ignore[attr-defined]  # set below
        fake.seen.append((path, dict(self.headers)))
        behave = fake.behaviours.get(path)
        if behave is not None:
            behave(self)
        elif path == "/health":
            self.say({})
        elif path.endswith("/bundle"):
            self.say({"result": policy_row(), "provenance": fake.provenance})
        else:
            self.say({"result": REPORT, "provenance": fake.provenance})

    def say(self, body: Any, status: int = 200, **headers: str) -> None:
        """Answer with JSON, or with bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content_Length": str(len(data)), "Connection": "close", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


class Fake:
    """A server on a port of this machine."""

    def __init__(self, certificate: Path | None = None, clients: Path | None = None) -> None:
        self.behaviours: dict[str, Callable[[Handler], None]] = {}
        self.provenance: Any = PROVENANCE
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.bodies: list[bytes] = []
        self.server = _Quiet(("127.0.0.1", 0), Handler)
        self.server.fake = self  # type: ignore[attr-defined]  # what a handler finds it by
        scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            if clients is not None:
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(clients)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            scheme = "https"
        self.port = self.server.server_address[1]
        self.url = f"{scheme}://127.0.0.1:{self.port}"
        Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def on(self, rule: str, behave: Callable[[Handler], None]) -> None:
        """Behave so when a rule is asked."""
        self.behaviours[f"/v1/data/psfpolicy/{rule}"] = behave


@contextmanager
def faked(certificate: Path | None = None, clients: Path | None = None) -> Iterator[Fake]:
    """Run a server: of TLS with a certificate, one that wants those of its clients with that of their authority."""
    fake = Fake(certificate, clients)
    try:
        yield fake
    finally:
        fake.stop()


@contextmanager
def deciding() -> Iterator[Fake]:
    """Run a server that answers by the policy in force, and keeps what it is sent."""
    engine, alone = WasmEngine.bundled(), Lock()

    def answer(rule: Rule, handler: Handler) -> None:
        with alone:
            result = engine.evaluate(handler.question["input"], rule)
        handler.say({"result": result, "provenance": PROVENANCE, "decision_id": f"of {rule}"})

    with faked() as fake:
        for rule in get_args(Rule):
            fake.on(rule, partial(answer, rule))
        yield fake


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(opa: str, *words: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server of OPA until it takes connections."""
    command = [opa, "run", "--server", "--disable-telemetry", "--addr", f"127.0.0.1:{port}", *words]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while process.poll() is None:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


def alike(text: str) -> dict[str, Any]:
    """Give a report without what differs from one engine to the other."""
    report: dict[str, Any] = json.loads(text)
    del report["engine"]
    for assessment in report["assessments"]:
        del assessment["decisions"]
    return report


class Authority:
    """Certificates, made by openssl for the length of a test run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "ca.cnf").write_text(_CONFIG)
        (folder / "index.txt").touch()
        (folder / "serial").write_text("01\n")
        self._openssl("req", "-x509", *_key("ca"), "-out", "ca.pem", "-subj", "/CN=test authority", "-days", "2")
        self.ca = folder / "ca.pem"

    def certificate(self, name: str, alternative: str, *, expired: bool = False, alone: bool = False) -> Path:
        """Give a file of a key and a certificate for a host: `IP:127.0.0.1`."""
        subject = ("-subj", "/CN=server", "-addext", f"subjectAltName={alternative}")
        if alone:
            self._openssl("req", "-x509", *_key(name), "-out", f"{name}.crt", *subject, "-days", "2")
        else:
            self._openssl("req", *_key(name), "-out", f"{name}.csr", *subject)
            dates = ("-startdate", "200101000000Z", "-enddate", "200201000000Z") if expired else ("-days", "2")
            signing = ("-cert", "ca.pem", "-keyfile", "ca.key", "-batch", "-notext", "-rand_serial")
            files = ("-in", f"{name}.csr", "-out", f"{name}.crt")
            self._openssl("ca", "-config", "ca.cnf", *signing, *dates, *files)
        both = self._folder / f"{name}.both.pem"
        both.write_text((self._folder / f"{name}.key").read_text() + (self._folder / f"{name}.crt").read_text())
        return both

    def _openssl(self, *words: str) -> None:
        done = subprocess.run(["openssl", *words], cwd=self._folder, capture_output=True, text=True, check=False)  # noqa: S607
        assert done.returncode == 0, done.stderr


def _key(name: str) -> tuple[str, ...]:
    return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{name}.key")
