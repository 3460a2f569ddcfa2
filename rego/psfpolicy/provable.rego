# METADATA
# title: Provable
# description: |
#   What of the descriptor manifests can show. A finding that rests on it is evidenced only where a manifest shows it; what none
#   can show (a purpose, an owner, a test that was run) is not asked for.
package psfpolicy.provable

# keys by section.
keys := {
	"spec.inputs.log": {"piiRedaction"},
	"spec.model": {"id", "kvCacheDtype", "maxModelLen", "quantization", "remoteCode", "revision"},
	"spec.model.draft": {"id", "revision"},
	"spec.model.weights": {"source", "uri"},
	"spec.network": {"offlineHub", "telemetryOptOut"},
	"spec.network.egress": {"default"},
	"spec.network.ingress": {"authentication", "exposure", "gateway", "tls"},
	"spec.observability.runLog": {"rawText"},
	"spec.observability.tracing": {"retentionDays", "sampling"},
	"spec.release.canary": {"percent"},
	"spec.security.hardening": {"nonRoot", "readOnlyRootFilesystem"},
	"spec.security.leastPrivilege": {"serviceAccount"},
	"spec.serving": {"maxConcurrency"},
	"spec.serving.accelerators": {"count", "dataParallel", "memoryUtilization", "pipelineParallel", "tensorParallel", "type"},
	"spec.serving.autoscaling": {"metric"},
	"spec.serving.engine": {"image", "name", "version"},
	"spec.serving.replicas": {"max", "min"},
	"spec.vendor": {"abstractionLayer"},
}

# items are keys of the items of lists, by list.
items := {
	"spec.data.otherFlows": {"kind", "location"},
	"spec.inputs.guards": {"action", "failClosed", "hosting", "location", "model", "onPath"},
	"spec.inputs.rateLimits": {"unit"},
	"spec.model.adapters": {"name", "source"},
	"spec.network.egress.rules": {"to"},
	"spec.observability.alerts": {"owner", "signal"},
	"spec.observability.exports": {"carries", "endpoint", "kind", "tls"},
	"spec.outputs.guards": {"action", "failClosed", "hosting", "location", "model", "onPath"},
	"spec.vendor.fallbacks": {"hosting", "model"},
}

# words are lists of words.
words := {"spec.observability.metrics", "spec.release.canary.criteria"}

# compatible are values that do not exclude each other, as [shown, declared]: what is asked for by its name on the hub is found in
# the image, or in a volume, where one of them holds it already.
compatible := {"spec.model.weights.source": {["hub", "image"], ["hub", "local"]}}
