# METADATA
# title: Threat model
# description: |
#   Threats that nobody wrote down are met for the first time in production.
#   The threat model covers injection, extraction, exfiltration, supply-chain and secret-leakage, and tool-abuse unless it is shown
#   that no agent acts; it was reviewed within 365 days. One that is incomplete, or stale, is partial; one that covers none of them,
#   or whose review lies in the future, fails.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Cover each threat, and review the model once a year:
#
#     security:
#       threatModel: {ref: docs/threats.md, reviewed: 2026-07-01, covers: [injection, extraction, exfiltration, supply-chain, secret-leakage, tool-abuse]}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-7-security
#     - https://www.productionai.institute/resources/deployment-checklist
#   good: |
#     security:
#       threatModel: {ref: docs/threats.md, reviewed: 2026-07-01, covers: [injection, extraction, exfiltration, supply-chain, secret-leakage, tool-abuse]}
#   bad: |
#     security:
#       threatModel: {ref: docs/threats.md, reviewed: 2026-07-01, covers: [injection]}
package psfpolicy.controls.security.threat_model

import data.psfpolicy.lib.agents
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.quoted
import data.psfpolicy.lib.tested

metadata := rego.metadata.chain()

_path := ["spec", "security", "threatModel"]

_date := object.get(input.descriptor, array.concat(_path, ["reviewed"]), "")

_reviewed := tested.state(_date, input.today, 365)

_threats contains threat if some threat in ["injection", "extraction", "exfiltration", "supply-chain", "secret-leakage"]

_threats contains "tool-abuse" if not agents.absent(input.descriptor)

_uncovered := _threats - {threat | some threat in input.descriptor.spec.security.threatModel.covers}

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": reads} if {
	keys := [array.concat(_path, [key]) | some key in ["covers", "reviewed"]]
	reads := array.concat(keys, [["spec", "oversight", "agents"], ["spec", "purpose", "tasks"]])
}

_status := "pass" if count(_lacking) == 0

_status := "fail" if _nothing

_status := "partial" if {
	count(_lacking) > 0
	not _nothing
}

_nothing if count(_uncovered) == count(_threats)

_nothing if _reviewed == "future"

_message := $"the threat model covers {quoted.listing(_threats)} and was reviewed on `{_date}`" if count(_lacking) == 0

_message := $"the threat model {parts.phrase(_lacking)}; wanted: {wanted}" if {
	count(_lacking) > 0
	wanted := $"`covers` with {quoted.listing(_threats)}, and `reviewed` within 365 days"
}

_lacking contains $"does not cover {quoted.listing(_uncovered)}" if count(_uncovered) > 0

_lacking contains _review if not _reviewed == "recent"

default _review := "gives no day in `reviewed`"

_review := $"was reviewed on `{_date}`, more than 365 days ago" if _reviewed == "stale"

_review := $"was reviewed on `{_date}`, which lies ahead" if _reviewed == "future"
