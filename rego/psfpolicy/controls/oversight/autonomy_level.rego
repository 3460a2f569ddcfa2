# METADATA
# title: Autonomy level of each decision
# description: |
#   How far the system may act without a person is decided for each decision, and written down, before it acts.
#   L4 is only for internal users, without personal data and outside regulated sectors, each of them declared.
#   L3 and L4 rest on monitoring, so every high or critical control of PSF-4 must pass; a waiver does not make it pass.
#   L2 and above need a decision that says it affects no rights, and that is reversible or of less than high consequence;
#   what it does not say counts as the graver. An empty list is no decision listed.
# custom:
#   provenance: guide
#   severity: critical
#   remediation: |
#     List each decision with the level that its stakes allow:
#
#     oversight:
#       decisions:
#         - {name: discharge-note, autonomy: L1, consequence: high, reversible: true, affectsRights: false}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-6-human-oversight
#     - https://productionai.institute/insights/d6-human-oversight-guide
#   good: |
#     oversight:
#       decisions: [{name: reply, autonomy: L2, consequence: medium, reversible: true, affectsRights: false}]
#   bad: |
#     oversight:
#       decisions: [{name: loan, autonomy: L2, consequence: high, reversible: true, affectsRights: true}]
package psfpolicy.controls.oversight.autonomy_level

import data.psfpolicy.lib.autonomy
import data.psfpolicy.lib.decisions
import data.psfpolicy.lib.standing
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_decisions := decisions.listed(_descriptor)

places contains decisions.section if count(_decisions) == 0

places contains _path(index) if some index, _ in _decisions

findings contains {"path": decisions.section, "status": _unlisted, "message": message, "reads": reads} if {
	count(_decisions) == 0
	message := "`spec.oversight.decisions` lists no decision; wanted: each decision with its `autonomy`, from `L0` to `L4`"
	reads := [decisions.section, ["spec", "purpose", "consequence"]]
}

findings contains {"path": _path(index), "status": "pass", "message": message, "reads": _reads(index)} if {
	some index, decision in _decisions
	count(_objections[index]) == 0
	message := $"decision `{decision.name}` is `{decision.autonomy}`: {autonomy.meaning(decision)}"
}

findings contains {"path": _path(index), "status": "fail", "message": $"{seen}; wanted: {wanted}", "reads": _reads(index)} if {
	some index, decision in _decisions
	count(_objections[index]) > 0
	seen := $"decision `{decision.name}` {autonomy.shown(decision)}: {text.joined(_objections[index])}"
	wanted := autonomy.wanted(decision)
}

default _unlisted := "fail"

_unlisted := "partial" if terms.consequence(_descriptor) == "low"

# What stands against the level of each decision, by index.
_objections[index] := autonomy.objections(decision, _unwatched, _surroundings) if some index, decision in _decisions

_surroundings := autonomy.surroundings(_descriptor)

# Whether a decision rests on the monitoring, which is looked at only then.
_resting if {
	some decision in _decisions
	decisions.at_least(decision, "L3")
}

_unwatched contains "PSF-4 has no control to rely on" if {
	_resting
	count(_monitors) == 0
}

_unwatched contains $"`observe-{replace(name, "_", "-")}` does not pass" if {
	_resting
	some name, control in _monitors
	standing.grave(control)
	not standing.passes(control)
}

# The answers of each control of PSF-4.
_monitors[name] := {
	"places": {place | some place in data.psfpolicy.controls.observe[name].places},
	"findings": {finding | some finding in data.psfpolicy.controls.observe[name].findings},
	"reasons": {reason | reason := data.psfpolicy.controls.observe[name].not_applicable},
	"metadata": [link | some link in data.psfpolicy.controls.observe[name].metadata],
} if {
	some name in _observing
}

# A control that exports only a part of its contract is broken, and must not be overlooked for it.
_observing contains name if data.psfpolicy.controls.observe[name].metadata

_observing contains name if data.psfpolicy.controls.observe[name].places

_observing contains name if data.psfpolicy.controls.observe[name].findings

_path(index) := array.concat(decisions.section, [index])

_reads(index) := autonomy.reads(_decisions[index], _path(index), _watching)

# A rule, so that it is worked out once.
default _watching := []

_watching := standing.reads(_monitors) if _resting
