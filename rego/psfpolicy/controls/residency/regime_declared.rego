# METADATA
# title: Regime declared
# description: |
#   Which law or promise holds for the data decides where it may go; unless it is declared, nothing can be held to it.
#   The regimes that the data implies, by the places of organisation, users and operators and by sector, must be among `regimes`,
#   or answered for by one that is; where none is implied, any regime counts. Data is personal until `categories` exclude it,
#   and health information where they name `phi`. `regimesNotRequired` stands in for all of them, with a reason and an approver:
#   a reason alone counts in part. It does not apply where no data is personal and the classification is public or internal.
#   A regime that no longer applies, or does not yet, or that asks nothing of the data that is there, answers for nothing, and one that
#   the catalogue does not know counts in part.
# custom:
#   provenance: ours
#   severity: critical
#   remediation: |
#     Declare each regime that the data is under:
#
#     regimes: [gdpr]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#   good: |
#     purpose: {organisation: {principalPlace: DE}}
#     regimes: [gdpr]
#     data: {categories: [pii]}
#   bad: |
#     purpose: {organisation: {principalPlace: DE}}
#     data: {categories: [pii]}
package psfpolicy.controls.residency.regime_declared

import data.psfpolicy.flows
import data.psfpolicy.known
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.residency

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_excuse := object.get(_descriptor, ["spec", "regimesNotRequired"], {})

not_applicable := $"no personal data is declared, and the classification is `{classification}`" if {
	terms.no_personal_data(_descriptor)
	classification := _descriptor.spec.data.classification
	classification in ["public", "internal"]
	count(_declared) == 0
}

_declared := [id | some id in _descriptor.spec.regimes]

_standing := {id | some id, row in residency.speaking; id in _declared; _applies(row); _asks(row)}

# A regime that asks nothing of where data is or who has it protects none.
_asks(row) if {
	some key in ["agreements", "egress", "locations", "operators", "third_parties"]
	row[key]
}

_applies(row) if {
	object.get(row, "applies_from", "") <= input.today
	object.get(row, "until", "9999-12-31") >= input.today
}

# Regimes that data and places ask for, with why.
_implied[id] contains why if {
	some id, row in known.rows.regimes
	_applies(row)
	some clause in row.implied_by
	_data_is(clause.data)
	_in_sector(clause)
	some whose in clause.of
	some area in _places[whose]
	_meet(area, clause.places)
	why := $"{_words[clause.data]} with {_words[whose]} in `{area}`"
}

_words := {
	"organisation": "an organisation",
	"users": "users",
	"operators": "an operator",
	"personal": "personal data",
	"phi": "health information",
}

_data_is("personal") if not terms.no_personal_data(_descriptor)

_data_is("phi") if terms.has_category(_descriptor, "phi")

_in_sector(clause) if not clause.sectors

_in_sector(clause) if {
	some sector in _descriptor.spec.purpose.sectors
	sector in clause.sectors
}

_places.organisation contains _descriptor.spec.purpose.organisation.principalPlace

_places.users contains area if some area in _descriptor.spec.purpose.userRegions

_places.operators contains party.jurisdiction if {
	some party in _descriptor.spec.parties
	_operating[party.id]
}

_operating contains party if {
	some state in flows.states
	some party in [state.operator, state.landlord]
}

# The same, a country in a group or a part of one where its law holds, a group that has a country, or two groups that have
# countries in common.
_meet(area, places) if area in places

_meet(area, places) if residency.within(object.get(known.rows.countries, [area, "part_of"], area), places, residency.scopes)

_meet(area, places) if {
	some place in places
	residency.within(place, [area], residency.scopes)
}

_meet(area, places) if {
	some place in places
	{area, place} == {"EEA", "EU"}
}

_answered(id) if _standing[id]

_answered(id) if {
	some other in _standing
	id in residency.declared[other].answers
}

_missing := {id | some id, _ in _implied; not _answered(id)}

_excused if _descriptor.spec.regimesNotRequired

rests := {["spec", "data", "categories"], ["spec", "data", "classification"], ["spec", "regimes"]}

places contains _answer.path

findings contains object.union(_answer, {"reads": array.flatten([_reads, _operators_read])})

_path := ["spec", "regimes"]

_answer := {"path": ["spec", "regimesNotRequired"], "status": status, "message": $"`regimesNotRequired` {_excuse_words[status]}"} if {
	_excused
	count(_declared) == 0
	status := _excuse_status
}

_answer := {"path": _path, "status": "fail", "message": $"`spec.regimes` lacks {text.joined(lacking)}; wanted: each of them among `regimes`"} if {
	not _by_excuse
	count(_missing) > 0
	lacking := {$"`{id}`, implied by {text.joined(_implied[id])}" | some id in _missing}
}

_answer := {"path": _path, "status": "fail", "message": $"{seen}; wanted: the regimes that the data is under, or `regimesNotRequired`"} if {
	not _by_excuse
	count(_missing) == 0
	count(_standing) == 0
	count(residency.unknown) == 0
	seen := "`spec.regimes` names none that applies"
}

_answer := {"path": _path, "status": "partial", "message": $"{text.all_of(residency.unknown)} in `spec.regimes` {seen}; wanted: a row of your own"} if {
	not _by_excuse
	count(_missing) == 0
	count(residency.unknown) > 0
	seen := "is not in the catalogue, so that nothing can be held to it"
}

_answer := {"path": _path, "status": "pass", "message": message} if {
	not _by_excuse
	count(_missing) == 0
	count(_standing) > 0
	count(residency.unknown) == 0
	message := $"declared: {text.all_of(_standing)}{_by_implication}"
}

_by_excuse if {
	_excused
	count(_declared) == 0
}

_by_implication := "" if count(_implied) == 0

_by_implication := $"; implied: {text.all_of({id | some id, _ in _implied})}" if count(_implied) > 0

_excuse_status := "pass" if {
	said.named(_excuse, ["reason"])
	said.named(_excuse, ["approver"])
}

_excuse_status := "partial" if {
	said.named(_excuse, ["reason"])
	not said.named(_excuse, ["approver"])
}

_excuse_status := "fail" if not said.named(_excuse, ["reason"])

_excuse_words := {
	"pass": "gives a reason and who approved it",
	"partial": "gives a reason, and nobody approved it; wanted: `approver`",
	"fail": "gives no reason; wanted: `reason` and `approver`",
}

_reads := [
	["spec", "regimes"],
	["spec", "regimesNotRequired", "reason"],
	["spec", "regimesNotRequired", "approver"],
	["spec", "data", "categories"],
	["spec", "data", "classification"],
	["spec", "purpose", "organisation", "principalPlace"],
	["spec", "purpose", "userRegions"],
	["spec", "purpose", "sectors"],
]

# Jurisdictions are asked where health information is declared.
_operators_read := [["spec", "parties", index, "jurisdiction"] |
	terms.has_category(_descriptor, "phi")
	some index, _ in _descriptor.spec.parties
]
