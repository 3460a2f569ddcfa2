# METADATA
# title: Transfers to other countries
# description: |
#   A flow that leaves the countries that a regime allows is lawful only by what permits it: clauses, rules or a certificate,
#   with the party that receives it, and an assessment of the laws it comes under there.
#   Each flow that leaves needs an entry of `transfers` to its operator, for its country where the entry names one; every regime
#   that it leaves must permit the mechanism, and the best entry counts. The Data Privacy Framework needs a recipient with a day
#   of certification that is past; a derogation cannot carry a flow that is there all the time. An entry that lacks no more than
#   its assessment counts in part, as does a flow whose country nobody said.
# custom:
#   provenance: ours
#   severity: critical
#   remediation: |
#     Keep the flow in the countries that the regimes allow, or say what permits it to leave:
#
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
import data.psfpolicy.lib.flowing
import data.psfpolicy.lib.status
import data.psfpolicy.lib.text
import data.psfpolicy.residency

metadata := rego.metadata.chain()

not_applicable := "no flow leaves the countries that the declared regimes and `spec.data.residency.allowed` allow" if {
	count(_findings) == 0
	count(residency.unknown) == 0
}

places contains ["spec", "regimes"] if count(_findings) == 0

places contains finding.path if some finding in _findings

findings := _findings if count(_findings) > 0

findings := {residency.silent("residency-transfer")} if {
	count(_findings) == 0
	count(residency.unknown) > 0
}

_findings contains {"path": path, "status": rank, "message": message, "reads": reads} if {
	some path, ids in residency.leaving
	flow := flows.by_path[path]
	rank := status.worst({residency.reaching[path][id].status | some id in ids})
	texts := text.joined({residency.reaching[path][id].text | some id in ids})
	leaves := $"{flowing.subject(flow)} is in `{flow.country}`, outside the countries of {text.all_of(ids)}"
	message := $"{leaves}: {texts}{text.wish(rank == "pass", _wanted(ids, rank))}{residency.notes(ids)}"
	reads := array.flatten([residency.conditions(ids), flow.what, flow.where, flow.who, residency.transfers, _promised(ids)])
}

# Where it goes is not known, so neither is whether it leaves.
_findings contains {"path": flow.path, "status": "partial", "message": message, "reads": reads} if {
	some flow in flows.all
	flow.country == "unknown"
	ids := {id | some id in residency.spoken[flow.path]; residency.areas[id]; not residency.pending[id]}
	count(ids) > 0
	seen := $"{flowing.subject(flow)} is in a country that nobody said, so that it may leave those of {text.all_of(ids)}"
	message := $"{seen}; wanted: its `location`{residency.notes(ids)}"
	reads := array.flatten([residency.conditions(ids), flow.what, flow.where, _promised(ids)])
}

_promised(ids) := [["spec", "data", "residency", "allowed"] | residency.promise in ids]

_wanted(_, "partial") := "`assessment`, a reference to the transfer impact assessment"

_wanted(ids, "fail") := $"an allowed country, or an entry to its operator by {text.one_of(_permitted(ids))}" if count(_permitted(ids)) > 0

_wanted(ids, "fail") := "a country that each allows" if count(_permitted(ids)) == 0

_wanted(_, "pass") := ""

# Mechanisms that each of the regimes permits.
_permitted(ids) := intersection({{name | some name in object.get(residency.speaking[id], "mechanisms", [])} | some id in ids})
