package psfpolicy.controls.oversight.routing_test

import data.psfpolicy.controls.oversight.routing as control
import data.psfpolicy.lib.outcome

_path := ["spec", "oversight", "routing"]

_signal := [_path, ["spec", "model", "id"], ["spec", "model", "base", "id"]]

_weak := "meta-llama/Llama-3.1-70B-Instruct"

test_pass_when_routed_by_consequence if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "`spec.oversight.routing` is `consequence-based`",
		"reads": [_path],
	}} with input.descriptor.spec.oversight.routing as "consequence-based"
}

test_partial_when_routed_by_the_signal_of_the_model if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": "`spec.oversight.routing` is `model-signal`; wanted: `consequence-based`",
		"reads": _signal,
	}} with input.descriptor.spec.oversight.routing as "model-signal"
}

test_partial_whoever_scores_the_confidence if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.oversight as {
		"routing": "model-signal",
		"confidenceSource": "external-scorer",
	}
}

test_fail_when_routed_by_the_signal_of_a_weakly_calibrated_model if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": concat("", [
			"`spec.oversight.routing` is `model-signal`, and the refusals of Llama 3.1 70B are weakly calibrated; ",
			"wanted: `consequence-based`",
		]),
		"reads": _signal,
	}} with input.descriptor.spec as {"model": {"id": _weak}, "oversight": {"routing": "model-signal"}}
}

test_fail_when_the_weakly_calibrated_model_is_the_base if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec as {
		"model": {"id": "acme/notes", "base": {"id": _weak}},
		"oversight": {"routing": "model-signal"},
	}
}

test_pass_by_consequence_with_a_weakly_calibrated_model if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec as {
		"model": {"id": _weak},
		"oversight": {"routing": "consequence-based"},
	}
}

test_fail_when_nothing_routes if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.oversight.routing as "none"
}

test_absent_routing_fails_at_the_key if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": "`spec.oversight.routing` is missing; wanted: `consequence-based`",
		"reads": [_path],
	}} with input.descriptor as {"spec": {}}
}
