# METADATA
# title: Jurisdiction of every operator
# description: |
#   Whoever operates a flow can be compelled by the country that its parent company belongs to, wherever the machines stand.
#   Each flow that a regime with rules about operators speaks of must be operated under a jurisdiction that the regime requires
#   or does not exclude; a party's is its `jurisdiction`, the deploying organisation's its `principalPlace`. An operator or a
#   jurisdiction that nobody said counts in part. The party that rents out the machines counts unless the regime exempts it, also those
#   that the organisation operates itself in a region of a cloud or on premises of others.
# custom:
#   provenance: ours
#   severity: high
#   remediation: |
#     Name the operator of each flow with its jurisdiction, and choose one that the regimes accept:
#
#     parties: [{id: hoster, name: Hoster GmbH, jurisdiction: DE}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#   good: |
#     parties: [{id: hoster, jurisdiction: DE}]
#     regimes: [eu-sovereign]
#     model: {weights: {source: image}}
#     serving: {operator: hoster, location: {country: DE}}
#   bad: |
#     parties: [{id: aws, jurisdiction: US}]
#     regimes: [eu-sovereign]
#     serving: {operator: aws, location: {region: "aws:eu-central-1"}}
package psfpolicy.controls.residency.operator

import data.psfpolicy.flows
import data.psfpolicy.lib.text
import data.psfpolicy.residency

metadata := rego.metadata.chain()

not_applicable := "no regime that is declared asks under which jurisdiction a flow is operated" if count(_found) == 0

rests := {["spec", "regimes"]}

places contains ["spec", "regimes"] if count(_found) == 0

places contains path if some path, _ in _found

findings := [finding | some finding in _found]

_found := residency.reported("residency-operator", {path: finding |
	some state, verdict in _verdicts
	some path, flow in flows.sharing[state]
	finding := {
		"path": path,
		"status": verdict.status,
		"message": $"{flow.subject}{verdict.told}",
		"reads": array.flatten([verdict.reads, flow.what, flow.who]),
	}
})

_verdicts[state] := {"status": status, "told": told, "reads": reads} if {
	some state in flows.states
	ids := {id | some id in residency.spoken[state.carries]; _asks(residency.speaking[id].operators, state.role)}
	count(ids) > 0
	jurisdiction := _jurisdiction(state.landlord)
	objecting := {id | some id in ids; not residency.pending[id]; not _accepts(id, jurisdiction)}
	status := _status(objecting, jurisdiction)
	told := $"{_operated(state, jurisdiction)}{_words(ids, objecting, _wanted(state.landlord, jurisdiction))}{residency.notes(ids)}"
	reads := array.concat(residency.conditions(ids), _known_by(state.landlord))
}

# The party that rents out the machines counts unless the regime exempts it.
_asks(_, role) if role != "processor"

_asks(operators, "processor") if operators.processors == "counted"

_jurisdiction(null) := null

_jurisdiction("self") := object.get(input.descriptor, _principal_place, null)

_jurisdiction(landlord) := object.get(_parties, [landlord, "jurisdiction"], null) if not landlord in [null, "self"]

_principal_place := ["spec", "purpose", "organisation", "principalPlace"]

_parties := {party.id: party | some party in input.descriptor.spec.parties}

_operated(state, null) := $": {state.unsaid}" if state.landlord == null

_operated(state, jurisdiction) := $" is {_by[state.operator == state.landlord]} `{state.landlord}`, {_under(jurisdiction)}" if state.landlord != null

_by := {true: "operated by", false: "on machines of"}

_under(null) := "under a jurisdiction that nobody said"

_under(jurisdiction) := $"under jurisdiction `{jurisdiction}`" if jurisdiction != null

_accepts(id, jurisdiction) if {
	jurisdiction != null
	operators := residency.speaking[id].operators
	residency.within(jurisdiction, object.get(operators, "required", [jurisdiction]), residency.scopes)
	not _excluded(operators, jurisdiction)
}

_excluded(operators, jurisdiction) if residency.within(jurisdiction, operators.excluded, residency.scopes)

_status(objecting, jurisdiction) := "pass" if {
	count(objecting) == 0
} else := "partial" if {
	jurisdiction == null
} else := "fail"

_words(ids, objecting, _) := $", as accepted by {text.all_of(ids)}" if count(objecting) == 0

_words(_, objecting, wanted) := $", and {text.joined({_rule(id, residency.speaking[id].operators) | some id in objecting})}; wanted: {wanted}" if {
	count(objecting) > 0
}

_rule(id, operators) := $"`{id}` accepts {text.one_of(operators.required)}" if operators.required

_rule(id, operators) := $"`{id}` excludes {text.all_of(operators.excluded)}" if not operators.required

_wanted(null, _) := "its `operator`, one of `spec.parties`"

_wanted("self", null) := "`spec.purpose.organisation.principalPlace`"

_wanted(landlord, null) := $"`jurisdiction` of `{landlord}` in `spec.parties`" if not landlord in [null, "self"]

_wanted(landlord, jurisdiction) := "an operator under a jurisdiction that each accepts" if {
	landlord != null
	jurisdiction != null
}

_known_by("self") := [_principal_place]

_known_by(landlord) := [["spec", "parties", index, "jurisdiction"] | some index, party in input.descriptor.spec.parties; party.id == landlord] if {
	landlord != "self"
}
