# METADATA
# title: Personal data before inference
# description: |
#   What reaches another party's model cannot be called back, and it is kept, read and disclosed under that party's rules.
#   Every hosting that is not self-run counts as run by a third party, cloud-managed included: the engine is not the team's own.
#   So does a fallback that another party runs.
#   There, redaction or tokenisation passes; a justification counts in part, once the categories of data are declared and
#   `phi` is not among them, with a date that is not in the future where it has one. Self-run, a named detector is enough.
# custom:
#   criterion: PSF-3.1
#   provenance: official
#   severity: critical
#   remediation: |
#     Name the detector of personal data, and say what becomes of what it finds before the model sees it:
#
#     data:
#       pii: {detector: {name: presidio, hosting: self}, preInference: redact}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#   good: |
#     data:
#       categories: [pii]
#       pii: {detector: {name: presidio}, preInference: redact}
#   bad: |
#     data:
#       categories: [pii]
package psfpolicy.controls.data.pii_before_inference

import data.psfpolicy.flows
import data.psfpolicy.lib.dates
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "data", "pii"]

default _pii := {}

_pii := _descriptor.spec.data.pii

_treatment := object.get(_pii, "preInference", "none")

_hosting := object.get(_descriptor, ["spec", "serving", "hosting"], "not declared")

_conditions := [["spec", "data", "categories"], ["spec", "serving", "hosting"]]

not_applicable := "`spec.data.categories` declares no personal data" if terms.no_personal_data(_descriptor)

rests := {["spec", "data", "categories"]}

places contains array.concat(_path, [_answer.key])

findings contains {"path": path, "status": _answer.status, "message": _answer.message, "reads": reads} if {
	path := array.concat(_path, [_answer.key])
	reads := array.flatten([_conditions, [array.concat(_path, keys) | some keys in _answer.reads], [read | some flow in _elsewhere; some read in flow.who]])
}

# Fallbacks that take what is not redacted to another party.
_elsewhere := [flow |
	not _treated
	some flow in flows.all
	flow.kind == "fallback"
	flow.state.role == "third-party"
]

_others := {$"the party behind hosting `{_hosting}`" | not terms.self_run(_descriptor)} | {flow.subject | some flow in _elsewhere}

_treated if _treatment in ["redact", "tokenise"]

_ours if {
	terms.self_run(_descriptor)
	count(_elsewhere) == 0
}

_answer := {"key": "detector", "status": "pass", "message": message, "reads": [["detector", "name"]]} if {
	_ours
	said.named(_pii, ["detector", "name"])
	message := $"personal data is detected by `{_pii.detector.name}`, and hosting `{_hosting}` is self-run"
}

_answer := {"key": "detector", "status": _undetected, "message": message, "reads": [["detector", "name"]]} if {
	_ours
	not said.named(_pii, ["detector", "name"])
	message := "no detector of personal data is named; wanted: `spec.data.pii.detector` with its `name`, or `categories` without personal data"
}

_answer := {"key": "preInference", "status": "pass", "message": message, "reads": [["preInference"]]} if {
	not _ours
	_treated
	message := $"`preInference` is `{_treatment}`, before personal data reaches the party behind hosting `{_hosting}`"
}

_answer := {"key": key, "status": status, "message": $"{_reached}{excuse}; wanted: `redact` or `tokenise`", "reads": reads} if {
	not _ours
	not _treated
	[key, status, excuse] := _excuse
	reads := array.concat([["preInference"]], [["justification", name] | some name in ["ref", "approver", "date"]])
}

_excuse := ["preInference", "fail", ""] if not _pii.justification

_excuse := ["justification", "partial", ", with a justification"] if {
	_pii.justification
	count(_objections) == 0
}

_excuse := ["justification", "fail", $", and its justification does not count: {text.joined(_objections)}"] if {
	_pii.justification
	count(_objections) > 0
}

_reached := $"personal data reaches {text.joined(_others)} with `preInference` `{_treatment}`"

default _undetected := "fail"

_undetected := "partial" if terms.personal_data(_descriptor)

# What keeps a justification from counting, in words.
_objections contains said.at(_pii.justification, [key]) if {
	some key in ["ref", "approver"]
	not said.named(_pii, ["justification", key])
}

_objections contains "`date` is no day that is past" if dates.state(_pii.justification.date, input.today, 999999) != "recent"

_objections contains "`phi` is never justified" if terms.has_category(_descriptor, "phi")

_objections contains "`spec.data.categories` is missing" if not _descriptor.spec.data.categories
