package psfpolicy.controls.input.audit_log_test

import data.psfpolicy.controls.input.audit_log as control
import data.psfpolicy.lib.outcome

_path := ["spec", "inputs", "log"]

_reads := [
	["spec", "inputs", "log", "enabled"],
	["spec", "inputs", "log", "piiRedaction"],
	["spec", "observability", "runLog", "rawText"],
	["spec", "data", "categories"],
]

_logging(log, run_log, categories) := {"spec": {
	"inputs": {"log": log},
	"observability": {"runLog": run_log},
	"data": {"categories": categories},
}}

_redacted := {"enabled": true, "piiRedaction": true}

_unredacted := {"enabled": true, "piiRedaction": false}

test_pass_when_inputs_are_logged_with_pii_redacted if {
	finding := {"path": _path, "status": "pass", "message": "inputs are logged with PII redacted", "reads": _reads}
	control.findings == {finding} with input.descriptor.spec.inputs.log as _redacted
}

test_pass_when_inputs_are_logged_as_hashes_only if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _logging({"enabled": true}, {"rawText": false}, ["pii"])
}

test_pass_names_both_safeguards if {
	finding := {
		"path": _path,
		"status": "pass",
		"message": "inputs are logged with PII redacted and without raw text",
		"reads": _reads,
	}
	control.findings == {finding} with input.descriptor as _logging(_redacted, {"rawText": false}, ["pii"])
}

test_pass_when_redacted_without_personal_data if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _logging(_redacted, {}, ["none"])
}

test_partial_when_unredacted_without_personal_data if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _logging(_unredacted, {}, ["none"])
}

test_partial_when_the_run_log_keeps_raw_text_without_personal_data if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _logging(_redacted, {"rawText": true}, [])
}

test_fail_when_unredacted_with_personal_data if {
	finding := {
		"path": _path,
		"status": "fail",
		"message": concat("", [
			"inputs are logged unredacted: `spec.inputs.log.piiRedaction` is `false`, ",
			"and `spec.data.categories` does not rule out personal data; wanted: `enabled: true`, with `piiRedaction: true` or, ",
			"for hashes only, `spec.observability.runLog.rawText: false`",
		]),
		"reads": _reads,
	}
	control.findings == {finding} with input.descriptor as _logging(_unredacted, {}, ["pii"])
}

test_fail_when_the_run_log_keeps_raw_text_beside_a_redacted_input_log if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _logging(_redacted, {"rawText": true}, ["pii"])
}

test_fail_when_unredacted_and_categories_are_not_declared if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.inputs.log as {"enabled": true}
}

test_fail_when_the_log_is_switched_off if {
	log := {"enabled": false, "piiRedaction": true}
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _logging(log, {"rawText": false}, ["none"])
}

test_fail_when_the_log_is_switched_off_without_personal_data if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _logging({"enabled": false}, {}, ["none"])
}

test_fail_when_nothing_says_that_inputs_are_logged if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _logging({"piiRedaction": true}, {"rawText": false}, ["none"])
}

test_absent_log_fails_at_the_section if {
	finding := {
		"path": _path,
		"status": "fail",
		"message": concat("", [
			"inputs are not logged: `spec.inputs.log.enabled` is missing; wanted: `enabled: true`, with `piiRedaction: true` or, ",
			"for hashes only, `spec.observability.runLog.rawText: false`",
		]),
		"reads": _reads,
	}
	control.findings == {finding} with input.descriptor as {"spec": {}}
}
