package psfpolicy.controls.security.patching_test

import data.psfpolicy.controls.security.patching as control
import data.psfpolicy.lib.outcome

_path := ["spec", "security", "patching"]

_reads := array.concat([["spec", "serving", "hosting"]], [array.concat(_path, [key]) | some key in ["slaDays", "owner"]])

_wanted := "wanted: `slaDays` from 1 to 30, and an `owner`"

test_pass_within_30_days_with_an_owner if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "`ops` applies security patches within 30 days",
		"reads": _reads,
	}} with input.descriptor.spec.security.patching as {"slaDays": 30, "owner": "ops"}
}

test_partial_within_31_days if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": $"`ops` applies security patches within 31 days; {_wanted}",
		"reads": _reads,
	}} with input.descriptor.spec.security.patching as {"slaDays": 31, "owner": "ops"}
}

test_fail_without_an_owner if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": $"in `spec.security.patching`, `owner` is missing; {_wanted}",
		"reads": _reads,
	}} with input.descriptor.spec.security.patching as {"slaDays": 14}
}

test_fail_when_the_owner_is_called_none if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.security.patching as {"slaDays": 14, "owner": "none"}
}

test_fail_without_a_term if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.security.patching as {"owner": "ops"}
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.security.patching as {"slaDays": 0, "owner": "ops"}
}

test_not_applicable_on_the_machines_of_a_provider if {
	outcome.not_applicable(control, _path) with input.descriptor.spec.serving.hosting as "cloud-managed"
	outcome.not_applicable(control, _path) with input.descriptor.spec.serving.hosting as "hosted-api"
}

test_absent_section_fails_at_its_key if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": $"in `spec.security.patching`, `owner` is missing and `slaDays` is missing; {_wanted}",
		"reads": _reads,
	}} with input.descriptor as {"spec": {}}
}
