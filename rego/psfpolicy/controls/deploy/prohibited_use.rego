# METADATA
# title: No prohibited use
# description: |
#   A use that Article 5 of the EU AI Act prohibits cannot be made safe by any other control, so this one can never be waived.
#   It passes when the risk of the use is declared and is not `prohibited`; a risk that is not declared fails.
#   It is asked wherever the deployment runs, so that every descriptor says it once.
# custom:
#   provenance: ours
#   severity: critical
#   waivable: false
#   remediation: |
#     Classify the use under the EU AI Act and declare the result; a prohibited use must not be deployed:
#
#     purpose:
#       euAiAct: {roles: [deployer], risk: limited}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-5-deployment-safety
#   good: |
#     purpose:
#       euAiAct: {risk: limited}
#   bad: |
#     purpose:
#       euAiAct: {risk: prohibited}
package psfpolicy.controls.deploy.prohibited_use

import data.psfpolicy.lib.seen
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_path := ["spec", "purpose", "euAiAct", "risk"]

_permitted := {"minimal", "limited", "high"}

_risk := object.get(input.descriptor, _path, "")

places contains _path

findings contains {"path": _path, "status": "pass", "message": message, "reads": [_path]} if {
	_risk in _permitted
	message := $"the risk of the use under the EU AI Act is `{_risk}`"
}

findings contains {"path": _path, "status": "fail", "message": message, "reads": [_path]} if {
	not _risk in _permitted
	message := $"{seen.at(input.descriptor, _path)}; wanted: {text.either(_permitted)}"
}
