# METADATA
# title: Encryption
# description: |
#   What lies on a disk or passes a network in the clear is read by whoever comes by: another tenant, a backup, a thief of disks.
#   Every flow goes over TLS or stays inside the deployment, and every store is encrypted as well; one that holds metrics only and
#   does not say so is partial. An operator, or a location that is not the deployment's, puts a flow outside, since a private range can be a
#   peered network. `tls: true` shows TLS, and so does an address that begins with `https://`; `tls: false` contradicts the one, and
#   an address that begins with `http://` the other, which then fails.
#   Inference by an engine of one's own is the deployment itself, whose endpoint `security-endpoint-auth` asks about; of any other,
#   `network.ingress.tls` is the way to it. What an engine reports to its makers is left to `data-telemetry`.
# custom:
#   provenance: ours
#   severity: critical
#   remediation: |
#     Encrypt each store and each way out of the deployment, and say so:
#
#     data:
#       stores: [{name: traces, kind: traces, encrypted: true, tls: true}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#   good: |
#     model:
#       weights: {source: mirror, uri: "https://weights.example.com/phi-4"}
#     data:
#       stores: [{name: traces, kind: traces, encrypted: true, tls: true}]
#   bad: |
#     model:
#       weights: {source: mirror, uri: "https://weights.example.com/phi-4"}
#     data:
#       stores: [{name: traces, kind: traces, encrypted: true, tls: false}]
package psfpolicy.controls.data.encryption

import data.psfpolicy.evidence
import data.psfpolicy.flows
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_stores := ["spec", "data", "stores"]

_asked := [flow | some flow in flows.all; flow.kind != "telemetry"]

not_applicable := "`spec.data.stores` is empty, and no flow leaves the deployment" if {
	_descriptor.spec.data.stores == []
	every flow in _asked {
		flow.state.inside
		flow.kind != "store"
	}
}

rests := {_stores}

places contains flow.path if some flow in _asked

places contains _stores if not _descriptor.spec.data.stores

findings := array.concat(_missing, _of_flows)

_missing := [{"path": _stores, "status": "fail", "message": message, "reads": [_stores]} |
	not _descriptor.spec.data.stores
	message := "`spec.data.stores` is missing; wanted: each store with `encrypted`, or `[]` where nothing is kept"
]

_of_flows := [finding |
	some flow in _asked
	item := object.get(evidence.strangers, [flow.path, "item"], object.get(_descriptor, flow.path, {}))
	lacking := _lacking(flow.kind, item, flow.state.inside)
	answer := _answer(lacking, flow, item)
	finding := {
		"path": flow.path,
		"status": answer.status,
		"message": $"{flow.subject} {answer.told}",
		"reads": array.concat(flow.who, _own_reads(flow.kind, flow.path)),
	}
]

# What would show that a flow is encrypted and is not said, as paths below the flow; that of inference stands elsewhere.
_lacking(kind, item, inside) := {["encrypted"] | kind == "store"; not item.encrypted == true} | _clear(kind, item, inside)

_clear(_, _, true) := set()

_clear("inference", _, false) := {_ingress | not _descriptor.spec.network.ingress.tls == true}

_clear(kind, item, false) := {["tls"] | not _over_tls(item)} | {[key] | some key in _addresses; item.tls == true; _plain(item[key])} if kind != "inference"

_ingress := ["spec", "network", "ingress", "tls"]

_over_tls(item) if item.tls == true

_addresses := ["endpoint", "uri"]

# What is sent there is in the clear, whatever else is said of it.
_plain(address) if {
	not startswith(address, "https://")
	startswith(text.lower_case(address), "http://")
}

_over_tls(item) if {
	some key in _addresses
	startswith(item[key], "https://")
	not item.tls == false
}

_answer(lacking, flow, _) := {"status": "pass", "told": $"{_way[flow.state.inside]}{_rests[flow.kind == "store"]}"} if count(lacking) == 0

_answer(lacking, flow, item) := {"status": status, "told": told} if {
	count(lacking) > 0
	from := {true: _descriptor, false: item}[flow.kind == "inference"]
	seen := text.joined({said.at(from, path) | some path in lacking})
	told := $"is not shown to be encrypted: {seen}; wanted: {text.all_of({_wanted(path) | some path in lacking})}"
	status := _status(lacking, flow, item)
}

_wanted(path) := $"{concat(".", path)}: {object.get({"endpoint": "https://…", "uri": "https://…"}, path[0], "true")}"

_way := {true: "stays inside the deployment", false: "goes over TLS"}

_rests := {true: " and is encrypted", false: ""}

# Both the kind of the store and what it carries must say so, and nothing that it does say may be the opposite.
_status(lacking, flow, item) := "partial" if {
	flow.kind == "store"
	item.kind == "metrics"
	flow.state.carries == ["metrics"]
	every path in lacking { not object.get(item, path, null) == false }
} else := "fail"

# What else tells whether a flow is encrypted or holds metrics only, by kind.
_own_reads("inference", _) := [_ingress]

_own_reads(kind, path) := paths.keys(path, object.get(_own, kind, ["tls"])) if kind != "inference"

_own := {
	"export": ["tls", "endpoint"],
	"store": ["tls", "carries", "encrypted", "kind"],
	"weights": ["tls", "uri"],
}
