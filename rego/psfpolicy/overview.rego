# METADATA
# title: Overview of the flows
# description: |
#   Whether a report shows more than its verdict rests on, and the flows as it shows them, with what is not known as null. Whether
#   one crosses a border is told from the country in which the deployment is: that of its machines, or the organisation's own where
#   another party runs the model.
package psfpolicy.overview

import data.psfpolicy.flows
import data.psfpolicy.lib.terms

# brief says that nothing is shown but what the verdict rests on: no flows, not what is served, and of what is good no more than that
# it is.
default brief := false

brief if input.parameters.brief == true

shown := [] if {
	brief
} else := [{
	"path": flow.path,
	"kind": flow.kind,
	"name": flow.name,
	"carries": flow.state.carries,
	"country": flow.state.country,
	"operator": flow.state.operator,
	"jurisdiction": object.get(_jurisdictions, [flow.state.operator], null),
	"thirdParty": _third_party(flow.state.role, flow.state.operator),
	"border": _border(flow.state.country, home),
} |
	some flow in flows.all
]

_place := object.get(input, ["descriptor", "spec", "purpose", "organisation", "principalPlace"], null)

_jurisdictions := object.union(
	{party.id: object.get(party, "jurisdiction", null) | some party in input.descriptor.spec.parties},
	{"self": _place},
)

_third_party(_, null) := null

_third_party(role, operator) := role == "third-party" if operator != null

# home is the country that borders are told from; null where it is not known.
home := _place if {
	terms.third_party_run(input.descriptor)
} else := country if {
	some flow in flows.all
	flow.kind == "inference"
	country := flow.state.country
} else := null

_border(country, home) := null if null in [country, home]

_border(country, home) := country != home if not null in [country, home]
