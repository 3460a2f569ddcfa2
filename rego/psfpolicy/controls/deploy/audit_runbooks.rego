# METADATA
# title: Audit log and runbooks for AI incidents
# description: |
#   When an answer does harm, somebody must find out what was changed and know what to do.
#   Two things are wanted, with a finding each: an audit log of releases, and a runbook for at least one incident that only an AI
#   system has (`injection`, `bad-output`, `data-leak`); runbooks for capacity, outages and others are welcome, and do not count here.
#   What is missing is partial beside the other, and fails where both are.
# custom:
#   provenance: guide
#   severity: medium
#   remediation: |
#     Log each deployment, and write down what to do when the model is misled or misleads:
#
#     release:
#       auditLog: true
#       runbooks: [injection, bad-output]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-5-deployment-safety
#   good: |
#     release:
#       auditLog: true
#       runbooks: [injection, bad-output]
#   bad: |
#     release:
#       auditLog: false
#       runbooks: [bad-output]
package psfpolicy.controls.deploy.audit_runbooks

import data.psfpolicy.lib.parts
import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_log := ["spec", "release", "auditLog"]

_runbooks := ["spec", "release", "runbooks"]

_ai := {"injection", "bad-output", "data-leak"}

_declared := {name | some name in _descriptor.spec.release.runbooks}

places contains _log

places contains _runbooks

findings := parts.findings({_logged, _prepared}, 1)

_logged := {"path": _log, "met": met, "message": message, "reads": [_log]} if {
	met := count(said.untrue(_descriptor, _log)) == 0
	message := $"{said.at(_descriptor, _log)}{text.wish(met, "`true`")}"
}

_prepared := {"path": _runbooks, "met": met, "message": message, "reads": [_runbooks]} if {
	met := count(_declared & _ai) > 0
	message := $"the runbooks are {text.all_of(_declared)}{text.wish(met, $"at least one of {text.all_of(_ai)}")}"
}
