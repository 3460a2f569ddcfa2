package psfpolicy.controls.ops.utilisation_test

import data.psfpolicy.controls.ops.utilisation as control
import data.psfpolicy.lib.outcome

_path := ["spec", "cost", "targetUtilization"]

_reads := [["spec", "serving", "hosting"], _path]

_descriptor(share) := {"spec": {"serving": {"hosting": "on-prem"}, "cost": {"targetUtilization": share}}}

test_pass_from_0_3 if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "`spec.cost.targetUtilization` is `0.3`",
		"reads": _reads,
	}} with input.descriptor as _descriptor(0.3)
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _descriptor(1)
}

test_fail_below_0_3 if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": "`spec.cost.targetUtilization` is `0.299999`; wanted: at least 0.3",
		"reads": _reads,
	}} with input.descriptor as _descriptor(0.299999)
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _descriptor(0)
}

test_not_applicable_where_another_party_runs_the_model if {
	every hosting in ["managed-inference", "provider-hosted", "hosted-api"] {
		outcome.not_applicable(control, _path) with input.descriptor as {"spec": {"serving": {"hosting": hosting}}}
	}
}

test_absent_target_fails if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": "`spec.cost.targetUtilization` is missing; wanted: at least 0.3",
		"reads": _reads,
	}} with input.descriptor as {"spec": {"serving": {"hosting": "cloud-managed"}}}
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as {"spec": {}}
}
