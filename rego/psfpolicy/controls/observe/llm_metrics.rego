# METADATA
# title: Metrics of a language model
# description: |
#   Engines report what any HTTP service reports; that does not show who spends the tokens, why answers end, or how long requests wait.
#   Tokens per client, stop reasons and the depth of the queue must be built, and each of the three is asked for.
#   Tokens that are not told apart by client (`token-usage`) do not count. The queue of a model that another party runs is not the
#   deployer's to measure, and its depth is not asked there.
# custom:
#   provenance: assessment
#   severity: medium
#   remediation: |
#     Record the three metrics beside those of the HTTP service:
#
#     observability:
#       metrics: [requests, latency, errors, token-usage-per-client, stop-reasons, queue-depth]
#   references:
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-4-observability
#   good: |
#     observability:
#       metrics: [token-usage-per-client, stop-reasons, queue-depth]
#   bad: |
#     observability:
#       metrics: [requests, latency, errors, throughput]
package psfpolicy.controls.observe.llm_metrics

import data.psfpolicy.lib.parts
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_path := ["spec", "observability", "metrics"]

_reads := [_path, ["spec", "serving", "hosting"]]

_wanted contains metric if some metric in {"token-usage-per-client", "stop-reasons"}

_wanted contains "queue-depth" if not _theirs

_theirs if terms.third_party_run(input.descriptor)

_whose := "; the queue is the provider's" if _theirs

_whose := "" if not _theirs

_metrics := {metric | some metric in input.descriptor.spec.observability.metrics}

_missing := _wanted - _metrics

places contains _path

findings contains {"path": _path, "status": "pass", "message": $"the metrics hold {text.all_of(_wanted)}{_whose}", "reads": _reads} if {
	count(_missing) == 0
}

findings contains {"path": _path, "status": parts.shortfall(_wanted - _missing), "message": message, "reads": _reads} if {
	count(_missing) > 0
	message := $"the metrics are {text.all_of(_metrics)}; wanted: {text.all_of(_missing)} as well"
}
