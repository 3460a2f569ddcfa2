package psfpolicy.controls.oversight.bounded_agents_test

import data.psfpolicy.controls.oversight.bounded_agents as control
import data.psfpolicy.lib.outcome

_section := ["spec", "oversight", "agents"]

_first := array.concat(_section, [0])

_second := array.concat(_section, [1])

_reads := [array.concat(_first, keys) | some keys in [["maxSteps"], ["budgetUsd"], ["killSwitch", "lastTested"]]]

_bounds := "`maxSteps`, `budgetUsd` above 0, and `killSwitch` with `lastTested` within 180 days"

_wanted := $"wanted: {_bounds}"

_agent := {"name": "triage", "maxSteps": 20, "budgetUsd": 0.5, "killSwitch": {"lastTested": "2026-05-25"}}

_but(changes) := object.union(_agent, changes)

_spec(spec) := {"today": "2026-11-21", "descriptor": {"spec": spec}}

_input(agents) := _spec({"oversight": {"agents": agents}})

test_pass_when_tested_180_days_ago if {
	control.findings == {{
		"path": _first,
		"status": "pass",
		"message": "agent `triage` is bounded in steps and budget, and its kill switch was last tested on `2026-05-25`, 180 days ago",
		"reads": _reads,
	}} with input as _input([_agent])
}

test_pass_when_tested_tomorrow_by_another_clock if {
	outcome.is(control, [[_first, "pass"]]) with input as _input([_but({"killSwitch": {"lastTested": "2026-11-22"}})])
}

test_partial_when_tested_181_days_ago if {
	seen := "is bounded in steps and budget, and its kill switch was last tested on `2026-05-24`, 181 days ago"
	control.findings == {{
		"path": _first,
		"status": "partial",
		"message": $"agent `triage` {seen}; {_wanted}",
		"reads": _reads,
	}} with input as _input([_but({"killSwitch": {"lastTested": "2026-05-24"}})])
}

test_partial_without_one_of_the_bounds if {
	outcome.is(control, [[_first, "partial"]]) with input as _input([object.remove(_agent, ["maxSteps"])])
	outcome.is(control, [[_first, "partial"]]) with input as _input([object.remove(_agent, ["budgetUsd"])])
	outcome.is(control, [[_first, "partial"]]) with input as _input([object.remove(_agent, ["killSwitch"])])
}

test_partial_with_no_step_at_all if {
	outcome.is(control, [[_first, "partial"]]) with input as _input([_but({"maxSteps": 0})])
}

test_partial_with_a_budget_of_0 if {
	outcome.is(control, [[_first, "partial"]]) with input as _input([_but({"budgetUsd": 0})])
}

test_partial_for_the_unbounded_agent_when_another_is_bounded if {
	outcome.is(control, [[_first, "pass"], [_second, "partial"]]) with input as _input([_agent, {"name": "free"}])
}

test_fail_when_nothing_bounds_the_agent if {
	seen := "is not bounded by `budgetUsd` and `maxSteps`, and its kill switch was never tested"
	control.findings == {{
		"path": _first,
		"status": "fail",
		"message": $"agent `free` {seen}; {_wanted}",
		"reads": _reads,
	}} with input as _input([{"name": "free", "budgetUsd": 0, "killSwitch": {}}])
}

test_fail_when_the_test_lies_in_the_future if {
	outcome.is(control, [[_first, "fail"]]) with input as _input([_but({"killSwitch": {"lastTested": "2026-11-23"}})])
}

test_fail_in_the_future_beside_a_bounded_agent if {
	outcome.is(control, [[_first, "pass"], [_second, "fail"]]) with input as _input([
		_agent,
		_but({"name": "b", "killSwitch": {"lastTested": "2027-11-21"}}),
	])
}

test_fail_for_a_listed_agent_when_the_tasks_name_none if {
	outcome.is(control, [[_first, "fail"]]) with input as _spec({
		"purpose": {"tasks": ["chat"]},
		"oversight": {"agents": [{"name": "free"}]},
	})
}

test_fail_with_an_empty_list_when_the_tasks_name_agents if {
	control.findings == {{
		"path": _section,
		"status": "fail",
		"message": $"`spec.oversight.agents` is empty, while `spec.purpose.tasks` holds `agents`; wanted: each agent with {_bounds}",
		"reads": [_section, ["spec", "purpose", "tasks"]],
	}} with input as _spec({"purpose": {"tasks": ["chat", "agents"]}, "oversight": {"agents": []}})
}

test_partial_for_a_date_that_cannot_be_read if {
	outcome.is(control, [[_first, "partial"]]) with input as _input([_but({"killSwitch": {"lastTested": "soon"}})])
}

test_not_applicable_when_no_agent_is_declared_to_exist if {
	outcome.not_applicable(control, _section) with input as _input([])
}

test_not_applicable_when_the_tasks_name_no_agents if {
	control.not_applicable == "`spec.purpose.tasks` holds no `agents`" with input as _spec({"purpose": {"tasks": ["chat"]}})
	control.places == {_section} with input as _spec({"purpose": {"tasks": ["chat"]}})
}

test_absent_agents_and_tasks_fail_at_the_list if {
	outcome.is(control, [[_section, "fail"]]) with input as _spec({})
}

test_absent_agents_fail_when_the_tasks_name_them if {
	outcome.is(control, [[_section, "fail"]]) with input as _spec({"purpose": {"tasks": ["agents"]}})
}

test_tools_that_a_manifest_shows_are_agents_that_nobody_named if {
	fact := {
		"path": ["spec", "data", "otherFlows"], "value": {"name": "mcp", "kind": "tool"}, "item": true, "certainty": "certain",
		"about": "deployment", "subject": "x",
	}
	asked := {"descriptor": {"spec": {"purpose": {"tasks": ["chat"]}, "oversight": {"agents": []}}}, "facts": {"evidence": [fact]}}
	findings := control.findings with input as asked
	[[finding.status, finding.message] | some finding in findings] == [[
		"fail",
		"`spec.oversight.agents` names none, while manifests show tools that the model calls; wanted: each agent with `maxSteps`, `budgetUsd` above 0, and `killSwitch` with `lastTested` within 180 days",
	]]
	not control.not_applicable with input as asked
	alone := control.not_applicable with input as {"descriptor": asked.descriptor, "facts": {"evidence": []}}
	alone == "`spec.oversight.agents` is empty: no agent acts"
}
