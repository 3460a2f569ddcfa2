# METADATA
# title: Regions of the bank
# description: |
#   Whatever carries data, or what is written of it, ends in a region that the bank has taken over, or in its own data centres.
#   Every flow is looked at, and the model itself; metrics and weights are no data.
#   A country is no region: a cloud in the right country may be nobody's that the bank knows.
# custom:
#   provenance: ours
#   severity: critical
#   remediation: |
#     Serve it, and keep what it writes, in a region of `catalogue/bank_regions`, and say so:
#
#     serving: {location: {region: "aws:eu-central-1"}}
#   references:
#     - https://eur-lex.europa.eu/eli/reg/2022/2554/oj
#   good: |
#     serving: {hosting: self-managed-kubernetes, operator: self, location: {region: "aws:eu-central-1"}}
#     network: {telemetryOptOut: true}
#   bad: |
#     serving: {hosting: self-managed-kubernetes, operator: self, location: {region: "aws:us-east-1"}}
package psfpolicy.controls.bank.regions

import data.psfpolicy.flows

metadata := rego.metadata.chain()

_regions := data.psfpolicy.catalogue.bank_regions

_sites := data.psfpolicy.catalogue.bank_sites

_flows := [flow | some flow in flows.all; _counts(flow)]

_counts(flow) if flow.kind == "inference"

_counts(flow) if count(flows.data_of(flow.state)) > 0

places := {flow.path | some flow in _flows} | {["spec", "serving"]}

findings contains {"path": flow.path, "status": "pass", "message": $"{flow.subject} {_where(flow.state)}", "reads": _reads(flow)} if {
	some flow in _flows
	_allowed(flow.state)
}

findings contains {"path": flow.path, "status": "fail", "message": message, "reads": _reads(flow)} if {
	some flow in _flows
	not _allowed(flow.state)
	message := $"{flow.subject} {_where(flow.state)}, which is none of the bank's; wanted: {_wanted}"
}

findings contains {"path": ["spec", "serving"], "status": "fail", "message": $"nothing says where it is served; wanted: {_wanted}", "reads": [["spec", "serving"]]} if {
	not ["spec", "serving"] in {flow.path | some flow in _flows}
}

_allowed(state) if _regions[state.region]

# A region of a cloud is on nobody's own premises, whatever is said beside it.
_allowed(state) if {
	state.region == null
	state.premises == "own"
	_sites[state.country]
}

_where(state) := $"is in region `{state.region}`" if state.region != null

_where(state) := $"is in `{state.country}`, without a region" if {
	state.region == null
	state.country != null
	state.premises != "own"
}

_where(state) := $"is on own premises in `{state.country}`" if {
	state.region == null
	state.country != null
	state.premises == "own"
}

_where(state) := "is in a place that nobody said" if {
	state.region == null
	state.country == null
}

_wanted := $"a region of {concat(", ", sort([id | some id, _ in _regions]))}, or own premises in {concat(", ", sort([id | some id, _ in _sites]))}"

_reads(flow) := array.flatten([flow.what, flow.who, flow.where])
