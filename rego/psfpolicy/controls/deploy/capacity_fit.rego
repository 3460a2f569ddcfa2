# METADATA
# title: The model fits its accelerators
# description: |
#   Weights that do not fit are an outage at the first start; a cache that holds no full-length sequence, at the first long request.
#   Weights and 5 % of overhead are set against the share of the memory that the engine may use (0.9 where it is not said), for each
#   data-parallel rank, which holds every expert of a mixture; what is left must hold the cache of one sequence of `maxModelLen`, or
#   of the model's own context where that is not said. The cache is counted as often as the accelerators of a layer keep it: a latent
#   (MLA) on each of them, a head on several where tensor parallelism does not divide the KV heads, which is partial.
#   A model, accelerator or format that the catalogue does not know is partial, and so are an engine of which it is not known whether
#   it runs there, a format that the accelerator does not calculate in, and `none` for a fine-tune of quantised weights; tensor
#   parallelism that does not divide the attention heads, and an engine that does not run there, fail. A `maxModelLen` above what the
#   model takes, with the scaling that its maker documents, is partial: engines refuse it unless told not to, which no key says.
#   Weights that are known by their name to be quantised count as such, whatever `quantization` says.
#   A provider that chooses the engine for its own machines need not name it. `maxConcurrency` is shown and decides nothing.
#   Adapters and a model that drafts are noted, and they and other models on the same accelerators are not counted:
#   `memoryUtilization` gives each its share.
# custom:
#   provenance: practice
#   severity: critical
#   remediation: |
#     Choose a format, a length or a number of accelerators that fit (`psfpolicy capacity` prints the arithmetic):
#
#     model:
#       quantization: fp8
#       maxModelLen: 32768
#     serving:
#       accelerators: {type: nvidia-h100-80gb, count: 2, tensorParallel: 2}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://pdpspectra.com/blog/open-source-llms-production
#   good: |
#     model:
#       id: microsoft/phi-4
#       quantization: bf16
#       maxModelLen: 16384
#     serving:
#       hosting: self-managed-kubernetes
#       engine: {name: vllm}
#       accelerators: {type: nvidia-l40s, count: 1}
#   bad: |
#     model:
#       id: microsoft/phi-4
#       quantization: bf16
#       maxModelLen: 16384
#     serving:
#       hosting: self-managed-kubernetes
#       engine: {name: vllm}
#       accelerators: {type: nvidia-l4, count: 1}
package psfpolicy.controls.deploy.capacity_fit

import data.psfpolicy.capacity
import data.psfpolicy.known
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.refit
import data.psfpolicy.suitability

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_model := ["spec", "model"]

_accelerators := ["spec", "serving", "accelerators"]

not_applicable := "the model runs on someone else's machines" if terms.third_party_run(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _accelerators

findings contains {"path": _accelerators, "status": _status, "message": message, "reads": _reads} if {
	message := concat("", [suitability.subject, ": ", concat(", ", _seen), _note, _wish])
}

default _status := "pass"

_status := "fail" if _refused

_status := "partial" if {
	not _refused
	_lacking
}

_refused if capacity.spare < 0

_refused if count(suitability.refusals) > 0

_lacking if refit.short

_lacking if count(suitability.shortfalls | suitability.unknown) > 0

_seen := array.concat([suitability.arithmetic], sort(suitability.refusals | suitability.shortfalls))

default _note := ""

_note := $"; note: {text.joined(suitability.notes)}" if count(suitability.notes) > 0

default _wish := ""

_wish := $"; wanted: {text.joined(suitability.remedies)}" if count(suitability.remedies) > 0

_reads := sort(union({
	{["spec", "serving", "hosting"], ["spec", "serving", "engine", "name"], ["spec", "serving", "maxConcurrency"]},
	{path | some path in paths.keys(_model, ["id", "quantization", "kvCacheDtype", "maxModelLen", "adapters", "draft"])},
	{path |
		keys := ["type", "count", "tensorParallel", "pipelineParallel", "dataParallel", "memoryUtilization"]
		some path in paths.keys(_accelerators, keys)
	},
	{array.concat(_accelerators, ["memoryGb"]) | not known.accelerator.memory_gb},
	{array.concat(_accelerators, ["memoryGb"]) | _descriptor.spec.serving.accelerators.memoryGb},
	{array.concat(_model, ["base", "id"]) | capacity.by_base},
	{array.concat(_model, ["architecture", name]) | some name in capacity.said},
}))
