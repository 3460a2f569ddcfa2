# METADATA
# title: Redundancy in production
# description: |
#   One replica is an outage at the next node failure, and machines that may be taken back are an outage at the next price peak.
#   Two things are asked in production, with a finding each: at least 2 replicas at the low end of scaling (`replicas.min`),
#   and machines that are not spot. Spot machines, or a purchase that is not declared, are partial; the descriptor has one purchase
#   for all replicas, so spot means that all of them are.
# custom:
#   provenance: ours
#   severity: medium
#   remediation: |
#     Keep two replicas running, on machines that stay:
#
#     serving:
#       replicas: {min: 2}
#       accelerators: {purchase: reserved}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-5-deployment-safety
#   good: |
#     serving:
#       hosting: self-managed-kubernetes
#       replicas: {min: 2}
#       accelerators: {purchase: reserved}
#   bad: |
#     serving:
#       hosting: self-managed-kubernetes
#       replicas: {min: 1}
#       accelerators: {purchase: spot}
package psfpolicy.controls.deploy.redundancy

import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_environment := ["metadata", "environment"]

_hosting := ["spec", "serving", "hosting"]

_replicas := ["spec", "serving", "replicas", "min"]

_purchase := ["spec", "serving", "accelerators", "purchase"]

_lasting := {"on-demand", "reserved", "owned"}

not_applicable := $"{said.at(_descriptor, _environment)}, not `production`" if _elsewhere

not_applicable := "the machines are someone else's to keep running" if {
	terms.foreign_machines(_descriptor)
	not _elsewhere
}

rests := {_environment, _hosting}

places contains _replicas

places contains _purchase if not not_applicable

findings contains {"path": _replicas, "status": _status(_enough, "fail"), "message": message, "reads": reads} if {
	message := $"{said.at(_descriptor, _replicas)}{text.wish(_enough, "at least 2")}"
	reads := [_environment, _hosting, _replicas]
}

findings contains {"path": _purchase, "status": _status(_stays, "partial"), "message": message, "reads": reads} if {
	message := $"{said.at(_descriptor, _purchase)}{text.wish(_stays, text.one_of(_lasting))}"
	reads := [_environment, _hosting, _purchase]
}

_elsewhere if _descriptor.metadata.environment in ["development", "staging"]

_enough := object.get(_descriptor, _replicas, 0) >= 2

_stays := object.get(_descriptor, _purchase, "") in _lasting

_status(true, _) := "pass"

_status(false, shortfall) := shortfall
