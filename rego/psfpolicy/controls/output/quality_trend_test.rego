package psfpolicy.controls.output.quality_trend_test

import data.psfpolicy.controls.output.quality_trend as control
import data.psfpolicy.lib.outcome

_path := ["spec", "outputs", "quality"]

_reads := [["spec", "outputs", "quality", "sampleRate"], ["spec", "outputs", "quality", "trend"]]

_wanted := "wanted: `sampleRate` above 0, and `trend: true`"

test_pass_when_sampled_and_trended if {
	finding := {
		"path": _path,
		"status": "pass",
		"message": "output is scored on a sample, and the scores are trended",
		"reads": _reads,
	}
	quality := {"sampleRate": 0.05, "trend": true}
	control.findings == {finding} with input.descriptor.spec.outputs.quality as quality
}

test_pass_with_the_smallest_sample if {
	quality := {"sampleRate": 0.000001, "trend": true}
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec.outputs.quality as quality
}

test_partial_when_the_sample_is_zero if {
	finding := {
		"path": _path,
		"status": "partial",
		"message": concat("; ", ["in `spec.outputs.quality`, `sampleRate` is `0`", _wanted]),
		"reads": _reads,
	}
	control.findings == {finding} with input.descriptor.spec.outputs.quality as {"sampleRate": 0, "trend": true}
}

test_partial_when_the_sample_is_not_said if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.outputs.quality as {"trend": true}
}

test_partial_when_it_is_not_trended if {
	quality := {"sampleRate": 1, "trend": false}
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.outputs.quality as quality
}

test_partial_when_the_trend_is_not_said if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.outputs.quality as {"sampleRate": 1}
}

test_fail_when_neither_holds if {
	quality := {"metric": "judge-score", "sampleRate": 0, "trend": false}
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.outputs.quality as quality
}

test_fail_when_only_a_metric_is_named if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.outputs.quality as {"metric": "judge-score"}
}

test_absent_quality_fails_at_the_section if {
	finding := {
		"path": _path,
		"status": "fail",
		"message": concat("; ", ["in `spec.outputs.quality`, `sampleRate` is missing and `trend` is missing", _wanted]),
		"reads": _reads,
	}
	control.findings == {finding} with input.descriptor as {"spec": {}}
}
