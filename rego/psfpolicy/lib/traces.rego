# METADATA
# title: Traces
# description: |
#   How long traces are kept: as long as a store of traces says, of several the longest, since a short store beside an archive
#   does no harm; else as `tracing` says; else as `data.retention` says, once there is something that traces or holds traces.
package psfpolicy.lib.traces

# kept is {path, days} of what decides; undefined where nothing says.
kept(descriptor) := array.concat(_by_store(descriptor), array.concat(_by_tracing(descriptor), _by_retention(descriptor)))[0]

_by_store(descriptor) := [{"path": ["spec", "data", "stores", index, "retentionDays"], "days": store.retentionDays} |
	longest := max({store.retentionDays | some store in descriptor.spec.data.stores; store.kind == "traces"})
	some index, store in descriptor.spec.data.stores
	store.kind == "traces"
	store.retentionDays == longest
]

_by_tracing(descriptor) := [{"path": ["spec", "observability", "tracing", "retentionDays"], "days": days} |
	days := descriptor.spec.observability.tracing.retentionDays
]

_by_retention(descriptor) := [{"path": ["spec", "data", "retention", "days"], "days": days} |
	days := descriptor.spec.data.retention.days
	_traced(descriptor)
]

_traced(descriptor) if descriptor.spec.observability.tracing

_traced(descriptor) if {
	some store in descriptor.spec.data.stores
	store.kind == "traces"
}
