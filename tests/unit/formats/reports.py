"""Reports made by hand: one that has everything, one that has nothing, and texts that would act on what shows them."""

from __future__ import annotations

from dataclasses import replace

from psfpolicy.model.report import (
    Accepted,
    Answered,
    Assessment,
    Before,
    CatalogueInfo,
    Comparison,
    Control,
    Domain,
    EngineInfo,
    Explained,
    Finding,
    Fixed,
    Gate,
    Notice,
    Overall,
    Policy,
    Position,
    Problem,
    Read,
    Reason,
    Report,
    RowUsed,
    Score,
    Shown,
    Summary,
    Tool,
    Unassessed,
    Vanished,
    WaiverUse,
)

HOSTILE = (
    "x\r\n::error file=a.py::pwned\n::set-env name=PATH::x %0A::error::pwned ##vso[task.complete]x ##[error]x",
    "]]></failure><script>alert(1)</script>--><!-- &amp; \x00\x1b[2J\x9b31m\u202e\u2028\ud800\U000e0041",
    "| a | ` b `` c ``` d | **bold** [link](https://evil.example) @everyone #1 https://evil.example $x$ </details>",
    '=cmd|"/C calc"!A0',
    "\t+1;=cmd()",
    " @SUM(A1)",
    "{0} [here](1)",
    "../../etc/passwd:1,line=2",
)


def place(line: int, *, file: str = "deploy/notes.yaml", used_at: Position | None = None) -> Position:
    return Position(file=file, start_line=line, start_column=5, end_line=line, end_column=11, used_at=used_at)


def score(value: int | None, *, capped: bool = False) -> Score:
    band = None if value is None else "Strong" if value >= 70 else "Gap"
    return Score(earned=0, possible=0, score=value, capped=capped, band=band)  # type: ignore[arg-type]


FAIL = Finding(
    control="input-injection-defence",
    status="fail",
    severity="critical",
    domain="PSF-1",
    message="no guard detects `injection`",
    path="spec.inputs.guards",
    missing=None,
    place=place(12),
    excerpt="    guards: []",
    assurance="declared",
    fingerprint="a" * 64,
    digest="b" * 64,
    waiver=None,
    remediation="Put a guard on the path:\n\ninputs: {}\n",
)
PARTIAL = replace(
    FAIL,
    control="input-rate-limit",
    status="partial",
    severity="high",
    message="limits requests, not tokens",
    path="spec.inputs.rateLimits",
    place=place(14, used_at=place(40)),
    fingerprint="c" * 64,
)
PASS = replace(
    FAIL,
    control="input-schema",
    status="pass",
    severity="high",
    message="declared",
    excerpt=None,
    remediation="",
    fingerprint="d" * 64,
)
ABSENT = replace(PASS, control="input-audit-log", status="not-applicable", message="nothing is logged")
BROKEN = replace(
    FAIL,
    control="output-validation",
    domain="PSF-2",
    status="error",
    message="the control broke",
    fingerprint="e" * 64,
)
CONTRADICTED = replace(
    FAIL,
    control="data-telemetry",
    severity="medium",
    domain="PSF-3",
    message="telemetry is on",
    assurance="contradicted",
    fingerprint="f" * 64,
    evidence=(
        Shown(
            path="spec.data.telemetry",
            bearing="contradicts",
            value="on",
            reason=None,
            subject="Deployment llm/vllm",
            reader="kubernetes",
            place=place(47, file="k8s/vllm.yaml"),
            excerpt="  - on",
        ),
    ),
)
NOTICE = Notice(
    control="evidence-undeclared",
    severity="critical",
    message="Deployment llm/x serves `org/x`, which the descriptor does not mention",
    path="spec.model.id",
    place=place(3, file="k8s/x.yaml"),
    excerpt="  - --model",
    fingerprint="1" * 64,
    digest="2" * 64,
    remediation="Declare it",
)
REDUCED = replace(NOTICE, control="scope-reduced", message="`gdpr` is gone", path="spec.regimes[gdpr]", change="new")
IGNORE = replace(NOTICE, control="inline-ignore", severity="medium", message="it ignores nothing", path="spec.inputs")
WAIVER = WaiverUse(
    id="W-7",
    control="input-rate-limit",
    descriptor="production/notes",
    owner="platform-security",
    approver="risk-board",
    ticket="SEC-12",
    expires="2026-11-30",
    days_left=9,
    state="used",
    message="",
    place=place(2, file="waivers.yaml"),
)
PROBLEM = Problem(
    code="unknown-key",
    message="`spec` has no key `modle`",
    hint="did you mean `model`?",
    place=place(3, file="broken.yaml"),
    excerpt="  modle: {}",
)
COMPARISON = Comparison(
    base="main",
    merge_base="0123456789abcdef" + "0" * 24,
    head=None,
    policy_from="base",
    policy_changes=("waivers.yaml",),
    fail_on_new=True,
    changes={"new": 2, "worsened": 0, "improved": 0, "existing": 1, "fixed": 1},
    vanished=(),
    unread=("old.yaml",),
    ignored=("plan.json",),
)
GONE = Vanished(
    id="staging/gone",
    file="deploy/gone.yaml",
    notice=replace(REDUCED, path="", message="`staging/gone`: the descriptor is not there any more"),
    verdict="fail",
)


