package psfpolicy.controls.input.schema_test

import data.psfpolicy.controls.input.schema as control
import data.psfpolicy.lib.outcome

_path := ["spec", "inputs", "schema"]

_reads := [["spec", "inputs", "schema", "ref"], ["spec", "inputs", "schema", "maxTokens"], ["spec", "model", "maxModelLen"]]

_held(schema, length) := {"spec": {"inputs": {"schema": schema}, "model": {"maxModelLen": length}}}

test_pass_with_a_schema_and_a_limit_at_the_models_length if {
	finding := {
		"path": _path,
		"status": "pass",
		"message": "inputs are held to `a.json` and to `8192` tokens of the model's `8192`",
		"reads": _reads,
	}
	control.findings == {finding} with input.descriptor as _held({"ref": "a.json", "maxTokens": 8192}, 8192)
}

test_pass_with_a_limit_of_one_token if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _held({"ref": "a.json", "maxTokens": 1}, 8192)
}

test_partial_when_the_limit_is_one_above_the_models_length if {
	finding := {
		"path": _path,
		"status": "partial",
		"message": concat("; ", [
			"in `spec.inputs.schema`, `maxTokens` is `8193`, above `spec.model.maxModelLen` of `8192`",
			"wanted: `ref` naming a schema, and `maxTokens` above 0 and at most `spec.model.maxModelLen`",
		]),
		"reads": _reads,
	}
	control.findings == {finding} with input.descriptor as _held({"ref": "a.json", "maxTokens": 8193}, 8192)
}

test_partial_with_a_schema_alone if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _held({"ref": "a.json"}, 8192)
}

test_partial_with_a_schema_alone_where_the_models_length_is_not_declared_either if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.inputs.schema as {"ref": "a.json"}
}

test_partial_with_a_limit_alone if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _held({"maxTokens": 8192}, 8192)
}

test_partial_when_the_schema_is_named_none if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _held({"ref": "none", "maxTokens": 8192}, 8192)
}

test_partial_when_the_limit_is_zero if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _held({"ref": "a.json", "maxTokens": 0}, 8192)
}

test_partial_when_the_models_length_is_not_declared if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.inputs.schema as {"ref": "a.json", "maxTokens": 8192}
}

test_partial_when_the_limit_is_above_what_the_model_reads_whatever_it_is_served_with if {
	held := _held({"ref": "a.json", "maxTokens": 131073}, 1000000)
	message := concat("; ", [
		"in `spec.inputs.schema`, `maxTokens` is `131073`, above the `131072` that `meta-llama/Llama-3.1-70B-Instruct` reads",
		"wanted: `ref` naming a schema, and `maxTokens` above 0 and at most `spec.model.maxModelLen`",
	])
	findings := control.findings with input.descriptor as object.union(held, {"spec": {"model": {"id": "meta-llama/Llama-3.1-70B-Instruct"}}})
	[[finding.status, finding.message] | some finding in findings] == [["partial", message]]
	some finding in findings
	some path in finding.reads
	path == ["spec", "model", "id"]
}

test_pass_at_what_the_model_reads_extended_as_its_maker_documents if {
	held := _held({"ref": "a.json", "maxTokens": 131072}, 131072)
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as object.union(held, {"spec": {"model": {"id": "Qwen/Qwen3-32B"}}})
}

test_pass_at_the_length_that_is_said_of_a_model_made_from_a_shorter_one if {
	held := _held({"ref": "a.json", "maxTokens": 500000}, 500000)
	model := {"id": "acme/long", "base": {"id": "meta-llama/Llama-3.1-70B-Instruct"}, "architecture": {"contextLength": 500000}}
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as object.union(held, {"spec": {"model": model}})
}

test_partial_once_for_a_limit_that_no_length_allows if {
	model := {"id": "meta-llama/Llama-3.1-70B-Instruct"}
	schema := {"ref": "a.json", "maxTokens": 131073}
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec as {"inputs": {"schema": schema}, "model": model}
}

test_fail_when_the_only_part_is_a_limit_above_the_models_length if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _held({"maxTokens": 8193}, 8192)
}

test_fail_when_the_only_part_is_a_limit_that_cannot_be_compared if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.inputs.schema as {"maxTokens": 8192}
}

test_absent_schema_fails_at_the_section if {
	finding := {
		"path": _path,
		"status": "fail",
		"message": concat("; ", [
			"in `spec.inputs.schema`, `maxTokens` is missing and `ref` is missing",
			"wanted: `ref` naming a schema, and `maxTokens` above 0 and at most `spec.model.maxModelLen`",
		]),
		"reads": _reads,
	}
	control.findings == {finding} with input.descriptor as {"spec": {}}
}
