package psfpolicy.controls.observe.quality_drift_test

import data.psfpolicy.controls.observe.quality_drift as control
import data.psfpolicy.lib.outcome

_method := ["spec", "observability", "drift", "method"]

_quality := ["spec", "outputs", "quality"]

_reads := [["spec", "outputs", "quality", "metric"], ["spec", "outputs", "quality", "sampleRate"]]

_descriptor(drift, quality) := {"spec": {"observability": {"drift": drift}, "outputs": {"quality": quality}}}

_scored := {"metric": "judge-score", "sampleRate": 0.05}

test_pass_when_drift_is_measured_and_quality_scored if {
	descriptor := _descriptor({"method": "psi"}, _scored)
	{finding | some finding in control.findings} == {
		{"path": _method, "status": "pass", "message": "drift is measured by `psi`", "reads": [_method]},
		{
			"path": _quality,
			"status": "pass",
			"message": "quality is scored by `judge-score` on a share of 0.05",
			"reads": _reads,
		},
	} with input.descriptor as descriptor
	outcome.is(control, [[_method, "pass"], [_quality, "pass"]]) with input.descriptor as descriptor
}

test_partial_when_only_drift_is_measured if {
	outcome.is(control, [[_method, "pass"], [_quality, "partial"]]) with input.descriptor as {"spec": {
		"observability": {"drift": {"method": "psi"}},
		"outputs": {},
	}}
}

test_partial_when_only_quality_is_scored if {
	outcome.is(control, [[_method, "partial"], [_quality, "pass"]]) with input.descriptor as _descriptor({"windowDays": 7}, _scored)
}

test_partial_when_the_method_is_no_method if {
	outcome.is(control, [[_method, "partial"], [_quality, "pass"]]) with input.descriptor as _descriptor({"method": "n/a"}, _scored)
}

test_partial_when_nothing_is_sampled if {
	{finding | some finding in control.findings}[{
		"path": _quality,
		"status": "partial",
		"message": "in `spec.outputs.quality`, `sampleRate` is `0`; wanted: `metric`, and `sampleRate` above 0",
		"reads": _reads,
	}] with input.descriptor as _descriptor({"method": "psi"}, {"metric": "judge-score", "sampleRate": 0})
}

test_pass_when_little_is_sampled if {
	outcome.is(control, [[_method, "pass"], [_quality, "pass"]]) with input.descriptor as _descriptor(
		{"method": "psi"},
		{"metric": "judge-score", "sampleRate": 0.000001},
	)
}

test_partial_when_the_sample_is_not_said if {
	outcome.is(control, [[_method, "pass"], [_quality, "partial"]]) with input.descriptor as _descriptor(
		{"method": "psi"},
		{"metric": "judge-score"},
	)
}

test_fail_when_method_and_metric_are_none if {
	outcome.is(control, [[_method, "fail"], [_quality, "fail"]]) with input.descriptor as _descriptor(
		{"method": "none"},
		{"metric": "none", "sampleRate": 1},
	)
}

test_absent_sections_fail_at_both if {
	outcome.is(control, [[_method, "fail"], [_quality, "fail"]]) with input.descriptor as {"spec": {}}
}
