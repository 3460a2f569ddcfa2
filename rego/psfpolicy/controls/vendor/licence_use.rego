# METADATA
# title: Use that the licence permits
# description: |
#   Open weights are not free for every use: some licences permit research alone, others leave out sectors, countries or decisions.
#   Every licence in play is asked, those of the model, its base, its draft, adapters, guards and fallbacks, each at its own place: whether it
#   permits `purpose.use` and, in the environment `production`, production; whether it forbids one of `purpose.sectors`; material under
#   ITAR (the regime `itar` or the category `export-controlled`); a principal place of business in the EU for models that take more than
#   text; and decisions that affect rights from L2 on, where nobody looks first.
#   What the catalogue says of a model decides even where `model.licence.id` says otherwise; both are asked then.
#   A licence that the catalogue does not know, a key that the licence makes matter and that is missing, and a sector that the row says
#   nothing of while other licences forbid it, are partial. An agreement named in `model.licence.commercialAgreement` stands in the
#   place of the licences of the model and its base; where `vendor.agreements` lists any of kind `licence`, one in force with the
#   licensor does. The control does not apply where no licence of weights is in play, as with a hosted API.
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

import data.psfpolicy.licences
import data.psfpolicy.permissions

metadata := rego.metadata.chain()

not_applicable := "no licence of weights is in play: the model is behind its provider's own terms" if count(licences.items) == 0

rests := {["spec", "serving", "hosting"], ["spec", "model", "id"], ["spec", "model", "adapters"]}

places contains ["spec", "model", "id"] if count(licences.items) == 0

places contains item.path if some item in licences.items

findings := [licences.finding(item, object.get(permissions.verdicts, item.input, {})) | some item in licences.items]
