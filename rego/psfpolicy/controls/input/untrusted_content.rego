# METADATA
# title: Untrusted content
# description: |
#   Retrieved text, code and tool results reach the model without any user having typed them, and are where indirect injection hides.
#   The task `rag` asks for a guard that scans `retrieved`, `code` one that scans `code`, `agents` one that scans `tool`;
#   where tasks are not declared, all three are asked for. Only the detection of `injection` counts, and redacting is as good as
#   blocking, since what is cut out of a document no longer instructs. One finding per guard, and one for what no guard scans.
# custom:
#   provenance: assessment
#   severity: critical
#   remediation: |
#     Have the injection guard read what the tasks bring in as well:
#
#     inputs:
#       guards:
#         - {name: prompt-guard, detects: [injection], scans: [user, retrieved], action: block, onPath: true, failClosed: true}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-1-input-governance
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#   good: |
#     purpose: {tasks: [rag]}
#     inputs:
#       guards: [{name: g, detects: [injection], scans: [user, retrieved], action: block, onPath: true, failClosed: true}]
#   bad: |
#     purpose: {tasks: [rag]}
#     inputs:
#       guards: [{name: g, detects: [injection], scans: [user], action: block, onPath: true, failClosed: true}]
package psfpolicy.controls.input.untrusted_content

import data.psfpolicy.lib.guards
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_section := ["spec", "inputs", "guards"]

_tasks := ["spec", "purpose", "tasks"]

# What each of these tasks brings before the model.
_brings := {"rag": "retrieved", "code": "code", "agents": "tool"}

_sources contains source if {
	some task, source in _brings
	not terms.lacks_task(input.descriptor, task)
}

not_applicable := "`spec.purpose.tasks` has none of `agents`, `code`, `rag`: only user text comes in" if count(_sources) == 0

_candidates := guards.detecting([guard | some guard in input.descriptor.spec.inputs.guards], {"injection"})

_answers[source] := guards.answer(_section, scanning, {"injection"}, {"block", "escalate", "redact"}) if {
	some source in _sources
	scanning := guards.scanning(_candidates, source)
}

_paths contains answer.path if some answer in _answers

places contains _section if count(_sources) == 0

places contains path if some path in _paths

findings contains {"path": path, "status": _status(answer), "message": message, "reads": array.concat(answer.reads, [_tasks])} if {
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

_message(path, sources, answer) := $"against injection by {text.either(sources)}: {answer.message}" if path != _section

_message(path, sources, _) := concat("", [
	$"no guard in `spec.inputs.guards` detects `injection` and scans {text.either(sources)}{_why}; ",
	"wanted: each of these in the `scans` of such a guard, with action `block`, `escalate` or `redact`, onPath: true, failClosed: true",
]) if {
	path == _section
}

default _why := " (`spec.purpose.tasks` is missing, so all are asked for)"

_why := "" if input.descriptor.spec.purpose.tasks
