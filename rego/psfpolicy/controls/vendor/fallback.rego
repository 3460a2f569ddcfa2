# METADATA
# title: Fallback that was tried
# description: |
#   A fallback that was never tried is a hope: on the day, its quota, its prompts or its network rules are not ready.
#   The best fallback of any kind decides: tested within 180 days passes, tested longer ago or never is partial, and a test that lies
#   in the future fails. A smaller model that is the model served, or a second provider that is the one who runs the model already,
#   is no fallback. An empty list declares that there is none, and fails.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Name what takes over when the vendor fails, and switch to it twice a year:
#
#     vendor:
#       fallbacks: [{name: other-cloud, kind: second-provider, model: llama-3.3-70b, operator: other-cloud, lastTested: 2026-09-14}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-8-vendor-resilience
#   good: |
#     vendor:
#       fallbacks: [{name: small-model, kind: smaller-model, model: meta-llama/Llama-3.1-8B-Instruct, lastTested: 2026-09-14}]
#   bad: |
#     vendor:
#       fallbacks: [{name: small-model, kind: smaller-model, model: meta-llama/Llama-3.1-8B-Instruct, lastTested: 2025-09-14}]
package psfpolicy.controls.vendor.fallback

import data.psfpolicy.lib.fallbacks

metadata := rego.metadata.chain()

_answer := fallbacks.answer(object.get(input, "descriptor", {}), {
	"kinds": {"smaller-model", "second-provider", "degraded-mode", "previous-version"},
	"states": {"recent"},
	"wanted": "`lastTested` within 180 days",
	"today": input.today,
})

places contains _answer.path

findings contains _answer
