package psfpolicy.controls.ops.traffic_fit_test

import data.psfpolicy.controls.ops.traffic_fit as control
import data.psfpolicy.lib.outcome

_traffic := ["spec", "purpose", "usage", "traffic"]

_most := ["spec", "serving", "replicas", "max"]

_bounded := ["spec", "serving", "queue", "bounded"]

_seconds := ["spec", "serving", "autoscaling", "scaleUpSeconds"]

_general := [["spec", "serving", "hosting"], _traffic]

_descriptor(usage, most, bounded, seconds) := {"spec": {
	"purpose": {"usage": usage},
	"serving": {
		"hosting": "on-prem",
		"replicas": {"min": 2, "max": most},
		"queue": {"bounded": bounded},
		"autoscaling": {"scaleUpSeconds": seconds},
	},
}}

# Statuses of the three, in the order in which they are asked.
_answers(room, bound, delay) := [[_most, room], [_bounded, bound], [_seconds, delay]]

_spiky := {"traffic": "spiky", "peakToBase": 2.5}

test_pass_with_steady_traffic if {
	control.findings == {{
		"path": _traffic,
		"status": "pass",
		"message": "`spec.purpose.usage.traffic` is `steady`",
		"reads": _general,
	}} with input.descriptor as {"spec": {"purpose": {"usage": {"traffic": "steady", "peakToBase": 9}}}}
	outcome.is(control, [[_traffic, "pass"]]) with input.descriptor as {"spec": {"purpose": {"usage": {"traffic": "steady"}}}}
}

test_pass_with_room_for_the_peak_a_bounded_queue_and_a_known_delay if {
	control.findings == {
		{
			"path": _most,
			"status": "pass",
			"message": concat("", [
				"`spec.purpose.usage.peakToBase` is `2.5`, `spec.serving.replicas.max` is `5` ",
				"and `spec.serving.replicas.min` is `2`",
			]),
			"reads": array.concat(_general, [_most, ["spec", "serving", "replicas", "min"], ["spec", "purpose", "usage", "peakToBase"]]),
		},
		{
			"path": _bounded,
			"status": "pass",
			"message": "`spec.serving.queue.bounded` is `true`",
			"reads": array.concat(_general, [_bounded]),
		},
		{
			"path": _seconds,
			"status": "pass",
			"message": "`spec.serving.autoscaling.scaleUpSeconds` is `1`",
			"reads": array.concat(_general, [_seconds]),
		},
	} with input.descriptor as _descriptor(_spiky, 5, true, 1)
}

test_pass_with_sporadic_traffic_asks_the_same if {
	sporadic := {"traffic": "sporadic", "peakToBase": 1}
	outcome.is(control, _answers("pass", "pass", "pass")) with input.descriptor as _descriptor(sporadic, 2, true, 60)
}

test_partial_without_room_for_the_peak if {
	outcome.is(control, _answers("partial", "pass", "pass")) with input.descriptor as _descriptor(_spiky, 4, true, 120)
	over := {"traffic": "spiky", "peakToBase": 2.500001}
	outcome.is(control, _answers("partial", "pass", "pass")) with input.descriptor as _descriptor(over, 5, true, 120)
}

test_partial_when_the_peak_is_not_said if {
	descriptor := _descriptor({"traffic": "spiky"}, 600, true, 120)
	outcome.is(control, _answers("partial", "pass", "pass")) with input.descriptor as descriptor
}

test_partial_with_a_queue_without_a_bound_or_no_delay if {
	outcome.is(control, _answers("pass", "partial", "pass")) with input.descriptor as _descriptor(_spiky, 5, false, 120)
	outcome.is(control, _answers("pass", "pass", "partial")) with input.descriptor as _descriptor(_spiky, 5, true, 0)
}

test_fail_with_none_of_the_three if {
	{[finding.path, finding.status, finding.message] | some finding in control.findings} == {
		[_most, "fail", concat("", [
			"`spec.purpose.usage.peakToBase` is `2.5`, `spec.serving.replicas.max` is `4` ",
			"and `spec.serving.replicas.min` is `2`; wanted: `max` of at least `peakToBase` times `min`",
		])],
		[_bounded, "fail", concat("", [
			"`spec.serving.queue.bounded` is `false`; wanted: `true`, ",
			"so that the queue refuses what it cannot hold",
		])],
		[_seconds, "fail", concat("", [
			"`spec.serving.autoscaling.scaleUpSeconds` is `0`; wanted: ",
			"the seconds that a further replica takes",
		])],
	} with input.descriptor as _descriptor(_spiky, 4, false, 0)
}

test_not_applicable_where_the_provider_scales if {
	every hosting in ["provider-hosted", "hosted-api"] {
		control.not_applicable == "the provider of a hosted model scales it" with input.descriptor as {"spec": {"serving": {"hosting": hosting}}}
	}
}

test_absent_traffic_is_not_steady if {
	outcome.is(control, _answers("fail", "fail", "fail")) with input.descriptor as {"spec": {}}
	outcome.is(control, _answers("pass", "pass", "pass")) with input.descriptor as _descriptor({"peakToBase": 2}, 4, true, 60)
}
