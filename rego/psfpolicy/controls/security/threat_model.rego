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

import data.psfpolicy.lib.dates
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_path := ["spec", "security", "threatModel"]

_model := {key: value | some key, value in _descriptor.spec.security.threatModel}

_date := object.get(_model, "reviewed", "")

_reviewed := dates.state(_date, input.today, 365)

_threats contains threat if some threat in ["injection", "extraction", "exfiltration", "supply-chain", "secret-leakage"]

_threats contains "tool-abuse" if not terms.lacks_agents(_descriptor)

_uncovered := _threats - {threat | some threat in _model.covers}

places contains _path

findings contains {"path": _path, "status": _status, "message": message, "reads": reads} if {
	reviewed := dates.told(_date, input.today, "reviewed")
	wish := text.wish(_status == "pass", $"`covers` with {text.all_of(_threats)}, and `reviewed` within 365 days")
	message := $"the threat model {_coverage}, and {reviewed}{wish}"
	agents := [agent | some agent in _descriptor.spec.oversight.agents]
	reads := array.flatten([
		paths.keys(_path, ["covers", "reviewed"]), [["spec", "purpose", "tasks"]],
		paths.items(["spec", "oversight", "agents"], agents, ["name"]),
	])
}

default _status := "partial"

_status := "pass" if {
	count(_uncovered) == 0
	_reviewed == "recent"
}

_status := "fail" if count(_uncovered) == count(_threats)

_status := "fail" if _reviewed == "future"

_coverage := $"covers {text.all_of(_threats)}" if count(_uncovered) == 0

_coverage := $"leaves out {text.all_of(_uncovered)}" if count(_uncovered) > 0
