# METADATA
# title: Everything that answers is pinned
# description: |
#   Weights, engine, prompts or adapters that are not pinned change under the tests that they passed. Each has a finding of its own:
#   one that is not pinned is partial when at least half of them are, and fails otherwise. A name that moves (`latest`, `main`)
#   pins nothing; absent `adapters` count as not pinned, `[]` says that there are none.
#   With someone else's weights the pin is a model version with a date in it (the date of the id counts where no version is given).
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

import data.psfpolicy.lib.halves
import data.psfpolicy.lib.hosting
import data.psfpolicy.lib.pins
import data.psfpolicy.lib.seen
import data.psfpolicy.lib.terms

metadata := rego.metadata.chain()

_hosting := ["spec", "serving", "hosting"]

_revision := ["spec", "model", "revision"]

_digest := ["spec", "model", "weights", "sha256"]

_version := ["spec", "model", "version"]

_id := ["spec", "model", "id"]

_adapters := ["spec", "model", "adapters"]

_engine := ["spec", "serving", "engine"]

_release := ["spec", "serving", "engine", "version"]

_image := ["spec", "serving", "engine", "image"]

_prompts := ["spec", "release", "prompts"]

places contains thing.path if some thing in _things

findings := halves.findings(_things)

_things contains {"path": _revision, "met": count(_pins) > 0, "pass": pass, "fail": fail, "reads": [_hosting, _revision, _digest]} if {
	not terms.foreign_weights(input.descriptor)
	pass := $"the weights are pinned by {concat(" and ", sort(_pins))}"
	fail := $"{_seen(_revision)}; wanted: a commit of 40 hexadecimal digits, or a digest as `spec.model.weights.sha256`"
}

_things contains {"path": _version, "met": count(_dated) > 0, "pass": pass, "fail": fail, "reads": [_hosting, _version, _id]} if {
	terms.foreign_weights(input.descriptor)
	pass := $"the model served is {concat("", _dated)}, a version with a date"
	fail := $"{_seen(_version)}; wanted: a version of the provider that has a date in it"
}

_things contains {"path": _adapters, "met": count(_loose) == 0, "pass": pass, "fail": fail, "reads": [_hosting, _adapters]} if {
	_asked.adapters
	pass := "every adapter is pinned"
	fail := $"{concat(" and ", sort(_loose))}; wanted: a commit or digest as the `revision` of each adapter, or `[]`"
}

_things contains {"path": _engine, "met": count(_released) == 2, "pass": pass, "fail": fail, "reads": [_hosting, _release, _image]} if {
	_asked.engine
	pass := "the engine and its image are those of a release"
	fail := $"{_seen(_release)} and {_seen(_image)}; wanted: a release, and an image with a digest or the tag of a release"
}

_things contains {"path": _prompts, "met": _said(_prompts) == "versioned", "pass": pass, "fail": fail, "reads": [_prompts]} if {
	pass := "the prompts are versioned"
	fail := $"{_seen(_prompts)}; wanted: `versioned`"
}

_asked contains "adapters" if not terms.foreign_weights(input.descriptor)

_asked contains "adapters" if count(input.descriptor.spec.model.adapters) > 0

_asked contains "engine" if not hosting.foreign_machines(input.descriptor)

_asked contains "engine" if input.descriptor.spec.serving.engine.image

_pins contains "a commit" if pins.commit(_said(_revision))

_pins contains "a digest" if pins.digest(_said(_digest))

# The version decides where one is given, else the id, which may carry the date.
_dated contains $"`{name}`" if {
	name := object.get(input.descriptor, _version, _said(_id))
	pins.dated(name)
}

_loose contains _seen(_adapters) if not is_array(_said(_adapters))

_loose contains $"adapter `{adapter.name}` is not pinned" if {
	some adapter in input.descriptor.spec.model.adapters
	not pins.fixed(adapter)
}

_released contains "engine" if pins.release(_said(_release))

_released contains "image" if pins.image(_said(_image))

_said(path) := object.get(input.descriptor, path, "")

_seen(path) := seen.at(input.descriptor, path)
