# METADATA
# title: Flows
# description: |
#   Every way by which data leaves the serving process or comes to rest, derived once for every control that asks:
#   inference, guards, validators and judges, the PII detector, stores, exports, egress rules, sinks, fallbacks, the
#   download of weights, telemetry, and what `data.otherFlows` adds. An entry of `transfers` permits flows; it is none itself.
#   What manifests show and the descriptor does not mention is a flow as well, whose path is that of the fact.
#   A flow is {path, kind, name, subject, state, what, who, where}. `state` is what rules ask of it, {carries, operator, role,
#   landlord, unsaid, country, region, premises, inside, served, service}: flows that have it in common are judged once. What nobody said
#   is null in it, and never an absent key. `what`, `who` and `where` are the paths of the keys that it follows from; where it is follows from who runs it too.
#   The landlord holds the machines: the operator, or whoever rents them to the organisation that operates the flow itself.
package psfpolicy.flows

import data.psfpolicy.evidence
import data.psfpolicy.known
import data.psfpolicy.lib.hosts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.terms
import data.psfpolicy.telemetry

all := array.concat(_declared, [_undeclared(path, stranger) | some path, stranger in evidence.strangers; _kinds[stranger.section]])

_declared := [_flow(kind, path, item, path[1]) | some [kind, path, item] in array.concat(_listed, [one | some one in _single])]

_undeclared(path, stranger) := object.union(flow, {"subject": $"undeclared {flow.subject}", "what": [path]}) if {
	flow := _flow(_kinds[stranger.section], path, stranger.item, stranger.section[1])
}

# sharing are the flows that have a state in common, by path. To find a state is to compare objects, so that they are found once.
sharing[flow.state][flow.path] := flow if some flow in all

# states of all flows, each once: an array, since each step through a set of objects reads one as a whole.
states := [state | some state, _ in sharing]

# data that a state carries: the text itself, and what is written of it. Metrics and weights are none.
data_of(state) := [carried | some carried in state.carries; carried in ["logs", "prompts", "responses", "traces"]]

_spec := object.get(input, ["descriptor", "spec"], {})

_serving := object.get(_spec, "serving", {})

_text := ["prompts", "responses"]

_listed := [[kind, array.concat(section, [index]), item] |
	some section, kind in _kinds
	some index, item in object.get(input.descriptor, section, [])
]

# What the items of a list are, by its path.
_kinds := {
	["spec", "inputs", "guards"]: "guard",
	["spec", "outputs", "guards"]: "guard",
	["spec", "outputs", "validators"]: "validator",
	["spec", "outputs", "sinks"]: "sink",
	["spec", "data", "stores"]: "store",
	["spec", "observability", "exports"]: "export",
	["spec", "network", "egress", "rules"]: "egress",
	["spec", "vendor", "fallbacks"]: "fallback",
	["spec", "data", "otherFlows"]: "other",
}

_single contains ["detector", ["spec", "data", "pii", "detector"], _spec.data.pii.detector]

_single contains ["inference", ["spec", "serving"], _spec.serving]

_single contains ["weights", ["spec", "model", "weights"], object.get(_spec, ["model", "weights"], {})] if {
	input.descriptor.spec
	not terms.foreign_weights(input.descriptor)
}

# Telemetry goes to whoever makes what reports. What the catalogue does not know of is not known here either, and makes no flow.
_single contains ["telemetry", telemetry.path, {}] if {
	count(telemetry.reporting) > 0
	not telemetry.switched_off
}

_flow(kind, path, item, part) := {
	"kind": kind,
	"name": name,
	"path": path,
	"subject": object.get(_subjects, kind, $"{object.get(_titles, kind, kind)} `{name}`"),
	"state": {
		"carries": carries,
		"operator": operator,
		"role": _role(kind, item, operator, carries),
		"landlord": landlord,
		"unsaid": _unsaid(alien, operator, landlord),
		"country": _country(place),
		"region": object.get(place, "region", null),
		"premises": _premises(kind, item, operator),
		"inside": inside,
		"served": kind == "inference",
		"service": _answering(kind, item, operator),
	},
	"what": paths.keys(path, object.get(_content, kind, ["carries"])),
	"who": _who(kind, path, item),
	"where": _where(kind, path, item),
} if {
	name := object.get(item, "name", object.get(_unnamed, kind, kind))
	alien := _alien(kind, item)
	inside := _inside(kind, item, alien)
	operator := _operator(kind, item, inside, alien)
	landlord := _landlord(kind, item, inside, operator)
	carries := _carries(kind, object.get(item, "kind", part), object.get(item, "carries", []))
	place := _place(item, operator)
}

_subjects := {"inference": "inference", "weights": "the download of weights", "telemetry": "telemetry"}

_titles := {"detector": "PII detector", "egress": "egress rule", "other": "flow"}

_unnamed := {"detector": "unnamed", "telemetry": "engine telemetry"}

