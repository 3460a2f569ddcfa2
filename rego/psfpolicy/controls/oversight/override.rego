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
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "oversight", "override"]

default _oversight := {}

_oversight := _descriptor.spec.oversight

_decisions := decisions.listed(_descriptor)

not_applicable := decisions.left_to_people(_descriptor)

rests := {decisions.section}

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": reads} if {
	reads := array.flatten([
		paths.keys(_path, ["available", "logged"]), [["spec", "oversight", "contestability"]],
		paths.items(decisions.section, _decisions, ["autonomy", "affectsRights"]),
	])
}

_status := "pass" if count(_lacking) == 0

_status := "partial" if {
	_oversight.override.available == true
	count(_lacking) > 0
}

_status := "fail" if not _oversight.override.available == true

_message := $"an override is available and logged, {_contest}, and {_rights}" if count(_lacking) == 0

_message := $"in `spec.oversight`, {text.joined(_lacking)}; wanted: {wanted}" if {
	count(_lacking) > 0
	wanted := "`available: true` and `logged: true` in `override`, and `contestability` where rights are affected"
}

_lacking := union({
	said.untrue(_oversight, ["override", "available"]),
	said.untrue(_oversight, ["override", "logged"]),
	{$"{phrase} ({_rights})" | not _rightless; some phrase in said.unnamed(_oversight, ["contestability"])},
})

_contest := "decisions can be contested" if said.named(_oversight, ["contestability"])

_contest := "no way to contest one is asked for" if not said.named(_oversight, ["contestability"])

# Names of the decisions that affect rights, or do not say that they affect none.
_affecting := {decision.name | some decision in _decisions; not decisions.rightless(decision)}

_rightless if {
	count(_decisions) > 0
	count(_affecting) == 0
}

_rights := "no decision affects rights" if _rightless

_rights := "no decision is listed" if count(_decisions) == 0

_rights := $"{text.all_of(_affecting)} may affect rights" if count(_affecting) > 0
