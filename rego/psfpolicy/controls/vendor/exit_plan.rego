# METADATA
# title: Exit plan
# description: |
#   A vendor that becomes unacceptable or too dear is left in weeks with a plan, and in quarters without one.
#   It passes when the plan is named; a self-run deployment has vendors too (machines, engine, weights), so nothing exempts it.
#   The word `none` names no plan.
# custom:
#   provenance: guide
#   severity: medium
#   remediation: |
#     Write down how to leave, what it takes and what comes along, and name the document:
#
#     vendor:
#       exitPlan: docs/exit.md
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-8-vendor-resilience
#   good: |
#     vendor:
#       exitPlan: docs/exit.md
#   bad: |
#     vendor:
#       exitPlan: none
package psfpolicy.controls.vendor.exit_plan

import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_path := ["spec", "vendor", "exitPlan"]

default _met := false

_met if said.named(_descriptor, _path)

places contains _path

findings contains {"path": _path, "status": {true: "pass", false: "fail"}[_met], "message": message, "reads": [_path]} if {
	message := $"{said.at(_descriptor, _path)}{text.wish(_met, "the document that says how to leave each vendor")}"
}
