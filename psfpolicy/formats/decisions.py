"""Events of OPA's decision log, one a line, so that a collector takes those of a run beside those of servers.

The shape is `EventV1` of OPA's plugin (https://www.openpolicyagent.org/docs/management-decision-logs). The input is
left out, and `erased` says so. The result has the verdict, the scores and the status of each control, and no message or
place of a finding. A file that could not be assessed is an event with an `error` and without a result.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from psfpolicy.formats._escapes import json_text
from psfpolicy.inert import inert
from psfpolicy.model.record import jsonable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.formats.base import Style
    from psfpolicy.model.place import JsonValue
    from psfpolicy.model.report import Assessment, Domain, Problem, Reason, Report

_PATH = "psfpolicy/report"
_INPUT_LEFT_OUT = ["/input"]


def render(report: Report, style: Style) -> Iterator[str]:
    """Give a line for each descriptor, for each file that could not be assessed, and for each that is gone."""
    digests = {item.file: item.sha256 for item in report.inputs}
    for failed in report.unassessed:
        error: dict[str, JsonValue] = {"error": _error(failed.problems)}
        yield _line(_event(report, style, failed.file, "") | error, digests.get(failed.file))
    for item in report.assessments:
        event = _event(report, style, item.file, item.id) | {"result": _result(item)}
        yield _line(event, [digests.get(item.file), *(finding.digest for finding in item.findings)])
    for gone in () if report.comparison is None else report.comparison.vanished:
        result: JsonValue = {"gate": {"verdict": gone.verdict, "reasons": [{"kind": gone.notice.control}]}}
        yield _line(_event(report, style, gone.file, gone.id) | {"result": result}, gone.notice.digest)


def _event(report: Report, style: Style, file: str, deployment: str) -> dict[str, JsonValue]:
    labels: dict[str, JsonValue] = {
        "id": report.tool.name,
        "version": report.tool.version,
        "engine": f"{report.engine.name} {report.engine.version}",
        "file": inert(file),
        "as_of": report.as_of,
    }
    labels |= {"deployment": inert(deployment)} if deployment else {}
    labels |= {"run": style.id} if style.id else {}
    return {
        "labels": labels,
        "bundles": {"psfpolicy": {"revision": report.policy.digest.removeprefix("sha256:")}},
        "path": _PATH,
        "erased": list(_INPUT_LEFT_OUT),
        "timestamp": report.generated_at,
    }


def _line(event: dict[str, JsonValue], rests_on: JsonValue) -> str:
    return json_text({"decision_id": _id([event, rests_on]), **event}) + "\n"


def _result(item: Assessment) -> dict[str, JsonValue]:
    """Give the parts of the answer that name nothing of the deployment, under the names that they have in it."""
    return {
        "gate": {
            "name": item.gate.name,
            "verdict": item.gate.verdict,
            "reasons": [_reason(reason) for reason in item.gate.reasons],
        },
        "overall": {"effective": jsonable(item.overall), "raw": jsonable(item.overall_raw)},
        "domains": _sums(item.domains),
        "apart": _sums(item.apart),
        "controls": {
            control.id: {"status": control.status, "effective": control.effective} for control in item.controls
        },
    }


def _sums(domains: tuple[Domain, ...]) -> JsonValue:
    return {item.id: {"raw": jsonable(item.raw), "effective": jsonable(item.effective)} for item in domains}


def _reason(reason: Reason) -> JsonValue:
    named: dict[str, JsonValue] = {
        "kind": reason.kind,
        "control": reason.control,
        "domain": reason.domain,
        "score": reason.score,
        "threshold": reason.threshold,
    }
    return {key: value for key, value in named.items() if value is not None}


def _error(problems: tuple[Problem, ...]) -> JsonValue:
    """Give an error as OPA writes one."""
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    errors: list[JsonValue] = [{"code": problem.code, "message": inert(problem.message)} for problem in problems]
    return {"code": "not_assessed", "message": count, "errors": errors}


def _id(value: JsonValue) -> str:
    """Give a UUID (RFC 9562, version 8) that is the same for the same decision on the same input."""
    digest = sha256(json.dumps(value, sort_keys=True).encode()).digest()
    return str(UUID(int=(int.from_bytes(digest[:16]) & ~(0xF << 76) & ~(0x3 << 62)) | (0x8 << 76) | (0x2 << 62)))
