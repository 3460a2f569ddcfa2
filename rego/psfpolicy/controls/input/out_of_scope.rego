# METADATA
# title: Out-of-scope requests
# description: |
#   A system that answers whatever it is asked gives advice that nobody reviewed it for.
#   Requests outside its purpose must be rejected, or caught by a guard that detects `out-of-scope` in what the user sends. The guard
#   counts when it is said to be on the path and its action is `block` or `escalate`, for one that flags lets the answer out;
#   whether it fails closed is not asked. Its model must be known to detect that, or it names an `evaluation`. There is no partial.
# custom:
#   provenance: assessment
#   severity: medium
#   remediation: |
#     Reject what lies outside the purpose:
#
#     inputs:
#       outOfScope: reject
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-1-input-governance
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#   good: |
#     inputs: {outOfScope: reject}
#   bad: |
#     inputs: {outOfScope: answer}
package psfpolicy.controls.input.out_of_scope

import data.psfpolicy.guarding
import data.psfpolicy.lib.guards
import data.psfpolicy.lib.said

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_key := ["spec", "inputs", "outOfScope"]

_section := ["spec", "inputs", "guards"]

_guards := guarding.inputs

_asked := {"detects": {"out-of-scope"}, "scans": "user"}

_candidates := guards.candidates(_guards, _asked)

_stopping contains index if {
	some index in _candidates
	guards.capable(_guards[index], _asked)
	_guards[index].onPath == true
	_guards[index].action in ["block", "escalate"]
}

_rejected if _descriptor.spec.inputs.outOfScope == "reject"

places contains finding.path if some finding in findings

findings contains {"path": _key, "status": "pass", "message": "requests outside the purpose are rejected", "reads": [_key]} if _rejected

findings contains {"path": path, "status": "pass", "message": message, "reads": _reads} if {
	not _rejected
	index := min(_stopping)
	path := array.concat(_section, [index])
	message := $"guard `{_guards[index].name}` stops what it detects as `out-of-scope`, on the path"
}

findings contains {"path": _key, "status": "fail", "message": $"{_seen}; wanted: {_wanted}", "reads": _reads} if {
	not _rejected
	count(_stopping) == 0
}

_seen := $"{said.at(_descriptor, _key)}, and no guard on the path stops `out-of-scope` requests"

_wanted := "`outOfScope: reject`, or a guard that detects `out-of-scope` with action `block` or `escalate` and `onPath: true`"

_reads := array.flatten([[_key], guards.looked_at(_section, _guards, _asked), acting]) if {
	acting := [array.concat(_section, [index, key]) | some index in _candidates; some key in ["action", "onPath", "model", "evaluation"]]
}
