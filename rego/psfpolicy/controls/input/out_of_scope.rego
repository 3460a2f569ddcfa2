# METADATA
# title: Out-of-scope requests
# description: |
#   A system that answers whatever it is asked gives advice that nobody reviewed it for.
#   Requests outside its purpose must be rejected, or caught by a guard that detects `out-of-scope` in what the user sends. The guard
#   counts when it is said to be on the path and its action is `block` or `escalate`, for one that flags lets the answer out;
#   whether it fails closed is not asked. Its model must be known to detect that, or it names an `evaluation`; one whose model is not
#   known, or that reads less at once than may come in, is partial.
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
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_key := ["spec", "inputs", "outOfScope"]

_section := ["spec", "inputs", "guards"]

_guards := guarding.inputs

_asked := {"detects": {"out-of-scope"}, "scans": "user"}

_candidates := guards.candidates(_guards, _asked)

# What keeps each guard that blocks or escalates on the path from counting, by index.
_lacking[index] := guards.incapable(guard, _asked) | guards.reach(guard) if {
	some index in _candidates
	guard := _guards[index]
	guard.onPath == true
	guard.action in ["block", "escalate"]
}

# What nobody knows of counts in part; what is known for something else does not.
_elsewhere contains index if {
	some index, _ in _lacking
	guard := _guards[index]
	guard.catalogue
	not guards.capable(guard, _asked)
}

_rejected if _descriptor.spec.inputs.outOfScope == "reject"

places contains finding.path if some finding in findings

findings contains {"path": path, "status": status, "message": message, "reads": _reads} if [path, status, message] := _answer

_answer := [_key, "pass", "requests outside the purpose are rejected"] if _rejected

else := [_at(index), "pass", $"guard `{_guards[index].name}` stops what it detects as `out-of-scope`, on the path"] if {
	index := min({index | some index, lacking in _lacking; count(lacking) == 0})
}

else := [_at(index), "partial", $"{_told(index)}; {_wanted}"] if {
	index := min({index | some index, _ in _lacking; not _elsewhere[index]})
}

else := [_key, "fail", $"{said.at(_descriptor, _key)}, and {_seen}; {_wanted}"]

_at(index) := array.concat(_section, [index])

_told(index) := $"guard `{_guards[index].name}` {text.joined(_lacking[index])}"

default _seen := "no guard on the path stops `out-of-scope` requests"

_seen := text.joined({_told(index) | some index, _ in _lacking}) if count(_lacking) > 0

_wanted := "wanted: `outOfScope: reject`, or a guard that detects `out-of-scope` with action `block` or `escalate` and `onPath: true`"

_reads := [_key] if _rejected

_reads := array.flatten([[_key], guards.looked_at(_section, _guards, _asked), acting, bounds]) if {
	not _rejected
	acting := [array.concat(_at(index), [key]) | some index in _candidates; some key in ["action", "onPath", "model", "evaluation"]]
	bounds := array.flatten([guards.bounds(_guards[index], _at(index)) | some index, _ in _lacking])
}
