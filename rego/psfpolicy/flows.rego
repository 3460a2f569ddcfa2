# METADATA
# title: Flows
# description: |
#   Every way by which data leaves the serving process or comes to rest, derived once for every control that asks:
#   inference, guards, validators and judges, the PII detector, stores, exports, egress rules, sinks, fallbacks, the
#   download of weights, the engine's telemetry, and what `data.otherFlows` adds. An entry of `transfers` permits flows;
#   it is none itself.
#   A flow is {path, kind, name, carries, operator, role, country, region, inside, encrypted, premises, what, who, where}.
#   What nobody said is the text "unknown", which no regime accepts for data, and never an absent key. `what`, `who` and
#   `where` are the paths of the keys that it follows from.
package psfpolicy.flows

import data.psfpolicy.known
import data.psfpolicy.lib.hosts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.terms

all := [flow | some flow in _derived]

# by_path gives a flow by its path.
by_path[flow.path] := flow if some flow in _derived

# parties by id.
parties[party.id] := party if some party in input.descriptor.spec.parties

# third_parties are the paths of the flows that another legal entity operates, as far as "no third party" is concerned.
third_parties contains flow.path if {
	some flow in _derived
	flow.role == "third-party"
}

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
	some kind, sections in _lists
	some path in sections
	some index, item in object.get(input.descriptor, path, [])
	flow := _flow(kind, object.get(item, "name", kind), array.concat(path, [index]), item)
}

_derived contains _flow("detector", name, ["spec", "data", "pii", "detector"], detector) if {
	detector := _spec.data.pii.detector
	name := object.get(detector, "name", "unnamed")
}

_derived contains _flow("weights", "weights", ["spec", "model", "weights"], weights) if {
	not terms.foreign_weights(input.descriptor)
	weights := object.get(_spec, ["model", "weights"], {})
}

_derived contains _flow("inference", "inference", ["spec", "serving"], serving) if serving := _spec.serving

# The engine's own telemetry goes to whoever makes the engine, or what orchestrates it, unless it is switched off.
# What one that the catalogue does not know sends is not known here either, and makes no flow.
_derived contains _flow("telemetry", "engine telemetry", ["spec", "network", "telemetryOptOut"], {}) if {
	not terms.hosted_api(input.descriptor)
	some keys in [["engine", "name"], ["orchestrator"]]
	name := object.get(_spec, array.concat(["serving"], keys), "none")
	known.resolve("engines", name).telemetry["default"] == "on"
	object.get(_spec, ["network", "telemetryOptOut"], false) != true
}

_flow(kind, name, path, item) := {
	"kind": kind,
	"name": name,
	"path": path,
	"carries": carries,
	"operator": operator,
	"role": _role(kind, item, operator, carries),
	"country": _country(item, operator),
	"region": _region(item, operator),
	"inside": inside,
	"encrypted": _encrypted(kind, item, inside),
	"premises": _premises(kind, item, operator),
	"what": paths.keys(path, object.get(_content, kind, ["carries"])),
	"who": who,
	"where": _where(item, path, who),
} if {
	carries := _carries(kind, item)
	inside := _inside(kind, item)
	operator := _operator(kind, item, inside)
	who := _who(kind, item, path)
}

# What a flow carries. An empty list says nothing of what goes there, so it counts as one that is absent.
_carries(_, item) := item.carries if count(item.carries) > 0

_carries(kind, item) := _carried(kind, item) if count(object.get(item, "carries", [])) == 0

# What is carried by a flow that does not say: what a store is kept for, or else the text itself.
_carried("weights", _) := ["weights"]

_carried("telemetry", _) := ["metrics"]

_carried("store", store) := [store.kind] if store.kind in {"logs", "traces", "metrics"}

_carried("store", store) := ["prompts", "responses"] if not store.kind in {"logs", "traces", "metrics"}

_carried(kind, _) := ["prompts", "responses"] if not kind in {"store", "weights", "telemetry"}

# Who runs it: what is said; else `self` for what is ours or lies inside the deployment; else unknown.
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

# The serving process is inside whoever rents out its machines.
_ours(kind, _, true) if kind != "inference"

_ours("inference", item, _) if item.hosting == "on-prem"

# What an operator is to the deployment. The party that rents out the machines of a self-run deployment is a processor of what
# it stores and carries there, but not of what its model API, or a guard it runs, is given; an egress rule to it that takes
# prompts or responses along may lead to that API.
default _role(_, _, _, _) := "third-party"

_role(_, _, operator, _) := operator if operator in {"self", "unknown"}

