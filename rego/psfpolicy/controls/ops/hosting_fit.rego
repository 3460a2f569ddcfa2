# METADATA
# title: A reason to self-host
# description: |
#   Running a model oneself takes accelerators, an engine and people for every hour of the year; below some volume only a reason other
#   than its price makes that right. Reasons that hold: a declared regime that keeps data in place (no country is left by a transfer, no
#   third party, or no egress), fine-tuned weights (data sets or adapters), a cost computed below the hosted price; `no-egress`, where
#   every flow of data is run by oneself or by who rents out the machines; and `cost-certainty` or `independence`, on the word of
#   `hostingReason`. Its other words count only as far as that is shown. Without a reason, less than a million tokens a day fails;
#   more, or a volume that is not said, is partial. A model that is hosted passes.
# custom:
#   provenance: practice
#   severity: medium
#   remediation: |
#     Say why the model is self-hosted and what shows it, or have it hosted:
#
#     purpose:
#       hostingReason: [cost-certainty]
#       usage: {tokensPerDay: 5000000}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://pdpspectra.com/blog/open-source-llms-production
#   good: |
#     purpose: {hostingReason: [independence], usage: {tokensPerDay: 500000}}
#   bad: |
#     purpose: {hostingReason: [residency], usage: {tokensPerDay: 500000}}
package psfpolicy.controls.ops.hosting_fit

import data.psfpolicy.costs
import data.psfpolicy.flows
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.residency

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "purpose", "hostingReason"]

_hosting := ["spec", "serving", "hosting"]

_volume := ["spec", "purpose", "usage", "tokensPerDay"]

_adapters := ["spec", "model", "adapters"]

_datasets := ["spec", "model", "fineTuning", "datasets"]

_general := [["spec", "regimes"], ["spec", "data", "categories"], _adapters, _datasets]

_words := {word | some word in _descriptor.spec.purpose.hostingReason}

not_applicable := "the provider hosts a model of its own" if terms.foreign_weights(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _path

findings contains {"path": _path, "status": "pass", "message": message, "reads": [_hosting]} if {
	terms.foreign_machines(_descriptor)
	message := $"the model is hosted: {said.at(_descriptor, _hosting)}"
}

findings contains {"path": _path, "status": _status, "message": message, "reads": reads} if {
	not terms.foreign_machines(_descriptor)
	message := $"the model is self-hosted {_why}"
	reads := array.flatten([[_hosting, _path], _general, costs.reads, _of_flows])
}

default _status := "partial"

_status := "pass" if count(_reasons) > 0

_status := "fail" if {
	count(_reasons) == 0
	_descriptor.spec.purpose.usage.tokensPerDay < 1000000
}

_why := $"for {text.joined(_reasons)}" if count(_reasons) > 0

_why := $"for no reason that is shown: {text.joined(seen)}; wanted: a reason that holds, or a model that is hosted" if {
	count(_reasons) == 0
	seen := {said.at(_descriptor, _volume), _cost} | {$"nothing bears out `{word}`" | some word in _words}
}

_reasons contains $"the regime `{id}`" if some id in _keeping

_reasons contains "fine-tuned weights" if {
	some path in [_adapters, _datasets]
	count(object.get(_descriptor, path, [])) > 0
}

_reasons contains "a cost below the hosted price" if costs.cheaper

_reasons contains $"`{word}`" if some word in (_words & {"cost-certainty", "independence"})

_reasons contains "`no-egress`" if {
	_words["no-egress"]
	count(_carrying) > 0
	every flow in _carrying { flow.state.role in ["self", "processor"] }
}

# Declared regimes that speak of this deployment and keep its data in place.
_keeping contains id if {
	some id, regime in residency.speaking
	id != residency.promise
	not residency.pending[id]
	_keeps(regime)
}

_keeps(regime) if {
	regime.locations
	count(object.get(regime, "mechanisms", [])) == 0
}

_keeps(regime) if regime.third_parties

_keeps(regime) if regime.egress == "none"

_carrying := [flow | some flow in flows.all; count(flows.data_of(flow.state)) > 0]

_of_flows := sort({read | _words["no-egress"]; some flow in _carrying; some read in array.concat(flow.what, flow.who)})

_cost := "what it costs beside the hosted price is not said in full" if count(costs.lacking) > 0

_cost := "it costs as much as the hosted price or more" if count(costs.lacking) == 0
