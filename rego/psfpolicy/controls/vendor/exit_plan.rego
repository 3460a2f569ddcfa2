# METADATA
# title: Exit plan
# description: |
#   A vendor that becomes unacceptable or too dear is left in weeks with a plan, and in quarters without one.
#   It passes when the plan is named; a self-run deployment has vendors too (machines, engine, weights), so nothing exempts it.
#   A word for nothing, such as `none` or `n/a`, names no plan.
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

import data.psfpolicy.lib.parts
import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "vendor", "exitPlan"]

_met := count(said.unnamed(_descriptor, _path)) == 0

places contains _path

findings contains {"path": _path, "status": parts.all_or_nothing(_met), "message": message, "reads": [_path]} if {
	message := $"{said.at(_descriptor, _path)}{text.wish(_met, "the document that says how to leave each vendor")}"
}
