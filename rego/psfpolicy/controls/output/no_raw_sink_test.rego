package psfpolicy.controls.output.no_raw_sink_test

import data.psfpolicy.controls.output.no_raw_sink as control
import data.psfpolicy.lib.outcome

_section := ["spec", "outputs", "sinks"]

_validators := [{"name": "v", "kind": "schema"}]

_validated := {"name": "a", "kind": "database", "via": "v"}

_raw := {"name": "b", "kind": "database"}

test_pass_when_a_validator_stands_before_the_sink if {
	outcome.is(control, [[array.concat(_section, [0]), "pass"]]) with input.descriptor.spec.outputs as {
		"validators": _validators,
		"sinks": [_validated],
	}
}

test_pass_through_constrained_decoding if {
	outcome.is(control, [[array.concat(_section, [0]), "pass"]]) with input.descriptor.spec.outputs as {
		"constrainedDecoding": {"library": "outlines"},
		"sinks": [{"name": "a", "kind": "ui", "via": "constrainedDecoding"}],
	}
}

test_partial_for_the_raw_sink_when_some_are_validated if {
	outcome.is(control, [[array.concat(_section, [0]), "pass"], [array.concat(_section, [1]), "partial"]]) with input.descriptor.spec.outputs as {
		"validators": _validators,
		"sinks": [_validated, _raw],
	}
}

test_fail_when_the_only_sink_is_raw if {
	path := array.concat(_section, [0])
	control.findings == {{
		"path": path,
		"status": "fail",
		"message": "sink `b` receives raw output: it has no `via`; wanted: `via` with `constrainedDecoding`, or the name of an output guard on the path or of a validator",
		"reads": [path, array.concat(path, ["via"])],
	}} with input.descriptor.spec.outputs.sinks as [_raw]
}

test_fail_when_the_guard_named_is_off_the_path if {
	outcome.is(control, [[array.concat(_section, [0]), "fail"]]) with input.descriptor.spec.outputs as {
		"guards": [{"name": "v", "detects": ["pii"], "onPath": false}],
		"sinks": [_validated],
	}
}

test_fail_when_constrained_decoding_is_none if {
	outcome.is(control, [[array.concat(_section, [0]), "fail"]]) with input.descriptor.spec.outputs as {
		"constrainedDecoding": {"library": "none"},
		"sinks": [{"name": "a", "kind": "ui", "via": "constrainedDecoding"}],
	}
}

test_not_applicable_when_no_sink_is_declared_to_exist if {
	outcome.not_applicable(control, _section) with input.descriptor.spec.outputs.sinks as []
}

test_absent_sinks_fail_at_the_section if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {}}
}