def assessment(*findings: Finding, verdict: str = "fail", **more: object) -> Assessment:
    controls = {
        finding.control: Control(
            id=finding.control,
            title=finding.control,
            domain=finding.domain,
            criterion=None,
            severity=finding.severity,
            status=finding.status,
            effective=finding.status,
        )
        for finding in findings
    }
    made = Assessment(
        id="production/notes",
        file="deploy/notes.yaml",
        document=0,
        line=1,
        gate=Gate(name="standard", requested="standard", thresholds={}, verdict=verdict, reasons=()),  # type: ignore[arg-type]
        overall=Overall(score=50, band="Partial"),
        overall_raw=Overall(score=50, band="Partial"),
        domains=(Domain(id="PSF-1", title="Input Governance", raw=score(39, capped=True), effective=score(72)),),
        apart=(Domain(id="OPS", title="Operations", raw=score(None), effective=score(None)),),
        controls=tuple(controls.values()),
        findings=findings,
        baseline=None,
        flows=(),
        evidence=(),
        undeclared=(),
        declared_none=(),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def report(*items: Assessment, unassessed: tuple[Unassessed, ...] = (), **more: object) -> Report:
    verdicts = [item.gate.verdict for item in items]
    made = Report(
        schema="psfpolicy/report/v1",
        tool=Tool(name="psfpolicy", version="1.2.3"),
        generated_at="2026-11-21T00:00:00Z",
        as_of="2026-11-21",
        policy=Policy(digest="sha256:" + "ab" * 32, opa_version="1.22.0"),
        engine=EngineInfo(name="wasm", version="46.0.1"),
        catalogue=CatalogueInfo(as_of=None, user_rows=None),
        exit_zero=False,
        exit_code=0,
        summary=Summary(
            descriptors=len(items),
            unassessed=len(unassessed),
            verdicts={name: verdicts.count(name) for name in ("undecided", "fail", "advisory", "pass")},
            statuses={},
        ),
        inputs=(),
        assessments=items,
        unassessed=unassessed,
    )
    return replace(made, **more)  # type: ignore[arg-type]


BEFORE = Before(
    file="deploy/notes.yaml",
    verdict="pass",
    overall=Overall(score=81, band="Strong"),
    domains=(Domain(id="PSF-1", title="Input Governance", raw=score(95), effective=score(95)),),
    apart=(),
)
FIXED = Fixed(
    control="data-retention-enforced",
    status="fail",
    severity="high",
    path="spec.data.stores[logs]",
    message="kept for ever",
    fingerprint="9" * 64,
)


def why(control: str, *, text: str | None = None) -> Explained:
    """Give why a control with one finding decided so; a text stands wherever a user's or an engine's words may."""
    read = Read(
        path=text or "spec.inputs.guards",
        origin="declared",
        value=text or "[]",
        missing=None,
        subject=None,
        place=place(12, file=text or "deploy/notes.yaml"),
        excerpt=text or "    guards: []",
        rows=(RowUsed(table="guards", id=text or "scanner", as_of="2026-11-20", sources=(text or "ours",), own=True),),
    )
    absent = replace(read, origin="absent", value=None, missing=text or "schema", rows=())
    shown = replace(read, origin="manifest", subject=text or "Deployment llm/vllm", rows=())
    answered = Answered(
        fingerprint="a" * 64, reads=(read, absent, shown), rules=("data.psfpolicy.controls.x.findings",)
    )
    return Explained(control=control, rego="rego/x.rego", answers=(answered,), trace=(text or "Enter data.x",))


def full() -> Report:
    """Give a report that has one of everything."""
    item = assessment(
        replace(FAIL, change="new"),
        replace(PARTIAL, change="existing", waiver="W-7"),
        replace(CONTRADICTED, change="existing", aged=True),
        replace(FAIL, control="input-out-of-scope", accepted=True, change="existing", fingerprint="7" * 64),
        PASS,
        ABSENT,
        undeclared=(replace(NOTICE, change="new"),),
        reduced=(REDUCED,),
        ignores=(IGNORE,),
        before=BEFORE,
        fixed=(FIXED,),
        evidence=("k8s/vllm.yaml",),
        explained=why("data-telemetry"),
    )
    gate = replace(
        item.gate,
        reasons=(
            Reason(kind="new-finding", control=FAIL.control, domain=None, score=None, threshold=None),
            Reason(kind="scope-reduced", control=None, domain=None, score=None, threshold=None),
        ),
    )
    return report(
        replace(item, gate=gate),
        unassessed=(Unassessed(file="broken.yaml", problems=(PROBLEM, replace(PROBLEM, place=None, hint=None))),),
        comparison=replace(COMPARISON, vanished=(GONE,)),
        waivers=(WAIVER, replace(WAIVER, id="W-8", days_left=-1, state="expired"), replace(WAIVER, days_left=90)),
        accepted=Accepted(file="accepted.yaml", date="2026-11-01", commit="c" * 40, entries=12, hidden=1),
        exit_zero=True,
    )


def hostile(text: str) -> Report:
    """Give a report in which everything that a user writes is a text that would act."""
    where = place(3, file=text)
    finding = replace(
        FAIL, message=text, path=text, place=where, excerpt=text, remediation=text, change="new", evidence=()
    )
    shown = replace(CONTRADICTED.evidence[0], path=text, value=text, subject=text, place=where, excerpt=text)
    waived = replace(finding, control="input-rate-limit", waiver=text, evidence=(shown,), fingerprint="3" * 64)
    notice = replace(NOTICE, message=text, path=text, place=where, excerpt=text, remediation=text, waiver=text)
    item = assessment(
        finding,
        waived,
        id=text,
        file=text,
        domains=(Domain(id=text, title=text, raw=score(1), effective=score(2)),),
        undeclared=(notice,),
        fixed=(replace(FIXED, path=text, message=text),),
        declared_none=(text,),
        before=replace(BEFORE, file=text),
        explained=why(waived.control, text=text),
    )
    problem = replace(PROBLEM, message=text, hint=text, place=where, excerpt=text)
    gone = replace(GONE, id=text, file=text, notice=replace(notice, control="scope-reduced"))
    return report(
        item,
        unassessed=(Unassessed(file=text, problems=(problem,)),),
        comparison=replace(
            COMPARISON, base=text, merge_base=text, head=text, policy_changes=(text,), unread=(text,), vanished=(gone,)
        ),
        waivers=(replace(WAIVER, id=text, descriptor=text, owner=text, ticket=text),),
        accepted=Accepted(file=text, date=text, commit=text, entries=1, hidden=1),
    )
