# METADATA
# title: Use that the licence permits
# description: |
#   Open weights are not free for every use: some licences permit research alone, others leave out sectors, countries or decisions.
#   Every licence in play is asked, those of the model, its base, adapters, guards and fallbacks, each at its own place: whether it
#   permits `purpose.use` and, in the environment `production`, production; whether it forbids one of `purpose.sectors`; material under
#   ITAR (the regime `itar` or the category `export-controlled`); a principal place of business in the EU for models that take more than
#   text; and decisions that affect rights from L2 on, where nobody looks first.
#   What the catalogue says of a model decides even where `model.licence.id` says otherwise; both are asked then.
#   A licence that the catalogue does not know, a key that the licence makes matter and that is missing, and a sector that the row says
#   nothing of while other licences forbid it, are partial. An agreement in `model.licence.commercialAgreement` stands in the place of the
#   licences of the model and its base. The control does not apply where no licence of weights is in play, as with a hosted API.
# custom:
#   provenance: assessment
#   severity: critical
#   remediation: |
#     Choose a model whose licence permits the use, or name the agreement that does:
#
#     model:
#       licence: {id: mistral-research, commercialAgreement: legal/mistral.pdf}
#   references:
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#     - https://github.com/meta-llama/llama-models/blob/main/models/llama3_1/USE_POLICY.md
#     - https://huggingface.co/mistralai/Mistral-Large-Instruct-2407/blob/main/README.md
#   good: |
#     purpose: {use: commercial}
#     model: {id: microsoft/phi-4}
#   bad: |
#     purpose: {use: commercial}
#     model: {id: mistralai/Codestral-22B-v0.1}
package psfpolicy.controls.vendor.licence_use

import data.psfpolicy.lib.status
import data.psfpolicy.lib.text
import data.psfpolicy.licences
import data.psfpolicy.permissions

metadata := rego.metadata.chain()

not_applicable := "no licence of weights is in play: the model is behind its provider's own terms" if count(licences.items) == 0

places contains ["spec", "model", "id"] if count(licences.items) == 0

places contains item.path if some item in licences.items

findings contains {"path": item.path, "status": worst, "message": message, "reads": reads} if {
	some item in licences.items
	answers := _answers(item)
	worst := status.worst({answer.status | some answer in answers})
	message := $"`{item.name}` is {text.joined({answer.message | some answer in answers})}{_wish(item, answers, worst)}"
	reads := array.concat(item.reads, sort({path | some answer in answers; some path in answer.reads}))
}

_answers(item) := {answer |
	some id, row in item.licences
	answer := _answer(item, id, row)
} | {unknown |
	item.unknown
	unknown := licences.unknown(item)
}

_answer(item, id, row) := {"status": "pass", "message": $"under {row.title}, which an agreement replaces", "reads": [], "wanted": set()} if {
	item.agreed[id]
}

_answer(item, id, row) := {"status": worst, "message": $"under {row.title}, which {says}", "reads": reads, "wanted": wanted} if {
	not item.agreed[id]
	clauses := permissions.clauses(row, item.input)
	objections := {clause | some clause in clauses; clause.status != "pass"}
	worst := status.worst({clause.status | some clause in clauses})
	says := _says(objections)
	reads := {path | some clause in clauses; some path in clause.reads}
	wanted := {clause.wanted | some clause in objections; clause.status == "partial"}
}

_says(objections) := "permits this use" if count(objections) == 0

_says(objections) := text.joined({clause.message | some clause in objections}) if count(objections) > 0

_wish(_, _, "pass") := ""

_wish(item, answers, "partial") := $"; wanted: {text.joined(licences.wanting(item) | union({answer.wanted | some answer in answers}))}"

_wish(item, _, "fail") := $"; wanted: {licences.otherwise(item)}"