# The model or the service that another party lets answer: by its platform, or by who runs it; "" for what is run here.
_answering("inference", serving, _) := object.get(serving, "platform", "not declared") if not terms.self_run(input.descriptor)

else := ""

_answering(kind, item, operator) := operator if {
	_answers(kind, item)
	not operator in ["self", null]
} else := "" if {
	kind != "inference"
}

_answers(kind, _) if kind in ["detector", "fallback", "guard", "validator"]

_answers("other", flow) if flow.kind in ["embedding", "judge"]

# What a flow carries: what it says, and what one of its kind cannot do without. An empty list says nothing of what goes there, so
# it counts as one that is absent.
_carries(kind, subkind, []) := [subkind] if {
	kind == "store"
	subkind in ["logs", "traces", "metrics"]
} else := object.get({"telemetry": ["metrics"], "weights": ["weights"]}, kind, _text)

_carries(kind, subkind, said) := array.concat(said, [carried |
	some carried in object.get(_needed, [kind, subkind], object.get(_needed, [kind, "any"], []))
	not carried in said
]) if {
	count(said) > 0
}

_needed := {
	"guard": {"inputs": ["prompts"], "outputs": ["responses"]},
	"detector": {"any": ["prompts"]},
	"validator": {"any": ["responses"]},
	"sink": {"any": ["responses"]},
	"store": {
		"logs": ["logs"], "traces": ["traces"], "metrics": ["metrics"], "prompts": ["prompts"],
		"datasets": ["prompts"], "vector-store": ["prompts"],
	},
	"fallback": {"any": _text},
	"other": {"embedding": ["prompts"], "gateway": _text, "judge": ["responses"], "reviewer": ["responses"]},
}

# Why a flow that is said to be run by `self` cannot be: it is a service of another party.
default _alien(_, _) := ""

_alien("inference", serving) := $"another party runs `{serving.hosting}`, and which one is not said" if {
	serving.operator == "self"
	not terms.self_run(input.descriptor)
}

_alien(kind, item) := $"`{name}` is a service of another party, and which one is not said" if {
	object.get(item, "operator", "self") == "self"
	_said_ours(item)
	name := _service(kind, item)
}

# What can only be another party's service: of a guard, a detector or a fallback what it is made of, else where it leads.
_service("detector", detector) := detector.name if known.row("guards", detector.name).hosting == "third-party"

_service("guard", guard) := guard.model if known.row("guards", guard.model).hosting == "third-party"

_service("fallback", fallback) := fallback.model if known.row("models", fallback.model).hosted == true

_service("export", export) := export.kind if {
	some row in known.rows.domains
	export.kind in row.exports
} else := _domain("export", export).name if {
	_domain("export", export).service == true
}

_service(kind, item) := domain.name if {
	kind in ["egress", "weights"]
	domain := _domain(kind, item)
	domain.service == true
}

_domain(kind, item) := object.union(known.rows.domains[name], {"name": name}) if {
	name := hosts.domain(_address(kind, item), known.rows.domains)
}

# Who runs it: what is said; else `self` for what is ours or lies inside the deployment.
_operator(kind, item, inside, alien) := null if {
	alien != ""
} else := operator if {
	operator := item.operator
} else := "self" if {
	_ours(kind, item, inside)
} else := null

_ours(_, item, _) if item.hosting == "self"

_ours("inference", item, _) if item.hosting == "on-prem"

# The serving process is inside, and still with whoever rents out its machines.
_ours(kind, _, true) if kind != "inference"

# Who holds the machines of what the organisation operates itself: for what is inside the deployment, inference answers.
_landlord(kind, item, inside, operator) := operator if {
	operator != "self"
} else := "self" if {
	inside
	kind != "inference"
} else := _lessor(kind, item) if {
	_rented(kind, item)
} else := "self"

# A region of a cloud is on nobody's own machines, whatever is said beside it, and so is what a provider's domain leads to.
_rented(_, item) if item.location.region

_rented(kind, item) if _domain(kind, item)

_rented(_, item) if item.premises == "other"

_rented("inference", serving) if known.rows.platforms[serving.platform].operator

_lessor(kind, item) := _serving.operator if {
	kind != "inference"
	_serving.operator != "self"
	split(item.location.region, ":")[0] == split(_serving.location.region, ":")[0]
} else := null

# nobody is what there is to say of a flow that names no operator.
nobody := "nobody is said to run it"

_unsaid(alien, operator, landlord) := alien if {
	alien != ""
} else := nobody if {
	operator == null
} else := "nobody is said to rent out the machines that it is on" if {
	landlord == null
} else := ""

# What an operator is to the deployment. The party that rents out the machines of a self-run deployment, named or not, is a
# processor of what it stores and carries there and of what is run on them, but not of what its model API, or a guard it runs, is
# given; an egress rule to it that takes prompts or responses along may lead to that API.
_role(_, _, "self", _) := "self"

