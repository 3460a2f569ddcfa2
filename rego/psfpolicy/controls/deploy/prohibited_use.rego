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

import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_path := ["spec", "purpose", "euAiAct", "risk"]

_permitted := {"minimal", "limited", "high"}

_met := object.get(_descriptor, _path, "") in _permitted

places contains _path

findings contains {"path": _path, "status": {true: "pass", false: "fail"}[_met], "message": message, "reads": [_path]} if {
	message := $"{said.at(_descriptor, _path)}{text.wish(_met, text.one_of(_permitted))}"
}
