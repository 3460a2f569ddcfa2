# METADATA
# title: Location of every flow
# description: |
#   Data is where its flows go, and a promise to keep it somewhere is broken by the one guard, log or fallback that nobody counted.
#   Each flow that a declared regime speaks of must be in a country that the regime allows, and in one of `residency.allowed`,
#   or be taken there by an entry of `transfers` that each of them permits; what such an entry lacks is for `residency-transfer`.
#   `residency.allowed` by itself permits every mechanism; `in-country` makes it strict. A country that is not known is
#   accepted by none, in part where the flow carries metrics alone. Where a regime lists regions, a flow that another party runs
#   without saying its region counts in part; where it lists services, a model or a guard that another party runs must be one of them.
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
import data.psfpolicy.lib.text
import data.psfpolicy.residency
import data.psfpolicy.transfers

metadata := rego.metadata.chain()

not_applicable := "no regime that is declared, nor `spec.data.residency.allowed`, says where data may be" if count(_found) == 0

rests := {["spec", "data", "residency", "allowed"], ["spec", "regimes"]}

places contains ["spec", "regimes"] if count(_found) == 0

places contains path if some path, _ in _found

findings := [finding | some finding in _found]

_found := residency.reported("residency-location", {path: finding |
	some state, verdict in _verdicts
	some path, flow in flows.sharing[state]
	finding := {
		"path": path,
		"status": verdict.status,
		"message": $"{flow.subject} {verdict.told}",
		"reads": array.flatten([verdict.reads, flow.what, flow.who, flow.where]),
	}
})

_verdicts[state] := {"status": _status(objections), "told": told, "reads": reads} if {
	some state in flows.states
	ids := {id | some id in residency.spoken[state.carries]; residency.speaking[id].locations}
	count(ids) > 0
	objections := {objection |
		some id in ids
		not residency.pending[id]
		locations := residency.speaking[id].locations
		some part in ["unknown", "country", "premises", "region", "service"]
		objection := _objection(part, state, id, locations)
	}
	told := $"{_is(state.country)}{_words(ids, state, objections)}{residency.notes(ids)}"
	reads := array.flatten([
		residency.conditions(ids),
		[["spec", "data", "residency", "allowed"] | some id in ids; residency.speaking[id].locations.as_declared],
		[path | residency.leaving[state]; some path in transfers.reads],
	])
}

_status(objections) := "pass" if {
	count(objections) == 0
} else := "fail" if {
	"fail" in {objection.status | some objection in objections}
} else := "partial"

_is(null) := "is in a country that nobody said"

_is(country) := $"is in `{country}`" if country != null

_words(ids, state, objections) := $", as allowed by {text.all_of(ids)}{_by(state)}" if {
	count(objections) == 0
} else := $": {text.joined({one.text | some one in objections})}; wanted: {text.joined({one.wanted | some one in objections})}"

default _by(_) := ""

_by(state) := " through a transfer" if residency.leaving[state]

# What a regime has against the place of a flow: its country, its premises, its region, its service.
_objection("unknown", state, id, _) := {"status": status, "text": $"`{id}` accepts no such flow", "wanted": "its `location`"} if {
	state.country == null
	residency.areas[id]
	status := object.get({true: "partial"}, {carried | some carried in state.carries} == {"metrics"}, "fail")
}

_objection("country", state, id, _) := {"status": "fail", "text": $"`{id}` allows {_allows(residency.areas[id])}", "wanted": wanted} if {
	residency.leaving[state][id]
	not transfers.reached(state, id)
	wanted := $"a country that each allows{_or(residency.leaving[state])}"
}

_objection("premises", state, id, locations) := {"status": "fail", "text": $"`{id}` allows own premises, which it is not said to be on", "wanted": wanted} if {
	locations.premises == "own"
	state.premises != "own"
	wanted := {true: "`premises: own`, or hosting `on-prem`", false: "a `location` that is no region of a cloud"}[state.region == null]
}

_objection("region", state, id, locations) := {"status": "fail", "text": told, "wanted": "a region that is listed"} if {
	partitions := object.get(locations.partitions, split(state.region, ":")[0], [])
	partition := object.get(known.rows.regions, [state.region, "partition"], "commercial")
	not partition in partitions
	told := $"`{id}` does not list the part of the cloud that `{state.region}` belongs to"
}

_objection("region", state, id, locations) := {"status": "partial", "text": $"`{id}` lists regions, and its own is not said", "wanted": "its `region`"} if {
	locations.partitions
	state.region == null
	state.landlord != "self"
}

_objection("service", state, id, locations) := {"status": "fail", "text": told, "wanted": "a service that is listed"} if {
	service := state.service
	service != ""
	services := locations.services
	not service in services
	told := $"`{id}` does not list the service `{service}`"
}

_allows([]) := "no country, since `spec.data.residency.allowed` names none"

_allows(areas) := text.one_of(areas) if count(areas) > 0

# A transfer helps where each of the regimes that are left permits one.
_or(ids) := ", or an entry of `spec.data.transfers`" if {
	count(transfers.permitted(ids)) > 0
} else := ""
