# METADATA
# title: Output validation
# description: |
#   A response that nobody checked acts on whatever comes next, and a failed check without a handler becomes a crash or a shrug.
#   Every response must be validated, and a failure must have a handler other than `none`. Sampled validation with a handler is
#   partial; without a handler nothing counts. What validates is asked by the control on raw output in sinks; where `validators` is
#   empty and no guard and no constrained decoding is declared, nothing does, which fails.
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
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_path := ["spec", "outputs", "validation"]

_outputs := input.descriptor.spec.outputs

default _section := {}

_section := _outputs.validation

_by_mode := {"every-response": "pass", "sampled": "partial"}

default _status := "fail"

_status := _by_mode[_section.mode] if {
	said.named(_section, ["onFailure"])
	not _unmanned
}

# What is said to be validated is validated by nothing that there is.
_unmanned if {
	_outputs.validators == []
	not _outputs.guards[0]
	not terms.constrained_decoding(input.descriptor)
}

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": array.concat(paths.keys(_path, ["mode", "onFailure"]), _others)}

_others := paths.keys(["spec", "outputs"], [key | some key in ["validators", "guards", "constrainedDecoding"]; _unmanned])

_message := $"every response is validated, and a failure leads to `{_section.onFailure}`" if _status == "pass"

_message := $"in `spec.outputs.validation`, {seen}; wanted: `mode: every-response`, and `onFailure` with a handler" if {
	_status != "pass"
	not _unmanned
	seen := text.joined([said.at(_section, [key]) | some key in ["mode", "onFailure"]])
}

_message := "nothing in `spec.outputs` validates: `validators` is empty; wanted: a validator, a guard or constrained decoding" if _unmanned
