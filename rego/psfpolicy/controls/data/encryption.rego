# METADATA
# title: Encryption
# description: |
#   What lies on a disk or passes a network in the clear is read by whoever comes by: another tenant, a backup, a thief of disks.
#   Every flow goes over TLS or stays inside the deployment, and every store is encrypted as well; one that holds metrics only and
#   does not say so is partial. A location or an operator that is said puts a flow outside, since a private range can be a peered
#   network. `tls: true` shows TLS, and so does an address that begins with `https://` unless `tls: false` contradicts it.
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

import data.psfpolicy.flows
import data.psfpolicy.lib.flowing
import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_stores := ["spec", "data", "stores"]

_asked := [flow | some flow in flows.all; flow.kind != "telemetry"]

not_applicable := "`spec.data.stores` is empty, and no flow leaves the deployment" if {
	_descriptor.spec.data.stores == []
	every flow in _asked { flow.inside }
}

places contains flow.path if some flow in _asked

places contains _stores if not _descriptor.spec.data.stores

findings contains {"path": _stores, "status": "fail", "message": message, "reads": [_stores]} if {
	not _descriptor.spec.data.stores
	message := "`spec.data.stores` is missing; wanted: each store with `encrypted`, or `[]` where nothing is kept"
}

findings contains {"path": flow.path, "status": status, "message": message, "reads": _reads(flow)} if {
	some flow in _asked
	lacking := _lacking(flow)
	status := _status(flow, lacking)
	message := $"{flowing.subject(flow)} {_told(flow, lacking)}"
}

_told(flow, lacking) := $"{text.joined(_holds(flow))}" if count(lacking) == 0

_told(_, lacking) := $"is not shown to be encrypted: {text.joined(told)}; wanted: {text.all_of(keys)}" if {
	count(lacking) > 0
	told := {one.told | some one in lacking}
	keys := {$"{one.key}: true" | some one in lacking}
}

_status(_, lacking) := "pass" if count(lacking) == 0

_status(flow, lacking) := "partial" if {
	count(lacking) > 0
	_unsaid_metrics(flow, lacking)
}

_status(flow, lacking) := "fail" if {
	count(lacking) > 0
	not _unsaid_metrics(flow, lacking)
}

# Both the kind of the store and what it carries must say so, and nothing that it does say may be the opposite.
_unsaid_metrics(flow, lacking) if {
	flow.kind == "store"
	{carried | some carried in object.get(_item(flow), "carries", ["metrics"])} == {"metrics"}
	_item(flow).kind == "metrics"
	every one in lacking { one.said == false }
}

# What keeps a flow from being encrypted: {key, told, said}.
_lacking(flow) := _unshown(flow, "encrypted", flow.kind == "store") | _unshown(flow, "tls", _passes_in_the_clear(flow))

_unshown(_, _, false) := set()

_unshown(flow, key, true) := {{"key": concat(".", path), "told": said.at(_from(flow), path), "said": is_boolean(value)} |
	path := _path(flow, key)
	value := object.get(_from(flow), path, null)
	not value == true
}

# A key of inference stands elsewhere, so it is told from the root.
_path(flow, _) := ["spec", "network", "ingress", "tls"] if flow.kind == "inference"

_path(flow, key) := [key] if flow.kind != "inference"

_from(flow) := _descriptor if flow.kind == "inference"

_from(flow) := _item(flow) if flow.kind != "inference"

_item(flow) := object.get(_descriptor, flow.path, {})

default _passes_in_the_clear(_) := false

_passes_in_the_clear(flow) if {
	not flow.encrypted
	not _https(flow)
}

_https(flow) if {
	some key in ["endpoint", "uri"]
	startswith(_item(flow)[key], "https://")
	not _item(flow).tls == false
}

_holds(flow) := {_way(flow)} if flow.kind != "store"

_holds(flow) := {"is encrypted", _way(flow)} if flow.kind == "store"

_way(flow) := "stays inside the deployment" if flow.inside

_way(flow) := "goes over TLS" if not flow.inside

_reads(flow) := array.flatten([flow.who, flow.where, [_place(flow, key) | some key in object.get(_own, flow.kind, ["tls"])]])

_place(flow, key) := _path(flow, key) if flow.kind == "inference"

_place(flow, key) := array.concat(flow.path, [key]) if flow.kind != "inference"

# What else tells whether a flow is encrypted or holds metrics only, by kind.
_own := {
	"export": ["tls", "endpoint"],
	"store": ["tls", "carries", "encrypted", "kind"],
	"weights": ["tls", "uri"],
}
