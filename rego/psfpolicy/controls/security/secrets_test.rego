package psfpolicy.controls.security.secrets_test

import data.psfpolicy.controls.security.secrets as control
import data.psfpolicy.lib.outcome

_path := ["spec", "security", "secrets"]

_literal := ["spec", "inputs", "guards", 0, "model"]

_store := ["spec", "security", "secrets", "store"]

_reads := [array.concat(_path, [key]) | some key in ["store", "rotationDays"]]

_input(secrets, literals) := {
	"facts": {"secrets": literals},
	"descriptor": {"spec": {"security": {"secrets": secrets}}},
}

_kept := {"store": "vault", "rotationDays": 90}

test_pass_in_a_store_rotating_every_90_days if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "secrets are in a store and rotate every 90 days",
		"reads": _reads,
	}} with input as _input(_kept, [])
}

test_pass_rotating_every_day if {
	outcome.is(control, [[_path, "pass"]]) with input as _input({"store": "vault", "rotationDays": 1}, [])
}

test_partial_rotating_every_91_days if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": "secrets are in a store and rotate every 91 days; wanted: `rotationDays` from 1 to 90",
		"reads": _reads,
	}} with input as _input({"store": "vault", "rotationDays": 91}, [])
}

test_partial_rotating_every_0_days_or_not_at_all if {
	outcome.is(control, [[_path, "partial"]]) with input as _input({"store": "vault", "rotationDays": 0}, [])
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": "secrets are in a store and never rotate; wanted: `rotationDays` from 1 to 90",
		"reads": _reads,
	}} with input as _input({"store": "vault"}, [])
}

test_fail_without_a_store if {
	outcome.is(control, [[_path, "fail"]]) with input as _input({"rotationDays": 30}, [])
	outcome.is(control, [[_path, "fail"]]) with input as _input({"store": "none", "rotationDays": 30}, [])
}

test_fail_for_each_literal_secret_beside_the_rest if {
	message := "the value here is a secret in plain text; wanted: a reference to a secret store, and this secret revoked"
	control.findings == {
		{
			"path": _path,
			"status": "pass",
			"message": "secrets are in a store and rotate every 90 days",
			"reads": _reads,
		},
		{"path": _literal, "status": "fail", "message": message, "reads": [_literal]},
		{"path": _store, "status": "fail", "message": message, "reads": [_store]},
	} with input as _input(_kept, [_literal, _store, _literal])
}

test_fail_where_the_section_itself_is_a_literal_secret if {
	outcome.is(control, [[_path, "fail"]]) with input as _input(_kept, [_path])
}

test_no_message_shows_the_value_of_a_secret if {
	secret := "AKIAIOSFODNN7EXAMPLE"
	messages := {finding.message | some finding in control.findings} with input as _input({"store": secret}, [_store])
	count(messages) == 2
	{message | some message in messages; contains(message, secret)} == set()
}

test_absent_section_fails_at_its_key if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": "`spec.security.secrets` names no store; wanted: `store`, and `rotationDays` from 1 to 90",
		"reads": _reads,
	}} with input as {"facts": {"secrets": []}, "descriptor": {"spec": {}}}
}

test_absent_facts_leave_the_declaration_to_be_judged if {
	outcome.is(control, [[_path, "fail"]]) with input as {"descriptor": {"spec": {}}}
}

test_fail_for_each_secret_that_stands_in_a_manifest if {
	fact := {
		"path": _store, "value": "none", "item": false, "certainty": "certain", "about": "deployment",
		"subject": "Secret llm/keys",
	}
	place := ["facts", "evidence", 0]
	outcome.is(control, [[_path, "pass"], [place, "fail"]]) with input as object.union(
		_input(_kept, []),
		{"facts": {"evidence": [fact]}},
	)
}
