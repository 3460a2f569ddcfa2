package psfpolicy.controls.output.structured_test

import data.psfpolicy.controls.output.structured as control
import data.psfpolicy.lib.outcome

_path := ["spec", "outputs", "constrainedDecoding"]

_own := [["spec", "outputs", "constrainedDecoding", "library"], ["spec", "outputs", "constrainedDecoding", "schema"]]

_whole := array.concat(_own, [["spec", "outputs", "sinks"], ["spec", "outputs", "validators"]])

_wanted := "wanted: `library` with one that constrains decoding, and `schema`"

_ui := [{"name": "chat", "kind": "ui"}]

test_pass_with_a_library_and_a_schema if {
	finding := {"path": _path, "status": "pass", "message": "`outlines` holds output to `a.json`", "reads": _whole}
	section := {"library": "outlines", "schema": "a.json"}
	control.findings == {finding} with input.descriptor.spec.outputs.constrainedDecoding as section
}

test_partial_with_a_library_without_a_schema if {
	finding := {
		"path": _path,
		"status": "partial",
		"message": concat("; ", [
			"in `spec.outputs.constrainedDecoding`, `library` is `outlines` and `schema` is missing",
			_wanted,
		]),
		"reads": array.concat(_own, [["spec", "outputs", "sinks", 0, "kind"], ["spec", "outputs", "validators", 0, "kind"]]),
	}
	control.findings == {finding} with input.descriptor.spec.outputs as {
		"constrainedDecoding": {"library": "outlines"},
		"sinks": [{"name": "ehr", "kind": "database"}],
		"validators": [{"name": "v", "kind": "rules"}],
	}
}

test_partial_when_the_schema_is_named_none if {
	section := {"library": "outlines", "schema": "none"}
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.outputs.constrainedDecoding as section
}

test_partial_when_the_model_is_only_fine_tuned_to_the_schema if {
	section := {"library": "fine-tuned", "schema": "a.json"}
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.outputs.constrainedDecoding as section
}

test_fail_when_the_model_is_fine_tuned_to_nothing_named if {
	section := {"library": "fine-tuned"}
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.outputs.constrainedDecoding as section
}

test_fail_when_nothing_enforces_the_schema if {
	section := {"schema": "a.json"}
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.outputs.constrainedDecoding as section
}

test_fail_when_the_library_is_none if {
	section := {"library": "none", "schema": "a.json"}
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.outputs.constrainedDecoding as section
}

test_fail_when_one_of_the_sinks_is_no_ui if {
	sinks := array.concat(_ui, [{"name": "ehr", "kind": "database"}])
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.outputs.sinks as sinks
}

test_fail_when_a_schema_is_claimed_for_a_ui if {
	outputs := {"sinks": _ui, "constrainedDecoding": {"library": "none", "schema": "a.json"}}
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.outputs as outputs
}

test_fail_when_a_validator_claims_a_schema_for_a_ui if {
	outputs := {"sinks": _ui, "validators": [{"name": "v", "kind": "schema"}]}
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.outputs as outputs
}

test_fail_when_the_list_of_sinks_is_empty if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.outputs.sinks as []
}

test_not_applicable_when_every_sink_is_a_ui if {
	outcome.not_applicable(control, _path) with input.descriptor.spec.outputs.sinks as _ui
}

test_not_applicable_when_what_validates_a_ui_is_no_schema if {
	outputs := {"sinks": _ui, "validators": [{"name": "v", "kind": "rules"}]}
	outcome.not_applicable(control, _path) with input.descriptor.spec.outputs as outputs
}

test_absent_section_fails_at_the_section if {
	finding := {
		"path": _path,
		"status": "fail",
		"message": concat("; ", [
			"in `spec.outputs.constrainedDecoding`, `library` is missing and `schema` is missing",
			_wanted,
		]),
		"reads": _whole,
	}
	control.findings == {finding} with input.descriptor as {"spec": {}}
}
