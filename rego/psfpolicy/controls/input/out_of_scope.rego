# METADATA
# title: Out-of-scope requests
# description: |
#   A system that answers whatever it is asked gives advice that nobody reviewed it for.
#   Requests outside its purpose must be rejected, or caught by a guard that detects `out-of-scope` in what the user sends. The guard
#   counts when it is said to be on the path and its action is `block` or `escalate`, for one that flags lets the answer out;
#   whether it fails closed is not asked. There is no partial.
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

import data.psfpolicy.lib.guards
import data.psfpolicy.lib.parts

metadata := rego.metadata.chain()

_key := ["spec", "inputs", "outOfScope"]

_section := ["spec", "inputs", "guards"]

_inputs := {"outOfScope": said | said := input.descriptor.spec.inputs.outOfScope}

_candidates := guards.scanning(
	guards.detecting([guard | some guard in input.descriptor.spec.inputs.guards], {"out-of-scope"}),
	"user",
)

_stopping contains one.index if {
	some one in _candidates
	one.guard.onPath == true
	one.guard.action in {"block", "escalate"}
}

places contains finding.path if some finding in findings

findings contains {"path": _key, "status": "pass", "message": message, "reads": [_key]} if {
	_inputs.outOfScope == "reject"
	message := "requests outside the purpose are rejected"
}

findings contains {"path": path, "status": "pass", "message": message, "reads": _reads} if {
	not _inputs.outOfScope == "reject"
	index := min(_stopping)
	path := array.concat(_section, [index])
	message := $"guard `{input.descriptor.spec.inputs.guards[index].name}` stops what it detects as `out-of-scope`, on the path"
}

findings contains {"path": _key, "status": "fail", "message": message, "reads": _reads} if {
	not _inputs.outOfScope == "reject"
	count(_stopping) == 0
	message := concat("", [
		$"{parts.seen(_inputs, "outOfScope")} in `spec.inputs`, and no guard on the path stops `out-of-scope` requests; ",
		"wanted: `outOfScope: reject`, or a guard that detects `out-of-scope` with action `block` or `escalate` and onPath: true",
	])
}

_reads := array.concat([_key], _looked_at)

_looked_at := [_section] if count(_candidates) == 0

_looked_at := paths if {
	count(_candidates) > 0
	paths := [array.concat(_section, [one.index, key]) |
		some one in _candidates
		some key in ["detects", "scans", "action", "onPath"]
	]
}
