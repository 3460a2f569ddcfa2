# METADATA
# title: Quality and drift
# description: |
#   A model degrades without an error: inputs change, a provider swaps a version, and only the answers get worse.
#   A drift method watches the distribution, a quality score watches the answers, and neither replaces the other.
#   A score counts when `outputs.quality` names its `metric` and a `sampleRate` above 0; a method or metric `none` is none.
# custom:
#   provenance: guide
#   severity: medium
#   remediation: |
#     Name a drift method, and score the quality of a sample of the answers:
#
#     observability:
#       drift: {method: psi, windowDays: 7}
#     outputs:
#       quality: {metric: judge-score, sampleRate: 0.05, trend: true}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-4-observability
#   good: |
#     observability:
#       drift: {method: psi, windowDays: 7}
#     outputs:
#       quality: {metric: judge-score, sampleRate: 0.05}
#   bad: |
#     observability:
#       drift: {method: psi, windowDays: 7}
package psfpolicy.controls.observe.quality_drift

import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_method_path := ["spec", "observability", "drift", "method"]

_quality_path := ["spec", "outputs", "quality"]

_quality := {key: value | some key, value in _descriptor.spec.outputs.quality}

_reads := paths.keys(_quality_path, ["metric", "sampleRate"])

places := {_method_path, _quality_path}

findings := parts.findings({_drift, _score}, 1)

_drift := {"path": _method_path, "met": true, "message": message, "reads": [_method_path]} if {
	said.named(_descriptor, _method_path)
	message := $"drift is measured by `{_descriptor.spec.observability.drift.method}`"
}

_drift := {"path": _method_path, "met": false, "message": message, "reads": [_method_path]} if {
	not said.named(_descriptor, _method_path)
	message := $"{said.at(_descriptor, _method_path)}; wanted: the name of a method, such as `psi`"
}

_score := {"path": _quality_path, "met": true, "message": message, "reads": _reads} if {
	_scored
	message := $"quality is scored by `{_quality.metric}` on a share of {numbers.shown(_quality.sampleRate)}"
}

_score := {"path": _quality_path, "met": false, "message": message, "reads": _reads} if {
	not _scored
	message := $"in `spec.outputs.quality`, {_seen}; wanted: `metric`, and `sampleRate` above 0"
}

_scored if {
	said.named(_quality, ["metric"])
	_quality.sampleRate > 0
}

_seen := said.at(_quality, ["metric"]) if not said.named(_quality, ["metric"])

# A rate that scores nothing is missing or 0, so no decimal is printed.
_seen := said.at(_quality, ["sampleRate"]) if said.named(_quality, ["metric"])
