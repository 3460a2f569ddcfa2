package psfpolicy.controls.data.pii_in_outputs_test

import data.psfpolicy.controls.data.pii_in_outputs as control
import data.psfpolicy.lib.outcome

_section := ["spec", "outputs", "guards"]

_first := ["spec", "outputs", "guards", 0]

_guard := {"name": "g", "evaluation": "evals/g", "detects": ["pii"], "action": "redact", "onPath": true, "failClosed": true}

_descriptor(guards) := {"spec": {"data": {"categories": ["pii"]}, "outputs": {"guards": guards}}}

_but(changes) := _descriptor([object.union(_guard, changes)])

test_pass_when_a_guard_redacts_on_the_path_and_fails_closed if {
	outcome.is(control, [[_first, "pass"]]) with input.descriptor as _but({})
}

test_pass_when_a_guard_blocks if {
	outcome.is(control, [[_first, "pass"]]) with input.descriptor as _but({"action": "block"})
}

test_pass_when_a_weaker_guard_stands_beside_a_good_one if {
	outcome.is(control, [[["spec", "outputs", "guards", 1], "pass"]]) with input.descriptor as _descriptor([
		object.union(_guard, {"failClosed": false}),
		_guard,
	])
}

test_partial_when_the_guard_only_flags if {
	control.findings == {{
		"path": _first,
		"status": "partial",
		"message": "guard `g` has action `flag`; wanted: action `block` or `redact`, `onPath: true` and `failClosed: true`",
		"reads": array.concat(
			[["spec", "data", "categories"]],
			[array.concat(_first, [key]) | some key in ["detects", "action", "onPath", "failClosed", "model", "evaluation"]],
		),
	}} with input.descriptor as _but({"action": "flag"})
}

test_partial_when_the_guard_fails_open if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor as _but({"failClosed": false})
}

test_partial_when_a_person_reads_what_was_found if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor as _but({"action": "escalate"})
}

test_fail_when_the_guard_is_off_the_path if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor as _but({"onPath": false})
}

test_fail_when_the_guard_detects_something_else if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as _but({"detects": ["secrets"]})
}

test_fail_when_only_inputs_are_guarded if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {
		"data": {"categories": ["pii"]},
		"inputs": {"guards": [_guard]},
	}}
}

test_not_applicable_when_no_personal_data_is_declared if {
	outcome.not_applicable(control, _section) with input.descriptor as {"spec": {"data": {"categories": []}}}
}

test_absent_guards_fail_at_the_list if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {"data": {"categories": ["pii"]}}}
}

test_absent_categories_fail_at_the_list if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {}}
}
