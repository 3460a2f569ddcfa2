# METADATA
# title: Agreements with third parties
# description: |
#   Without a contract nobody owes an hour of service, or an answer when data leaks.
#   Each party that operates a flow needs an SLA, and a DPA where the flow carries prompts, responses, logs or traces, in force on
#   the as-of date; the party that rents out the machines counts, said or not, and so does one that only holds the weights, for its SLA.
#   Some of them, or all beside a party with none, are partial. An agreement counts with a `ref` that names something, to its last
#   day. A flow of data that nobody is said to run may be a third party's, so it is asked who runs it. Without `parties` the
#   control fails; it does not apply where they are declared and every flow of data is run by `self`.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Declare the parties, and the agreements with each that operates something:
#
#     parties: [{id: aws, name: Amazon Web Services, jurisdiction: US}]
#     vendor:
#       agreements: [{kind: sla, with: aws, ref: legal/sla.pdf}, {kind: dpa, with: aws, ref: legal/dpa.pdf}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-8-vendor-resilience
#   good: |
#     parties: [{id: aws, name: Amazon Web Services, jurisdiction: US}]
#     serving: {operator: aws}
#     vendor:
#       agreements: [{kind: sla, with: aws, ref: legal/sla.pdf}, {kind: dpa, with: aws, ref: legal/dpa.pdf}]
#   bad: |
#     parties: [{id: aws, name: Amazon Web Services, jurisdiction: US}]
#     serving: {operator: aws}
#     vendor:
#       agreements: [{kind: sla, with: aws, ref: legal/sla.pdf, expires: 2026-11-20}]
package psfpolicy.controls.vendor.agreements

import data.psfpolicy.contracts
import data.psfpolicy.flows
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_section := ["spec", "parties"]

_declared := {party.id: index | some index, party in input.descriptor.spec.parties}

# Flows of each party that operates one or holds its machines.
_flows[party] contains index if {
	some index, flow in flows.all
	some party in [flow.state.operator, flow.state.landlord]
	party != null
	party != "self"
}

# Parties that are declared, and those that are not: all of them where none is.
_known contains party if {
	some party, _ in _flows
	_declared[party] >= 0
}

_strangers := object.keys(_flows) - _known

_unsaid contains "`spec.parties` is missing" if not input.descriptor.spec.parties

_unsaid contains $"`spec.parties` does not declare {text.all_of(_strangers)}" if {
	input.descriptor.spec.parties
	count(_strangers) > 0
}

# Flows of data that nobody is said to run.
_nobodys := [flow |
	input.descriptor.spec.parties
	some flow in flows.all
	flow.state.landlord == null
	count(flows.data_of(flow.state)) > 0
]

_none if {
	count(_flows) == 0
	count(_nobodys) == 0
}

not_applicable := "no other party operates a flow" if {
	_none
	count(_unsaid) == 0
}

rests := {["spec", "serving", "hosting"]}

places contains _section if _none

places contains finding.path if some finding in findings

findings contains {"path": _section, "status": "fail", "message": message, "reads": [_section]} if {
	count(_unsaid) > 0
	message := $"{text.joined(_unsaid)}; wanted: each party with its `id`, or `[]` where there is none"
}

findings contains {"path": flow.path, "status": _status({"sla"}, {"sla"}), "message": message, "reads": reads} if {
	some flow in _nobodys
	told := $"{flow.subject} carries {text.all_of(flow.state.carries)}, and {flow.state.unsaid}"
	message := $"{told}; wanted: its `operator`, one of `spec.parties`, with an `sla` and a `dpa`"
	reads := array.concat(flow.what, flow.who)
}

findings contains {"path": path, "status": _status(kinds, lacking), "message": message, "reads": reads} if {
	some party in _known
	path := array.concat(_section, [_declared[party]])
	kinds := _kinds[party]
	lacking := contracts.lacking(party, kinds)
	told := text.joined(contracts.told(party, kinds))
	message := $"party `{party}` operates {_what["dpa" in kinds]}: {told}{_wish(lacking)}"
	read := [array.concat(flow.what, flow.who) | some index, flow in flows.all; _flows[party][index]]
	reads := array.flatten([[array.concat(path, ["id"])], contracts.reads, array.flatten(read)])
}

_kinds[party] := {"sla"} | {"dpa" | some index in indexes; count(flows.data_of(flows.all[index].state)) > 0} if some party, indexes in _flows

_what := {true: "flows of data", false: "flows that carry no data"}

_status(kinds, lacking) := "pass" if {
	count(lacking) == 0
} else := "partial" if {
	count(lacking) < count(kinds)
} else := "partial" if {
	some party in _known
	count(contracts.lacking(party, _kinds[party])) == 0
} else := "fail"

_wish(lacking) := "" if count(lacking) == 0

_wish(lacking) := $"; wanted: {text.all_of(lacking)} in force, in `spec.vendor.agreements`" if count(lacking) > 0
