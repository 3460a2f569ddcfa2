# METADATA
# title: Agreements that the regimes ask
# description: |
#   HIPAA asks a business associate agreement of every other party that runs, hosts or supports a flow that touches health
#   information, the GDPR a data processing agreement of every processor; encryption spares neither.
#   Each flow that the regime asks about and that another party operates needs the agreement of each kind, in force, with a `ref`;
#   one that ends within 30 days counts in part, its last day included. What the organisation operates itself needs none while it is on
#   its own machines: in a region of a cloud, or on premises of others, whoever rents them out is asked. A party that nobody said has
#   no agreement.
# custom:
#   provenance: ours
#   severity: critical
#   remediation: |
#     Name the agreement with each party that operates a flow, and when it ends:
#
#     parties: [{id: aws, name: Amazon Web Services, jurisdiction: US}]
#     vendor:
#       agreements: [{kind: dpa, with: aws, ref: legal/dpa.pdf, expires: 2027-12-31}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#   good: |
#     parties: [{id: aws, jurisdiction: US}]
#     regimes: [gdpr]
#     model: {weights: {source: image}}
#     serving: {operator: aws, location: {country: DE}}
#     data: {categories: [pii]}
#     vendor:
#       agreements: [{kind: dpa, with: aws, ref: legal/dpa.pdf, expires: 2027-12-31}]
#   bad: |
#     parties: [{id: aws, jurisdiction: US}]
#     regimes: [gdpr]
#     serving: {operator: aws, location: {country: DE}}
#     data: {categories: [pii]}
package psfpolicy.controls.residency.agreements

import data.psfpolicy.contracts
import data.psfpolicy.flows
import data.psfpolicy.lib.text
import data.psfpolicy.residency

metadata := rego.metadata.chain()

not_applicable := "no other party operates a flow that a declared regime asks an agreement for" if count(_found) == 0

rests := {["spec", "regimes"]}

places contains ["spec", "regimes"] if count(_found) == 0

places contains path if some path, _ in _found

findings := [finding | some finding in _found]

_found := residency.reported("residency-agreements", {path: finding |
	some state, verdict in _verdicts
	some path, flow in flows.sharing[state]
	finding := {
		"path": path,
		"status": verdict.status,
		"message": $"{flow.subject}{verdict.told}",
		"reads": array.flatten([verdict.reads, flow.what, flow.who]),
	}
})

# Regimes that ask for agreements, and do today, by what a flow carries.
_asking[carries] := ids if {
	some carries, _ in residency.spoken
	ids := {id |
		some id, row in residency.speaking
		not residency.pending[id]
		some carried in carries
		carried in row.agreements.carries
	}
	count(ids) > 0
}

_verdicts[state] := {"status": status, "told": $"{words}{residency.notes(ids)}", "reads": reads} if {
	some state in flows.states
	state.landlord != "self"
	ids := _asking[state.carries]
	kinds := {kind | some id in ids; some kind in residency.speaking[id].agreements.kinds}
	[status, words] := _answer(state, kinds, $"needs {text.all_of(kinds)} under {text.all_of(ids)}")
	reads := array.concat(residency.conditions(ids), contracts.reads)
}

_answer(state, _, needs) := ["fail", $" {needs}, and {state.unsaid}; wanted: its `operator`, one of `spec.parties`"] if state.landlord == null

_answer(state, kinds, needs) := [status, $" {needs} with `{party}`: {told}{_wish[status]}"] if {
	party := state.landlord
	party != null
	states := {contracts.answers[party][kind].state | some kind in kinds}
	status := _status(states)
	told := text.joined(contracts.told(party, kinds))
}

_status(states) := "pass" if {
	states == {"in-force"}
} else := "partial" if {
	count(states - {"in-force", "expiring"}) == 0
} else := "fail"

_wish := {
	"pass": "",
	"partial": "; wanted: one that is renewed before it ends",
	"fail": "; wanted: each of them in `spec.vendor.agreements`, in force, with its `ref`",
}
