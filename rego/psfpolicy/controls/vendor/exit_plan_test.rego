package psfpolicy.controls.vendor.exit_plan_test

import data.psfpolicy.controls.vendor.exit_plan as control
import data.psfpolicy.lib.outcome

_path := ["spec", "vendor", "exitPlan"]

test_pass_when_a_plan_is_named if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "`spec.vendor.exitPlan` is `docs/exit.md`",
		"reads": [_path],
	}} with input.descriptor.spec.vendor.exitPlan as "docs/exit.md"
}

test_fail_when_the_plan_is_none if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.vendor.exitPlan as "none"
}

test_fail_when_the_plan_is_blank if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.vendor.exitPlan as "  "
}

test_absent_plan_fails_at_its_key if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": "`spec.vendor.exitPlan` is missing; wanted: the document that says how to leave each vendor",
		"reads": [_path],
	}} with input.descriptor as {"spec": {}}
}
