package psfpolicy.controls.input.content_classification_test

import data.psfpolicy.controls.input.content_classification as control
import data.psfpolicy.lib.outcome

_section := ["spec", "inputs", "guards"]

_first := ["spec", "inputs", "guards", 0]

_second := ["spec", "inputs", "guards", 1]

_guard := {"name": "g", "evaluation": "evals/g", "detects": ["unsafe-content"], "action": "block", "onPath": true, "failClosed": true}

_but(changes) := [object.union(_guard, changes)]

test_pass_when_a_guard_blocks_on_the_path_and_fails_closed if {
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec.inputs.guards as [_guard]
}

test_pass_when_a_guard_escalates if {
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec.inputs.guards as _but({"action": "escalate"})
}

test_pass_when_a_weaker_guard_stands_beside_a_good_one if {
	guards := [object.union(_guard, {"failClosed": false}), _guard]
	outcome.is(control, [[_second, "pass"]]) with input.descriptor.spec.inputs.guards as guards
}

test_partial_when_the_guard_only_flags if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.inputs.guards as _but({"action": "flag"})
}

test_partial_says_what_is_seen_and_what_is_wanted if {
	finding := {
		"path": _first,
		"status": "partial",
		"message": "guard `g` fails open; wanted: action `block` or `escalate`, `onPath: true` and `failClosed: true`",
		"reads": [array.concat(_first, [key]) | some key in ["detects", "scans", "action", "onPath", "failClosed", "model", "evaluation"]],
	}
	control.findings == {finding} with input.descriptor.spec.inputs.guards as _but({"failClosed": false})
}

test_fail_when_the_guard_is_off_the_path if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.inputs.guards as _but({"onPath": false})
}

test_fail_when_the_guard_reads_only_retrieved_text if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.inputs.guards as _but({"scans": ["retrieved"]})
}

test_fail_when_the_guard_detects_only_toxicity if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.inputs.guards as _but({"detects": ["toxicity"]})
}

test_fail_when_the_guard_stands_behind_the_model if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.outputs.guards as [_guard]
}

test_absent_guards_fail_at_the_list if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {}}
}

test_pass_when_the_model_behind_a_hosted_api_moderates if {
	control.findings == {{
		"path": ["spec", "model", "id"],
		"status": "pass",
		"message": "Gemini, version not said moderates what it is asked, behind its hosted API",
		"reads": [["spec", "model", "id"], ["spec", "serving", "hosting"], _section],
	}} with input.descriptor.spec as {"model": {"id": "gemini"}, "serving": {"hosting": "hosted-api"}}
}

test_fail_names_what_would_show_that_a_hosted_model_moderates if {
	control.findings == {{
		"path": _section,
		"status": "fail",
		"message": concat("; ", [
			"no guard in `spec.inputs.guards` detects `unsafe-content` and scans `user`",
			"wanted: one with action `block` or `escalate`, `onPath: true` and `failClosed: true`",
			"or a row with `native_moderation` of `gpt-5` in `models` of your own catalogue",
		]),
		"reads": [["spec", "model", "id"], ["spec", "serving", "hosting"], _section],
	}} with input.descriptor.spec as {"model": {"id": "gpt-5"}, "serving": {"hosting": "hosted-api"}}
}

test_pass_with_moderation_that_the_users_own_catalogue_knows_of if {
	outcome.is(control, [[["spec", "model", "id"], "pass"]]) with input.descriptor.spec as {"model": {"id": "acme"}, "serving": {"hosting": "hosted-api"}}
		with input.catalogue.models as {"acme": {"title": "Acme", "native_moderation": true}}
}

test_partial_with_an_evaluation_that_is_none if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.inputs.guards as _but({"evaluation": "tbd"})
}

test_pass_at_a_good_guard_before_a_model_that_moderates if {
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec as {
		"model": {"id": "gemini"},
		"serving": {"hosting": "hosted-api"},
		"inputs": {"guards": [_guard]},
	}
}

test_fail_when_the_model_moderates_and_someone_else_serves_it if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec as {
		"model": {"id": "gemini"},
		"serving": {"hosting": "provider-hosted"},
	}
}

test_fail_when_nothing_is_known_of_the_moderation_of_a_hosted_model if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec as {
		"model": {"id": "gpt-5"},
		"serving": {"hosting": "hosted-api"},
	}
}
