# METADATA
# title: One place for provider-specific code
# description: |
#   Code that speaks one provider's dialect in many places keeps the deployment where it is, whatever that provider does.
#   An abstraction layer is the only place that has to change with a provider. It passes when the layer is named;
#   the word `none` names none.
# custom:
#   provenance: guide
#   severity: medium
#   remediation: |
#     Send every call through one layer, and name it:
#
#     vendor:
#       abstractionLayer: litellm
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-8-vendor-resilience
#   good: |
#     vendor:
#       abstractionLayer: litellm
#   bad: |
#     vendor:
#       abstractionLayer: none
package psfpolicy.controls.vendor.abstraction

import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_path := ["spec", "vendor", "abstractionLayer"]

default _met := false

_met if said.named(_descriptor, _path)

places contains _path

findings contains {"path": _path, "status": {true: "pass", false: "fail"}[_met], "message": message, "reads": [_path]} if {
	message := $"{said.at(_descriptor, _path)}{text.wish(_met, "the name of the layer that all calls to a model go through")}"
}
