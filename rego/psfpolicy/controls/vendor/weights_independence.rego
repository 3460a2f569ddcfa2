# METADATA
# title: Weights that nobody can take away
# description: |
#   A model served from a hub or a provider ends when they remove it; weights that are mirrored keep serving.
#   It passes when the weights are mirrored. On someone else's hosting an exit plan will do instead; where the weights are
#   someone else's (provider-hosted, hosted API), only the exit plan counts, since there is nothing to mirror.
#   `weightsMirrored` is the key that says so: `weights.source` says where the engine loads from, not what is kept.
# custom:
#   provenance: assessment
#   severity: high
#   remediation: |
#     Keep a copy of the weights in a store of your own and say so; where they are someone else's, plan how to do without them:
#
#     vendor:
#       weightsMirrored: true
#       exitPlan: docs/exit.md
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-8-vendor-resilience
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#   good: |
#     vendor:
#       weightsMirrored: true
#       exitPlan: docs/exit.md
#   bad: |
#     vendor:
#       weightsMirrored: false
package psfpolicy.controls.vendor.weights_independence

import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_hosting := ["spec", "serving", "hosting"]

_mirrored := ["spec", "vendor", "weightsMirrored"]

_plan := ["spec", "vendor", "exitPlan"]

places contains _finding.path

findings contains _finding

_finding := {"path": _mirrored, "status": "pass", "message": message, "reads": [_hosting, _mirrored]} if {
	_kept
	message := said.at(_descriptor, _mirrored)
}

_finding := {"path": _plan, "status": "pass", "message": message, "reads": _reads} if {
	not _kept
	_left
	message := $"the weights can be left behind by the exit plan `{_descriptor.spec.vendor.exitPlan}`"
}

_finding := {"path": _mirrored, "status": "fail", "message": message, "reads": _reads} if {
	not _kept
	not _left
	not terms.foreign_weights(_descriptor)
	message := $"{said.at(_descriptor, _mirrored)}; wanted: `true`{_way_out}"
}

_finding := {"path": _plan, "status": "fail", "message": message, "reads": _reads} if {
	not _left
	terms.foreign_weights(_descriptor)
	message := $"{said.at(_descriptor, _plan)}; wanted: the document that says how to do without these weights"
}

# The weights are ours to mirror, and are mirrored.
_kept if {
	_descriptor.spec.vendor.weightsMirrored == true
	not terms.foreign_weights(_descriptor)
}

# The hosting is someone else's, and there is a way to leave it.
_left if {
	terms.foreign_machines(_descriptor)
	said.named(_descriptor, _plan)
}

default _way_out := ""

_way_out := " or, on someone else's hosting, an `exitPlan`" if terms.foreign_machines(_descriptor)

# Whether the weights can be mirrored, and whether a plan will do instead, depends on the hosting.
default _reads := [["spec", "serving", "hosting"], ["spec", "vendor", "weightsMirrored"]]

_reads := [_hosting, _plan] if terms.foreign_weights(_descriptor)

else := [_hosting, _mirrored, _plan] if terms.foreign_machines(_descriptor)
