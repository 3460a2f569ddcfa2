# METADATA
# title: Review triggers
# description: |
#   Review that is left to judgement in the moment is skipped when it is busy; what sends a case to a person is fixed beforehand.
#   Every decision asks for review at low confidence and novel input, and for each of its properties: one that is irreversible,
#   affects rights, is reserved to people by law, or is of high value. A property that is not said asks for its trigger.
#   Where the catalogue knows the model to be weakly calibrated, its own confidence triggers nothing: `low-confidence` counts
#   only with `confidenceSource: external-scorer`. Of a model whose calibration is not known it counts.
#   A decision at L0 passes, since a person takes it in any case, but makes up for no other decision. An empty list is no decision listed.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     State the properties of each decision, and the triggers that they ask for:
#
#     oversight:
#       decisions:
#         - {name: discharge-note, autonomy: L1, reversible: true, affectsRights: false, legallyRequired: false, highValue: false, reviewTriggers: [low-confidence, novel-input]}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-6-human-oversight
#   good: |
#     oversight:
#       decisions:
#         - {name: loan, autonomy: L1, reversible: true, affectsRights: true, legallyRequired: false, highValue: false, reviewTriggers: [rights-affecting, low-confidence, novel-input]}
#   bad: |
#     oversight:
#       decisions:
#         - {name: loan, autonomy: L1, reversible: true, affectsRights: true, legallyRequired: false, highValue: false, reviewTriggers: [low-confidence, novel-input]}
package psfpolicy.controls.oversight.review_triggers

import data.psfpolicy.known
import data.psfpolicy.lib.decisions
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_decisions := decisions.listed(_descriptor)

not_applicable := decisions.left_to_people(_descriptor)

rests := {decisions.section}

places contains decisions.section if count(_decisions) == 0

places contains array.concat(decisions.section, [index]) if some index, _ in _decisions

findings contains {"path": decisions.section, "status": "fail", "message": message, "reads": [decisions.section]} if {
	count(_decisions) == 0
	message := "`spec.oversight.decisions` lists no decision; wanted: each decision with its `reviewTriggers`"
}

findings contains {"path": path, "status": "pass", "message": message, "reads": _reads(path, decision)} if {
	some index, decision in _decisions
	count(_lacking[index]) == 0
	path := array.concat(decisions.section, [index])
	message := $"decision `{decision.name}` {_reviewed(decision)}"
}

findings contains {"path": path, "status": status, "message": message, "reads": _reads(path, decision)} if {
	some index, decision in _decisions
	count(_lacking[index]) > 0
	path := array.concat(decisions.section, [index])
	status := parts.shortfall(_beside | (decisions.triggers(decision) - _lacking[index]))
	lacking := text.all_of(_lacking[index])
	message := $"decision `{decision.name}` lacks the review triggers {lacking}; wanted: {lacking} in `reviewTriggers`{_source(_lacking[index])}{_unless(index)}"
}

# Triggers that are asked for and not there, by index.
_lacking[index] := decisions.triggers(decision) - ({trigger | some trigger in decision.reviewTriggers} - _void) if {
	some index, decision in _decisions
}

# What counts for nothing, since the model cannot tell when it is unsure.
_void := {"low-confidence" | _weak}

_weak if {
	known.model.refusal_calibration == "weak"
	not _descriptor.spec.oversight.confidenceSource == "external-scorer"
}

_source(lacking) := concat("", [" with `spec.oversight.confidenceSource: external-scorer`, since the model's own confidence says little" |
	count(lacking & _void) > 0
])

# A decision that asks for something and has all of it makes up in part for the others.
_beside contains "another decision" if {
	some index, decision in _decisions
	count(decisions.triggers(decision)) > 0
	count(_lacking[index]) == 0
}

_reviewed(decision) := "is `L0`: a person takes it" if count(decisions.triggers(decision)) == 0

_reviewed(decision) := $"goes to review at {text.all_of(decisions.triggers(decision))}" if count(decisions.triggers(decision)) > 0

_unless(index) := concat("", [$", or {text.one_of(unsaid)} where it is so" |
	unsaid := decisions.unsaid(_decisions[index], _lacking[index])
	count(unsaid) > 0
])

_reads(path, decision) := paths.keys(path, ["autonomy"]) if decision.autonomy == "L0"

_reads(path, decision) := array.concat(paths.keys(path, array.concat(["autonomy", "reviewTriggers"], _properties)), _confidence) if {
	not decision.autonomy == "L0"
}

_properties := ["reversible", "affectsRights", "legallyRequired", "highValue"]

_confidence := [["spec", "model", "id"], ["spec", "model", "base", "id"], ["spec", "oversight", "confidenceSource"]]
