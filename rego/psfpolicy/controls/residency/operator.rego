# METADATA
# title: Jurisdiction of every operator
# description: |
#   Whoever operates a flow can be compelled by the country that its parent company belongs to, wherever the machines stand.
#   Each flow that a regime with rules about operators speaks of must be operated under a jurisdiction that the regime requires
#   or does not exclude; a party's is its `jurisdiction`, the deploying organisation's its `principalPlace`. An operator or a
#   jurisdiction that nobody said counts in part. The party that rents out the machines counts unless the regime exempts it.
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
import data.psfpolicy.lib.flowing
import data.psfpolicy.lib.text
import data.psfpolicy.residency

metadata := rego.metadata.chain()

not_applicable := "no regime that is declared asks under which jurisdiction a flow is operated" if {
	count(_findings) == 0
	count(residency.unknown) == 0
}

places contains ["spec", "regimes"] if count(_findings) == 0

places contains finding.path if some finding in _findings

findings := _findings if count(_findings) > 0

findings := {residency.silent("residency-operator")} if {
	count(_findings) == 0
	count(residency.unknown) > 0
}

_findings := residency.merged(_of_flows | object.get(residency.settings, "residency-operator", set()))

_of_flows contains {"path": flow.path, "status": _status(state, objecting), "message": message, "reads": reads} if {
	some flow in flows.all
	ids := {id | some id in residency.spoken[flow.path]; _asks(residency.speaking[id], flow)}
	count(ids) > 0
	[state, jurisdiction, wanted, known_by] := _operated(flow)
	objecting := {id | some id in ids; not residency.pending[id]; not _accepts(id, jurisdiction)}
	message := $"{flowing.subject(flow)} {state}{_words(ids, objecting, wanted)}{residency.notes(ids)}"
	reads := array.flatten([residency.conditions(ids), flow.what, flow.who, known_by])
}

_asks(row, _) if row.operators.processors == "counted"

_asks(row, flow) if {
	row.operators
	object.get(row.operators, "processors", "exempt") != "counted"
	flow.role != "processor"
}

# Who operates a flow, under which jurisdiction, what to write, and the key that says it.
_operated(flow) := ["has an operator that nobody said", "unknown", "its `operator`", []] if flow.role == "unknown"

_operated(flow) := [state, jurisdiction, wanted, [["spec", "purpose", "organisation", "principalPlace"]]] if {
	flow.role == "self"
	jurisdiction := object.get(input.descriptor, ["spec", "purpose", "organisation", "principalPlace"], "unknown")
	state := $"is operated by the organisation itself, {_under(jurisdiction)}"
	wanted := _wanted("self", jurisdiction)
}

_operated(flow) := [state, jurisdiction, wanted, reads] if {
	not flow.role in {"self", "unknown"}
	jurisdiction := object.get(flows.parties, [flow.operator, "jurisdiction"], "unknown")
	state := $"is operated by `{flow.operator}`, {_under(jurisdiction)}"
	wanted := _wanted(flow.operator, jurisdiction)
	reads := [["spec", "parties", index, "jurisdiction"] | some index, party in input.descriptor.spec.parties; party.id == flow.operator]
}

_wanted("self", _) := "`spec.purpose.organisation.principalPlace`, in a jurisdiction that each accepts"

_wanted(operator, "unknown") := $"`jurisdiction` of `{operator}` in `spec.parties`" if operator != "self"

_wanted(operator, jurisdiction) := "an operator under a jurisdiction that each accepts" if {
	operator != "self"
	jurisdiction != "unknown"
}

_under(jurisdiction) := $"under jurisdiction `{jurisdiction}`" if jurisdiction != "unknown"

_under("unknown") := "under a jurisdiction that nobody said"

_accepts(id, jurisdiction) if {
	jurisdiction != "unknown"
	_required(residency.speaking[id].operators, jurisdiction)
	excluded := object.get(residency.speaking[id].operators, "excluded", [])
	not jurisdiction in residency.expanded(excluded, _scopes)
}

_required(operators, _) if not operators.required

_required(operators, jurisdiction) if residency.expanded(operators.required, _scopes)[jurisdiction]

_scopes := ["commercial-organisations", "general"]

_status(_, objecting) := "pass" if count(objecting) == 0

_status(state, objecting) := "partial" if {
	count(objecting) > 0
	endswith(state, "nobody said")
}

_status(state, objecting) := "fail" if {
	count(objecting) > 0
	not endswith(state, "nobody said")
}

_words(ids, objecting, _) := $", which {text.all_of(ids)} accepts" if {
	count(objecting) == 0
	count(ids) == 1
}

_words(ids, objecting, _) := $", which {text.all_of(ids)} accept" if {
	count(objecting) == 0
	count(ids) > 1
}

_words(_, objecting, wanted) := $": {text.joined({_accepted(id) | some id in objecting})}; wanted: {wanted}" if {
	count(objecting) > 0
}

_accepted(id) := $"`{id}` accepts {text.one_of(residency.speaking[id].operators.required)}" if residency.speaking[id].operators.required

_accepted(id) := $"`{id}` excludes {text.all_of(residency.speaking[id].operators.excluded)}" if {
	not residency.speaking[id].operators.required
}
