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

import data.psfpolicy.lib.declared
import data.psfpolicy.lib.seen
import data.psfpolicy.lib.terms

metadata := rego.metadata.chain()

_path := ["spec", "vendor", "deprecation"]

_tuning := ["spec", "model", "fineTuning"]

_retrainable := ["spec", "model", "fineTuning", "retrainable"]

_deprecation := object.get(input.descriptor, _path, {})

places contains _path

places contains _retrainable if _tuned

findings contains {"path": _path, "status": _status(count(_lacking) == 0), "message": _message, "reads": reads} if {
	keys := [key | some key in ["noticeDays", "playbook", "tracked"]; _asked[key]]
	reads := array.concat([["spec", "serving", "hosting"]], [array.concat(_path, [key]) | some key in keys])
}

findings contains {"path": _retrainable, "status": _status(true), "message": message, "reads": _tuning_reads} if {
	_tuned
	_again
	message := "the fine-tuned model can be trained again"
}

findings contains {"path": _retrainable, "status": _status(false), "message": message, "reads": _tuning_reads} if {
	_tuned
	not _again
	message := $"{seen.at(input.descriptor, _retrainable)}; wanted: `true`, since the model is fine-tuned"
}

_tuning_reads := [array.concat(_tuning, ["datasets"]), _retrainable]

# Status of what is met or not, beside what the section says.
_status(true) := "pass"

_status(false) := "partial" if count(_lacking) < count(_asked)

_status(false) := "fail" if count(_lacking) == count(_asked)

_message := $"deprecations are tracked, and `{_deprecation.playbook}` says how to migrate{_notice}" if count(_lacking) == 0

_message := $"{concat(" and ", sort(_seen))}; wanted: {concat(" and ", sort(_lacking))}" if count(_lacking) > 0

# What is asked of the section, in words.
_asked["tracked"] := "`tracked: true`"

_asked["playbook"] := "a `playbook`"

_asked["noticeDays"] := "`noticeDays` of at least 90" if not terms.self_run(input.descriptor)

_lacking contains _asked.tracked if not _deprecation.tracked == true

_lacking contains _asked.playbook if not declared.named(object.get(_deprecation, "playbook", ""))

_lacking contains _asked.noticeDays if not _noticed

_noticed if _deprecation.noticeDays >= 90

_seen contains seen.at(input.descriptor, array.concat(_path, [key])) if {
	some key, want in _asked
	_lacking[want]
}

_notice := "" if terms.self_run(input.descriptor)

_notice := $", with {_deprecation.noticeDays} days of notice" if not terms.self_run(input.descriptor)

_again if input.descriptor.spec.model.fineTuning.retrainable == true

_tuned if object.get(input.descriptor.spec.model.fineTuning, "datasets", "unsaid") != []
