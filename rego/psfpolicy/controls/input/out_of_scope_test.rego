package psfpolicy.controls.input.out_of_scope_test

import data.psfpolicy.controls.input.out_of_scope as control
import data.psfpolicy.lib.outcome

_key := ["spec", "inputs", "outOfScope"]

_section := ["spec", "inputs", "guards"]

_first := ["spec", "inputs", "guards", 0]

_second := ["spec", "inputs", "guards", 1]

_guard := {"name": "topics", "evaluation": "evals/topics", "detects": ["out-of-scope"], "action": "block", "onPath": true}

_guard_reads := [array.concat(_first, [key]) | some key in ["detects", "scans", "action", "onPath", "model", "evaluation"]]

_wanted := "wanted: `outOfScope: reject`, or a guard that detects `out-of-scope` with action `block` or `escalate` and `onPath: true`"

_but(changes) := [object.union(_guard, changes)]

test_pass_when_such_requests_are_rejected if {
	finding := {"path": _key, "status": "pass", "message": "requests outside the purpose are rejected", "reads": [_key]}
	control.findings == {finding} with input.descriptor.spec.inputs.outOfScope as "reject"
}

test_pass_when_a_guard_on_the_path_blocks_them if {
	finding := {
		"path": _first,
		"status": "pass",
		"message": "guard `topics` stops what it detects as `out-of-scope`, on the path",
		"reads": array.concat([_key], _guard_reads),
	}
	control.findings == {finding} with input.descriptor.spec.inputs as {"outOfScope": "answer", "guards": [_guard]}
}

test_pass_when_rejected_beside_a_guard if {
	inputs := {"outOfScope": "reject", "guards": [_guard]}
	outcome.is(control, [[_key, "pass"]]) with input.descriptor.spec.inputs as inputs
}

test_pass_when_a_guard_off_the_path_stands_beside_a_good_one if {
	guards := array.concat(_but({"onPath": false}), _but({"action": "escalate"}))
	outcome.is(control, [[_second, "pass"]]) with input.descriptor.spec.inputs.guards as guards
}

test_fail_when_such_requests_are_answered if {
	finding := {
		"path": _key,
		"status": "fail",
		"message": concat("; ", [
			"`spec.inputs.outOfScope` is `answer`, and no guard on the path stops `out-of-scope` requests",
			_wanted,
		]),
		"reads": [_key, _section],
	}
	control.findings == {finding} with input.descriptor.spec.inputs.outOfScope as "answer"
}

test_fail_when_the_guard_only_flags if {
	outcome.is(control, [[_key, "fail"]]) with input.descriptor.spec.inputs.guards as _but({"action": "flag"})
}

test_fail_when_the_guard_is_off_the_path if {
	outcome.is(control, [[_key, "fail"]]) with input.descriptor.spec.inputs.guards as _but({"onPath": false})
}

test_fail_when_the_guard_does_not_say_that_it_is_on_the_path if {
	outcome.is(control, [[_key, "fail"]]) with input.descriptor.spec.inputs.guards as [object.remove(_guard, ["onPath"])]
}

test_fail_when_the_guard_reads_only_retrieved_text if {
	outcome.is(control, [[_key, "fail"]]) with input.descriptor.spec.inputs.guards as _but({"scans": ["retrieved"]})
}

test_fail_when_the_guard_detects_something_else if {
	outcome.is(control, [[_key, "fail"]]) with input.descriptor.spec.inputs.guards as _but({"detects": ["unsafe-content"]})
}

test_partial_when_nobody_knows_whether_the_guard_detects_them if {
	finding := {
		"path": _first,
		"status": "partial",
		"message": $"guard `topics` runs `acme/topics`, which the catalogue does not know, and names no `evaluation`; {_wanted}",
		"reads": array.concat([_key], _guard_reads),
	}
	guard := object.union(object.remove(_guard, ["evaluation"]), {"model": "acme/topics"})
	control.findings == {finding} with input.descriptor.spec.inputs.guards as [guard]
	outcome.is(control, [[_second, "pass"]]) with input.descriptor.spec.inputs.guards as [guard, _guard]
}

test_fail_says_that_the_guard_is_known_for_something_else if {
	guard := object.union(object.remove(_guard, ["evaluation"]), {"model": "meta-llama/Llama-Guard-3-8B"})
	inputs := {"guards": [guard], "outOfScope": "answer", "schema": {"maxTokens": 512}}
	findings := control.findings with input.descriptor.spec.inputs as inputs
	message := concat("; ", [
		concat("", [
			"`spec.inputs.outOfScope` is `answer`, and guard `topics` runs Llama Guard 3 8B, ",
			"which is not known to detect `out-of-scope`, and names no `evaluation`",
		]),
		_wanted,
	])
	[[finding.path, finding.status, finding.message] | some finding in findings] == [[_key, "fail", message]]
}

test_partial_when_the_guard_reads_the_beginning_of_long_inputs if {
	guard := object.union(_guard, {"model": "meta-llama/Llama-Prompt-Guard-2-86M"})
	inputs := {"guards": [guard], "schema": {"maxTokens": 513}}
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.inputs as inputs
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec.inputs as object.union(inputs, {"schema": {"maxTokens": 512}})
}

test_absent_answer_and_guards_fail_at_the_key if {
	finding := {
		"path": _key,
		"status": "fail",
		"message": concat("; ", [
			"`spec.inputs.outOfScope` is missing, and no guard on the path stops `out-of-scope` requests",
			_wanted,
		]),
		"reads": [_key, _section],
	}
	control.findings == {finding} with input.descriptor as {"spec": {}}
}