_role(kind, _, null, _) := "processor" if {
	kind == "inference"
	terms.self_run(input.descriptor)
} else := null

_role(kind, item, operator, carries) := "processor" if {
	not operator in ["self", null]
	terms.self_run(input.descriptor)
	operator == _serving.operator
	_processed(kind, item, carries)
} else := "third-party" if {
	not operator in ["self", null]
}

_processed(kind, _, _) if kind in ["inference", "store", "export", "sink", "weights"]

_processed(kind, item, _) if {
	item.hosting == "self"
	not _service(kind, item)
}

_processed("other", item, _) if item.kind in ["gateway", "support"]

_processed("egress", _, carries) if {
	not "prompts" in carries
	not "responses" in carries
}

# Where it is: what is said; else where the deployment is, for what is run by `self`.
_place(item, operator) := item.location if {
	item.location
} else := object.get(_serving, "location", {}) if {
	operator == "self"
} else := {}

default _country(_) := null

_country(place) := known.country(place)

# What stays in the deployment: the serving process of a self-run one, its own components, a target in a private range, and
# weights that come with it. What is said to be with others puts it elsewhere, and so does a location that is not the deployment's,
# for a private range can be a peered network abroad.
default _inside(_, _, _) := false

_inside("inference", _, _) if terms.self_run(input.descriptor)

_inside(kind, item, "") if {
	kind != "inference"
	_near(kind, item)
	not item.hosting == "third-party"
	not item.premises == "other"
	object.get(item, "operator", "self") == "self"
	object.get(item, "location", 0) in [0, object.get(_serving, "location", 0)]
}

_near(kind, item) if {
	_said_ours(item)
	not _reached(kind, item)
}

# A private range by itself says where it leads only while no location is said.
_near(kind, item) if {
	hosts.private(_address(kind, item))
	not item.location
}

_near("fallback", fallback) if {
	fallback.kind == "degraded-mode"
	not fallback.model
}

_near("export", export) if {
	export.kind in ["file", "console"]
	not _reached("export", export)
}

_near("weights", weights) if weights.source in ["image", "local"]

_said_ours(item) if item.hosting == "self"

_said_ours(item) if item.operator == "self"

# What is reached at an address or over the network is outside, unless the address is the network's own.
_reached("weights", weights) if weights.source == "hub"

_reached("weights", weights) if {
	startswith(weights.uri, "http")
	not _own("weights", weights)
}

_reached("egress", rule) if not _own("egress", rule)

_reached("export", export) if {
	endpoint := export.endpoint
	not hosts.file(endpoint)
	not _own("export", export)
}

_own(kind, item) if hosts.own(_address(kind, item))

_address("egress", rule) := rule.to.cidr

_address("egress", rule) := rule.to.host

_address("export", export) := hosts.of_url(export.endpoint)

_address("weights", weights) := hosts.of_url(weights.uri) if not weights.source == "hub"

default _premises(_, _, _) := "other"

_premises("inference", serving, _) := "own" if {
	serving.hosting == "on-prem"
	not serving.location.region
}

_premises(kind, item, _) := item.premises if {
	kind != "inference"
	not item.location.region
}

_premises(kind, item, "self") := "own" if {
	kind != "inference"
	not item.premises
	_serving.hosting == "on-prem"
	not _serving.location.region
	object.get(item, "location", 0) in [0, object.get(_serving, "location", 0)]
}

# The keys that what is carried follows from, those that the operator does, and those that the country does besides.
_content := {"store": ["carries", "kind"], "other": ["carries", "kind"], "telemetry": [], "inference": []}

_who(kind, path, item) := telemetry.reads if {
	kind == "telemetry"
} else := paths.keys(path, ["operator"]) if {
	item.operator
	item.operator != "self"
} else := array.concat(_told(kind, path), _compared(kind, item))

_told(kind, path) := paths.keys(path, array.concat(["operator", "hosting"], object.get(_tell, kind, ["location", "premises"])))

# What says where it is, is held against where the deployment is and who rents that out.
_compared(kind, item) := [["spec", "serving", "location"], ["spec", "serving", "operator"]] if {
	kind != "inference"
	item.location
} else := []

_tell := {
	"detector": ["name", "location", "premises"],
	"egress": ["to", "location", "premises"],
	"export": ["kind", "endpoint", "location", "premises"],
	"fallback": ["kind", "model", "location", "premises"],
	"guard": ["model", "location", "premises"],
	"inference": ["platform", "location"],
	"weights": ["source", "uri", "location", "premises"],
}

_where(kind, path, item) := paths.keys(path, ["location", "platform"]) if {
	kind == "inference"
} else := [] if {
	kind == "telemetry"
} else := paths.keys(path, ["location", "premises"]) if {
	item.operator
	item.operator != "self"
} else := [["spec", "serving", "hosting"], ["spec", "serving", "location"]]
