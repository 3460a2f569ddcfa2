# METADATA
# title: Model upgrades have an owner
# description: |
#   Open weights are not replaced by their maker: a model that nobody upgrades grows old unnoticed.
#   An entry of `operations.duties` names its owner, and a cadence of 1 to 365 days or a day on which it was reviewed in the last 365.
#   An owner alone is partial, and so is a review that is further back than the cadence allows; without an owner it fails.
# custom:
#   provenance: practice
#   severity: medium
#   remediation: |
#     Name who upgrades the model, and how often:
#
#     operations:
#       duties: [{duty: model-upgrades, owner: ml-platform, cadenceDays: 90}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://pdpspectra.com/blog/open-source-llms-production
#   good: |
#     operations: {duties: [{duty: model-upgrades, owner: ml-platform, cadenceDays: 90}]}
#   bad: |
#     operations: {duties: [{duty: model-upgrades, owner: ml-platform}]}
package psfpolicy.controls.ops.model_upgrades

import data.psfpolicy.lib.duties
import data.psfpolicy.lib.terms

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_finding := duties.finding(_descriptor, "model-upgrades", input.today)

not_applicable := "the provider of a hosted model upgrades it" if terms.foreign_weights(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _finding.path

findings contains _finding
