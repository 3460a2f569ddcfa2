package psfpolicy.controls.output.no_raw_sink_test

import data.psfpolicy.controls.output.no_raw_sink as control
import data.psfpolicy.lib.outcome

_section := ["spec", "outputs", "sinks"]

_first := ["spec", "outputs", "sinks", 0]

_second := ["spec", "outputs", "sinks", 1]

_wanted := "wanted: `via` with `constrainedDecoding`, or the name of an output guard on the path or of a validator"

_validators := [{"name": "v", "kind": "schema"}]

_validated := {"name": "a", "kind": "database", "via": "v"}

_raw := {"name": "b", "kind": "database"}

_decoded := {"name": "a", "kind": "ui", "via": "constrainedDecoding"}

_decoding := {"library": "outlines", "schema": "a.json"}

_held := [["spec", "outputs", "constrainedDecoding", "library"], ["spec", "outputs", "constrainedDecoding", "schema"]]

test_pass_when_a_validator_stands_before_the_sink if {
	finding := {
		"path": _first,
		"status": "pass",
		"message": "sink `a` receives output through `v`",
		"reads": [array.concat(_first, ["via"]), ["spec", "outputs", "validators", 0, "name"]],
	}
	outputs := {"validators": _validators, "sinks": [_validated]}
	control.findings == {finding} with input.descriptor.spec.outputs as outputs
}

test_pass_through_constrained_decoding if {
	finding := {
		"path": _first,
		"status": "pass",
		"message": "sink `a` receives output through `constrainedDecoding`",
		"reads": array.concat([array.concat(_first, ["via"])], _held),
	}
	outputs := {"constrainedDecoding": _decoding, "sinks": [_decoded]}
	control.findings == {finding} with input.descriptor.spec.outputs as outputs
}

test_pass_through_an_output_guard if {
	finding := {
		"path": _first,
		"status": "pass",
		"message": "sink `a` receives output through `v`",
		"reads": [
			array.concat(_first, ["via"]),
			["spec", "outputs", "guards", 0, "action"],
			["spec", "outputs", "guards", 0, "name"],
			["spec", "outputs", "guards", 0, "onPath"],
		],
	}
	outputs := {"guards": [{"name": "v", "detects": ["pii"], "onPath": true}], "sinks": [_validated]}
	control.findings == {finding} with input.descriptor.spec.outputs as outputs
}

test_pass_through_an_output_guard_that_does_not_say_where_it_stands if {
	outputs := {"guards": [{"name": "v", "detects": ["pii"]}], "sinks": [_validated]}
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec.outputs as outputs
}

test_pass_for_every_sink_that_names_something if {
	outputs := {
		"validators": _validators,
		"constrainedDecoding": _decoding,
		"sinks": [_validated, object.union(_decoded, {"name": "c"})],
	}
	outcome.is(control, [[_first, "pass"], [_second, "pass"]]) with input.descriptor.spec.outputs as outputs
}

test_partial_for_the_raw_sink_when_some_are_validated if {
	outputs := {"validators": _validators, "sinks": [_validated, _raw]}
	outcome.is(control, [[_first, "pass"], [_second, "partial"]]) with input.descriptor.spec.outputs as outputs
}

test_fail_through_an_output_guard_that_only_flags if {
	outputs := {"guards": [{"name": "v", "detects": ["pii"], "action": "flag", "onPath": true}], "sinks": [_validated]}
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.outputs as outputs
}

test_fail_when_the_only_sink_is_raw if {
	finding := {
		"path": _first,
		"status": "fail",
		"message": concat("; ", ["sink `b` receives raw output: it has no `via`", _wanted]),
		"reads": [array.concat(_first, ["via"])],
	}
	control.findings == {finding} with input.descriptor.spec.outputs.sinks as [_raw]
}

test_fail_for_every_sink_when_all_are_raw if {
	sinks := [_raw, object.union(_raw, {"name": "c"})]
	outcome.is(control, [[_first, "fail"], [_second, "fail"]]) with input.descriptor.spec.outputs.sinks as sinks
}

test_fail_when_the_name_stands_for_nothing if {
	finding := {
		"path": _first,
		"status": "fail",
		"message": concat("; ", [
			"sink `a` names `v`, which is nothing in `spec.outputs` that stands in the way",
			_wanted,
		]),
		"reads": [array.concat(_first, ["via"])],
	}
	control.findings == {finding} with input.descriptor.spec.outputs.sinks as [_validated]
}

test_fail_when_the_guard_named_is_off_the_path if {
	outputs := {"guards": [{"name": "v", "detects": ["pii"], "onPath": false}], "sinks": [_validated]}
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.outputs as outputs
}

test_fail_when_the_guard_named_stands_before_the_model if {
	spec := {"inputs": {"guards": [{"name": "v", "detects": ["pii"]}]}, "outputs": {"sinks": [_validated]}}
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec as spec
}

test_fail_when_constrained_decoding_is_none if {
	outputs := {"constrainedDecoding": {"library": "none"}, "sinks": [_decoded]}
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.outputs as outputs
}

test_fail_when_the_model_is_only_fine_tuned if {
	outputs := {"constrainedDecoding": {"library": "fine-tuned", "schema": "a.json"}, "sinks": [_decoded]}
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.outputs as outputs
}

test_fail_when_constrained_decoding_has_no_schema if {
	finding := {
		"path": _first,
		"status": "fail",
		"message": concat("; ", [
			"sink `a` names `constrainedDecoding`, but its `library` is `outlines` and its `schema` is `none`",
			_wanted,
		]),
		"reads": array.concat([array.concat(_first, ["via"])], _held),
	}
	outputs := {"constrainedDecoding": {"library": "outlines", "schema": "none"}, "sinks": [_decoded]}
	control.findings == {finding} with input.descriptor.spec.outputs as outputs
}

test_fail_when_constrained_decoding_cannot_work_where_the_model_runs if {
	spec := {
		"serving": {"hosting": "on-prem"},
		"outputs": {"constrainedDecoding": object.union(_decoding, {"library": "provider-native"}), "sinks": [_decoded]},
	}
	findings := control.findings with input.descriptor.spec as spec
	message := concat("; ", [
		concat("", [
			"sink `a` names `constrainedDecoding`, but `provider-native` is a provider's own way, ",
			"while `spec.serving.hosting` is `on-prem`",
		]),
		_wanted,
	])
	[[finding.path, finding.status, finding.message] | some finding in findings] == [[_first, "fail", message]]
	some finding in findings
	some path in finding.reads
	path == ["spec", "serving", "hosting"]
}

test_fail_when_constrained_decoding_is_named_and_not_declared if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.outputs.sinks as [_decoded]
}

test_not_applicable_when_no_sink_is_declared_to_exist if {
	outcome.not_applicable(control, _section) with input.descriptor.spec.outputs.sinks as []
}

test_absent_sinks_fail_at_the_section if {
	finding := {
		"path": _section,
		"status": "fail",
		"message": "`spec.outputs.sinks` is missing; wanted: each sink with its `via`, or `[]` where there is none",
		"reads": [_section],
	}
	control.findings == {finding} with input.descriptor as {"spec": {}}
}
