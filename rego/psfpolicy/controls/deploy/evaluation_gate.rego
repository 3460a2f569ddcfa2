# METADATA
# title: Evaluation gate
# description: |
#   A release that no evaluation can stop carries its regressions to the users.
#   The gate names a suite, has a threshold above 0, and is run on what is served: the same revision and the same quantisation,
#   since quantising a model changes its answers. A suite without one of the two others is partial.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Run a suite on the served model before each release, and let its score decide:
#
#     release:
#       evaluationGate: {suite: evals/discharge, threshold: 0.92, ranOn: served}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-5-deployment-safety
#   good: |
#     release:
#       evaluationGate: {suite: evals/discharge, threshold: 0.92, ranOn: served}
#   bad: |
#     release:
#       evaluationGate: {suite: evals/discharge, threshold: 0.92, ranOn: other}
package psfpolicy.controls.deploy.evaluation_gate

import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_path := ["spec", "release", "evaluationGate"]

_gate := {key: value | some key, value in input.descriptor.spec.release.evaluationGate}

_suite := object.get(_gate, "suite", "")

_reads := paths.keys(_path, ["suite", "threshold", "ranOn"])

_wanted := "`threshold` above 0 and `ranOn: served`"

_named if said.named(_gate, ["suite"])

places contains _path

findings contains {"path": _path, "status": "fail", "message": message, "reads": _reads} if {
	not _named
	message := $"in `spec.release.evaluationGate`, {said.at(_gate, ["suite"])}; wanted: a `suite`, with {_wanted}"
}

findings contains {"path": _path, "status": "partial", "message": message, "reads": _reads} if {
	_named
	count(_shortfalls) > 0
	message := $"of evaluation `{_suite}`, {text.joined(_shortfalls)}; wanted: {_wanted}"
}

findings contains {"path": _path, "status": "pass", "message": message, "reads": _reads} if {
	_named
	count(_shortfalls) == 0
	message := $"evaluation `{_suite}` is run on what is served and must reach {numbers.shown(_gate.threshold)}"
}

# A rule of its own, since "not" of a comparison with an absent key is undefined.
_thresholded if _gate.threshold > 0

# What is not above 0 is missing or 0, so no decimal is printed.
_shortfalls contains said.at(_gate, ["threshold"]) if not _thresholded

_shortfalls contains said.at(_gate, ["ranOn"]) if not _gate.ranOn == "served"
