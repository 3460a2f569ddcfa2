# METADATA
# title: Bounded agents
# description: |
#   An agent that may go on for ever spends, and acts, until somebody notices.
#   Every agent has a largest number of steps, a budget above 0, and a kill switch tested within 180 days; a test that lies in the
#   future fails. An empty list of agents beside tasks that name them is a contradiction and fails, and agents that are listed are
#   assessed whatever the tasks say.
# custom:
#   provenance: guide
#   severity: critical
#   remediation: |
#     Bound each agent, and try its kill switch out twice a year:
#
#     oversight:
#       agents:
#         - {name: triage, maxSteps: 20, budgetUsd: 5, killSwitch: {lastTested: 2026-09-01}}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-6-human-oversight
#   good: |
#     oversight:
#       agents: [{name: triage, maxSteps: 20, budgetUsd: 5, killSwitch: {lastTested: 2026-09-01}}]
#   bad: |
#     oversight:
#       agents: [{name: triage, maxSteps: 20, budgetUsd: 5}]
package psfpolicy.controls.oversight.bounded_agents

import data.psfpolicy.lib.agents
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.tested

metadata := rego.metadata.chain()

_section := ["spec", "oversight", "agents"]

_agents := [agent | some agent in input.descriptor.spec.oversight.agents]

_listed_empty if input.descriptor.spec.oversight.agents == []

not_applicable := "`spec.oversight.agents` is empty: no agent acts" if {
	agents.absent(input.descriptor)
	_listed_empty
}

not_applicable := "`spec.purpose.tasks` holds no `agents`" if {
	agents.absent(input.descriptor)
	not _listed_empty
}

places contains _section if count(_agents) == 0

places contains array.concat(_section, [index]) if some index, _ in _agents

findings contains {"path": _section, "status": "fail", "message": message, "reads": reads} if {
	count(_agents) == 0
	message := $"`spec.oversight.agents` {_seen}; wanted: each agent with {_bounds}"
	reads := [_section, ["spec", "purpose", "tasks"]]
}

findings contains {"path": path, "status": _status(index), "message": _message(index), "reads": reads} if {
	some index, _ in _agents
	path := array.concat(_section, [index])
	reads := [array.concat(path, keys) | some keys in [["maxSteps"], ["budgetUsd"], ["killSwitch", "lastTested"]]]
}

_seen := "is empty, while `spec.purpose.tasks` holds `agents`" if _listed_empty

_seen := "is missing, and `spec.purpose.tasks` does not rule agents out" if not _listed_empty

_bounds := "`maxSteps`, `budgetUsd` above 0, and `killSwitch` with `lastTested` within 180 days"

_date(agent) := object.get(agent, ["killSwitch", "lastTested"], "")

_tested(agent) := tested.state(_date(agent), input.today, 180)

# What each agent lacks, one phrase for each of the three bounds, by index.
_lacking[index] := union({
	{"has no `maxSteps`" | not agent.maxSteps > 0},
	{"has no budget" | not agent.budgetUsd > 0},
	{$"has a kill switch that {_trial(agent)}" | _tested(agent) != "recent"},
}) if {
	some index, agent in _agents
}

_bounded contains index if {
	some index, lacking in _lacking
	count(lacking) == 0
}

_status(index) := "pass" if _bounded[index]

_status(index) := "fail" if _tested(_agents[index]) == "future"

_status(index) := "partial" if {
	not _bounded[index]
	_tested(_agents[index]) != "future"
	_some(index)
}

_status(index) := "fail" if {
	not _bounded[index]
	not _some(index)
}

_some(_) if count(_bounded) > 0

_some(index) if count(_lacking[index]) < 3

_message(index) := $"agent `{_agents[index].name}` has `maxSteps`, a budget, and a kill switch that {_trial(_agents[index])}" if {
	_bounded[index]
}

_message(index) := $"agent `{_agents[index].name}` {parts.phrase(_lacking[index])}; wanted: {_bounds}" if not _bounded[index]

_trial(agent) := tested.shown(_date(agent), input.today)
