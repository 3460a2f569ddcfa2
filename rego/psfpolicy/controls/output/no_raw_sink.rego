# METADATA
# title: No raw output in a sink
# description: |
#   A database, an API or a page that receives raw output acts on whatever the model was talked into.
#   Each sink must receive output through constrained decoding, an output guard or a validator, and name which.
#   A name that stands for no guard or validator does not count.
# custom:
#   criterion: PSF-2.4
#   provenance: official
#   severity: critical
#   remediation: |
#     Name, for each sink, what stands before it:
#
#     outputs:
#       validators: [{name: note-validator, kind: schema, hosting: self}]
#       sinks: [{name: ehr, kind: database, via: note-validator}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-2-output-validation
#   good: |
#     outputs:
#       validators: [{name: note-validator, kind: schema}]
#       sinks: [{name: ehr, kind: database, via: note-validator}]
#   bad: |
#     outputs:
#       sinks: [{name: ehr, kind: database}]
package psfpolicy.controls.output.no_raw_sink

metadata := rego.metadata.chain()

_section := ["spec", "outputs", "sinks"]

_sinks := [sink | some sink in input.descriptor.spec.outputs.sinks]

not_applicable := "`spec.outputs.sinks` is empty: no output goes anywhere" if input.descriptor.spec.outputs.sinks == []

places contains _section if count(_sinks) == 0

places contains array.concat(_section, [index]) if some index, _ in _sinks

findings contains {"path": _section, "status": "fail", "message": message, "reads": [_section]} if {
	count(_sinks) == 0
	message := "`spec.outputs.sinks` is missing; list each sink with `via`, or `[]` where there is none"
}

findings contains {"path": path, "status": "pass", "message": message, "reads": _reads(path)} if {
	some index, sink in _sinks
	_validated[index]
	path := array.concat(_section, [index])
	message := $"sink `{sink.name}` receives output through `{sink.via}`"
}

findings contains {"path": path, "status": _shortfall, "message": message, "reads": _reads(path)} if {
	some index, sink in _sinks
	not _validated[index]
	path := array.concat(_section, [index])
	message := $"sink `{sink.name}` {_seen(sink)}; wanted: `via` with `constrainedDecoding`, or the name of an output guard on the path or of a validator"
}

# Indexes of the sinks that something named stands before.
_validated contains index if {
	some index, sink in _sinks
	_names[sink.via]
}

default _shortfall := "fail"

_shortfall := "partial" if count(_validated) > 0

_names contains "constrainedDecoding" if _constrained

_names contains guard.name if {
	some guard in input.descriptor.spec.outputs.guards
	not guard.onPath == false
}

_names contains item.name if some item in input.descriptor.spec.outputs.validators

_constrained if input.descriptor.spec.outputs.constrainedDecoding.library != "none"

_seen(sink) := "receives raw output: it has no `via`" if not sink.via

_seen(sink) := $"names `{sink.via}`, which is not declared in `spec.outputs` as anything on the path" if sink.via

_reads(path) := [path, array.concat(path, ["via"])]
