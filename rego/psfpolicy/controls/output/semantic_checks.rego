# METADATA
# title: Semantic checks
# description: |
#   An answer can have the right shape and still be made up, contradict itself or leave out what matters.
#   At least one check of meaning is asked for, and two different ones where a wrong output has high consequence,
#   which is also what a consequence that is not declared counts as. One where two are asked is partial.
# custom:
#   criterion: PSF-2.3
#   provenance: official
#   severity: medium
#   remediation: |
#     Check what the output says, not only its shape:
#
#     outputs:
#       semanticChecks: [grounding, consistency]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-2-output-validation
#   good: |
#     purpose: {consequence: high}
#     outputs:
#       semanticChecks: [grounding, consistency]
#   bad: |
#     purpose: {consequence: high}
#     outputs:
#       semanticChecks: [grounding]
package psfpolicy.controls.output.semantic_checks

import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_path := ["spec", "outputs", "semanticChecks"]

_known := ["grounding", "consistency", "range", "completeness", "judge"]

# A check that is listed twice is one check.
_checks contains check if some check in input.descriptor.spec.outputs.semanticChecks

default _asked := 2

_asked := 1 if terms.consequence(input.descriptor) in ["low", "medium"]

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": [_path, ["spec", "purpose", "consequence"]]}

default _status := "fail"

_status := "pass" if count(_checks) >= _asked

_status := "partial" if {
	count(_checks) > 0
	count(_checks) < _asked
}

_message := $"output is checked for {text.all_of(_checks)}" if _status == "pass"

_message := $"output is checked for {text.all_of(_checks)}; wanted: at least {_asked} of {text.all_of(_known)}{_why}" if {
	_status != "pass"
}

default _why := ""

_why := ", since `spec.purpose.consequence` is `high`" if input.descriptor.spec.purpose.consequence == "high"

_why := ", since `spec.purpose.consequence` is missing and counts as `high`" if not input.descriptor.spec.purpose.consequence
