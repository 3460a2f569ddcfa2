package psfpolicy.controls.security.threat_model_test

import data.psfpolicy.controls.security.threat_model as control
import data.psfpolicy.lib.outcome

_path := ["spec", "security", "threatModel"]

_reads := [
	["spec", "security", "threatModel", "covers"],
	["spec", "security", "threatModel", "reviewed"],
	["spec", "purpose", "tasks"],
	["spec", "oversight", "agents"],
]

_five := ["injection", "extraction", "exfiltration", "supply-chain", "secret-leakage"]

_spec(spec) := {"today": "2026-11-21", "descriptor": {"spec": spec}}

_input(covers, reviewed) := _spec({
	"purpose": {"tasks": ["chat"]},
	"security": {"threatModel": {"covers": covers, "reviewed": reviewed}},
})

_agents(covers) := _spec({
	"oversight": {"agents": [{"name": "triage"}]},
	"purpose": {"tasks": ["chat"]},
	"security": {"threatModel": {"covers": covers, "reviewed": "2026-11-21"}},
})

test_pass_when_reviewed_365_days_ago if {
	threats := "`exfiltration`, `extraction`, `injection`, `secret-leakage` and `supply-chain`"
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": $"the threat model covers {threats}, and was last reviewed on `2025-11-21`, 365 days ago",
		"reads": _reads,
	}} with input as _input(_five, "2025-11-21")
}

test_pass_with_agents_when_tool_abuse_is_covered if {
	outcome.is(control, [[_path, "pass"]]) with input as _agents(array.concat(_five, ["tool-abuse"]))
}

test_pass_without_tool_abuse_when_the_list_of_agents_is_empty if {
	outcome.is(control, [[_path, "pass"]]) with input as _spec({
		"oversight": {"agents": []},
		"security": {"threatModel": {"covers": _five, "reviewed": "2026-11-22"}},
	})
}

test_partial_when_reviewed_366_days_ago if {
	threats := "`exfiltration`, `extraction`, `injection`, `secret-leakage` and `supply-chain`"
	wanted := $"wanted: `covers` with {threats}, and `reviewed` within 365 days"
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": $"the threat model covers {threats}, and was last reviewed on `2025-11-20`, 366 days ago; {wanted}",
		"reads": _reads,
	}} with input as _input(_five, "2025-11-20")
}

test_partial_when_a_threat_is_not_covered if {
	outcome.is(control, [[_path, "partial"]]) with input as _input(["injection"], "2026-11-21")
}

test_partial_without_tool_abuse_when_agents_are_listed if {
	outcome.is(control, [[_path, "partial"]]) with input as _agents(_five)
}

test_partial_without_tool_abuse_when_agents_are_not_ruled_out if {
	outcome.is(control, [[_path, "partial"]]) with input as _spec({"security": {"threatModel": {
		"covers": _five,
		"reviewed": "2026-11-21",
	}}})
}

test_partial_without_tool_abuse_when_an_empty_list_contradicts_the_tasks if {
	outcome.is(control, [[_path, "partial"]]) with input as _spec({
		"oversight": {"agents": []},
		"purpose": {"tasks": ["agents"]},
		"security": {"threatModel": {"covers": _five, "reviewed": "2026-11-21"}},
	})
}

test_partial_when_the_review_has_no_date if {
	outcome.is(control, [[_path, "partial"]]) with input as _spec({
		"purpose": {"tasks": ["chat"]},
		"security": {"threatModel": {"covers": _five}},
	})
}

test_partial_when_the_date_cannot_be_read if {
	outcome.is(control, [[_path, "partial"]]) with input as _input(_five, "soon")
}

test_fail_when_reviewed_in_the_future if {
	outcome.is(control, [[_path, "fail"]]) with input as _input(_five, "2026-11-23")
}

test_fail_when_nothing_asked_for_is_covered if {
	outcome.is(control, [[_path, "fail"]]) with input as _input([], "2026-11-21")
	outcome.is(control, [[_path, "fail"]]) with input as _input(["tool-abuse"], "2026-11-21")
}

test_absent_threat_model_fails_at_its_key if {
	threats := "`exfiltration`, `extraction`, `injection`, `secret-leakage`, `supply-chain` and `tool-abuse`"
	wanted := $"wanted: `covers` with {threats}, and `reviewed` within 365 days"
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": $"the threat model leaves out {threats}, and was never reviewed; {wanted}",
		"reads": _reads,
	}} with input as _spec({})
}
