package psfpolicy.controls.input.injection_defence_test

import data.psfpolicy.controls.input.injection_defence as control
import data.psfpolicy.lib.outcome

_section := ["spec", "inputs", "guards"]

_guard := {"name": "g", "detects": ["injection"], "action": "block", "onPath": true, "failClosed": true}

_but(changes) := [object.union(_guard, changes)]

test_pass_when_a_guard_blocks_on_the_path_and_fails_closed if {
	outcome.is(control, [[["spec", "inputs", "guards", 0], "pass"]]) with input.descriptor.spec.inputs.guards as [_guard]
}

test_pass_when_a_weaker_guard_stands_beside_a_good_one if {
	outcome.is(control, [[["spec", "inputs", "guards", 1], "pass"]]) with input.descriptor.spec.inputs.guards as [
		object.union(_guard, {"action": "flag"}),
		_guard,
	]
}

test_partial_when_the_guard_only_flags if {
	outcome.is(control, [[["spec", "inputs", "guards", 0], "partial"]]) with input.descriptor.spec.inputs.guards as _but({"action": "flag"})
}

test_partial_when_the_guard_fails_open if {
	outcome.is(control, [[["spec", "inputs", "guards", 0], "partial"]]) with input.descriptor.spec.inputs.guards as _but({"failClosed": false})
}

test_partial_when_the_mode_is_not_said if {
	outcome.is(control, [[["spec", "inputs", "guards", 0], "partial"]]) with input.descriptor.spec.inputs.guards as [object.remove(_guard, ["failClosed"])]
}

test_fail_when_the_guard_is_off_the_path if {
	outcome.is(control, [[["spec", "inputs", "guards", 0], "fail"]]) with input.descriptor.spec.inputs.guards as _but({"onPath": false})
}

test_fail_when_the_guard_reads_only_retrieved_text if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.inputs.guards as _but({"scans": ["retrieved"]})
}

test_fail_says_what_is_seen_and_what_is_wanted if {
	finding := {
		"path": ["spec", "inputs", "guards", 0],
		"status": "partial",
		"message": "guard `g` has action `flag`; wanted: action `block` or `escalate`, onPath: true, failClosed: true",
		"reads": [["spec", "inputs", "guards", 0, key] | some key in ["detects", "scans", "action", "onPath", "failClosed"]],
	}
	control.findings == {finding} with input.descriptor.spec.inputs.guards as _but({"action": "flag"})
}

test_absent_guards_fail_at_the_list if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {}}
}
