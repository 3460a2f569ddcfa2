# METADATA
# title: Something to fall back to
# description: |
#   When the model is down, slow or withdrawn, a smaller model, the previous version or a degraded mode keeps the service up.
#   The best such fallback decides: tested once passes, whenever that was (how recent it is, `vendor-fallback` asks), never tested is
#   partial, and a test that lies in the future fails. A second provider does not count here, nor does a smaller model that is
#   the model served, or that the catalogue knows to be no smaller; one that is not named is partial.
# custom:
#   provenance: assessment
#   severity: medium
#   remediation: |
#     Name what serves when the model cannot, and try it out:
#
#     vendor:
#       fallbacks: [{name: small-model, kind: smaller-model, model: meta-llama/Llama-3.1-8B-Instruct, lastTested: 2026-09-14}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-5-deployment-safety
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#   good: |
#     vendor:
#       fallbacks: [{name: small-model, kind: smaller-model, model: meta-llama/Llama-3.1-8B-Instruct, lastTested: 2026-09-14}]
#   bad: |
#     vendor:
#       fallbacks: [{name: small-model, kind: smaller-model, model: meta-llama/Llama-3.1-8B-Instruct}]
package psfpolicy.controls.deploy.fallback_model

import data.psfpolicy.lib.fallbacks
import data.psfpolicy.standins

metadata := rego.metadata.chain()

_answer := fallbacks.answer(object.get(input, "descriptor", {}), {
	"kinds": {"smaller-model", "previous-version", "degraded-mode"},
	"states": {"recent", "stale"},
	"wanted": "`lastTested` giving the day on which it was tried out",
	"today": input.today,
	"flaws": object.union(standins.larger, standins.same),
})

places contains _answer.path

findings contains _answer
