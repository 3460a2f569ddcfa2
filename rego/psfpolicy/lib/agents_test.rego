package psfpolicy.lib.agents_test

import data.psfpolicy.lib.agents

_descriptor(tasks, listed) := {"spec": {"purpose": {"tasks": tasks}, "oversight": {"agents": listed}}}

test_agents_are_declared_by_a_task_or_by_the_list if {
	agents.declared(_descriptor(["agents"], []))
	agents.declared(_descriptor(["chat"], [{"name": "triage"}]))
	not agents.declared(_descriptor(["chat"], []))
	not agents.declared({"spec": {}})
}

test_agents_are_absent_when_the_list_is_empty_or_the_tasks_leave_them_out if {
	agents.absent({"spec": {"oversight": {"agents": []}}})
	agents.absent({"spec": {"purpose": {"tasks": ["chat"]}}})
	agents.absent({"spec": {"purpose": {"tasks": []}}})
}

test_agents_are_not_absent_when_one_statement_contradicts_the_other if {
	not agents.absent(_descriptor(["agents"], []))
	not agents.absent(_descriptor(["chat"], [{"name": "triage"}]))
}

test_agents_are_not_absent_when_nothing_is_said if not agents.absent({"spec": {}})
