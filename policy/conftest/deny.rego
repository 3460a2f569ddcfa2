# METADATA
# title: View for conftest
# description: |
#   What psfpolicy's gate says, as conftest's users expect it. It fails closed: whatever keeps the report from being
#   defined or decided is a denial. The input is the question that psfpolicy asks an engine (policy/input.schema.json),
#   as JSON: conftest's own YAML would turn the country NO into false.
package main

# What each part of the question is. One that is missing is no empty one: without `facts` nobody knows of any secret.
_parts := {
	"catalogue": "object",
	"descriptor": "object",
	"facts": "object",
	"gate": "string",
	"parameters": "object",
	"today": "string",
	"waivers": "array",
}

_lists := {"evidence", "secrets"}

_countries := {"country", "jurisdiction", "principalPlace", "userRegions"}

_whole if {
	every part, type in _parts {
		type_name(input[part]) == type
	}
	every list in _lists {
		is_array(input.facts[list])
	}
}

deny contains $"not assessed: {_kind}; `psfpolicy input FILE > question.json` writes what is to be tested" if not _whole

deny contains $"not assessed: `{key}` is the boolean false, as YAML reads the country NO; test JSON" if {
	walk(input.descriptor, [path, false])
	some key in path
	key in _countries
}

deny contains "not assessed: the policy's data is not there; give the folder `rego` by -p and by -d" if {
	not data.psfpolicy.catalogue.models
}

deny contains "not assessed: the policy's data is not there; give the folder `rego` by -p and by -d" if {
	not data.psfpolicy.index.names
}

deny contains "not assessed: the policy gave no report; `today` is a day as 2026-11-21, `gate` one that it knows" if {
	_whole
	not data.psfpolicy.report.gate.verdict
}

deny contains $"not assessed: {id}: {message}" if {
	_whole
	some id, control in data.psfpolicy.report.controls
	control.status == "error"
	message := concat("; ", sort({finding.message | some finding in control.findings}))
}

deny contains $"the gate `{input.gate}` says `{verdict}`" if {
	_whole
	verdict := data.psfpolicy.report.gate.verdict
	not verdict in {"advisory", "pass"}
}

deny contains reason if {
	_whole
	data.psfpolicy.report.gate.verdict != "advisory"
	some reason in _reasons
}

# What the gate `standard` would have said.
warn contains reason if {
	_whole
	data.psfpolicy.report.gate.verdict == "advisory"
	some reason in _reasons
}

_reasons contains $"{reason.kind}: {reason.control}: {message}" if {
	some reason in data.psfpolicy.report.gate.reasons
	reason.kind != "error"
	some finding in data.psfpolicy.report.controls[reason.control].findings
	not finding.status in {"pass", "not-applicable"}
	message := finding.message
}

_reasons contains $"{reason.kind}: {reason.control}: the descriptor says so, and no manifest shows it" if {
	some reason in data.psfpolicy.report.gate.reasons
	reason.kind == "unevidenced"
}

_reasons contains $"{reason.kind}: {reason.domain}{_sum(reason)}" if {
	some reason in data.psfpolicy.report.gate.reasons
	reason.domain
}

_reasons contains $"{reason.kind}: {message}" if {
	some reason in data.psfpolicy.report.gate.reasons
	not reason.control
	not reason.domain
	message := _about(reason)
}

default _sum(_) := ""

_sum(reason) := $" has {score} of 100, and {threshold} are asked for" if {
	score := reason.score
	threshold := reason.threshold
}

default _about(_) := "`psfpolicy check` says more"

_about(reason) := concat("; ", sort({thing.message | some thing in data.psfpolicy.report.reduced})) if {
	reason.kind == "scope-reduced"
}

default _kind := "this is not a question that psfpolicy asks"

_kind := "this is a descriptor, and not the question about it" if input.apiVersion

_kind := "these are several files at once, and each question is tested by itself, without --combine" if is_array(input)
