# METADATA
# title: One place for provider-specific code
# description: |
#   Code that speaks one provider's dialect in many places keeps the deployment where it is, whatever that provider does.
#   An abstraction layer is the only place that has to change with a provider. It passes when the layer is named;
#   a word for nothing, such as `none` or `n/a`, names none. A self-run engine that serves OpenAI's interface does as well, since any other such engine can stand
#   in its place; one that is self-run and that the catalogue does not know is partial.
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

import data.psfpolicy.known
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "vendor", "abstractionLayer"]

_engine := ["spec", "serving", "engine", "name"]

places contains _path

findings contains object.union(_answer, {"path": _path, "reads": _reads})

_answer := {"status": "pass", "message": said.at(_descriptor, _path)} if said.named(_descriptor, _path)

else := {"status": "pass", "message": $"{known.engine.title} is self-run and serves OpenAI's interface"} if {
	terms.self_run(_descriptor)
	known.engine.openai_compatible == true
}

else := {"status": "partial", "message": message} if {
	terms.self_run(_descriptor)
	_descriptor.spec.serving.engine.name
	not _interface_known
	seen := text.joined([said.at(_descriptor, _path), $"{said.at(_descriptor, _engine)}, whose interface the catalogue does not know"])
	message := $"{seen}; wanted: {_wanted}, or a row with `openai_compatible` in `engines` of your own catalogue"
}

else := {"status": "fail", "message": $"{said.at(_descriptor, _path)}; wanted: {_wanted}"}

# Where the layer is named, the engine does not matter.
default _reads := [["spec", "vendor", "abstractionLayer"], ["spec", "serving", "hosting"], ["spec", "serving", "engine", "name"]]

_reads := [_path] if said.named(_descriptor, _path)

_interface_known if is_boolean(known.engine.openai_compatible)

_wanted := "the name of the layer that all calls to a model go through"
