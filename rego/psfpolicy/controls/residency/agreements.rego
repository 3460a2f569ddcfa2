# METADATA
# title: Agreements that the regimes ask
# description: |
#   HIPAA asks a business associate agreement of every other party that runs, hosts or supports a flow that touches health
#   information, the GDPR a data processing agreement of every processor; encryption spares neither.
#   Each flow that the regime asks about and that another party operates needs the agreement of each kind, in force, with a `ref`;
#   one that ends within 30 days counts in part, its last day included. What the organisation operates itself needs none. An
#   operator that nobody said has no agreement.
# custom:
#   provenance: ours
#   severity: critical
#   remediation: |
#     Name the agreement with each party that operates a flow, and when it ends:
#
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

import data.psfpolicy.flows
import data.psfpolicy.lib.agreements
import data.psfpolicy.lib.flowing
import data.psfpolicy.lib.text
import data.psfpolicy.residency

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

not_applicable := "no other party operates a flow that a declared regime asks an agreement for" if {
	count(_findings) == 0
	count(residency.unknown) == 0
}

places contains ["spec", "regimes"] if count(_findings) == 0

places contains finding.path if some finding in _findings

findings := _findings if count(_findings) > 0

findings := {residency.silent("residency-agreements")} if {
	count(_findings) == 0
	count(residency.unknown) > 0
}

# Regimes that ask for agreements, and do today, by flow.
_asking[flow.path] contains id if {
	some id, row in residency.speaking
	not residency.pending[id]
	carries := {carried | some carried in row.agreements.carries}
	some flow in flows.all
	flow.role != "self"
	some carried in flow.carries
	carries[carried]
}

_kinds(ids) := {kind | some id in ids; some kind in residency.speaking[id].agreements.kinds}

_findings contains {"path": path, "status": "fail", "message": message, "reads": reads} if {
	some path, ids in _asking
	flow := flows.by_path[path]
	flow.role == "unknown"
	asked := $"{text.all_of(ids)} {_ask(ids)} {text.all_of(_kinds(ids))}"
	message := $"{flowing.subject(flow)} has an operator that nobody said, for which {asked}; wanted: its `operator`{residency.notes(ids)}"
	reads := array.flatten([residency.conditions(ids), flow.what, flow.who])
}

_findings contains {"path": path, "status": _status(states), "message": message, "reads": reads} if {
	some path, ids in _asking
	flow := flows.by_path[path]
	flow.role != "unknown"
	kinds := _kinds(ids)
	states := {agreements.in_force(_descriptor, flow.operator, kind, input.today) | some kind in kinds}
	told := text.joined({agreements.told(_descriptor, flow.operator, kind, input.today) | some kind in kinds})
	seen := $"{flowing.subject(flow)} is operated by `{flow.operator}`, for which {text.all_of(ids)} {_ask(ids)} {text.all_of(kinds)}: {told}"
	message := $"{seen}{text.wish(_status(states) == "pass", _wanted(states))}{residency.notes(ids)}"
	reads := array.flatten([residency.conditions(ids), flow.what, flow.who, agreements.reads(_descriptor)])
}

_status(states) := "pass" if states == {"in-force"}

_status(states) := "partial" if {
	"expiring" in states
	count(states - {"in-force", "expiring"}) == 0
}

_status(states) := "fail" if count(states - {"in-force", "expiring"}) > 0

_wanted(states) := "one that is renewed before it ends" if _status(states) == "partial"

_wanted(states) := "each of them in `spec.vendor.agreements`, in force, with its `ref`" if _status(states) == "fail"

_wanted(states) := "" if _status(states) == "pass"

_ask(ids) := "asks" if count(ids) == 1

_ask(ids) := "ask" if count(ids) > 1
