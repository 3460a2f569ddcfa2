package psfpolicy.controls.deploy.audit_runbooks_test

import data.psfpolicy.controls.deploy.audit_runbooks as control
import data.psfpolicy.lib.outcome

_log := ["spec", "release", "auditLog"]

_runbooks := ["spec", "release", "runbooks"]

test_pass_with_a_log_and_a_runbook if {
	{finding | some finding in control.findings} == {
		{"path": _log, "status": "pass", "message": "`spec.release.auditLog` is `true`", "reads": [_log]},
		{"path": _runbooks, "status": "pass", "message": "the runbooks are `capacity` and `injection`", "reads": [_runbooks]},
	} with input.descriptor.spec.release as {"auditLog": true, "runbooks": ["injection", "capacity"]}
	control.places == {_log, _runbooks} with input.descriptor as {}
}

test_pass_for_each_runbook_of_an_ai_incident if {
	both := [[_log, "pass"], [_runbooks, "pass"]]
	outcome.is(control, both) with input.descriptor.spec.release as {"auditLog": true, "runbooks": ["bad-output"]}
	outcome.is(control, both) with input.descriptor.spec.release as {"auditLog": true, "runbooks": ["data-leak"]}
}

test_partial_without_the_log if {
	outcome.is(control, [[_log, "partial"], [_runbooks, "pass"]]) with input.descriptor.spec.release.runbooks as ["injection"]
}

test_partial_when_the_log_is_said_to_be_off if {
	outcome.is(control, [[_log, "partial"], [_runbooks, "pass"]]) with input.descriptor.spec.release as {
		"auditLog": false,
		"runbooks": ["injection"],
	}
}

test_partial_without_a_runbook_of_an_ai_incident if {
	{finding | some finding in control.findings} == {
		{"path": _log, "status": "pass", "message": "`spec.release.auditLog` is `true`", "reads": [_log]},
		{
			"path": _runbooks,
			"status": "partial",
			"message": "the runbooks are `capacity` and `outage`; wanted: at least one of `bad-output`, `data-leak` and `injection`",
			"reads": [_runbooks],
		},
	} with input.descriptor.spec.release as {"auditLog": true, "runbooks": ["outage", "capacity"]}
}

test_partial_with_an_empty_list_of_runbooks if {
	outcome.is(control, [[_log, "pass"], [_runbooks, "partial"]]) with input.descriptor.spec.release as {"auditLog": true, "runbooks": []}
}

test_fail_when_both_are_declared_missing if {
	outcome.is(control, [[_log, "fail"], [_runbooks, "fail"]]) with input.descriptor.spec.release as {"auditLog": false, "runbooks": []}
}

test_absent_log_and_runbooks_fail_at_their_keys if {
	{finding | some finding in control.findings} == {
		{"path": _log, "status": "fail", "message": "`spec.release.auditLog` is missing; wanted: `true`", "reads": [_log]},
		{
			"path": _runbooks,
			"status": "fail",
			"message": "the runbooks are none; wanted: at least one of `bad-output`, `data-leak` and `injection`",
			"reads": [_runbooks],
		},
	} with input.descriptor as {"spec": {}}
}
