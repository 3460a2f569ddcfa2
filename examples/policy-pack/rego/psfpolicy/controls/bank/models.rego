# METADATA
# title: Approved models
# description: |
#   The model, the one that drafts for it, its adapters, and what takes over when it fails are models that model risk management
#   has approved: by name on the hub and by commit. Weights from elsewhere than the hub are what they say only by their digest. A fine-tune, a repack and a hosted model are others until they are approved.
# custom:
#   provenance: ours
#   severity: critical
#   remediation: |
#     Serve a model of `catalogue/bank_models` at a commit that was assessed:
#
#     model: {id: Qwen/Qwen3-32B, revision: 9216db5781bf21249d130ec9da846c4624c16137}
#   references:
#     - https://www.federalreserve.gov/supervisionreg/srletters/sr1107.htm
#   good: |
#     model: {id: Qwen/Qwen3-32B, revision: 9216db5781bf21249d130ec9da846c4624c16137}
#   bad: |
#     model: {id: Qwen/Qwen3-32B, revision: main}
package psfpolicy.controls.bank.models

import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_fallbacks := ["spec", "vendor", "fallbacks"]

# What is asked about, by its path: what it is called, and the keys that hold its name and its commit.
_asked[["spec", "model"]] := {"name": "the model", "id": "id", "revision": "revision"}

_asked[["spec", "model", "draft"]] := {"name": "the draft model", "id": "id", "revision": "revision"} if _descriptor.spec.model.draft

_asked[["spec", "model", "adapters", index]] := {"name": $"adapter `{adapter.name}`", "id": "source", "revision": "revision"} if {
	some index, adapter in _descriptor.spec.model.adapters
}

# A fallback has no key for a commit.
_asked[array.concat(_fallbacks, [index])] := {"name": $"fallback `{fallback.name}`", "id": "model"} if {
	some index, fallback in _descriptor.spec.vendor.fallbacks
	_serves(fallback)
}

_serves(fallback) if not fallback.kind == "degraded-mode"

_serves(fallback) if fallback.model

places := {path | some path, _ in _asked}

findings contains {"path": path, "status": "pass", "message": $"{asked.name} `{_value(path, asked.id)}` is approved", "reads": _reads(path, asked)} if {
	some path, asked in _asked
	not _objections[path]
}

findings contains {"path": path, "status": "fail", "message": message, "reads": _reads(path, asked)} if {
	some path, objection in _objections
	asked := _asked[path]
	message := $"{asked.name} {objection}"
}

_objections[path] := objection if {
	some path, asked in _asked
	objection := _objection(path, asked)
}

_objection(path, asked) := $"is not named; wanted: `{asked.id}` with one of {_approved}" if {
	not _value(path, asked.id)
} else := $"`{_value(path, asked.id)}` is not approved; wanted: one of {_approved}" if {
	not _row(path, asked)
} else := $"`{_value(path, asked.id)}` names no commit; wanted: `revision` with one of {text.one_of(_row(path, asked).revisions)}" if {
	asked.revision
	not _value(path, asked.revision)
} else := $"`{_value(path, asked.id)}` is approved, but not at `{_value(path, asked.revision)}`; wanted: {text.one_of(_row(path, asked).revisions)}" if {
	asked.revision
	not _value(path, asked.revision) in _row(path, asked).revisions
} else := $"`{_value(path, asked.id)}` is approved, but its weights do not come from the hub, and `sha256` is not that of an approved copy; wanted: {_copies(path, asked)}" if {
	_copied(path)
	not _known(path, asked)
}

_copies(path, asked) := $"`weights.sha256` of {text.one_of(_row(path, asked).weights)}, or `source: hub` without `uri`" if _row(path, asked).weights

_copies(path, asked) := "`source: hub` without `uri`, since no copy is approved" if not _row(path, asked).weights

# The hub finds a model by its name in any case, and by nothing else.
_row(path, asked) := data.psfpolicy.catalogue.bank_models[text.lower_case(_value(path, asked.id))]

_value(path, key) := value if {
	value := object.get(_descriptor, array.concat(path, [key]), null)
	value != null
}

_approved := text.one_of({id | some id, _ in data.psfpolicy.catalogue.bank_models})

# Whose weights come from elsewhere, only their digest says what they are.
_copied(["spec", "model"]) if not object.get(_weights, "source", "hub") == "hub"

_copied(["spec", "model"]) if _weights.uri

default _weights := {}

_weights := _descriptor.spec.model.weights

_known(path, asked) if text.lower_case(_weights.sha256) in object.get(_row(path, asked), "weights", [])

_reads(path, asked) := array.concat(_named_by(path, asked), [["spec", "model", "weights", key] |
	path == ["spec", "model"]
	some key in ["source", "uri", "sha256"]
])

_named_by(path, asked) := [array.concat(path, [asked[key]]) | some key in ["id", "revision"]; asked[key]]
