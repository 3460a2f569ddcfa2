package psfpolicy.controls.ops.cost_owner_test

import data.psfpolicy.controls.ops.cost_owner as control
import data.psfpolicy.lib.outcome

_section := ["spec", "operations", "duties"]

_path := ["spec", "operations", "duties", 1]

_duties(keys) := {"spec": {
	"serving": {"hosting": "on-prem"},
	"operations": {"duties": [
		{"duty": "monitoring", "owner": "others", "cadenceDays": 7},
		object.union({"duty": "cost"}, keys),
	]},
}}

test_pass_with_an_owner_and_a_cadence if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "`cost` comes round every 30 days and is owned by `ml-platform`",
		"reads": array.concat([["spec", "serving", "hosting"]], [array.concat(_path, [key]) |
			some key in ["duty", "owner", "cadenceDays", "reviewed"]
		]),
	}} with input.descriptor as _duties({"owner": "ml-platform", "cadenceDays": 30}) with input.today as "2026-11-21"
}

test_pass_with_an_owner_and_a_review if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _duties({"owner": "ml-platform", "reviewed": "2026-11-01"})
		with input.today as "2026-11-21"
}

test_partial_with_an_owner_only if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _duties({"owner": "ml-platform"})
		with input.today as "2026-11-21"
}

test_fail_without_an_owner if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _duties({"cadenceDays": 30}) with input.today as "2026-11-21"
}

test_not_applicable_where_the_provider_hosts_the_model if {
	every hosting in ["provider-hosted", "hosted-api"] {
		outcome.not_applicable(control, _section) with input.descriptor as {"spec": {"serving": {"hosting": hosting}}}
			with input.today as "2026-11-21"
	}
}

test_absent_duty_fails_where_another_party_runs_the_team_s_weights if {
	every hosting in ["cloud-managed", "managed-inference"] {
		outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {"serving": {"hosting": hosting}}}
			with input.today as "2026-11-21"
	}
}

test_absent_duty_fails if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {"operations": {"duties": []}}}
		with input.today as "2026-11-21"
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {}} with input.today as "2026-11-21"
}
