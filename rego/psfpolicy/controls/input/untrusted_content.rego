# METADATA
# title: Untrusted content
# description: |
#   Retrieved text, code and tool results reach the model without any user having typed them, and are where indirect injection hides.
#   The task `rag` asks for a guard that scans `retrieved`, `code` one that scans `code`, `agents` one that scans `tool`;
#   where tasks are not declared, all three are asked for, and agents that are listed ask for theirs whatever the tasks say. So do
#   a vector store, and flows of embeddings or to tools, in `spec.data`.
#   Only the detection of `injection` counts, and redacting is as good as blocking, since what is cut out of a document no longer
#   instructs. One finding per guard, and one for what no guard scans.
# custom:
#   provenance: assessment
#   severity: critical
#   remediation: |
#     Have the injection guard read what the tasks bring in as well:
#
#     inputs:
#       guards:
#         - {name: prompt-guard, model: meta-llama/Llama-Prompt-Guard-2-86M, chunking: true, detects: [injection], scans: [user, retrieved], action: block, onPath: true, failClosed: true}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-1-input-governance
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#   good: |
#     purpose: {tasks: [rag]}
#     inputs:
#       guards: [{name: g, evaluation: evals/g, detects: [injection], scans: [user, retrieved], action: block, onPath: true, failClosed: true}]
#   bad: |
#     purpose: {tasks: [rag]}
#     inputs:
#       guards: [{name: g, evaluation: evals/g, detects: [injection], scans: [user], action: block, onPath: true, failClosed: true}]
package psfpolicy.controls.input.untrusted_content

import data.psfpolicy.evidence
import data.psfpolicy.guarding
import data.psfpolicy.lib.guards
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_section := ["spec", "inputs", "guards"]

_agents := ["spec", "oversight", "agents"]

_guards := guarding.inputs

# What these tasks bring before the model.
_sources contains "retrieved" if not terms.lacks_task(_descriptor, "rag")

_sources contains "code" if not terms.lacks_task(_descriptor, "code")

_sources contains "tool" if not terms.lacks_task(_descriptor, "agents")

_sources contains "tool" if terms.has_agents(_descriptor)

# What the descriptor itself declares, and what manifests show, whatever the tasks leave out.
_sources contains source if some source, _ in _declared

_sources contains source if some source, _ in evidence.brings

not_applicable := "`spec.purpose.tasks` has none of `agents`, `code` and `rag`: only user text comes in" if count(_sources) == 0

# Paths of what is declared to bring content in, by what that is, where the tasks leave it out.
_declared[source] contains ["spec", "data", key, index, "kind"] if {
	some key in ["otherFlows", "stores"]
	some index, item in _descriptor.spec.data[key]
	source := evidence.sources[$"spec.data.{key}"][item.kind]
	terms.lacks_task(_descriptor, {"retrieved": "rag", "tool": "agents"}[source])
}

_asked(source) := {"detects": {"injection"}, "scans": source, "actions": {"block", "escalate", "redact"}}

_answers[source] := guards.answer(_section, _guards, _asked(source)) if some source in _sources

_paths contains answer.path if some answer in _answers

rests := {["spec", "oversight", "agents"], ["spec", "purpose", "tasks"]}

places contains _section if count(_sources) == 0

places contains path if some path in _paths

findings contains {"path": path, "status": _status(answer), "message": message, "reads": array.concat(answer.reads, _reasons)} if {
	some path in _paths
	answers := {source: answer | some source, answer in _answers; answer.path == path}
	some answer in answers
	message := _message(path, object.keys(answers), answer)
}

# What is not covered is partial beside something that is.
_status(answer) := "partial" if {
	answer.status == "fail"
	some other in _answers
	other.status == "pass"
}

else := answer.status

_message(path, sources, answer) := $"against injection by {text.all_of(sources)}: {answer.message}" if path != _section

_message(path, sources, _) := $"no guard in `spec.inputs.guards` detects `injection` and scans {text.one_of(sources)}{_why}; {wanted}" if {
	path == _section
	wanted := $"wanted: {text.all_of(sources)} in the `scans` of such a guard, {_acting}"
}

_acting := "with action `block`, `escalate` or `redact`, `onPath: true` and `failClosed: true`"

default _why := " (`spec.purpose.tasks` is missing, so that all are asked for)"

_why := "" if {
	_descriptor.spec.purpose.tasks
	count(_shown) == 0
}

_why := $" ({text.joined(_shown)})" if {
	_descriptor.spec.purpose.tasks
	count(_shown) > 0
}

_shown := {$"{who} {text.joined(things)}" |
	some who, brought in {"manifests show": evidence.brings, "`spec.data` declares": _declared}
	things := {told | some source, told in {"retrieved": "what is retrieved from", "tool": "tools"}; brought[source]}
	count(things) > 0
}

# What makes the control ask: the tasks, and what is declared or shown although the tasks leave it out.
_reasons := array.flatten([
	[["spec", "purpose", "tasks"]],
	[path |
		terms.lacks_task(_descriptor, "agents")
		some path in paths.items(_agents, [agent | some agent in _descriptor.spec.oversight.agents], ["name"])
	],
	sort([path | some brought in [_declared, evidence.brings]; some found in brought; some path in found]),
])
