# METADATA
# title: Review triggers
# description: |
#   Review that is left to judgement in the moment is skipped when it is busy; what sends a case to a person is fixed beforehand.
#   Every decision asks for review at low confidence and novel input, and for each of its properties: one that is irreversible,
#   affects rights, is reserved to people by law, or is of high value. A property that is not said asks for its trigger.
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

import data.psfpolicy.lib.decisions
import data.psfpolicy.lib.quoted
import data.psfpolicy.lib.text
import data.psfpolicy.lib.triggers
import data.psfpolicy.lib.wanted

metadata := rego.metadata.chain()

_decisions := decisions.listed(input.descriptor)

not_applicable := decisions.left_to_people(input.descriptor)

places contains decisions.section if count(_decisions) == 0

places contains _path(index) if some index, _ in _decisions

findings contains {"path": decisions.section, "status": "fail", "message": message, "reads": [decisions.section]} if {
	count(_decisions) == 0
	message := "`spec.oversight.decisions` lists no decision; wanted: each decision with its `reviewTriggers`"
}

findings contains {"path": _path(index), "status": "pass", "message": message, "reads": _reads(index)} if {
	some index, decision in _decisions
	count(_lacking[index]) == 0
	message := $"decision `{decision.name}` {_reviewed(decision)}"
}

findings contains {"path": _path(index), "status": status, "message": message, "reads": _reads(index)} if {
	some index, decision in _decisions
	count(_lacking[index]) > 0
	status := wanted.shortfall(_beside | (triggers.asked(decision) - _lacking[index]))
	lacking := quoted.listing(_lacking[index])
	message := $"decision `{decision.name}` has no review trigger {lacking}; wanted: {lacking} in `reviewTriggers`{_unless(index)}"
}

# Triggers that are asked for and not there, by index.
_lacking[index] := triggers.asked(decision) - {trigger | some trigger in decision.reviewTriggers} if {
	some index, decision in _decisions
}

# A decision that asks for something and has all of it makes up in part for the others.
_beside contains "another decision" if {
	some index, decision in _decisions
	count(triggers.asked(decision)) > 0
	count(_lacking[index]) == 0
}

_reviewed(decision) := "is `L0`: a person takes it" if count(triggers.asked(decision)) == 0

_reviewed(decision) := $"goes to review at {quoted.listing(triggers.asked(decision))}" if count(triggers.asked(decision)) > 0

_unless(index) := "" if count(triggers.unsaid(_decisions[index], _lacking[index])) == 0

_unless(index) := $", or {text.either(unsaid)} where it is so" if {
	unsaid := triggers.unsaid(_decisions[index], _lacking[index])
	count(unsaid) > 0
}

_path(index) := array.concat(decisions.section, [index])

_reads(index) := [array.concat(_path(index), [key]) |
	some key in ["autonomy", "reversible", "affectsRights", "legallyRequired", "highValue", "reviewTriggers"]
]
