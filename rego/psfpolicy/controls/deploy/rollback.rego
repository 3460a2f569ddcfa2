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

import data.psfpolicy.lib.dates
import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_path := ["spec", "release", "rollback"]

_rollback := {key: value | some key, value in input.descriptor.spec.release.rollback}

_tested := dates.state(_date, input.today, 180)

_date := object.get(_rollback, "lastTested", "")

_wanted := "`minutes` at most 60, and `lastTested` within 180 days"

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": paths.keys(_path, ["target", "minutes", "lastTested"])}

_named if said.named(_rollback, ["target"])

_rehearsed if {
	_fast
	_tested == "recent"
}

_fast if _rollback.minutes <= 60

_status := "fail" if not _named

_status := "fail" if _tested == "future"

_status := "pass" if {
	_named
	_rehearsed
}

_status := "partial" if {
	_named
	not _rehearsed
	_tested != "future"
}

_message := $"in `spec.release.rollback`, {said.at(_rollback, ["target"])}; wanted: a `target`, with {_wanted}" if not _named

_message := $"rollback to `{_rollback.target}` {_duration} and {told}{text.wish(_status == "pass", _wanted)}" if {
	_named
	told := dates.told(_date, input.today, "tested")
}

_duration := $"takes {numbers.shown(_rollback.minutes)} minutes" if _rollback.minutes >= 0

_duration := "does not say how long it takes" if not _rollback.minutes
