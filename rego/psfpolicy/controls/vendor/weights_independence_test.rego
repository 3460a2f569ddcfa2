package psfpolicy.controls.vendor.weights_independence_test

import data.psfpolicy.controls.vendor.weights_independence as control
import data.psfpolicy.lib.outcome

_hosting := ["spec", "serving", "hosting"]

_mirrored := ["spec", "vendor", "weightsMirrored"]

_plan := ["spec", "vendor", "exitPlan"]

_descriptor(hosting, vendor) := {"spec": {"serving": {"hosting": hosting}, "vendor": vendor}}

test_pass_when_the_weights_are_mirrored if {
	control.findings == {{
		"path": _mirrored,
		"status": "pass",
		"message": "`spec.vendor.weightsMirrored` is `true`",
		"reads": [_hosting, _mirrored],
	}} with input.descriptor as _descriptor("on-prem", {"weightsMirrored": true})
}

test_pass_when_the_weights_on_a_managed_service_are_mirrored if {
	outcome.is(control, [[_mirrored, "pass"]]) with input.descriptor as _descriptor("managed-inference", {"weightsMirrored": true})
}

test_pass_on_hosting_of_someone_else_with_an_exit_plan if {
	control.findings == {{
		"path": _plan,
		"status": "pass",
		"message": "the weights can be left behind by the exit plan `docs/exit.md`",
		"reads": [_hosting, _mirrored, _plan],
	}} with input.descriptor as _descriptor("cloud-managed", {"exitPlan": "docs/exit.md"})
	outcome.is(control, [[_plan, "pass"]]) with input.descriptor as _descriptor("hosted-api", {"exitPlan": "docs/exit.md"})
}

test_fail_when_self_run_weights_have_an_exit_plan_only if {
	control.findings == {{
		"path": _mirrored,
		"status": "fail",
		"message": "`spec.vendor.weightsMirrored` is missing; wanted: `true`",
		"reads": [_hosting, _mirrored],
	}} with input.descriptor as _descriptor("on-prem", {"exitPlan": "docs/exit.md"})
}

test_fail_when_the_weights_are_said_not_to_be_mirrored if {
	control.findings == {{
		"path": _mirrored,
		"status": "fail",
		"message": "`spec.vendor.weightsMirrored` is `false`; wanted: `true` or, on someone else's hosting, an `exitPlan`",
		"reads": [_hosting, _mirrored, _plan],
	}} with input.descriptor as _descriptor("cloud-managed", {"weightsMirrored": false})
}

test_fail_when_weights_of_someone_else_are_said_to_be_mirrored if {
	control.findings == {{
		"path": _plan,
		"status": "fail",
		"message": "`spec.vendor.exitPlan` is missing; wanted: the document that says how to do without these weights",
		"reads": [_hosting, _plan],
	}} with input.descriptor as _descriptor("hosted-api", {"weightsMirrored": true})
}

test_fail_when_the_exit_plan_is_none if {
	outcome.is(control, [[_plan, "fail"]]) with input.descriptor as _descriptor("provider-hosted", {"exitPlan": "none"})
}

test_absent_keys_fail_at_the_mirror if {
	outcome.is(control, [[_mirrored, "fail"]]) with input.descriptor as {"spec": {}}
}
