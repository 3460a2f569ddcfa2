# METADATA
# title: Output validation
# description: |
#   A response that nobody checked acts on whatever comes next, and a failed check without a handler becomes a crash or a shrug.
#   Every response must be validated, and a failure must have a handler other than `none`. Sampled validation with a handler is
#   partial; without a handler nothing counts. What validates is asked by the control on raw output in sinks.
# custom:
#   criterion: PSF-2.2
#   provenance: official
#   severity: critical
#   remediation: |
#     Validate every response, and say what happens to one that fails:
#
#     outputs:
#       validation: {mode: every-response, onFailure: fallback}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-2-output-validation
#   good: |
#     outputs:
#       validation: {mode: every-response, onFailure: fallback}
#   bad: |
#     outputs:
#       validation: {mode: sampled, onFailure: fallback}
package psfpolicy.controls.output.validation

import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_path := ["spec", "outputs", "validation"]

_section := {key: value | some key, value in input.descriptor.spec.outputs.validation}

_by_mode := {"every-response": "pass", "sampled": "partial"}

default _status := "fail"

_status := _by_mode[_section.mode] if said.named(_section, ["onFailure"])

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": paths.keys(_path, ["mode", "onFailure"])}

_message := $"every response is validated, and a failure leads to `{_section.onFailure}`" if _status == "pass"

_message := $"in `spec.outputs.validation`, {seen}; wanted: `mode: every-response`, and `onFailure` with a handler" if {
	_status != "pass"
	seen := text.joined([said.at(_section, [key]) | some key in ["mode", "onFailure"]])
}
