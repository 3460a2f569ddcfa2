package psfpolicy.controls.output.validation_test

import data.psfpolicy.controls.output.validation as control
import data.psfpolicy.lib.outcome

_path := ["spec", "outputs", "validation"]

_reads := [["spec", "outputs", "validation", "mode"], ["spec", "outputs", "validation", "onFailure"]]

_wanted := "wanted: `mode: every-response`, and `onFailure` with a handler"

test_pass_when_every_response_is_validated_and_failure_is_handled if {
	finding := {
		"path": _path,
		"status": "pass",
		"message": "every response is validated, and a failure leads to `retry`",
		"reads": _reads,
	}
	section := {"mode": "every-response", "onFailure": "retry"}
	control.findings == {finding} with input.descriptor.spec.outputs.validation as section
}

test_partial_when_responses_are_sampled if {
	finding := {
		"path": _path,
		"status": "partial",
		"message": concat("; ", ["in `spec.outputs.validation`, `mode` is `sampled` and `onFailure` is `reject`", _wanted]),
		"reads": _reads,
	}
	section := {"mode": "sampled", "onFailure": "reject"}
	control.findings == {finding} with input.descriptor.spec.outputs.validation as section
}

test_fail_when_sampled_without_a_handler if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.outputs.validation as {"mode": "sampled"}
}

test_fail_when_a_failure_has_no_handler if {
	section := {"mode": "every-response", "onFailure": "none"}
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.outputs.validation as section
}

test_fail_when_the_handler_is_not_said if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.outputs.validation as {"mode": "every-response"}
}

test_fail_when_there_is_nothing_that_validates if {
	section := {"mode": "every-response", "onFailure": "reject"}
	finding := {
		"path": _path,
		"status": "fail",
		"message": "nothing in `spec.outputs` validates: `validators` is empty; wanted: a validator, a guard or constrained decoding",
		"reads": array.concat(_reads, [
			["spec", "outputs", "validators"], ["spec", "outputs", "guards"],
			["spec", "outputs", "constrainedDecoding"],
		]),
	}
	control.findings == {finding} with input.descriptor.spec.outputs as {"validation": section, "validators": []}
	control.findings == {finding} with input.descriptor.spec.outputs as {
		"validation": section, "validators": [], "guards": [],
		"constrainedDecoding": {"library": "none"},
	}
}

test_pass_when_something_else_than_a_validator_validates if {
	outputs := {"validation": {"mode": "every-response", "onFailure": "reject"}, "validators": []}
	every other in [{"guards": [{"name": "g"}]}, {"constrainedDecoding": {"library": "outlines"}}] {
		outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec.outputs as object.union(outputs, other)
	}
}

test_fail_when_nothing_is_validated if {
	section := {"mode": "none", "onFailure": "reject"}
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.outputs.validation as section
}

test_fail_when_the_mode_is_not_said if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.outputs.validation as {"onFailure": "reject"}
}

test_absent_validation_fails_at_the_section if {
	finding := {
		"path": _path,
		"status": "fail",
		"message": concat("; ", ["in `spec.outputs.validation`, `mode` is missing and `onFailure` is missing", _wanted]),
		"reads": _reads,
	}
	control.findings == {finding} with input.descriptor as {"spec": {}}
}
