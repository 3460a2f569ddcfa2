# METADATA
# title: Security patching has an owner
# description: |
#   Engine, drivers and machines of one's own are patched by oneself or by nobody.
#   An entry of `operations.duties` names its owner, and a cadence of 1 to 365 days or a day on which it was reviewed in the last 365.
#   An owner alone is partial, and so is a review that is further back than the cadence allows; without an owner it fails.
# custom:
#   provenance: practice
#   severity: medium
#   remediation: |
#     Name who patches what serves the model, and how often:
#
#     operations:
#       duties: [{duty: security-patching, owner: ml-platform, cadenceDays: 14}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://pdpspectra.com/blog/open-source-llms-production
#   good: |
#     operations: {duties: [{duty: security-patching, owner: ml-platform, cadenceDays: 14}]}
#   bad: |
#     operations: {duties: [{duty: security-patching, owner: ml-platform}]}
package psfpolicy.controls.ops.security_patching

import data.psfpolicy.lib.duties
import data.psfpolicy.lib.terms

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_finding := duties.finding(_descriptor, "security-patching", input.today)

not_applicable := "the machines and the engine are someone else's to patch" if terms.foreign_machines(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _finding.path

findings contains _finding
