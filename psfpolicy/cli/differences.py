"""What `psfpolicy bundle diff` shows: what tells two bundles apart, and what they answer otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.bundles.differing import Difference
    from psfpolicy.model.report import Assessment, Report


def told(found: Difference) -> dict[str, Any]:
    """Give a difference as JSON."""
    return {
        "controls": {
            "added": list(found.added),
            "removed": list(found.removed),
            "changed": [{"id": item.id, "metadata": list(item.metadata), "code": item.code} for item in found.changed],
        },
        "sources": list(found.sources),
        "rows": list(found.rows),
        "packs": list(found.packs),
    }


def lines(found: Difference) -> Iterator[str]:
    """Give a difference for a person."""
    yield from (f"pack {name[0]} {name[1:]}" for name in found.packs)
    yield from (f"control + {id_}" for id_ in found.added)
    yield from (f"control - {id_}" for id_ in found.removed)
    for item in found.changed:
        yield f"control ~ {item.id}: {', '.join((*item.metadata, *(['its code'] if item.code else [])))}"
    yield from (f"shared code {name[0]} {name[1:]}" for name in found.sources)
    yield from (f"row {name[0]} {name[1:]}" for name in found.rows)


def answers(before: Report, after: Report) -> list[dict[str, Any]]:
    """Give each answer that is another: verdicts first, then findings, by descriptor and place."""
    was = {item.id: item for item in before.assessments}
    now = {item.id: item for item in after.assessments}
    failed = dict.fromkeys(item.file for item in (*before.unassessed, *after.unassessed))
    rows: list[dict[str, Any]] = [
        {"file": file, "what": "not assessed", "before": None, "after": None} for file in failed
    ]
    for id_ in sorted(was.keys() | now.keys()):
        rows += _of_one(id_, was.get(id_), now.get(id_))
    return rows


def _of_one(id_: str, before: Assessment | None, after: Assessment | None) -> Iterator[dict[str, Any]]:
    shown = after or before
    if shown is None:
        return
    verdicts = [None if item is None else item.gate.verdict for item in (before, after)]
    if verdicts[0] != verdicts[1]:
        yield {"file": shown.file, "what": f"{id_}: verdict", "before": verdicts[0], "after": verdicts[1]}
    was = {} if before is None else {item.fingerprint: item for item in before.findings}
    now = {} if after is None else {item.fingerprint: item for item in after.findings}
    changed = [key for key in was.keys() | now.keys() if _status(was, key) != _status(now, key)]
    for key in sorted(changed, key=lambda key: ((now.get(key) or was[key]).control, (now.get(key) or was[key]).path)):
        finding = now.get(key) or was[key]
        spot = f"{finding.place.file}:{finding.place.start_line}:{finding.place.start_column}"
        what = f"{finding.control} at `{finding.path}`"
        yield {"file": spot, "what": what, "before": _status(was, key), "after": _status(now, key)}


def _status(findings: Mapping[str, Any], key: str) -> str | None:
    return str(findings[key].status) if key in findings else None


def line(answer: Mapping[str, Any]) -> str:
    """Give such an answer for a person."""
    moved = f": {answer['before'] or 'not asked'} -> {answer['after'] or 'not asked'}"
    return f"{answer['file']}: {answer['what']}{moved if answer['before'] or answer['after'] else ''}"
