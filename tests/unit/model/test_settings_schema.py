from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from pydantic import ValidationError

from psfpolicy.model.settings import Bundle, EvidenceRule, GateFloor, OpaServer, Settings

WHOLE = {
    "gate": "baseline",
    "gates": [
        {
            "paths": ["deploy/production/**"],
            "environments": ["production"],
            "gate": "strict",
            "thresholds": {"OPS": 70},
        }
    ],
    "thresholds": {"OPS": 60},
    "regimes": ["gdpr"],
    "categories": ["phi"],
    "unwaivable": ["deploy-model-pinned"],
    "requireEvidence": ["security-weights-integrity"],
    "evidence": [
        {"descriptors": ["prod/*"], "files": ["k8s/*.yaml"], "namespace": "llm", "selector": {"app": "vllm"}},
    ],
    "catalogue": "rows.yaml",
    "bundle": {"file": "bank.tar.gz", "digest": f"sha256:{'0' * 64}", "key": "bank.pub"},
    "exclude": ["tests/**"],
    "waivers": "security/waivers.yaml",
    "waiverDays": 90,
    "inlineIgnores": ["input-audit-log"],
    "accepted": "accepted.json",
    "engine": "opa",
    "opa": {
        "url": "https://opa.example.org:8181",
        "urls": ["https://opa-1.example.org"],
        "tokenEnv": "OPA_TOKEN",
        "ca": "ca.pem",
        "clientCert": "client.pem",
        "timeoutSeconds": 20,
        "package": "acme.psfpolicy",
    },
    "format": "text",
    "output": ["json=report.json"],
    "color": "never",
    "jobs": 2,
    "quiet": False,
    "verbose": True,
}
REFUSED = [
    {"evidence": [{}]},
    {"evidence": [{"files": []}]},
    {"evidence": [{"files": ["a"], "selector": {"app": 1}}]},
    {"gates": [{"regimes": "gdpr"}]},
    {"gates": [{"gate": ""}]},
    {"gates": {"gate": "strict"}},
    {"gate": 5},
    {"engine": "server"},
    {"opa": {"token": "secret"}},
    {"opa": {"tokenEnv": "a b"}},
    {"opa": {"package": "psfpolicy/report"}},
    {"opa": {"timeoutSeconds": 0}},
    {"thresholds": {"OPS": 101}},
    {"thresholds": {"OPS": -1}},
    {"thresholds": {"OPS": 59.5}},
    {"thresholds": {"OPS": None}},
    {"thresholds": ["OPS"]},
    {"color": True},
    {"jobs": 0},
    {"jobs": True},
    {"quiet": "no"},
    {"unwaivable": [None]},
    {"format": ""},
    {"waivers": ""},
    {"bundle": "bank.tar.gz"},
    {"bundle": {"file": "bank.tar.gz"}},
    {"bundle": {"digest": f"sha256:{'0' * 64}"}},
    {"bundle": {"file": "", "digest": f"sha256:{'0' * 64}"}},
    {"bundle": {"file": "bank.tar.gz", "digest": "0" * 64}},
    {"bundle": {"file": "bank.tar.gz", "digest": f"sha256:{'0' * 64}\n"}},
    {"bundle": {"file": "bank.tar.gz", "digest": f"sha256:{'0' * 64}", "url": "https://example.org"}},
    {"waiverDays": 0},
    {"waiverDays": 366},
    {"inlineIgnores": "maybe"},
    {"inlineIgnores": True},
    {"accepted": ["a"]},
    {"exitZero": True},
    {"asOf": "2026-11-21"},
]


def test_settings_are_read_as_they_are_written() -> None:
    assert Settings.model_validate(WHOLE) == Settings(  # type: ignore[call-arg]  # pydantic takes the key as it is written
        gate="baseline",
        gates=(
            GateFloor(
                paths=("deploy/production/**",), environments=("production",), gate="strict", thresholds={"OPS": 70}
            ),
        ),
        thresholds={"OPS": 60},
        regimes=("gdpr",),
        categories=("phi",),
        unwaivable=("deploy-model-pinned",),
        requireEvidence=("security-weights-integrity",),
        evidence=(
            EvidenceRule(descriptors=("prod/*",), files=("k8s/*.yaml",), namespace="llm", selector={"app": "vllm"}),
        ),
        catalogue="rows.yaml",
        bundle=Bundle(file="bank.tar.gz", digest=f"sha256:{'0' * 64}", key="bank.pub"),
        exclude=("tests/**",),
        waivers="security/waivers.yaml",
        waiverDays=90,
        inlineIgnores=("input-audit-log",),
        accepted="accepted.json",
        engine="opa",
        opa=OpaServer.model_validate(WHOLE["opa"]),
        format="text",
        output=("json=report.json",),
        color="never",
        jobs=2,
        quiet=False,
        verbose=True,
    )


def test_the_settings_name_every_key_of_the_model() -> None:
    assert list(WHOLE) == list(Settings.model_json_schema()["properties"])


@pytest.mark.parametrize("said", [{}, {"gates": []}, {"gate": None}, {"jobs": 4.0}, WHOLE], ids=str)
def test_what_is_accepted_is_valid_by_the_schema(said: dict[str, Any], settings_schema: dict[str, Any]) -> None:
    Settings.model_validate(said)
    assert jsonschema_rs.is_valid(settings_schema, said)


@pytest.mark.parametrize("said", [*REFUSED, [], None], ids=str)
def test_what_is_refused_is_not_valid_by_the_schema(said: object, settings_schema: dict[str, Any]) -> None:
    assert not jsonschema_rs.is_valid(settings_schema, said)
    with pytest.raises(ValidationError):
        Settings.model_validate(said)
