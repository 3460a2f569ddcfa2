"""Reports and runs as files, and deployments that have everything that a view tells."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from psfpolicy.fleet.view import of_report
from psfpolicy.model.record import jsonable
from psfpolicy.model.report import AdvisoryFound, Flow, Served, ServedEngine, UserLimit
from tests.unit.formats.reports import FAIL, PASS, assessment, place, report, score

if TYPE_CHECKING:
    from psfpolicy.fleet.held import Opened
    from psfpolicy.model.report import Assessment, Report

FLOW = Flow(
    path="spec.serving",
    kind="inference",
    name="inference",
    carries=("prompts", "responses"),
    country="US",
    operator="acme",
    jurisdiction="US",
    third_party=True,
    border=True,
    place=place(4),
)
LIMIT = UserLimit(
    path="spec.model.id",
    name="acme/large",
    licence="acme",
    title="Acme Licence",
    limit=1_000_000,
    counted=None,
    users=900_000,
    percent=90,
    standing="near",
)
ENGINE = ServedEngine(
    name="vllm",
    row="vllm",
    title="vLLM",
    version="0.11.0",
    tag=None,
    standing="compared",
    advisories=(
        AdvisoryFound(id="CVE-1", severity="high", standing="affected"),
        AdvisoryFound(id="CVE-2", severity=None, standing="unmet"),
        AdvisoryFound(id="CVE-3", severity="critical", standing="noted"),
    ),
)
SERVED = Served(home="DE", engine=ENGINE, licences=(LIMIT,))


def deployment(name: str, verdict: str = "fail", **more: Any) -> Assessment:
    """Give an assessment of `production/NAME`, written in `NAME.yaml`."""
    found = {"served": SERVED, "flows": (FLOW,), **more}
    return assessment(FAIL, PASS, verdict=verdict, id=f"production/{name}", file=f"{name}.yaml", **found)


def scored(item: Assessment, value: int | None) -> Assessment:
    """Give an assessment whose first domain has a score."""
    return replace(item, domains=(replace(item.domains[0], effective=score(value)),))


def source(*items: Assessment, name: str = "", **more: Any) -> Opened:
    """Give a report as if it had been read."""
    made = of_report(report(*items, **more))
    return replace(made, name=name) if name else made


def as_json(made: Report) -> dict[str, Any]:
    """Give a report as its JSON is."""
    value: Any = json.loads(json.dumps(jsonable(made)))
    return dict(value)


def as_run(made: Report, **summary: Any) -> list[dict[str, Any]]:
    """Give a report as the lines of a run."""
    whole = as_json(made)
    schema = {"schema": "psfpolicy/run/v1"}
    keys = ("tool", "generatedAt", "asOf", "policy", "engine", "comparison")
    files = sorted({item["file"] for item in (*whole["assessments"], *whole["unassessed"])})
    return [
        {**schema, "kind": "head", **{key: whole[key] for key in keys}, "files": len(files)},
        *(
            {
                **schema,
                "kind": "file",
                "file": file,
                "assessments": [item for item in whole["assessments"] if item["file"] == file],
                "unassessed": next((item for item in whole["unassessed"] if item["file"] == file), None),
            }
            for file in files
        ),
        {
            **schema,
            "kind": "summary",
            "interrupted": False,
            "remaining": 0,
            "withdrawn": [],
            "summary": whole["summary"],
            **summary,
        },
    ]


def ndjson(lines: list[dict[str, Any]]) -> bytes:
    """Give lines as bytes."""
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)
