# METADATA
# title: Rollback that is rehearsed
# description: |
#   A bad model or prompt is found in production; what limits the harm is how soon the one before it serves again.
#   The rollback names its target, takes at most 60 minutes, and was tested within 180 days.
#   A target that is slow to reach, or was not tested since, is partial; a test that lies in the future is none, and fails.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Keep the version before, and rehearse going back to it twice a year:
#
#     release:
#       rollback: {target: previous-weights, minutes: 10, lastTested: 2026-09-14}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-5-deployment-safety
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#   good: |
#     release:
#       rollback: {target: previous-weights, minutes: 10, lastTested: 2026-09-14}
#   bad: |
#     release:
#       rollback: {target: previous-weights, minutes: 10, lastTested: 2025-09-14}
package psfpolicy.controls.deploy.rollback

import data.psfpolicy.lib.declared
import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.tested

metadata := rego.metadata.chain()

_path := ["spec", "release", "rollback"]

_rollback := object.get(input.descriptor, _path, {})

_target := object.get(_rollback, "target", "")

_minutes := object.get(_rollback, "minutes", "unsaid")

_date := object.get(_rollback, "lastTested", "")

_tested := tested.state(_date, input.today, 180)

_reads := [array.concat(_path, [key]) | some key in ["target", "minutes", "lastTested"]]

_wanted := "`minutes` at most 60, `lastTested` within 180 days"

places contains _path

findings contains {"path": _path, "status": "fail", "message": message, "reads": _reads} if {
	not declared.named(_target)
	message := $"`spec.release.rollback` names no target; wanted: `target`, {_wanted}"
}

findings contains {"path": _path, "status": "pass", "message": message, "reads": _reads} if {
	declared.named(_target)
	_fast
	_tested == "recent"
	message := $"rollback to `{_target}` {_duration} and {tested.shown(_date, input.today)}"
}

findings contains {"path": _path, "status": _shortfall, "message": message, "reads": _reads} if {
	declared.named(_target)
	_short
	message := $"rollback to `{_target}` {_duration} and {tested.shown(_date, input.today)}; wanted: {_wanted}"
}

_fast if {
	is_number(_minutes)
	_minutes <= 60
}

_short if not _fast

_short if _tested != "recent"

_shortfall := "fail" if _tested == "future"

_shortfall := "partial" if _tested != "future"

_duration := "does not say how long it takes" if not is_number(_minutes)

_duration := $"takes {numbers.shown(_minutes)} minutes" if is_number(_minutes)
