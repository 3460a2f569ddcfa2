# METADATA
# title: Red team
# description: |
#   A model changes with each release, and so does what it can be talked into.
#   Adversarial tests were run within 180 days, and are run before each release. One of the two is partial;
#   a last run that lies in the future fails.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Run an adversarial suite before each release, and at least twice a year:
#
#     security:
#       redTeam: {suite: garak, lastRun: 2026-10-02, beforeRelease: true}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-7-security
#     - https://www.productionai.institute/resources/ai-control-templates
#   good: |
#     security:
#       redTeam: {suite: garak, lastRun: 2026-10-02, beforeRelease: true}
#   bad: |
#     security:
#       redTeam: {suite: garak, lastRun: 2026-10-02, beforeRelease: false}
package psfpolicy.controls.security.red_team

import data.psfpolicy.lib.parts
import data.psfpolicy.lib.tested

metadata := rego.metadata.chain()

_path := ["spec", "security", "redTeam"]

_team := object.get(input.descriptor, _path, {})

_date := object.get(_team, "lastRun", "")

_run := tested.state(_date, input.today, 180)

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": reads} if {
	reads := [array.concat(_path, [key]) | some key in ["lastRun", "beforeRelease"]]
}

_status := "fail" if _run == "future"

_status := parts.status(_lacking, 2) if not _run == "future"

_message := $"adversarial tests were last run on `{_date}`, and are run before each release" if count(_lacking) == 0

_message := $"in `spec.security.redTeam`, {parts.phrase(_lacking)}; wanted: {wanted}" if {
	count(_lacking) > 0
	wanted := "`lastRun` within 180 days and `beforeRelease: true`"
}

_lacking contains phrase if some phrase in parts.untrue(_team, "beforeRelease")

_lacking contains _seen if not _run == "recent"

default _seen := "`lastRun` gives no day"

_seen := $"`lastRun` is `{_date}`, more than 180 days ago" if _run == "stale"

_seen := $"`lastRun` is `{_date}`, which lies ahead" if _run == "future"