_role(kind, item, operator, carries) := "processor" if {
	not operator in {"self", "unknown"}
	terms.self_run(input.descriptor)
	operator == _spec.serving.operator
	_processed(kind, item, carries)
}

_processed(kind, _, _) if kind in {"inference", "store", "export", "sink", "weights"}

_processed("egress", _, carries) if {
	not "prompts" in carries
	not "responses" in carries
}

_processed("other", item, _) if item.kind in {"gateway", "support"}

# Where it is: what is said; else where the deployment is, for what is run by `self`; else unknown.
default _country(_, _) := "unknown"

_country(item, _) := known.country(item.location)

_country(item, "self") := known.country(_spec.serving.location) if not item.location

default _region(_, _) := "unknown"

_region(item, _) := item.location.region

_region(item, "self") := _spec.serving.location.region if not item.location

# What stays in the deployment: the serving process of a self-run one, its own components, a target in a private range, and
# weights that come with it. An operator, a location or premises that are said to be others' put it elsewhere, for a private
# range can be a peered network abroad.
default _inside(_, _) := false

_inside("inference", _) if terms.self_run(input.descriptor)

_inside(kind, item) if {
	kind != "inference"
	_near(kind, item)
	not _elsewhere(item)
}

_near(kind, item) if {
	kind in {"guard", "validator", "detector", "sink", "store", "fallback", "other"}
	_said_ours(item)
}

_near("fallback", fallback) if {
	fallback.kind == "degraded-mode"
	not fallback.model
}

_near("egress", rule) if hosts.private(rule.to.cidr)

_near("export", export) if hosts.private(hosts.of_url(export.endpoint))

_near("export", export) if {
	export.kind in {"file", "console"}
	not _remote(export)
}

_near("export", export) if {
	_said_ours(export)
	not export.endpoint
}

_near("weights", weights) if weights.source in {"image", "local"}

_near("weights", weights) if {
	weights.source == "mirror"
	_said_ours(weights)
}

_said_ours(item) if item.hosting == "self"

_said_ours(item) if item.operator == "self"

_remote(export) if {
	contains(export.endpoint, "://")
	not startswith(export.endpoint, "file:///")
}

_elsewhere(item) if item.hosting == "third-party"

_elsewhere(item) if item.premises == "other"

_elsewhere(item) if {
	operator := item.operator
	operator != "self"
}

_elsewhere(item) if {
	location := item.location
	location != object.get(_spec, ["serving", "location"], {})
}

default _encrypted(_, _, _) := false

_encrypted(_, _, true)

_encrypted(_, item, _) if item.tls == true

# The endpoint of a model that somebody else runs.
_encrypted("inference", _, _) if _spec.network.ingress.tls == true

# A region of a cloud is nobody's own premises, whatever is said beside it.
default _premises(_, _, _) := "other"

_premises("inference", item, _) := "own" if {
	item.hosting == "on-prem"
	not item.location.region
}

_premises(kind, item, _) := item.premises if {
	kind != "inference"
	not item.location.region
}

_premises(kind, item, "self") := "own" if {
	kind != "inference"
	not item.premises
	_spec.serving.hosting == "on-prem"
	object.get(_spec, ["serving", "location", "region"], "") == ""
	object.get(item, "location", 0) in [0, object.get(_spec, ["serving", "location"], 0)]
}

# The keys that what is carried follows from, those that the operator does, and those that the country does.
_content := {"store": ["carries", "kind"], "telemetry": [], "inference": []}

_who(_, item, path) := paths.keys(path, ["operator"]) if item.operator

_who(kind, item, path) := paths.keys(path, array.concat(["operator", "hosting"], _telling(kind, item))) if {
	not item.operator
	kind != "telemetry"
}

_who("telemetry", _, path) := [path, ["spec", "serving", "engine", "name"], ["spec", "serving", "orchestrator"]]

_telling(kind, _) := object.get(_tell, kind, []) if kind != "fallback"

_telling("fallback", item) := ["kind"] if object.get(item, "kind", "") != "degraded-mode"

_telling("fallback", item) := ["kind", "model", "location", "premises"] if item.kind == "degraded-mode"

_tell := {
	"egress": ["to", "location", "premises"],
	"export": ["kind", "endpoint", "location", "premises"],
	"weights": ["source", "location", "premises"],
}

_where(item, path, _) := paths.keys(path, ["location"]) if item.location

_where(item, path, who) := array.concat(who, [array.concat(path, ["location"]), ["spec", "serving", "location"]]) if {
	not item.location
}
