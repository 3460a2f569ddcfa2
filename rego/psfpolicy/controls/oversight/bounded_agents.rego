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

import data.psfpolicy.evidence
import data.psfpolicy.lib.dates
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_section := ["spec", "oversight", "agents"]

_agents := [agent | some agent in _descriptor.spec.oversight.agents]

_empty if _descriptor.spec.oversight.agents == []

not_applicable := "`spec.oversight.agents` is empty: no agent acts" if {
	terms.lacks_agents(_descriptor)
	_empty
	not evidence.brings.tool
}

not_applicable := "`spec.purpose.tasks` holds no `agents`" if {
	terms.lacks_agents(_descriptor)
	not _empty
	not evidence.brings.tool
}

rests := {_section, ["spec", "purpose", "tasks"]}

places contains _section if count(_agents) == 0

places contains array.concat(_section, [index]) if some index, _ in _agents

findings contains {"path": _section, "status": "fail", "message": message, "reads": reads} if {
	count(_agents) == 0
	reads := array.concat([_section, ["spec", "purpose", "tasks"]], sort([path | some path in evidence.brings.tool]))
	message := $"`spec.oversight.agents` {_seen}; wanted: each agent with {_wanted}"
}

findings contains {"path": path, "status": _status(index), "message": message, "reads": reads} if {
	some index, agent in _agents
	path := array.concat(_section, [index])
	trial := dates.told(_date(agent), input.today, "tested")
	wish := text.wish(_status(index) == "pass", _wanted)
	message := $"agent `{agent.name}` {_bound(_bounds[index])}, and its kill switch {trial}{wish}"
	reads := [array.concat(path, keys) | some keys in [["maxSteps"], ["budgetUsd"], ["killSwitch", "lastTested"]]]
}

_seen := "names none, while manifests show tools that the model calls" if evidence.brings.tool

else := "is empty, while `spec.purpose.tasks` holds `agents`" if _empty

else := "is missing, and `spec.purpose.tasks` does not rule agents out"

_wanted := "`maxSteps`, `budgetUsd` above 0, and `killSwitch` with `lastTested` within 180 days"

_date(agent) := object.get(agent, ["killSwitch", "lastTested"], "")

_states[index] := dates.state(_date(agent), input.today, 180) if some index, agent in _agents

# What bounds each agent, by index.
_bounds[index] := union({
	{"maxSteps" | agent.maxSteps > 0},
	{"budgetUsd" | agent.budgetUsd > 0},
	{"killSwitch" | _states[index] == "recent"},
}) if {
	some index, agent in _agents
}

_bounded contains index if {
	some index, bounds in _bounds
	count(bounds) == 3
}

_status(index) := "pass" if _bounded[index]

_status(index) := "fail" if _states[index] == "future"

_status(index) := parts.shortfall(_bounds[index] | _bounded) if {
	not _bounded[index]
	_states[index] != "future"
}

_bound(bounds) := "is bounded in steps and budget" if count({"maxSteps", "budgetUsd"} - bounds) == 0

_bound(bounds) := $"is not bounded by {text.all_of(lacking)}" if {
	lacking := {"maxSteps", "budgetUsd"} - bounds
	count(lacking) > 0
}
