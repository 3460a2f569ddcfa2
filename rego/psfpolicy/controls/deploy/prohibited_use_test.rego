package psfpolicy.controls.deploy.prohibited_use_test

import data.psfpolicy.controls.deploy.prohibited_use as control
import data.psfpolicy.lib.outcome

_path := ["spec", "purpose", "euAiAct", "risk"]

test_pass_for_each_risk_that_is_permitted if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec.purpose.euAiAct.risk as "minimal"
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec.purpose.euAiAct.risk as "limited"
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec.purpose.euAiAct.risk as "high"
}

test_fail_when_the_use_is_prohibited if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": "`spec.purpose.euAiAct.risk` is `prohibited`; wanted: `high`, `limited` or `minimal`",
		"reads": [_path],
	}} with input.descriptor.spec.purpose.euAiAct.risk as "prohibited"
}

test_fail_when_the_risk_is_a_word_of_its_own if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.purpose.euAiAct.risk as "none"
}

test_absent_risk_fails_though_roles_are_declared if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": "`spec.purpose.euAiAct.risk` is missing; wanted: `high`, `limited` or `minimal`",
		"reads": [_path],
	}} with input.descriptor.spec.purpose.euAiAct as {"roles": ["none"]}
}

test_absent_section_fails_at_the_key if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as {"spec": {}}
}

test_fail_cannot_be_waived if {
	some link in control.metadata
	link.annotations.custom.waivable == false
}
