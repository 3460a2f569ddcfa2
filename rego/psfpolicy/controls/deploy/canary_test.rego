package psfpolicy.controls.deploy.canary_test

import data.psfpolicy.controls.deploy.canary as control
import data.psfpolicy.lib.outcome

_path := ["spec", "release", "canary"]

_reads := [["spec", "release", "canary", "percent"], ["spec", "release", "canary", "criteria"]]

_canary := {"percent": 5, "criteria": ["error-rate", "latency-p99", "quality"]}

test_pass_when_a_share_is_judged_on_quality if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "a canary of 5 percent is judged on `error-rate`, `latency-p99` and `quality`",
		"reads": _reads,
	}} with input.descriptor.spec.release.canary as _canary
}

test_pass_just_above_0_and_just_below_100 if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec.release.canary as object.union(_canary, {"percent": 0.5})
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec.release.canary as object.union(_canary, {"percent": 99.5})
}

test_partial_when_judged_on_errors_and_latency_only if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": concat("", [
			"a canary of 5 percent is judged on `error-rate` and `latency-p99`",
			"; wanted: `quality` in `criteria`",
		]),
		"reads": _reads,
	}} with input.descriptor.spec.release.canary as object.union(_canary, {"criteria": ["latency-p99", "error-rate"]})
}

test_partial_when_judged_on_invalid_outputs_only if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.release.canary as object.union(
		_canary,
		{"criteria": ["validation-failure-rate"]},
	)
}

test_fail_when_judged_on_cost_only if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.release.canary as object.union(_canary, {"criteria": ["cost"]})
}

test_fail_when_judged_on_nothing if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.release.canary as object.union(_canary, {"criteria": []})
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.release.canary as {"percent": 5}
}

test_fail_when_no_traffic_or_all_of_it_is_taken if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.release.canary as object.union(_canary, {"percent": 0})
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.release.canary as object.union(_canary, {"percent": 100})
}

test_fail_when_the_share_is_not_said if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.release.canary as object.remove(_canary, ["percent"])
}

test_absent_canary_fails_at_its_key if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": "`spec.release.canary` is missing; wanted: `percent` above 0 and below 100, and `criteria` with `quality`",
		"reads": _reads,
	}} with input.descriptor as {"spec": {}}
}
