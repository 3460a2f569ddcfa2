# METADATA
# title: Personal data before inference
# description: |
#   What reaches another party's model cannot be called back, and it is kept, read and disclosed under that party's rules.
#   Every hosting that is not self-run counts as run by a third party, cloud-managed included: the engine is not the team's own.
#   There, redaction or tokenisation passes; a justification counts in part, once the categories of data are declared and
#   `phi` is not among them, with a date that is not in the future where it has one. Self-run, a named detector is enough.
# custom:
#   criterion: PSF-3.1
#   provenance: official
#   severity: critical
#   remediation: |
#     Name the detector of personal data, and say what becomes of what it finds before the model sees it:
#
#     data:
#       pii: {detector: {name: presidio, hosting: self}, preInference: redact}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#   good: |
#     data:
#       categories: [pii]
#       pii: {detector: {name: presidio}, preInference: redact}
#   bad: |
#     data:
#       categories: [pii]
package psfpolicy.controls.data.pii_before_inference

import data.psfpolicy.lib.justification
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_pii := ["spec", "data", "pii"]

_reads := array.concat(
	[["spec", "data", "categories"], ["spec", "serving", "hosting"]],
	[array.concat(_pii, keys) | some keys in [["detector", "name"], ["preInference"], ["justification"]]],
)

_treatment := object.get(input.descriptor, array.concat(_pii, ["preInference"]), "none")

_hosting := object.get(input.descriptor, ["spec", "serving", "hosting"], "not declared")

_justification := input.descriptor.spec.data.pii.justification

not_applicable := "`spec.data.categories` declares no personal data" if terms.no_personal_data(input.descriptor)

places contains array.concat(_pii, [_answer[0]])

findings contains {"path": array.concat(_pii, [_answer[0]]), "status": _answer[1], "message": _answer[2], "reads": _reads}

# The key that decides, the status and the message.
_answer := ["detector", "pass", message] if {
	terms.self_run(input.descriptor)
	name := input.descriptor.spec.data.pii.detector.name
	message := $"detector `{name}` is named, with `preInference` `{_treatment}`, and hosting `{_hosting}` is self-run"
}

_answer := ["detector", _undetected, message] if {
	terms.self_run(input.descriptor)
	not input.descriptor.spec.data.pii.detector.name
	message := "no detector is named; write `spec.data.pii.detector` with its `name`, or `spec.data.categories` without personal data"
}

_answer := ["preInference", "pass", message] if {
	not terms.self_run(input.descriptor)
	_treated
	message := $"`preInference` is `{_treatment}`, before personal data reaches the party behind hosting `{_hosting}`"
}

_answer := ["preInference", "fail", $"{_reached}; wanted: `redact` or `tokenise`"] if {
	_exposed
	not _justification
}

_answer := ["justification", "partial", $"{_reached}, with a justification; wanted: `redact` or `tokenise`"] if {
	_exposed
	count(_objections) == 0
}

_answer := ["justification", "fail", $"{_reached}, and its justification does not count ({listing}); wanted: `redact` or `tokenise`"] if {
	_exposed
	count(_objections) > 0
	listing := text.listing(_objections)
}

_treated if _treatment in {"redact", "tokenise"}

_exposed if {
	not terms.self_run(input.descriptor)
	not _treated
}

_reached := $"personal data reaches the party behind hosting `{_hosting}` with `preInference` `{_treatment}`"

default _undetected := "fail"

_undetected := "partial" if terms.personal_data(input.descriptor)

# Undefined where there is no justification.
_objections := justification.objections(_justification, input.today) | _unjustifiable

_unjustifiable contains "`phi` is never justified" if terms.has_category(input.descriptor, "phi")

_unjustifiable contains "`spec.data.categories` is missing" if not input.descriptor.spec.data.categories
