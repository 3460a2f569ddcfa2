# METADATA
# title: Agreements with third parties
# description: |
#   Without a contract nobody owes an hour of service, or an answer when data leaks.
#   Each party that operates a flow needs an SLA, and a DPA where the flow carries prompts, responses, logs or traces, in force on
#   the as-of date; the party that rents out the machines counts, and so does one that only holds the weights, for its SLA.
#   Some of them, or all beside a party with none, are partial. An agreement counts with a `ref` that names something, to its last
#   day. A flow of data that nobody is said to run may be a third party's, so it is asked who runs it. Without `parties` the
#   control fails; it does not apply where they are declared and every flow of data is run by `self`.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Declare the parties, and the agreements with each that operates something:
#
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

import data.psfpolicy.flows
import data.psfpolicy.lib.agreements
import data.psfpolicy.lib.flowing
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_section := ["spec", "parties"]

_declared := {party.id: index | some index, party in _descriptor.spec.parties}

_operators := {flow.operator | some flow in flows.all} - {"self", "unknown"}

# Operators that are no declared party; all of them where none is declared.
_strangers := _operators - object.keys(_declared)

_unsaid contains "`spec.parties` is missing" if not _descriptor.spec.parties

_unsaid contains $"`spec.parties` does not declare {text.all_of(_strangers)}" if {
	_descriptor.spec.parties
	count(_strangers) > 0
}

# Flows of data that nobody is said to run.
_nobodys := [flow |
	_descriptor.spec.parties
	some flow in flows.all
	flow.role == "unknown"
	not flow.kind in {"telemetry", "weights"}
	count(flowing.data_of(flow)) > 0
]

not_applicable := "no other party operates a flow" if {
	count(_unsaid) == 0
	count(_operators) == 0
	count(_nobodys) == 0
}

places contains _section if {
	count(_operators) == 0
	count(_nobodys) == 0
}

places contains _section if count(_unsaid) > 0

places contains _place(party) if some party in (_operators - _strangers)

places contains flow.path if some flow in _nobodys

findings contains {"path": _section, "status": "fail", "message": message, "reads": [_section]} if {
	count(_unsaid) > 0
	message := $"{text.joined(_unsaid)}; wanted: each party with its `id`, or `[]` where there is none"
}

findings contains {"path": flow.path, "status": status, "message": message, "reads": flowing.reads(flow)} if {
	some flow in _nobodys
	status := _status(0, 1)
	message := $"{flowing.told(flow)}, and nobody is said to run it; wanted: its `operator`, with an `sla` and a `dpa`"
}

findings contains {"path": _place(party), "status": status, "message": message, "reads": reads} if {
	some party in (_operators - _strangers)
	kinds := _kinds(party)
	lacking := _lacking(party)
	status := _status(count(kinds) - count(lacking), count(lacking))
	told := text.joined({agreements.told(_descriptor, party, kind, input.today) | some kind in kinds})
	message := $"party `{party}` operates {_what(kinds)}: {told}{_wish(lacking)}"
	reads := array.flatten([[array.concat(_place(party), ["id"])], agreements.reads(_descriptor), _flows_read(party)])
}

_place(party) := array.concat(_section, [_declared[party]])

_kinds(party) := {"sla"} | {"dpa" |
	some flow in flows.all
	flow.operator == party
	flow.kind != "telemetry"
	count(flowing.data_of(flow)) > 0
}

_lacking(party) := {kind |
	some kind in _kinds(party)
	not agreements.in_force(_descriptor, party, kind, input.today) in {"in-force", "expiring"}
}

_status(_, 0) := "pass"

_status(held, lacking) := "partial" if {
	lacking > 0
	_some(held)
}

_status(held, lacking) := "fail" if {
	lacking > 0
	not _some(held)
}

_some(held) if held > 0

_some(_) if {
	some party in (_operators - _strangers)
	count(_lacking(party)) == 0
}

_what(kinds) := "flows of data" if "dpa" in kinds

_what(kinds) := "flows that carry no data" if not "dpa" in kinds

_wish(lacking) := "" if count(lacking) == 0

_wish(lacking) := $"; wanted: {text.all_of(lacking)} in force, in `spec.vendor.agreements`" if count(lacking) > 0

_flows_read(party) := array.flatten([flowing.reads(flow) | some flow in flows.all; flow.operator == party])
