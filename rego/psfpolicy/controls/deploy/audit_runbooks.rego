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

import data.psfpolicy.lib.quoted
import data.psfpolicy.lib.text
import data.psfpolicy.lib.wanted

metadata := rego.metadata.chain()

_log := ["spec", "release", "auditLog"]

_runbooks := ["spec", "release", "runbooks"]

_ai := {"injection", "bad-output", "data-leak"}

_logged := object.get(input.descriptor, _log, "unsaid")

_declared := {name | some name in input.descriptor.spec.release.runbooks}

places contains _log

places contains _runbooks

findings := wanted.findings([
	{"path": _log, "met": _logged == true, "message": _log_message, "reads": [_log]},
	{"path": _runbooks, "met": count(_declared & _ai) > 0, "message": _runbooks_message, "reads": [_runbooks]},
])

_log_message := "releases leave an audit log" if _logged == true

_log_message := "`spec.release.auditLog` is `false`; wanted: `true`" if _logged == false

_log_message := "`spec.release.auditLog` is missing; wanted: `true`" if not is_boolean(_logged)

_runbooks_message := $"there are runbooks for {quoted.listing(_declared)}" if count(_declared & _ai) > 0

_runbooks_message := $"`spec.release.runbooks` has {quoted.listing(_declared)}; wanted: at least one of {text.either(_ai)}" if {
	count(_declared & _ai) == 0
}
