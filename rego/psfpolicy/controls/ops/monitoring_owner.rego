# METADATA
# title: Monitoring has an owner
# description: |
#   Alerts and dashboards decay with every change to what they watch; somebody keeps them true.
#   An entry of `operations.duties` names its owner, and a cadence of 1 to 365 days or a day on which it was reviewed in the last 365.
#   An owner alone is partial, and so is a review that is further back than the cadence allows; without an owner it fails.
# custom:
#   provenance: practice
#   severity: medium
#   remediation: |
#     Name who keeps the monitoring, and how often it is gone through:
#
#     operations:
#       duties: [{duty: monitoring, owner: ml-platform, cadenceDays: 30}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://pdpspectra.com/blog/open-source-llms-production
#   good: |
#     operations: {duties: [{duty: monitoring, owner: ml-platform, cadenceDays: 30}]}
#   bad: |
#     operations: {duties: [{duty: monitoring, owner: ml-platform}]}
package psfpolicy.controls.ops.monitoring_owner

import data.psfpolicy.lib.duties
import data.psfpolicy.lib.terms

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_finding := duties.finding(_descriptor, "monitoring", input.today)

not_applicable := "the provider of a hosted model monitors its serving" if terms.foreign_weights(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _finding.path

findings contains _finding
