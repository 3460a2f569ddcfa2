package psfpolicy.controls.input.injection_defence_test

import data.psfpolicy.controls.input.injection_defence as control
import data.psfpolicy.lib.outcome

_section := ["spec", "inputs", "guards"]

_first := ["spec", "inputs", "guards", 0]

_second := ["spec", "inputs", "guards", 1]

_guard := {"name": "g", "evaluation": "evals/g", "detects": ["injection"], "action": "block", "onPath": true, "failClosed": true}

_but(changes) := [object.union(_guard, changes)]

_without(key) := [object.remove(_guard, [key])]

test_pass_when_a_guard_blocks_on_the_path_and_fails_closed if {
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec.inputs.guards as [_guard]
}

test_pass_when_a_guard_escalates_jailbreaks if {
	guards := _but({"detects": ["jailbreak"], "action": "escalate"})
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec.inputs.guards as guards
}

test_pass_when_a_weaker_guard_stands_beside_a_good_one if {
	guards := [object.union(_guard, {"action": "flag"}), _guard]
	outcome.is(control, [[_second, "pass"]]) with input.descriptor.spec.inputs.guards as guards
}

test_pass_when_a_good_guard_stands_beside_one_off_the_path if {
	guards := [object.union(_guard, {"onPath": false}), _guard]
	outcome.is(control, [[_second, "pass"]]) with input.descriptor.spec.inputs.guards as guards
}

test_partial_says_what_is_seen_and_what_is_wanted if {
	finding := {
		"path": _first,
		"status": "partial",
		"message": "guard `g` has action `flag`; wanted: action `block` or `escalate`, `onPath: true` and `failClosed: true`",
		"reads": [array.concat(_first, [key]) | some key in ["detects", "scans", "action", "onPath", "failClosed", "model", "evaluation"]],
	}
	control.findings == {finding} with input.descriptor.spec.inputs.guards as _but({"action": "flag"})
}

test_partial_when_the_guard_only_redacts if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.inputs.guards as _but({"action": "redact"})
}

test_partial_when_the_guard_fails_open if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.inputs.guards as _but({"failClosed": false})
}

test_partial_when_the_mode_is_not_said if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.inputs.guards as _without("failClosed")
}

test_partial_when_the_path_is_not_said if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.inputs.guards as _without("onPath")
}

test_partial_when_the_action_is_not_said if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.inputs.guards as _without("action")
}

test_fail_when_the_guard_is_off_the_path if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.inputs.guards as _but({"onPath": false})
}

test_fail_when_the_guard_reads_only_retrieved_text if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.inputs.guards as _but({"scans": ["retrieved"]})
}

test_fail_when_the_guard_scans_nothing if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.inputs.guards as _but({"scans": []})
}

test_fail_when_the_guard_detects_something_else if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.inputs.guards as _but({"detects": ["pii", "toxicity"]})
}

test_fail_when_the_guard_stands_behind_the_model if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.outputs.guards as [_guard]
}

test_fail_when_the_list_of_guards_is_empty if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.inputs.guards as []
}

test_absent_guards_fail_at_the_list if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {}}
}

_prompt_guard := object.union(object.remove(_guard, ["evaluation"]), {"model": "meta-llama/Llama-Prompt-Guard-2-86M"})

test_pass_when_prompt_guard_reads_long_inputs_in_pieces if {
	inputs := {"schema": {"maxTokens": 8192}, "guards": [object.union(_prompt_guard, {"chunking": true})]}
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec.inputs as inputs
}

test_partial_when_prompt_guard_reads_the_beginning_of_long_inputs if {
	inputs := {"schema": {"maxTokens": 513}, "guards": [_prompt_guard]}
	finding := {
		"path": _first,
		"status": "partial",
		"message": concat("; ", [
			"guard `g` reads 512 tokens of 513 without `chunking: true`",
			"wanted: action `block` or `escalate`, `onPath: true` and `failClosed: true`",
		]),
		"reads": array.concat(
			[array.concat(_first, [key]) | some key in ["detects", "scans", "action", "onPath", "failClosed", "model", "evaluation", "chunking"]],
			[["spec", "inputs", "schema", "maxTokens"]],
		),
	}
	control.findings == {finding} with input.descriptor.spec.inputs as inputs
}

test_partial_when_the_limit_of_inputs_is_zero_which_is_none if {
	inputs := {"schema": {"maxTokens": 0}, "guards": [_prompt_guard]}
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.inputs as inputs
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec as {"inputs": inputs, "model": {"maxModelLen": 0}}
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec as {"inputs": inputs, "model": {"maxModelLen": 512}}
}

test_fail_when_llama_guard_is_to_detect_injections if {
	guard := object.union(_prompt_guard, {"model": "meta-llama/Llama-Guard-3-8B", "chunking": true})
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.inputs.guards as [guard]
}

test_partial_when_the_model_of_the_guard_is_not_known if {
	guard := object.union(_prompt_guard, {"model": "acme/guard"})
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.inputs.guards as [guard]
}
