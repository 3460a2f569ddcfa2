# METADATA
# title: Ready for the model to be withdrawn
# description: |
#   Every model is withdrawn or superseded some day; prompts, evaluations and fine-tunes have to move before that.
#   Deprecations are tracked, a playbook says how to migrate, and the notice is at least 90 days, which is not asked of self-run weights:
#   nobody can withdraw them. Some of the three is partial, none of them fails. A fine-tuned model (`fineTuning`, unless its `datasets`
#   are `[]`) must be retrainable as well, which has a finding of its own: partial beside some of the three, else a fail.
# custom:
#   provenance: guide
#   severity: medium
#   remediation: |
#     Follow the deprecations of the model and engine, keep a migration playbook, and agree on the notice:
#
#     vendor:
#       deprecation: {tracked: true, playbook: docs/migration.md, noticeDays: 90}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-8-vendor-resilience
#     - https://www.productionai.institute/insights/d8-vendor-resilience-guide
#   good: |
#     vendor:
#       deprecation: {tracked: true, playbook: docs/migration.md, noticeDays: 90}
#   bad: |
#     vendor:
#       deprecation: {tracked: true, noticeDays: 90}
package psfpolicy.controls.vendor.deprecation

import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_path := ["spec", "vendor", "deprecation"]

_tuning := ["spec", "model", "fineTuning"]

_retrainable := ["spec", "model", "fineTuning", "retrainable"]

_deprecation := {key: value | some key, value in _descriptor.spec.vendor.deprecation}

places contains _path

places contains _retrainable if _tuned

findings contains {"path": _path, "status": _status(count(_lacking) == 0), "message": _message, "reads": reads} if {
	reads := array.concat([["spec", "serving", "hosting"]], paths.keys(_path, sort(object.keys(_asked))))
}

findings contains {"path": _retrainable, "status": _status(_again), "message": message, "reads": reads} if {
	_tuned
	message := $"{said.at(_descriptor, _retrainable)}{text.wish(_again, "`true`, since the model is fine-tuned")}"
	reads := paths.keys(_tuning, ["datasets", "retrainable"])
}

# Status of what is met or not, beside what the section says.
_status(true) := "pass"

_status(false) := "partial" if count(_lacking) < count(_asked)

_status(false) := "fail" if count(_lacking) == count(_asked)

_message := $"deprecations are tracked, and `{_deprecation.playbook}` says how to migrate{_notice}" if count(_lacking) == 0

_message := $"in `spec.vendor.deprecation`, {text.joined(seen)}; wanted: {text.joined(wanted)}" if {
	count(_lacking) > 0
	seen := {said.at(_deprecation, [key]) | some key in _lacking}
	wanted := {_asked[key] | some key in _lacking}
}

# What is asked of the section, in words.
_asked["tracked"] := "`tracked: true`"

_asked["playbook"] := "a `playbook`"

_asked["noticeDays"] := "`noticeDays` of at least 90" if not terms.self_run(_descriptor)

_lacking contains "tracked" if not _deprecation.tracked == true

_lacking contains "playbook" if not said.named(_deprecation, ["playbook"])

_lacking contains "noticeDays" if {
	_asked.noticeDays
	not _noticed
}

_noticed if _deprecation.noticeDays >= 90

_notice := "" if terms.self_run(_descriptor)

_notice := $", with {_deprecation.noticeDays} days of notice" if not terms.self_run(_descriptor)

_again := object.get(_descriptor, _retrainable, false) == true

_tuned if object.get(_descriptor.spec.model.fineTuning, "datasets", "unsaid") != []
