# METADATA
# title: Everything that answers is pinned
# description: |
#   Weights, engine, prompts or adapters that are not pinned change under the tests that they passed. Each has a finding of its own:
#   one that is not pinned is partial when at least half of them are, and fails otherwise. A name that moves (`latest`, `main`)
#   pins nothing; absent `adapters` count as not pinned, `[]` says that there are none.
#   With someone else's weights the pin is a model version with a date in it (the date of the id counts where no version is given);
#   of open weights that a cloud hosts, whose versions have numbers, a `version` with a number.
#   A model that drafts for the one that is served is asked for where there is one.
#   What is not the deployer's to pin, the engine of another party and the adapters of a provider's model, is asked only where declared.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Name a commit or digest of the weights (of a hosted model, a dated `version`) and a release of the engine; version the prompts:
#
#     model: {revision: 6f6073b423013f6a7d4d9f39144961bfbfbc386b, adapters: []}
#     serving:
#       engine: {name: vllm, version: 0.33.0, image: "vllm/vllm-openai:v0.33.0"}
#     release: {prompts: versioned}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-5-deployment-safety
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#   good: |
#     model: {revision: 6f6073b423013f6a7d4d9f39144961bfbfbc386b, adapters: []}
#     serving:
#       hosting: self-managed-kubernetes
#       engine: {name: vllm, version: 0.33.0, image: "vllm/vllm-openai:v0.33.0"}
#     release: {prompts: versioned}
#   bad: |
#     model: {revision: main}
#     serving:
#       hosting: self-managed-kubernetes
#       engine: {name: vllm, version: 0.33.0, image: "vllm/vllm-openai:latest"}
#     release: {prompts: versioned}
package psfpolicy.controls.deploy.model_pinned

import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.pins
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_hosting := ["spec", "serving", "hosting"]

_revision := ["spec", "model", "revision"]

_digest := ["spec", "model", "weights", "sha256"]

_version := ["spec", "model", "version"]

_id := ["spec", "model", "id"]

_adapters := ["spec", "model", "adapters"]

_draft := ["spec", "model", "draft"]

_engine := ["spec", "serving", "engine"]

_prompts := ["spec", "release", "prompts"]

_adapted := [adapter | some adapter in _descriptor.spec.model.adapters]

places contains thing.path if some thing in _things

# What is not pinned is partial beside at least half that is.
findings := parts.findings(_things, (count(_things) + (count(_things) % 2)) / 2)

_things contains _thing(_revision, [_hosting, _revision, _digest], count(_pins) > 0, [
	$"the weights are pinned by {text.joined(_pins)}", _seen(_revision),
	"a commit of 40 hexadecimal digits, or a digest as `spec.model.weights.sha256`",
]) if not terms.foreign_weights(_descriptor)

_things contains _thing(_version, [_hosting, _version, _id], count(_fixed_version) > 0, [
	$"the model served is {text.all_of(_fixed_version)}, a version with {_mark}", _seen(_version),
	$"a version of the provider that has {_mark} in it",
]) if terms.foreign_weights(_descriptor)

_things contains _thing(_adapters, array.concat([_hosting], paths.items(_adapters, _adapted, ["revision"])), count(_loose) == 0, [
	"every adapter is pinned", text.joined(_loose), "a commit or digest as the `revision` of each adapter, or `[]`",
]) if _asked.adapters

_things contains _thing(array.concat(_draft, ["id"]), paths.keys(_draft, ["id", "revision"]), _fixed_draft, [
	"the model that drafts is pinned", $"in `spec.model.draft`, {said.at(_said(_draft), ["revision"])}",
	"a commit or digest as its `revision`",
]) if _descriptor.spec.model.draft

_things contains _thing(_engine, array.concat([_hosting], paths.keys(_engine, ["version", "image"])), count(_moving) == 0, [
	"the engine and its image are those of a release", text.joined(_moving),
	"a release as `version`, and an `image` with a digest or the tag of a release",
]) if _asked.engine

_things contains _thing(_prompts, [_prompts], _said(_prompts) == "versioned", ["the prompts are versioned", _seen(_prompts), "`versioned`"])

_thing(path, reads, true, [pass, _, _]) := {"path": path, "met": true, "message": pass, "reads": reads}

_thing(path, reads, false, [_, seen, want]) := {"path": path, "met": false, "message": $"{seen}; wanted: {want}", "reads": reads}

default _fixed_draft := false

_fixed_draft if pins.fixed(_descriptor.spec.model.draft)

_asked contains "adapters" if not terms.foreign_weights(_descriptor)

_asked contains "adapters" if count(_adapted) > 0

_asked contains "engine" if not terms.foreign_machines(_descriptor)

_asked contains "engine" if _descriptor.spec.serving.engine.image

_pins contains "a commit" if pins.commit(_said(_revision))

_pins contains "a digest" if pins.digest(_said(_digest))

# The version decides where one is given, else the id, which may carry the date.
_fixed_version contains name if {
	name := object.get(_descriptor, _version, _said(_id))
	pins.dated(name)
}

_fixed_version contains name if {
	_numbered
	name := _descriptor.spec.model.version
	pins.release(name)
}

_numbered if not terms.hosted_api(_descriptor)

_mark := "a number" if _numbered

_mark := "a date" if not _numbered

_loose contains _seen(_adapters) if not _listed

_loose contains $"adapter `{adapter.name}` is not pinned" if {
	some adapter in _adapted
	not pins.fixed(adapter)
}

_moving contains _seen(array.concat(_engine, ["version"])) if not _released

_moving contains _seen(array.concat(_engine, ["image"])) if not _fixed

# Rules of their own, since "not" of a function of an absent key is undefined.
_listed if is_array(_descriptor.spec.model.adapters)

_released if pins.release(_descriptor.spec.serving.engine.version)

_fixed if pins.image(_descriptor.spec.serving.engine.image)

_said(path) := object.get(_descriptor, path, "")

_seen(path) := said.at(_descriptor, path)
