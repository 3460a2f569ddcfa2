# METADATA
# title: Location of every flow
# description: |
#   Data is where its flows go, and a promise to keep it somewhere is broken by the one guard, log or fallback that nobody counted.
#   Each flow that a declared regime speaks of must be in a country that the regime allows, and in one of `residency.allowed`,
#   or be taken there by an entry of `transfers` that each of them permits; what such an entry lacks is for `residency-transfer`.
#   `residency.allowed` by itself permits every mechanism; `in-country` makes it strict. A country that is not known is
#   accepted by none, in part where the flow carries metrics alone. Where a regime lists regions, a flow that another party runs
#   without saying its region counts in part; where it lists services, a model that another party runs must be one of them.
# custom:
#   provenance: ours
#   severity: critical
#   remediation: |
#     Say where each flow goes, keep it in the countries that the regimes allow, or say what permits the transfer:
#
#     data:
#       stores: [{name: traces, kind: traces, operator: self, location: {country: DE}}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#   good: |
#     regimes: [gdpr-strict-residency]
#     model: {weights: {source: image}}
#     serving: {operator: self, location: {country: DE}}
#     data:
#       categories: [pii]
#       stores: [{name: traces, kind: traces, hosting: self}]
#   bad: |
#     regimes: [gdpr-strict-residency]
#     serving: {operator: self, location: {country: DE}}
#     data:
#       categories: [pii]
#       stores: [{name: traces, kind: traces, location: {country: US}}]
package psfpolicy.controls.residency.location

import data.psfpolicy.flows
import data.psfpolicy.known
import data.psfpolicy.lib.flowing
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.residency

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

not_applicable := "no regime that is declared, nor `spec.data.residency.allowed`, says where data may be" if {
	count(_findings) == 0
	count(residency.unknown) == 0
}

places contains ["spec", "regimes"] if count(_findings) == 0

places contains finding.path if some finding in _findings

findings := _findings if count(_findings) > 0

findings := {residency.silent("residency-location")} if {
	count(_findings) == 0
	count(residency.unknown) > 0
}

_findings := residency.merged(_of_flows | object.get(residency.settings, "residency-location", set()))

_of_flows contains {"path": flow.path, "status": _status(objections), "message": message, "reads": reads} if {
	some flow in flows.all
	ids := {id | some id in residency.spoken[flow.path]; residency.speaking[id].locations}
	count(ids) > 0
	objections := {objection | some id in ids; not residency.pending[id]; some objection in _objections(flow, id)}
	message := $"{flowing.subject(flow)} {_is(flow)}{_words(ids, flow, objections)}{residency.notes(ids)}"
	reads := array.flatten([residency.conditions(ids), flow.what, flow.where, _own_reads(ids, flow)])
}

_status(objections) := "pass" if count(objections) == 0

_status(objections) := "partial" if {
	count(objections) > 0
	every objection in objections { objection.status == "partial" }
}

_status(objections) := "fail" if {
	some objection in objections
	objection.status == "fail"
}

_is(flow) := $"is in `{flow.country}`" if flow.country != "unknown"

_is(flow) := "is in a country that nobody said" if flow.country == "unknown"

_words(ids, flow, objections) := $", where {text.all_of(ids)} {_let(ids)} it be{_by(ids, flow)}" if count(objections) == 0

_words(_, _, objections) := $": {texts}; wanted: {text.joined({objection.wanted | some objection in objections})}" if {
	count(objections) > 0
	texts := text.joined({objection.text | some objection in objections})
}

_let(ids) := "lets" if count(ids) == 1

_let(ids) := "let" if count(ids) > 1

_by(ids, flow) := " by a transfer" if {
	some id in ids
	residency.reached(flow.path, id)
} else := ""

# What a regime has against the place of a flow: its country, its premises, its region, its service.
_objections(flow, id) := {objection | some part in _parts; objection := _objection(part, flow, id, residency.speaking[id].locations)}

_parts := ["unknown", "country", "premises", "region", "service"]

_objection("unknown", flow, id, _) := {"status": _unknown(flow), "text": $"`{id}` accepts no such flow", "wanted": "its `location`"} if {
	flow.country == "unknown"
	residency.areas[id]
}

_objection("country", flow, id, _) := {"status": "fail", "text": $"`{id}` allows {_allows(id)}", "wanted": _wanted(flow.path)} if {
	residency.leaving[flow.path][id]
	not residency.reached(flow.path, id)
}

_objection("premises", flow, id, locations) := {"status": "fail", "text": text_, "wanted": "`premises: own`, or hosting `on-prem`"} if {
	locations.premises == "own"
	flow.premises != "own"
	text_ := $"`{id}` allows own premises, which it is not said to be on"
}

_objection("region", flow, id, locations) := {"status": "fail", "text": text_, "wanted": "a region that is listed"} if {
	locations.partitions
	flow.region != "unknown"
	cloud := split(flow.region, ":")[0]
	partition := object.get(known.rows.regions, [flow.region, "partition"], "commercial")
	not partition in object.get(locations.partitions, cloud, [])
	text_ := $"`{id}` does not list the part of the cloud that `{flow.region}` belongs to"
}

_objection("region", flow, id, locations) := {"status": "partial", "text": text_, "wanted": "its `region`"} if {
	locations.partitions
	flow.region == "unknown"
	flow.operator != "self"
	text_ := $"`{id}` lists regions, and its own is not said"
}

_objection("service", flow, id, locations) := {"status": "fail", "text": text_, "wanted": "a service that is listed"} if {
	locations.services
	flow.kind == "inference"
	not terms.self_run(_descriptor)
	platform := object.get(_descriptor, ["spec", "serving", "platform"], "not declared")
	not platform in locations.services
	text_ := $"`{id}` does not list the service `{platform}`"
}

_unknown(flow) := "partial" if {
	every carried in flow.carries { carried == "metrics" }
} else := "fail"

_allows(id) := text.one_of(residency.areas[id]) if count(residency.areas[id]) > 0

_allows(id) := "no country, since `spec.data.residency.allowed` names none" if count(residency.areas[id]) == 0

# A transfer helps where each of the regimes that are left permits one.
_wanted(path) := "a country that each allows" if _strict(residency.leaving[path])

_wanted(path) := "a country that each allows, or an entry of `spec.data.transfers`" if not _strict(residency.leaving[path])

_strict(ids) if {
	some id in ids
	count(object.get(residency.speaking[id], "mechanisms", [])) == 0
}

_own_reads(ids, flow) := array.flatten([
	[["spec", "data", "residency", "allowed"] | residency.promise in ids],
	[array.concat(flow.path, ["premises"]) | some id in ids; residency.speaking[id].locations.premises],
	[["spec", "serving", "platform"] | some id in ids; residency.speaking[id].locations.services; flow.kind == "inference"],
	[path | residency.leaving[flow.path]; some path in residency.transfers],
])
