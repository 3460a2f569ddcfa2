package psfpolicy.controls.deploy.redundancy_test

import data.psfpolicy.controls.deploy.redundancy as control
import data.psfpolicy.lib.outcome

_environment := ["metadata", "environment"]

_hosting := ["spec", "serving", "hosting"]

_replicas := ["spec", "serving", "replicas", "min"]

_purchase := ["spec", "serving", "accelerators", "purchase"]

_descriptor(least, purchase) := {
	"metadata": {"environment": "production"},
	"spec": {"serving": {"hosting": "on-prem", "replicas": {"min": least, "max": 6}, "accelerators": {"purchase": purchase}}},
}

_elsewhere(environment, hosting) := {"metadata": {"environment": environment}, "spec": {"serving": {"hosting": hosting}}}

test_pass_with_two_replicas_on_machines_that_stay if {
	control.findings == {
		{
			"path": _replicas,
			"status": "pass",
			"message": "`spec.serving.replicas.min` is `2`",
			"reads": [_environment, _hosting, _replicas],
		},
		{
			"path": _purchase,
			"status": "pass",
			"message": "`spec.serving.accelerators.purchase` is `owned`",
			"reads": [_environment, _hosting, _purchase],
		},
	} with input.descriptor as _descriptor(2, "owned")
}

test_pass_for_each_purchase_that_stays if {
	outcome.is(control, [[_replicas, "pass"], [_purchase, "pass"]]) with input.descriptor as _descriptor(3, "on-demand")
	outcome.is(control, [[_replicas, "pass"], [_purchase, "pass"]]) with input.descriptor as _descriptor(3, "reserved")
}

test_partial_on_spot_machines if {
	outcome.is(control, [[_replicas, "pass"], [_purchase, "partial"]]) with input.descriptor as _descriptor(2, "spot")
}

test_partial_when_the_purchase_is_not_said if {
	outcome.is(control, [[_replicas, "pass"], [_purchase, "partial"]]) with input.descriptor as {
		"metadata": {"environment": "production"},
		"spec": {"serving": {"hosting": "on-prem", "replicas": {"min": 2}}},
	}
}

test_fail_with_one_replica if {
	control.findings == {
		{
			"path": _replicas,
			"status": "fail",
			"message": "`spec.serving.replicas.min` is `1`; wanted: at least 2",
			"reads": [_environment, _hosting, _replicas],
		},
		{
			"path": _purchase,
			"status": "partial",
			"message": "`spec.serving.accelerators.purchase` is `spot`; wanted: `on-demand`, `owned` or `reserved`",
			"reads": [_environment, _hosting, _purchase],
		},
	} with input.descriptor as _descriptor(1, "spot")
}

test_fail_when_only_the_most_replicas_are_said if {
	outcome.is(control, [[_replicas, "fail"], [_purchase, "pass"]]) with input.descriptor as {
		"metadata": {"environment": "production"},
		"spec": {"serving": {"hosting": "on-prem", "replicas": {"max": 6}, "accelerators": {"purchase": "owned"}}},
	}
}

test_not_applicable_outside_production if {
	outcome.not_applicable(control, _replicas) with input.descriptor as _elsewhere("staging", "on-prem")
	reason := "`metadata.environment` is `development`, not `production`"
	control.not_applicable == reason with input.descriptor as _elsewhere("development", "hosted-api")
}

test_not_applicable_on_machines_of_someone_else if {
	outcome.not_applicable(control, _replicas) with input.descriptor as _elsewhere("production", "hosted-api")
	outcome.not_applicable(control, _replicas) with input.descriptor as _elsewhere("production", "cloud-managed")
}

test_absent_keys_apply_and_do_not_pass if {
	outcome.is(control, [[_replicas, "fail"], [_purchase, "partial"]]) with input.descriptor as {"spec": {}}
}
