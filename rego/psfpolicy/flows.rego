# METADATA
# title: Flows
# description: |
#   Every way by which data leaves the serving process or comes to rest, derived once for every control that asks:
#   inference, guards, validators and judges, the PII detector, stores, exports, egress rules, sinks, fallbacks, the
#   download of weights, the engine's telemetry, and what `data.otherFlows` adds. An entry of `transfers` permits flows;
#   it is none itself.
#   A flow is {path, kind, name, carries, country, operator, inside, tls, premises}. What nobody said is the text
#   "unknown", which no regime accepts for data, and never an absent key.
package psfpolicy.flows

import data.psfpolicy.known
import data.psfpolicy.lib.hosts
import data.psfpolicy.lib.terms

all := [flow | some flow in _derived]

# by_path gives a flow by its path.
by_path[flow.path] := flow if some flow in _derived

# parties by id.
parties[party.id] := party if some party in input.descriptor.spec.parties

_spec := input.descriptor.spec

_lists := {
	"guard": [["spec", "inputs", "guards"], ["spec", "outputs", "guards"]],
	"validator": [["spec", "outputs", "validators"]],
	"sink": [["spec", "outputs", "sinks"]],
	"store": [["spec", "data", "stores"]],
	"export": [["spec", "observability", "exports"]],
	"egress": [["spec", "network", "egress", "rules"]],
	"fallback": [["spec", "vendor", "fallbacks"]],
	"other": [["spec", "data", "otherFlows"]],
}

_derived contains flow if {
	some kind, paths in _lists
	some path in paths
	some index, item in object.get(input.descriptor, path, [])
	flow := _flow(kind, item.name, array.concat(path, [index]), item)
}

_derived contains _flow("detector", _spec.data.pii.detector.name, ["spec", "data", "pii", "detector"], _spec.data.pii.detector)

_derived contains _flow("detector", detector.name, ["spec", "data", "pii", "detector"], detector) if {
	detector := _spec.data.pii.detector
}

_derived contains _flow("weights", "weights", ["spec", "model", "weights"], weights) if {
	not terms.foreign_weights(input.descriptor)
	weights := object.get(input.descriptor, ["spec", "model", "weights"], {})
}

_derived contains _flow("inference", "inference", ["spec", "serving"], serving) if serving := _spec.serving

# The engine's own telemetry goes to whoever makes the engine, wherever that is, unless it is switched off.
_derived contains _flow("telemetry", "engine telemetry", ["spec", "network", "telemetryOptOut"], {}) if {
	known.engine.telemetry.default == "on"
	not _spec.network.telemetryOptOut == true
}

_flow(kind, name, path, item) := {
	"kind": kind,
	"name": name,
	"path": path,
	"carries": object.get(item, "carries", _carried(kind)),
	"operator": operator,
	"country": _country(item, operator),
	"inside": inside,
	"encrypted": _encrypted(item, inside),
	"premises": _premises(item, operator),
} if {
	inside := _inside(kind, item)
	operator := _operator(kind, item, inside)
}

# What a flow carries that does not say.
_carried(kind) := ["weights"] if kind == "weights"

_carried(kind) := ["metrics"] if kind == "telemetry"

_carried(kind) := ["prompts", "responses"] if not kind in {"weights", "telemetry"}

# Who runs it: what is said; else `self` for what lies inside the deployment; else unknown.
_operator(_, item, _) := item.operator

_operator(kind, item, inside) := "self" if {
	not item.operator
	_ours(kind, item, inside)
}

_operator(kind, item, inside) := "unknown" if {
	not item.operator
	not _ours(kind, item, inside)
}

_ours(_, item, _) if item.hosting == "self"

_ours(_, _, true)

_ours("inference", item, _) if item.hosting == "on-prem"

_country(item, _) := known.country(item.location)

_country(item, operator) := country if {
	not item.location
	operator == "self"
	country := _serving_country
}

_country(item, operator) := "unknown" if {
	not item.location
	operator != "self"
}

default _serving_country := "unknown"

_serving_country := known.country(_spec.serving.location)

default _inside(_, _) := false

# What stays in the deployment: its own components, a target in a private range, and weights that come with it;
# a location or an operator that is said puts it elsewhere, for a private range can be a peered network abroad.
_inside(kind, item) if {
	not item.location
	not item.operator
	_near(kind, item)
}

_near(_, item) if item.hosting == "self"

_near("egress", rule) if hosts.private(rule.to.cidr)

_near("export", export) if hosts.private(hosts.of_url(export.endpoint))

_near("export", export) if export.kind in {"file", "console"}

_near("weights", weights) if weights.source in {"image", "local"}

_near("inference", serving) if {
	terms.self_run(input.descriptor)
	serving.hosting
}

default _encrypted(_, _) := false

_encrypted(_, true)

_encrypted(item, _) if item.tls == true

_premises(item, _) := item.premises

_premises(item, operator) := "own" if {
	not item.premises
	operator == "self"
	_spec.serving.hosting == "on-prem"
}

_premises(item, operator) := "other" if {
	not item.premises
	not _own_premises(operator)
}

_own_premises("self") if _spec.serving.hosting == "on-prem"

# third_parties are the paths of the flows that another legal entity operates, as far as "no third party" is concerned.
# The party that rents out the machines of a self-run deployment is a processor of what it stores and carries there.
third_parties contains flow.path if {
	some flow in _derived
	not flow.operator in {"self", "unknown"}
	not _processed(flow)
}

_processed(flow) if {
	terms.self_run(input.descriptor)
	flow.operator == _spec.serving.operator
	flow.kind != "fallback"
}
