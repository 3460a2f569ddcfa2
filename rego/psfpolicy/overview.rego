# METADATA
# title: Overview of the flows
# description: |
#   The flows as a report shows them, with what is not known as null. Whether one crosses a border is told from the country in
#   which the deployment is: that of its machines, or the organisation's own where another party runs the model.
package psfpolicy.overview

import data.psfpolicy.flows
import data.psfpolicy.lib.terms

shown := [{
	"path": flow.path,
	"kind": flow.kind,
	"name": flow.name,
	"carries": flow.carries,
	"country": _or_null(flow.country),
	"operator": _or_null(flow.operator),
	"jurisdiction": _or_null(_jurisdiction(flow.role, flow.operator)),
	"thirdParty": _third_party(flow.role),
	"border": _border(flow.country),
} |
	some flow in flows.all
]

_or_null("unknown") := null

_or_null(text) := text if text != "unknown"

_place := object.get(input, ["descriptor", "spec", "purpose", "organisation", "principalPlace"], "unknown")

_jurisdiction("self", _) := _place

_jurisdiction(role, operator) := object.get(flows.parties, [operator, "jurisdiction"], "unknown") if role != "self"

_third_party("unknown") := null

_third_party(role) := role == "third-party" if role != "unknown"

default _home := "unknown"

_home := _place if terms.third_party_run(input.descriptor)

_home := flows.by_path[["spec", "serving"]].country if not terms.third_party_run(input.descriptor)

_border(country) := null if "unknown" in {country, _home}

_border(country) := country != _home if not "unknown" in {country, _home}
