# METADATA
# title: Routing by consequence
# description: |
#   What goes to a person is decided by what a mistake would cost, which the deployer knows, and not by how sure the model sounds:
#   the refusal and uncertainty signals of open models are weak.
#   Routing by consequence passes, routing by the model's own signal is partial, none or none said fails.
#   The signal of a model whose refusals the catalogue knows to be weakly calibrated says nothing: routing by it fails.
# custom:
#   provenance: assessment
#   severity: high
#   remediation: |
#     Route by the consequence of the decision:
#
#     oversight:
#       routing: consequence-based
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-6-human-oversight
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#   good: |
#     oversight:
#       routing: consequence-based
#   bad: |
#     oversight:
#       routing: model-signal
package psfpolicy.controls.oversight.routing

import data.psfpolicy.known
import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "oversight", "routing"]

places contains _path

findings contains {"path": _path, "status": _status, "message": message, "reads": _reads} if {
	message := $"{said.at(_descriptor, _path)}{_weakness}{text.wish(_status == "pass", "`consequence-based`")}"
}

_by_signal if _descriptor.spec.oversight.routing == "model-signal"

_weak if {
	_by_signal
	known.model.refusal_calibration == "weak"
}

default _status := "fail"

_status := "pass" if _descriptor.spec.oversight.routing == "consequence-based"

_status := "partial" if {
	_by_signal
	not _weak
}

default _weakness := ""

_weakness := $", and the refusals of {known.model.title} are weakly calibrated" if _weak

# Whose signal it is matters where it routes.
default _reads := [["spec", "oversight", "routing"]]

_reads := [_path, ["spec", "model", "id"], ["spec", "model", "base", "id"]] if _by_signal
