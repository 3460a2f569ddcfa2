# METADATA
# title: Override
# description: |
#   A person who cannot stop or undo what the system decided oversees nothing, and an override that leaves no trace teaches nothing.
#   An override is available and logged; where rights are affected, those concerned can contest the decision.
#   A decision that does not say `affectsRights: false` counts as affecting them, and so does a list without decisions.
#   What is not said to be available is not, and fails.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Let a person override, log it, and say where a decision is contested:
#
#     oversight:
#       override: {available: true, logged: true}
#       contestability: docs/appeals.md
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-6-human-oversight
#   good: |
#     oversight:
#       override: {available: true, logged: true}
#       contestability: docs/appeals.md
#   bad: |
#     oversight:
#       override: {available: true, logged: false}
#       contestability: docs/appeals.md
package psfpolicy.controls.oversight.override

import data.psfpolicy.lib.decisions
import data.psfpolicy.lib.declared
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.quoted

metadata := rego.metadata.chain()

_path := ["spec", "oversight", "override"]

_override := object.get(input.descriptor, _path, {})

_decisions := decisions.listed(input.descriptor)

not_applicable := decisions.left_to_people(input.descriptor)

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": reads} if {
	keys := [array.concat(_path, [key]) | some key in ["available", "logged"]]
	rights := [array.concat(decisions.section, [index, "affectsRights"]) | some index, _ in _decisions]
	reads := array.concat(array.concat(keys, [["spec", "oversight", "contestability"]]), rights)
}

_status := "pass" if count(_lacking) == 0

_status := "partial" if {
	_override.available == true
	count(_lacking) > 0
}

_status := "fail" if not _override.available == true

_message := $"an override is available and logged, {_contest}, and {_rights}" if count(_lacking) == 0

_message := $"in `spec.oversight`, {parts.phrase(_lacking)}; wanted: {wanted}" if {
	count(_lacking) > 0
	wanted := "`available: true` and `logged: true` in `override`, and `contestability` where rights are affected"
}

_lacking := union({
	parts.untrue(_override, "available"),
	parts.untrue(_override, "logged"),
	{$"`contestability` is missing ({_rights})" | not _contestable; not _rightless},
})

_contestable if declared.named(input.descriptor.spec.oversight.contestability)

_contest := "decisions can be contested" if _contestable

_contest := "no way to contest one is asked for" if not _contestable

# Names of the decisions that affect rights, or do not say that they affect none.
_affecting := {decision.name | some decision in _decisions; not decisions.rightless(decision)}

_rightless if {
	count(_decisions) > 0
	count(_affecting) == 0
}

_rights := "no decision affects rights" if _rightless

_rights := "no decision is listed" if count(_decisions) == 0

_rights := $"{quoted.listing(_affecting)} may affect rights" if count(_affecting) > 0
