package psfpolicy.controls.output.content_filter_test

import data.psfpolicy.controls.output.content_filter as control
import data.psfpolicy.lib.outcome

_section := ["spec", "outputs", "guards"]

_first := ["spec", "outputs", "guards", 0]

_second := ["spec", "outputs", "guards", 1]

_exposure := [["spec", "purpose", "audience"], ["spec", "purpose", "consequence"]]

_guard := {"name": "g", "evaluation": "evals/g", "detects": ["unsafe-content"], "action": "block", "onPath": true, "failClosed": true}

_but(changes) := [object.union(_guard, changes)]

test_pass_when_a_guard_blocks_on_the_path_and_fails_closed if {
	finding := {
		"path": _first,
		"status": "pass",
		"message": "guard `g` detects `unsafe-content` with action `block`, on the path, failing closed",
		"reads": array.concat(
			[array.concat(_first, [key]) | some key in ["detects", "action", "onPath", "failClosed", "model", "evaluation"]],
			_exposure,
		),
	}
	control.findings == {finding} with input.descriptor.spec.outputs.guards as [_guard]
}

test_pass_when_a_guard_redacts if {
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec.outputs.guards as _but({"action": "redact"})
}

test_pass_when_a_weaker_guard_stands_beside_a_good_one if {
	guards := array.concat(_but({"action": "flag"}), [_guard])
	outcome.is(control, [[_second, "pass"]]) with input.descriptor.spec.outputs.guards as guards
}

test_partial_when_the_guard_only_flags if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.outputs.guards as _but({"action": "flag"})
}

test_partial_when_the_guard_escalates if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.outputs.guards as _but({"action": "escalate"})
}

test_partial_when_the_guard_fails_open if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.outputs.guards as _but({"failClosed": false})
}

test_fail_when_the_guard_is_off_the_path if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.outputs.guards as _but({"onPath": false})
}

test_fail_when_the_guard_stands_before_the_model if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.inputs.guards as [_guard]
}

test_fail_when_the_guard_detects_only_pii if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.outputs.guards as _but({"detects": ["pii"]})
}

test_fail_when_an_internal_audience_meets_medium_consequence if {
	purpose := {"audience": "internal", "consequence": "medium"}
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.purpose as purpose
}

test_fail_when_customers_meet_low_consequence if {
	purpose := {"audience": "customer", "consequence": "low"}
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.purpose as purpose
}

test_not_applicable_for_an_internal_audience_with_low_consequence if {
	purpose := {"audience": "internal", "consequence": "low"}
	outcome.not_applicable(control, _section) with input.descriptor.spec.purpose as purpose
}

test_absent_guards_and_consequence_fail_at_the_list if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.purpose as {"audience": "internal"}
}

test_absent_audience_fails_at_the_list if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.purpose as {"consequence": "low"}
}
