package psfpolicy.controls.input.prompt_boundary_test

import data.psfpolicy.controls.input.prompt_boundary as control
import data.psfpolicy.lib.outcome

_path := ["spec", "inputs", "systemPrompt"]

_reads := [array.concat(_path, [key]) | some key in ["versioned", "roleSeparation", "injectionRegression"]]

_wanted := "wanted: `versioned: true`, `roleSeparation: true`, and `injectionRegression` naming a test"

_prompt := {"versioned": true, "roleSeparation": true, "injectionRegression": "ci/injection"}

_but(changes) := object.union(_prompt, changes)

test_pass_with_all_three if {
	finding := {
		"path": _path,
		"status": "pass",
		"message": "the system prompt is versioned, in a role of its own, and tested by `ci/injection`",
		"reads": _reads,
	}
	control.findings == {finding} with input.descriptor.spec.inputs.systemPrompt as _prompt
}

test_partial_with_two_of_three if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.inputs.systemPrompt as _but({"versioned": false})
}

test_partial_says_what_is_lacking_when_one_of_three_holds if {
	finding := {
		"path": _path,
		"status": "partial",
		"message": concat("", [
			"in `spec.inputs.systemPrompt`, `injectionRegression` is missing and `roleSeparation` is `false`; ",
			_wanted,
		]),
		"reads": _reads,
	}
	prompt := {"versioned": true, "roleSeparation": false}
	control.findings == {finding} with input.descriptor.spec.inputs.systemPrompt as prompt
}

test_partial_when_the_test_is_named_none if {
	prompt := _but({"injectionRegression": "none"})
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.inputs.systemPrompt as prompt
}

test_partial_when_the_test_is_blank if {
	prompt := _but({"injectionRegression": " "})
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.inputs.systemPrompt as prompt
}

test_fail_when_all_three_are_denied if {
	prompt := {"versioned": false, "roleSeparation": false, "injectionRegression": "none"}
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.inputs.systemPrompt as prompt
}

test_absent_system_prompt_fails_at_the_section if {
	finding := {
		"path": _path,
		"status": "fail",
		"message": concat("", [
			"in `spec.inputs.systemPrompt`, `injectionRegression` is missing, `roleSeparation` is missing and `versioned` is missing; ",
			_wanted,
		]),
		"reads": _reads,
	}
	control.findings == {finding} with input.descriptor as {"spec": {}}
}
