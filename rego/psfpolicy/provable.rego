# METADATA
# title: Provable
# description: |
#   What of the descriptor manifests can show. A finding that rests on it is evidenced only where a manifest shows it; what none
#   can show (a purpose, an owner, a test that was run) is not asked for.
package psfpolicy.provable

# keys by section.
keys := {
	"spec.model": {"id", "kvCacheDtype", "maxModelLen", "quantization", "remoteCode", "revision"},
	"spec.model.weights": {"source", "uri"},
	"spec.network": {"offlineHub", "telemetryOptOut"},
	"spec.network.egress": {"default"},
	"spec.network.ingress": {"authentication", "exposure", "gateway", "tls"},
	"spec.observability.tracing": {"sampling"},
	"spec.release.canary": {"percent"},
	"spec.security.hardening": {"nonRoot", "readOnlyRootFilesystem"},
	"spec.security.leastPrivilege": {"serviceAccount"},
	"spec.serving": {"maxConcurrency"},
	"spec.serving.accelerators": {"count", "dataParallel", "memoryUtilization", "pipelineParallel", "tensorParallel", "type"},
	"spec.serving.autoscaling": {"metric"},
	"spec.serving.engine": {"image", "name", "version"},
	"spec.serving.replicas": {"max", "min"},
}

# items are keys of the items of lists, by list.
items := {
	"spec.inputs.guards": {"action", "failClosed", "onPath"},
	"spec.inputs.rateLimits": {"unit"},
	"spec.model.adapters": {"name", "source"},
	"spec.network.egress.rules": {"to"},
	"spec.observability.alerts": {"signal"},
	"spec.observability.exports": {"endpoint", "kind"},
	"spec.outputs.guards": {"action", "failClosed", "onPath"},
}

# words are lists of words.
words := {"spec.release.canary.criteria"}
