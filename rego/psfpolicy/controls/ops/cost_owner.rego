# METADATA
# title: The cost has an owner
# description: |
#   Accelerators cost the same whether or not anybody uses them; somebody has to notice that nobody does.
#   An entry of `operations.duties` names its owner, and a cadence of 1 to 365 days or a day on which it was reviewed in the last 365.
#   An owner alone is partial, and so is a review that is further back than the cadence allows; without an owner it fails.
# custom:
#   provenance: practice
#   severity: medium
#   remediation: |
#     Name who answers for the cost, and how often it is gone through:
#
#     operations:
#       duties: [{duty: cost, owner: ml-platform, cadenceDays: 30}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://pdpspectra.com/blog/open-source-llms-production
#   good: |
#     operations: {duties: [{duty: cost, owner: ml-platform, cadenceDays: 30}]}
#   bad: |
#     operations: {duties: [{duty: cost, owner: ml-platform}]}
package psfpolicy.controls.ops.cost_owner

import data.psfpolicy.lib.duties
import data.psfpolicy.lib.terms

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_finding := duties.finding(_descriptor, "cost", input.today)

not_applicable := "the provider of a hosted model pays for its accelerators" if terms.foreign_weights(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _finding.path

findings contains _finding
