package psfpolicy.controls.deploy.evaluation_gate_test

import data.psfpolicy.controls.deploy.evaluation_gate as control
import data.psfpolicy.lib.outcome

_path := ["spec", "release", "evaluationGate"]

_gate := {"suite": "evals/notes", "threshold": 0.92, "ranOn": "served"}

_reads := [array.concat(_path, [key]) | some key in ["suite", "threshold", "ranOn"]]

test_pass_when_the_suite_is_run_on_what_is_served if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "evaluation `evals/notes` is run on what is served and must reach 0.92",
		"reads": _reads,
	}} with input.descriptor.spec.release.evaluationGate as _gate
}

test_pass_at_the_smallest_threshold_above_0 if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec.release.evaluationGate as object.union(_gate, {"threshold": 0.000001})
}

test_partial_when_the_threshold_is_0 if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.release.evaluationGate as object.union(_gate, {"threshold": 0})
}

test_partial_when_it_is_run_on_something_else if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.release.evaluationGate as object.union(_gate, {"ranOn": "other"})
}

test_partial_when_only_the_suite_is_declared if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": concat("", [
			"of evaluation `evals/notes`, `ranOn` is missing and `threshold` is missing",
			"; wanted: `threshold` above 0 and `ranOn: served`",
		]),
		"reads": _reads,
	}} with input.descriptor.spec.release.evaluationGate as {"suite": "evals/notes"}
}

test_fail_without_a_suite if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.release.evaluationGate as object.remove(_gate, ["suite"])
}

test_fail_when_the_suite_is_none if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.release.evaluationGate as object.union(_gate, {"suite": "none"})
}

test_absent_gate_fails_at_its_key if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as {"spec": {}}
}
