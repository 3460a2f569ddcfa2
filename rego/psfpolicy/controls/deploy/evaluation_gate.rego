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

import data.psfpolicy.lib.declared
import data.psfpolicy.lib.numbers

metadata := rego.metadata.chain()

_path := ["spec", "release", "evaluationGate"]

_gate := object.get(input.descriptor, _path, {})

_suite := object.get(_gate, "suite", "")

_threshold := object.get(_gate, "threshold", 0)

_reads := [array.concat(_path, [key]) | some key in ["suite", "threshold", "ranOn"]]

places contains _path

findings contains {"path": _path, "status": "fail", "message": message, "reads": _reads} if {
	not declared.named(_suite)
	message := "`spec.release.evaluationGate` names no suite; wanted: `suite`, `threshold` above 0, `ranOn: served`"
}

findings contains {"path": _path, "status": "partial", "message": message, "reads": _reads} if {
	declared.named(_suite)
	count(_shortfalls) > 0
	message := $"evaluation `{_suite}` {concat(" and ", sort(_shortfalls))}; wanted: `threshold` above 0, `ranOn: served`"
}

findings contains {"path": _path, "status": "pass", "message": message, "reads": _reads} if {
	declared.named(_suite)
	count(_shortfalls) == 0
	message := $"evaluation `{_suite}` is run on what is served and must reach {numbers.shown(_threshold)}"
}

_shortfalls contains "has no threshold" if not _gate.threshold

_shortfalls contains "has a threshold of 0, which every release reaches" if _gate.threshold <= 0

_shortfalls contains "does not say what it is run on" if not _gate.ranOn

_shortfalls contains $"is run on `{_gate.ranOn}`" if _gate.ranOn != "served"
