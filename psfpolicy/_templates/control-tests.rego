package psfpolicy.controls.@DOMAIN@.@FILE@_test

import data.psfpolicy.controls.@DOMAIN@.@FILE@ as control
import data.psfpolicy.lib.outcome

_path := ["spec", "operations", "owner"]

_owned(owner) := {"spec": {"operations": {"owner": owner}}}

test_pass_when_somebody_is_named if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _owned("ml-platform")
}

test_fail_when_the_word_names_nobody if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _owned("tbd")
}

test_absent_owner_fails_and_says_what_to_write if {
	finding := {
		"path": _path,
		"status": "fail",
		"message": "`spec.operations.owner` is missing; wanted: who runs the deployment",
		"reads": [_path],
	}
	control.findings == {finding} with input.descriptor as {"spec": {}}
}
