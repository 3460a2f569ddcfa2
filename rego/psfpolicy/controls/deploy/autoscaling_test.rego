package psfpolicy.controls.deploy.autoscaling_test

import data.psfpolicy.controls.deploy.autoscaling as control
import data.psfpolicy.lib.outcome

_path := ["spec", "serving", "autoscaling"]

_reads := [
	["spec", "serving", "hosting"],
	["spec", "serving", "autoscaling", "metric"],
	["spec", "serving", "replicas", "min"],
	["spec", "serving", "replicas", "max"],
	["spec", "purpose", "usage", "traffic"],
]

_descriptor(metric, most, traffic) := {"spec": {
	"purpose": {"usage": {"traffic": traffic}},
	"serving": {"hosting": "on-prem", "autoscaling": {"metric": metric}, "replicas": {"min": 2, "max": most}},
}}

_hosted(hosting) := {"spec": {"serving": {"hosting": hosting}}}

test_pass_when_it_scales_on_the_queue if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": concat("", [
			"`spec.purpose.usage.traffic` is `spiky`, `spec.serving.autoscaling.metric` is `queue-depth`, ",
			"`spec.serving.replicas.max` is `3` and `spec.serving.replicas.min` is `2`",
		]),
		"reads": _reads,
	}} with input.descriptor as _descriptor("queue-depth", 3, "spiky")
}

test_pass_when_it_scales_on_requests if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _descriptor("requests", 3, "sporadic")
}

test_pass_without_scaling_for_steady_traffic if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _descriptor("none", 2, "steady")
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as {"spec": {"purpose": {"usage": {"traffic": "steady"}}}}
}

test_pass_for_steady_traffic_when_a_metric_has_no_room_to_act if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _descriptor("cpu", 2, "steady")
}

test_partial_when_it_scales_on_utilisation if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _descriptor("gpu-utilization", 3, "spiky")
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _descriptor("cpu", 3, "steady")
}

test_partial_says_which_metric_is_wanted if {
	some finding in control.findings with input.descriptor as _descriptor("cpu", 3, "spiky")
	finding.message == concat("", [
		"`spec.purpose.usage.traffic` is `spiky`, `spec.serving.autoscaling.metric` is `cpu`, ",
		"`spec.serving.replicas.max` is `3` and `spec.serving.replicas.min` is `2`; wanted: `queue-depth` or `requests` as the metric",
	])
}

test_fail_when_there_is_no_room_to_scale if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _descriptor("queue-depth", 2, "spiky")
}

test_fail_when_the_metric_is_none if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _descriptor("none", 3, "spiky")
}

test_fail_when_the_replicas_are_not_said if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.serving as {
		"hosting": "on-prem",
		"autoscaling": {"metric": "queue-depth"},
		"replicas": {"max": 6},
	}
}

test_not_applicable_when_the_provider_scales if {
	outcome.not_applicable(control, _path) with input.descriptor as _hosted("hosted-api")
	outcome.not_applicable(control, _path) with input.descriptor as _hosted("provider-hosted")
}

test_fail_for_a_managed_service_that_says_nothing if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _hosted("managed-inference")
}

test_absent_sections_fail_at_the_key if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": concat("", [
			"`spec.purpose.usage.traffic` is missing, `spec.serving.autoscaling.metric` is missing, ",
			"`spec.serving.replicas.max` is missing and `spec.serving.replicas.min` is missing; ",
			"wanted: the metric `queue-depth` or `requests` and `max` above `min`, or traffic that is `steady`",
		]),
		"reads": _reads,
	}} with input.descriptor as {"spec": {}}
}
