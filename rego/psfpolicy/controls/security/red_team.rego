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

import data.psfpolicy.lib.dates
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_path := ["spec", "security", "redTeam"]

_team := {key: value | some key, value in input.descriptor.spec.security.redTeam}

_date := object.get(_team, "lastRun", "")

_run := dates.state(_date, input.today, 180)

places contains _path

findings contains {"path": _path, "status": _status, "message": message, "reads": paths.keys(_path, ["lastRun", "beforeRelease"])} if {
	run := $"the red team's suite {dates.told(_date, input.today, "run")}"
	wish := text.wish(_status == "pass", "`lastRun` within 180 days, and `beforeRelease: true`")
	message := $"{run}, and {said.at(_team, ["beforeRelease"])}{wish}"
}

_status := "fail" if _run == "future"

_status := parts.status(_lacking, 2) if _run != "future"

_lacking := said.untrue(_team, ["beforeRelease"]) | {"`lastRun`" | _run != "recent"}
