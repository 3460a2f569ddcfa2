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

import data.psfpolicy.lib.hosting
import data.psfpolicy.lib.seen
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_environment := ["metadata", "environment"]

_hosting := ["spec", "serving", "hosting"]

_replicas := ["spec", "serving", "replicas", "min"]

_purchase := ["spec", "serving", "accelerators", "purchase"]

_lasting := {"on-demand", "reserved", "owned"}

not_applicable := $"{seen.at(input.descriptor, _environment)}, not `production`" if _elsewhere

not_applicable := "the machines are someone else's to keep running" if {
	hosting.foreign_machines(input.descriptor)
	not _elsewhere
}

places contains _replicas

places contains _purchase if not not_applicable

findings contains {"path": _replicas, "status": status, "message": message, "reads": [_environment, _hosting, _replicas]} if {
	status := _status(_enough, "fail")
	message := $"{seen.at(input.descriptor, _replicas)}{_wish(_enough, "at least 2")}"
}

findings contains {"path": _purchase, "status": status, "message": message, "reads": [_environment, _hosting, _purchase]} if {
	status := _status(_stays, "partial")
	message := $"{seen.at(input.descriptor, _purchase)}{_wish(_stays, text.either(_lasting))}"
}

_elsewhere if input.descriptor.metadata.environment in {"development", "staging"}

default _enough := false

_enough if input.descriptor.spec.serving.replicas.min >= 2

default _stays := false

_stays if input.descriptor.spec.serving.accelerators.purchase in _lasting

_status(true, _) := "pass"

_status(false, shortfall) := shortfall

_wish(true, _) := ""

_wish(false, wanted) := $"; wanted: {wanted}"
