"""Why a control decided so, as a person reads it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.formats import format_named
from psfpolicy.formats.base import Style
from tests.unit.formats.reports import ABSENT, CONTRADICTED, FAIL, assessment, report, why

if TYPE_CHECKING:
    from psfpolicy.model.report import Assessment


def shown(item: Assessment, style: Style) -> str:
    text = "".join(format_named("text").render(report(item), style))
    return text[text.index("  why ") :]


QUIET = Style(quiet=True)

EXPLAINED = """\
  why data-telemetry is fail: data-telemetry, medium
    deploy/notes.yaml:12:5: fail  spec.inputs.guards
      telemetry is on
      known as: contradicted, waived by W-7, accepted, existing since the base
      held: data.psfpolicy.controls.x.findings
      read deploy/notes.yaml:12:5: spec.inputs.guards: []
        12 |     guards: []
           |     ^^^^^^
          your own row scanner of guards, as of 2026-11-20, ours
      read deploy/notes.yaml:12:5: not declared: spec.inputs.guards
        12 |     guards: []
           |     ^^^^^^
      read deploy/notes.yaml:12:5: spec.inputs.guards: [] (not declared; shown by Deployment llm/vllm)
        12 |     guards: []
           |     ^^^^^^
      evidence k8s/vllm.yaml:47:5: contradicts spec.data.telemetry: on (Deployment llm/vllm)
    what would have to change
      Put a guard on the path:

      inputs: {}
    rules: rego/x.rego; what they ask: psfpolicy explain data-telemetry
    what the engine evaluated
      Enter data.x

"""


def test_everything_that_is_known_of_a_decision_is_told() -> None:
    finding = replace(CONTRADICTED, waiver="W-7", accepted=True, change="existing")
    item = assessment(finding, explained=why("data-telemetry"))
    assert shown(item, QUIET) == EXPLAINED
    assert EXPLAINED in shown(item, Style(verbose=True))


def test_what_waivers_leave_of_a_control_stands_beside_it() -> None:
    item = assessment(FAIL, explained=why(FAIL.control))
    (control,) = item.controls
    item = replace(item, controls=(replace(control, effective="waived"),))
    assert shown(item, QUIET).startswith("  why input-injection-defence is fail, waived with waivers: ")


def test_what_does_not_apply_asks_for_no_change_and_may_have_read_nothing() -> None:
    because = why(ABSENT.control)
    because = replace(because, answers=(replace(because.answers[0], reads=()),), trace=())
    text = shown(assessment(ABSENT, explained=because), QUIET)
    assert "      no value of the descriptor was read for this\n" in text
    assert "what would have to change" not in text
    assert "what the engine evaluated" not in text


def test_colours_are_those_of_the_status() -> None:
    text = shown(assessment(FAIL, explained=why(FAIL.control)), Style(quiet=True, color=True))
    assert "why input-injection-defence is \x1b[31mfail\x1b[0m" in text


def test_what_is_missing_at_one_place_is_said_once() -> None:
    because = why(FAIL.control)
    absent = because.answers[0].reads[1]
    reads = (absent, replace(absent, path="spec.inputs.schema"))
    because = replace(because, answers=(replace(because.answers[0], reads=reads),))
    text = shown(assessment(FAIL, explained=because), QUIET)
    assert "      read deploy/notes.yaml:12:5: not declared: spec.inputs.guards, spec.inputs.schema\n" in text
