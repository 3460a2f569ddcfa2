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

import data.psfpolicy.lib.declared
import data.psfpolicy.lib.seen

metadata := rego.metadata.chain()

_path := ["spec", "vendor", "exitPlan"]

_plan := object.get(input.descriptor, _path, "")

places contains _path

findings contains {"path": _path, "status": "pass", "message": $"the exit plan is `{_plan}`", "reads": [_path]} if {
	declared.named(_plan)
}

findings contains {"path": _path, "status": "fail", "message": message, "reads": [_path]} if {
	not declared.named(_plan)
	message := $"{seen.at(input.descriptor, _path)}; wanted: the document that says how to leave each vendor"
}
