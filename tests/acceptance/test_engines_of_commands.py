"""Whatever gives a verdict asks the engine of the settings, and no server is sent a secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import sharing
from tests.scratch import DESCRIPTOR, named
from tests.servers import PROVENANCE, Fake, Handler, alike, deciding, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from psfpolicy.model.run import Outcome, Request
    from psfpolicy.targets import Row
    from tests.conftest import Ran
    from tests.scratch import Scratch

DAY = ("--as-of", "2026-11-21")
NAMES = ("--owner", "platform", "--approver", "security", "--ticket", "SEC-1", "--reason", "as agreed")
WAIVER = {
    "control": "input-audit-log",
    "descriptor": "production/case",
    "path": "",
    "status": "fail",
    "digest": "0" * 64,
    "owner": "a",
    "approver": "b",
    "ticket": "T-1",
    "reason": "as agreed",
    "created": "2026-11-20",
    "expires": "2027-01-01",
}
SECRETS = ("ghp_" + "Ab3" * 12, "s3cret-of-a-proxy", "wJalrXUtnFEMIK7MDENGbPxRfiCYzzLEKEYzzzzz", "hf_" + "Xy7" * 11)
HOLDING = (
    DESCRIPTOR.replace("name: case", f'name: case, labels: {{note: "{SECRETS[0]}", secretAccessKey: {SECRETS[2]}}}')
    .replace("Answers questions", f"Answers questions through https://me:{SECRETS[1]}@proxy.example.com/")
    .replace("spec:\n", "spec:\n  evidence: [k8s/*.yaml]\n")
)
POD = f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: vllm}}
spec:
  selector: {{matchLabels: {{app: vllm}}}}
  template:
    metadata: {{labels: {{app: vllm}}}}
    spec:
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.33.0
          args: [--model, microsoft/phi-4, --api-key, "{SECRETS[3]}"]
          env: [{{name: HF_TOKEN, value: "{SECRETS[3]}"}}, {{name: PROXY, value: "https://me:{SECRETS[1]}@proxy/"}}]
"""


@pytest.fixture
def server() -> Iterator[Fake]:
    with deciding() as found:
        yield found


@pytest.fixture
def here(scratch: Scratch) -> Path:
    """A repository with two descriptors, a waiver and a file of accepted findings."""
    waivers = json.dumps({"waivers": [{"id": "one", **WAIVER}]})
    scratch.write({"a.yaml": DESCRIPTOR, "b.yaml": named("other"), "waivers.yaml": waivers})
    return scratch.root


def settings(server: str | None, more: str = "") -> None:
    asking = "" if server is None else f"engine: opa\nopa: {{url: '{server}'}}\n"
    Path(".psfpolicy.yaml").write_text(f"accepted: accepted.json\n{asking}{more}")


def rules(server: Fake) -> set[str]:
    """Give the rules that a server was asked since this was last called, but for what says which policy it has."""
    asked = {path.rpartition("/")[2] for path, _ in server.seen}
    server.seen.clear()
    return asked - {"bundle", "health"}


