package psfpolicy.controls.output.structured_test

import data.psfpolicy.controls.output.structured as control
import data.psfpolicy.lib.outcome

_path := ["spec", "outputs", "constrainedDecoding"]

_own := [["spec", "outputs", "constrainedDecoding", "library"], ["spec", "outputs", "constrainedDecoding", "schema"]]

_whole := array.concat(_own, [["spec", "outputs", "sinks"], ["spec", "outputs", "validators"]])

_wanted := "wanted: `library` with one that constrains decoding, and `schema`"

_engine := ["spec", "serving", "engine", "name"]

_hosting := ["spec", "serving", "hosting"]

_where := [_engine, _hosting]

_decoding(library) := {"constrainedDecoding": {"library": library, "schema": "a.json"}}

_vllm := {"hosting": "on-prem", "engine": {"name": "vllm"}}

_ui := [{"name": "chat", "kind": "ui"}]

test_pass_with_a_library_and_a_schema if {
	finding := {"path": _path, "status": "pass", "message": "`outlines` holds output to `a.json`", "reads": array.concat(_whole, _where)}
	control.findings == {finding} with input.descriptor.spec as {"outputs": _decoding("outlines"), "serving": _vllm}
}

test_partial_with_a_library_without_a_schema if {
	finding := {
		"path": _path,
		"status": "partial",
		"message": concat("; ", [
			"in `spec.outputs.constrainedDecoding`, `library` is `outlines` and `schema` is missing",
			_wanted,
		]),
		"reads": array.concat(_own, [["spec", "outputs", "sinks", 0, "kind"], ["spec", "outputs", "validators", 0, "kind"], _engine, _hosting]),
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

test_pass_with_a_client_of_openais_interface if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec as {"outputs": _decoding("instructor"), "serving": _vllm}
}

test_pass_with_the_providers_own_way_of_a_model_that_has_one if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec as {
		"outputs": _decoding("provider-native"),
		"model": {"id": "gpt-5"},
		"serving": {"hosting": "hosted-api"},
	}
}

test_partial_with_a_library_that_the_engine_is_not_known_to_have if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": "`outlines` is not known to work in NVIDIA TensorRT-LLM; wanted: one of `guidance` or `xgrammar`",
		"reads": array.concat(_whole, _where),
	}} with input.descriptor.spec as {"outputs": _decoding("outlines"), "serving": {"engine": {"name": "tensorrt-llm"}}}
}

test_partial_with_an_engine_that_is_not_known if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec as {
		"outputs": _decoding("outlines"),
		"serving": {"engine": {"name": "other"}},
	}
}

test_partial_without_an_engine if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.outputs as _decoding("xgrammar")
}

test_fail_with_the_providers_own_way_where_nobody_provides if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": concat("; ", [
			"`provider-native` is a provider's own way, while `spec.serving.hosting` is `on-prem`",
			"wanted: one of `guidance`, `lm-format-enforcer`, `outlines` or `xgrammar`",
		]),
		"reads": array.concat(_whole, [_hosting, ["spec", "model", "id"], ["spec", "model", "base", "id"]]),
	}} with input.descriptor.spec as {"outputs": _decoding("provider-native"), "model": {"id": "gpt-5"}, "serving": _vllm}
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec as {
		"outputs": _decoding("provider-native"),
		"model": {"id": "gpt-5"},
		"serving": {"hosting": "cloud-managed"},
	}
}

_provided(model) := {"outputs": _decoding("provider-native"), "model": {"id": model}, "serving": {"hosting": "provider-hosted"}}

test_fail_with_the_providers_own_way_of_a_model_that_has_none if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec as _provided("meta-llama/Llama-3.1-70B-Instruct")
}

test_partial_with_the_providers_own_way_of_a_model_that_is_not_known_for_it if {
	[finding] := [one | some one in control.findings] with input.descriptor.spec as _provided("acme/notes")
	[finding.status, finding.message] == ["partial", concat("; ", [
		"`provider-native` is not known of `acme/notes`",
		"wanted: a row with `native_structured_output` in `models` of your own catalogue",
	])]
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec as _provided("microsoft/phi-4")
}

test_partial_with_a_library_behind_a_hosted_api if {
	every library in ["instructor", "outlines"] {
		outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec as {
			"outputs": _decoding(library),
			"model": {"id": "gpt-5"},
			"serving": {"hosting": "hosted-api"},
		}
	}
}

test_that_it_does_not_apply_rests_on_the_sinks_and_the_validators if {
	control.rests == {["spec", "outputs", "sinks"], ["spec", "outputs", "validators"]}
	control.not_applicable with input.descriptor.spec.outputs.sinks as _ui
}
