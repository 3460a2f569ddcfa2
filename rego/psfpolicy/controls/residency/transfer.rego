# METADATA
# title: Transfers to other countries
# description: |
#   A flow that leaves the countries that a regime allows is lawful only by what permits it: clauses, rules or a certificate,
#   with the party that receives it, and an assessment of the laws it comes under there.
#   Each flow that leaves needs an entry of `transfers` to its operator, or to whoever rents out the machines that it is on, for its
#   country where the entry names one; every regime that it leaves must permit the mechanism, and the best entry counts. The Data
#   Privacy Framework needs a recipient with a day of certification that is past; a derogation cannot carry a flow that is there all
#   the time. An entry that lacks no more than its assessment counts in part, as does a flow whose country nobody said.
# custom:
#   provenance: ours
#   severity: critical
#   remediation: |
#     Keep the flow in the countries that the regimes allow, or say what permits it to leave:
#
#     parties: [{id: openai, name: OpenAI, jurisdiction: US}]
#     data:
#       transfers: [{to: openai, country: US, mechanism: scc, assessment: legal/tia-openai.pdf}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#   good: |
#     parties: [{id: watcher, jurisdiction: US}]
#     regimes: [gdpr]
#     model: {weights: {source: image}}
#     serving: {operator: self, location: {country: DE}}
#     data:
#       categories: [pii]
#       stores: [{name: logs, kind: logs, operator: watcher, location: {country: US}}]
#       transfers: [{to: watcher, country: US, mechanism: scc, assessment: legal/tia.pdf}]
#   bad: |
#     parties: [{id: watcher, jurisdiction: US}]
#     regimes: [gdpr]
#     serving: {operator: self, location: {country: DE}}
#     data:
#       categories: [pii]
#       stores: [{name: logs, kind: logs, operator: watcher, location: {country: US}}]
#       transfers: [{to: watcher, country: US, mechanism: derogation, assessment: legal/tia.pdf}]
package psfpolicy.controls.residency.transfer

import data.psfpolicy.flows
import data.psfpolicy.lib.status
import data.psfpolicy.lib.text
import data.psfpolicy.residency
import data.psfpolicy.transfers

metadata := rego.metadata.chain()

not_applicable := "no flow leaves the countries that the declared regimes and `spec.data.residency.allowed` allow" if count(_found) == 0

rests := {["spec", "data", "residency", "allowed"], ["spec", "regimes"]}

places contains ["spec", "regimes"] if count(_found) == 0

places contains path if some path, _ in _found

findings := [finding | some finding in _found]

_found := residency.reported("residency-transfer", {path: finding |
	some state, verdict in _verdicts
	some path, flow in flows.sharing[state]
	finding := {
		"path": path,
		"status": verdict.status,
		"message": $"{flow.subject} {verdict.told}",
		"reads": array.flatten([verdict.reads, flow.what, flow.who, flow.where]),
	}
})

_verdicts[state] := {"status": rank, "told": told, "reads": reads} if {
	some state, ids in residency.leaving
	answers := {answer | some answer in transfers.answers[state]}
	rank := status.worst({answer.status | some answer in answers})
	texts := text.joined({answer.text | some answer in answers})
	leaves := $"is in `{state.country}`, outside the countries of {text.all_of(ids)}"
	told := $"{leaves}: {texts}{text.wish(rank == "pass", _wanted(transfers.permitted(ids), rank, state.landlord))}{residency.notes(ids)}"
	reads := array.flatten([residency.conditions(ids), transfers.reads, _promised(ids)])
}

# Where it goes is not known, so neither is whether it leaves.
_verdicts[state] := {"status": "partial", "told": told, "reads": reads} if {
	some state in flows.states
	state.country == null
	ids := {id | some id in residency.spoken[state.carries]; residency.areas[id]; not residency.pending[id]}
	count(ids) > 0
	seen := $"is in a country that nobody said, so that it may leave those of {text.all_of(ids)}"
	told := $"{seen}; wanted: its `location`{residency.notes(ids)}"
	reads := array.concat(residency.conditions(ids), _promised(ids))
}

_promised(ids) := [["spec", "data", "residency", "allowed"] | residency.promise in ids]

_wanted(_, "pass", _) := ""

_wanted(_, "partial", _) := "`assessment`, a reference to the transfer impact assessment"

_wanted(permitted, "fail", landlord) := $"an allowed country, or an entry to its operator by {text.one_of(permitted)}" if {
	count(permitted) > 0
	landlord != "self"
} else := "a country that each allows"
