# METADATA
# title: Tracing
# description: |
#   One request passes the gateway, guards, the model and perhaps tools; only a shared trace shows which of them did what.
#   Covering none of the wanted parts fails, and so does sampling at 0, whatever else is declared: nothing is traced then.
#   Sampling that is not said is not taken to be 1. Tools count as wanted until `tasks` are declared without `agents`.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Propagate one trace through every part, and keep every request:
#
#     observability:
#       tracing: {propagation: w3c, covers: [gateway, guards, model, tools], sampling: 1.0}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-4-observability
#     - https://www.productionai.institute/insights/d4-observability-guide
#   good: |
#     observability:
#       tracing: {propagation: w3c, covers: [gateway, guards, model, tools], sampling: 1.0}
#   bad: |
#     observability:
#       tracing: {propagation: w3c, covers: [model], sampling: 0.1}
package psfpolicy.controls.observe.tracing

import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_section := ["spec", "observability", "tracing"]

_tracing := _descriptor.spec.observability.tracing

_wanted := {"gateway", "guards", "model"} | {"tools" | not terms.lacks_agents(_descriptor)}

_missing := _wanted - {part | some part in _tracing.covers}

_agents := paths.items(["spec", "oversight", "agents"], [agent | some agent in _descriptor.spec.oversight.agents], ["name"])

places contains _section if not _tracing

places contains array.concat(_section, [key]) if {
	_tracing
	some key in ["propagation", "covers", "sampling"]
}

findings contains {"path": _section, "status": "fail", "message": message, "reads": [_section]} if {
	not _tracing
	message := $"`spec.observability.tracing` is missing; wanted: `propagation`, `covers` with {text.all_of(_wanted)}, and `sampling: 1.0`"
}

findings contains {"path": path, "status": status, "message": message, "reads": array.concat([path], _also[key])} if {
	_tracing
	some key, [status, message] in {"propagation": _propagation, "covers": _coverage, "sampling": _sampling}
	path := array.concat(_section, [key])
}

# What is read beside the key itself.
_also := {"propagation": [], "covers": array.concat([["spec", "purpose", "tasks"]], _agents), "sampling": []}

_propagation := ["pass", $"traces are propagated by `{_tracing.propagation}`"] if _tracing.propagation

_propagation := ["partial", "`spec.observability.tracing.propagation` is missing; wanted: `w3c`, `b3` or `xray`"] if {
	not _tracing.propagation
}

_coverage := ["pass", $"traces cover {text.all_of(_wanted)}"] if count(_missing) == 0

_coverage := [parts.shortfall(_wanted - _missing), message] if {
	count(_missing) > 0
	message := $"traces leave out {text.all_of(_missing)}; wanted: {text.all_of(_missing)} in `covers`"
}

_sampling := ["pass", "every request is traced"] if _tracing.sampling == 1

_sampling := ["fail", "no request is traced, at a `sampling` of `0`; wanted: `sampling: 1.0`"] if _tracing.sampling == 0

_sampling := ["partial", $"requests are sampled at {numbers.shown(_tracing.sampling)}; wanted: `sampling: 1.0`"] if {
	_tracing.sampling > 0
	_tracing.sampling < 1
}

_sampling := ["partial", "`spec.observability.tracing.sampling` is missing; wanted: `sampling: 1.0`"] if not _tracing.sampling