COMMANDS = {
    "check": ("check", *DAY, "-q"),
    "fleet": ("fleet", ".", *DAY),
    "waivers list": ("waivers", "list", *DAY),
    "waivers check": ("waivers", "check", *DAY),
    "accepted write": ("accepted", "write", *DAY),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.usefixtures("here")
def test_a_verdict_is_the_servers_where_the_settings_say_so(name: str, server: Fake, run: Callable[..., Ran]) -> None:
    written = Path("accepted.json")
    settings(None)
    embedded = run(*COMMANDS[name])
    kept = written.read_bytes() if written.exists() else None
    written.unlink(missing_ok=True)
    settings(server.url)
    served = run(*COMMANDS[name])
    assert rules(server) == {"report"}
    assert (served.code, served.err) == (embedded.code, embedded.err)
    assert served.out == embedded.out
    assert (written.read_bytes() if written.exists() else None) == kept


@pytest.mark.usefixtures("here")
def test_a_new_waiver_and_what_is_still_accepted_are_the_servers_word(server: Fake, run: Callable[..., Ran]) -> None:
    settings(server.url)
    assert run("accepted", "write", *DAY).code == 0
    rules(server)
    assert run("accepted", "check", *DAY).code == 0
    assert rules(server) == {"report", "change"}
    Path("waivers.yaml").unlink()
    failing = next(
        item
        for item in json.loads(run("check", *DAY, "--format", "json", "a.yaml").out)["assessments"][0]["findings"]
        if item["control"] == "input-audit-log"
    )
    rules(server)
    assert run("waivers", "new", failing["fingerprint"], *NAMES, "--expires", "2026-12-01", *DAY).code == 0
    assert "report" in rules(server)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.usefixtures("here")
def test_a_server_that_is_not_there_is_no_other_engine(name: str, run: Callable[..., Ran]) -> None:
    settings(f"http://127.0.0.1:{free_port()}")
    ran = run(*COMMANDS[name])
    assert (ran.code, ran.out) == (4, "")
    assert "connection refused" in ran.err
    assert not Path("accepted.json").exists()


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.usefixtures("here")
def test_nobody_switches_away_from_the_servers_of_the_settings(
    name: str, server: Fake, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(server.url)
    ran = run(*COMMANDS[name], "--engine", "wasm")
    assert (ran.code, ran.out) == (2, "")
    assert "the settings ask for the engine `opa`, and --engine for `wasm`" in ran.err
    monkeypatch.setenv("PSFPOLICY_ENGINE", "wasm")
    assert "and PSFPOLICY_ENGINE for `wasm`" in run(*COMMANDS[name]).err
    assert server.seen == []


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.usefixtures("here")
def test_servers_are_asked_where_the_command_line_or_the_environment_says_so(
    name: str, server: Fake, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(".psfpolicy.yaml").write_text(f"accepted: accepted.json\nopa: {{url: '{server.url}'}}\n")
    run(*COMMANDS[name])
    assert rules(server) == set()
    Path("accepted.json").unlink(missing_ok=True)
    run(*COMMANDS[name], "--engine", "opa")
    assert rules(server) == {"report"}
    Path("accepted.json").unlink(missing_ok=True)
    monkeypatch.setenv("PSFPOLICY_ENGINE", "opa")
    run(*COMMANDS[name])
    assert rules(server) == {"report"}


@pytest.mark.usefixtures("here")
def test_what_assesses_nothing_asks_no_server(run: Callable[..., Ran]) -> None:
    settings(None)
    report = run("check", *DAY, "--format", "json")
    Path("report.json").write_text(report.out)
    finding = json.loads(report.out)["assessments"][0]["findings"][0]["fingerprint"]
    settings(f"http://127.0.0.1:{free_port()}")
    assert run("fleet", "report.json").code == 1
    assert run("accepted", "check", *DAY).code == 0
    unknown = ("waivers", "new", f"{finding}0", *NAMES, "--expires", "2026-12-01", "--report", "report.json", *DAY)
    assert "no finding has a fingerprint" in run(*unknown).err


@pytest.mark.usefixtures("here")
def test_the_figures_of_other_commands_come_from_the_embedded_engine(run: Callable[..., Ran]) -> None:
    settings(f"http://127.0.0.1:{free_port()}")
    for words in (("flows", "a.yaml"), ("evidence", "a.yaml"), ("input", "a.yaml"), ("capacity", "a.yaml")):
        ran = run(*words)
        assert (ran.code, ran.err) == (0, "")


@pytest.mark.usefixtures("here")
def test_a_fleet_is_assessed_by_as_many_processes_as_are_asked_for(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    assessed = sharing.assessed

    def seen(found: Row, request: Request, *more: Any) -> Generator[Outcome]:
        asked.append(request.jobs)
        return assessed(found, request, *more)

    monkeypatch.setattr(sharing, "assessed", seen)
    settings(None, "jobs: 3\n")
    run("fleet", ".", *DAY)
    run("fleet", ".", *DAY, "--jobs", "2")
    monkeypatch.setenv("PSFPOLICY_JOBS", "5")
    run("fleet", ".", *DAY)
    assert asked == [3, 2, 5]


def test_no_server_is_sent_a_secret(scratch: Scratch, server: Fake, run: Callable[..., Ran]) -> None:
    asking = f"engine: opa\nopa: {{url: '{server.url}'}}\naccepted: accepted.json\n"
    scratch.commit({".psfpolicy.yaml": asking, "a.yaml": HOLDING, "k8s/pod.yaml": POD})
    scratch.write({"a.yaml": HOLDING.replace("remoteCode: false", "remoteCode: true")})

    def trace(handler: Handler) -> None:
        handler.say({"explanation": [json.dumps(handler.question)], "provenance": PROVENANCE})

    server.behaviours["/v1/data/psfpolicy/controls/security/secrets/findings"] = trace
    told = [
        run("check", *DAY),
        run("check", *DAY, "--explain", "security-secrets"),
        run("check", *DAY, "--base", "HEAD"),
        run("fleet", ".", *DAY),
        run("accepted", "write", *DAY),
        run("check", *DAY),
        run("waivers", "list", *DAY),
    ]
    assert {ran.code for ran in told} <= {0, 1}
    assert {"report", "change", "findings"} <= set(rules(server))
    sent = b"".join(server.bodies).decode() + "".join(ran.out + ran.err for ran in told)
    # The client may write what is not ASCII as escapes.
    assert "masked" in sent
    for secret in SECRETS:
        assert secret not in sent


def test_a_secret_that_is_a_name_is_not_sent_either(scratch: Scratch, server: Fake, run: Callable[..., Ran]) -> None:
    text = DESCRIPTOR.replace("name: case", f"name: case, labels: {{{SECRETS[0]}: x}}")
    scratch.write({".psfpolicy.yaml": f"opa: {{url: '{server.url}'}}\n", "a.yaml": text})
    assert run("check", *DAY, "--engine", "opa").code == 1
    assert rules(server) == {"report"}
    sent = b"".join(server.bodies).decode() + run("input", *DAY, "a.yaml").out
    assert SECRETS[0] not in sent
    assert "labels" in sent


def test_a_secret_that_takes_the_place_of_another_has_left_the_scope(
    scratch: Scratch, server: Fake, run: Callable[..., Ran]
) -> None:
    text = DESCRIPTOR.replace("stores: []", f"stores: [], otherFlows: [{{name: '{SECRETS[0]}', kind: tool}}]")
    scratch.commit({".psfpolicy.yaml": f"opa: {{url: '{server.url}'}}\n", "a.yaml": text})
    scratch.write({"a.yaml": text.replace(SECRETS[0], f"{SECRETS[0][:-1]}Z")})
    words = ("check", *DAY, "--base", "HEAD", "--format", "json")
    embedded, served = run(*words), run(*words, "--engine", "opa")
    (found,) = json.loads(embedded.out)["assessments"]
    assert [item["message"] for item in found["reduced"]] == ["the flow `ghp_…[masked]` is not declared any more"]
    assert alike(embedded.out) == alike(served.out)
