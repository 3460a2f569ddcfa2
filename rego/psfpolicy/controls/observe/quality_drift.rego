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
import data.psfpolicy.lib.wanted

metadata := rego.metadata.chain()

_method_path := ["spec", "observability", "drift", "method"]

_quality_path := ["spec", "outputs", "quality"]

_reads := [array.concat(_quality_path, [key]) | some key in ["metric", "sampleRate"]]

_method := object.get(input.descriptor, _method_path, "none")

_metric := object.get(input.descriptor, array.concat(_quality_path, ["metric"]), "none")

_rate := object.get(input.descriptor, array.concat(_quality_path, ["sampleRate"]), 0)

places := {_method_path, _quality_path}

findings := wanted.findings({_drift, _score})

_drift := {"path": _method_path, "met": true, "message": $"drift is measured by `{_method}`", "reads": [_method_path]} if {
	_method != "none"
}

_drift := {"path": _method_path, "met": false, "message": message, "reads": [_method_path]} if {
	_method == "none"
	message := "no drift method is named; write `spec.observability.drift.method`, such as `psi`"
}

_score := {"path": _quality_path, "met": true, "message": message, "reads": _reads} if {
	_scored
	message := $"quality is scored by `{_metric}` on a share of `{numbers.shown(_rate)}`"
}

_score := {"path": _quality_path, "met": false, "message": message, "reads": _reads} if {
	not _scored
	message := $"{_seen}; wanted: `metric` and `sampleRate` above 0 in `spec.outputs.quality`"
}

_seen := "no quality metric is named" if _metric == "none"

_seen := $"quality metric `{_metric}` scores a share of `{numbers.shown(_rate)}`" if _metric != "none"

_scored if {
	_metric != "none"
	_rate > 0
}
