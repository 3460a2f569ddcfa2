# METADATA
# title: Autoscaling on the load that counts
# description: |
#   Requests for a language model queue long before a processor looks busy, and a GPU looks busy as soon as it serves one.
#   Replicas grow with the depth of the queue or with the requests, from `min` to a larger `max`; scaling on CPU or GPU utilisation is
#   partial, whatever the traffic. What does not scale (no metric, or no room between `min` and `max`) passes only where the traffic is
#   declared steady; traffic that is not declared counts as not steady.
# custom:
#   provenance: practice
#   severity: medium
#   remediation: |
#     Scale on the depth of the queue, with room to grow, or declare that the traffic is steady:
#
#     serving:
#       replicas: {min: 2, max: 6}
#       autoscaling: {metric: queue-depth}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-5-deployment-safety
#   good: |
#     serving:
#       hosting: self-managed-kubernetes
#       replicas: {min: 2, max: 6}
#       autoscaling: {metric: queue-depth}
#   bad: |
#     serving:
#       hosting: self-managed-kubernetes
#       replicas: {min: 2, max: 6}
#       autoscaling: {metric: gpu-utilization}
package psfpolicy.controls.deploy.autoscaling

import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "serving", "autoscaling"]

_reads := [
	["spec", "serving", "autoscaling", "metric"], ["spec", "serving", "replicas", "min"], ["spec", "serving", "replicas", "max"],
	["spec", "purpose", "usage", "traffic"],
]

not_applicable := "the provider of a hosted model scales it" if terms.foreign_weights(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _path

findings contains {
	"path": _path,
	"status": _status,
	"message": $"{text.joined([said.at(_descriptor, path) | some path in _reads])}{_wish[_status]}",
	"reads": array.concat([["spec", "serving", "hosting"]], _reads),
}

default _status := "fail"

_status := "pass" if {
	_room
	_scales_on({"queue-depth", "requests"})
}

_status := "partial" if {
	_room
	_scales_on({"cpu", "gpu-utilization"})
}

_status := "pass" if {
	not _scaling
	_descriptor.spec.purpose.usage.traffic == "steady"
}

_wish := {
	"pass": "",
	"partial": "; wanted: `queue-depth` or `requests` as the metric",
	"fail": "; wanted: the metric `queue-depth` or `requests` and `max` above `min`, or traffic that is `steady`",
}

_room if _descriptor.spec.serving.replicas.max > _descriptor.spec.serving.replicas.min

_scales_on(metrics) if _descriptor.spec.serving.autoscaling.metric in metrics

_scaling if {
	_room
	_scales_on({"queue-depth", "requests", "cpu", "gpu-utilization"})
}
