# METADATA
# title: No raw output in a sink
# description: |
#   A database, an API or a page that receives raw output acts on whatever the model was talked into.
#   Each sink must receive output through constrained decoding, an output guard or a validator, and name which.
#   A name that stands for no guard or validator does not count, nor a guard off the path or one that only flags, nor a model that is
#   only fine-tuned to answer in a form, nor constrained decoding without a schema or by a library that cannot work where the model
#   runs; a guard that does not say where it stands or what it does counts. A sink without any of these fails, or is partial beside one
#   that has it.
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

import data.psfpolicy.decoding
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_section := ["spec", "outputs", "sinks"]

_decoding := ["spec", "outputs", "constrainedDecoding"]

_constraint := object.get(_descriptor, _decoding, {})

_sinks := [sink | some sink in _descriptor.spec.outputs.sinks]

_wanted := "wanted: `via` with `constrainedDecoding`, or the name of an output guard on the path or of a validator"

not_applicable := "`spec.outputs.sinks` is empty: no output goes anywhere" if _descriptor.spec.outputs.sinks == []

rests := {_section}

places contains _section if count(_sinks) == 0

places contains array.concat(_section, [index]) if some index, _ in _sinks

findings contains {"path": _section, "status": "fail", "message": message, "reads": [_section]} if {
	count(_sinks) == 0
	message := "`spec.outputs.sinks` is missing; wanted: each sink with its `via`, or `[]` where there is none"
}

findings contains {"path": path, "status": "pass", "message": message, "reads": _reads(path, sink)} if {
	some index, sink in _sinks
	_validated[index]
	path := array.concat(_section, [index])
	message := $"sink `{sink.name}` receives output through `{sink.via}`"
}

findings contains {"path": path, "status": _shortfall, "message": message, "reads": _reads(path, sink)} if {
	some index, sink in _sinks
	not _validated[index]
	path := array.concat(_section, [index])
	message := $"sink `{sink.name}` {_seen(sink)}; {_wanted}"
}

# Indexes of the sinks that something named stands before.
_validated contains index if {
	some index, sink in _sinks
	_names[sink.via]
}

default _shortfall := "fail"

_shortfall := "partial" if count(_validated) > 0

_names contains "constrainedDecoding" if {
	terms.constrained_decoding(_descriptor)
	said.named(_constraint, ["schema"])
	not decoding.support.works == "no"
}

_names contains guard.name if {
	some guard in _descriptor.spec.outputs.guards
	not guard.onPath == false
	not guard.action == "flag"
}

_names contains item.name if some item in _descriptor.spec.outputs.validators

_seen(sink) := "receives raw output: it has no `via`" if {
	not sink.via
} else := $"names `constrainedDecoding`, but {_unheld}" if {
	sink.via == "constrainedDecoding"
} else := $"names `{sink.via}`, which is nothing in `spec.outputs` that stands in the way"

_unheld := $"`{_constraint.library}` is {decoding.support.seen}" if decoding.support.works == "no"

else := $"its {said.at(_constraint, ["library"])} and its {said.at(_constraint, ["schema"])}"

_reads(path, sink) := array.concat([array.concat(path, ["via"])], sort(object.get(_declared, object.get(sink, "via", ""), [])))

# Paths of the values that make a name stand for something, by name.
_declared.constrainedDecoding contains array.concat(_decoding, [key]) if some key in ["library", "schema"]

_declared.constrainedDecoding contains path if {
	some path in decoding.support.reads
	decoding.support.works == "no"
}

_declared[guard.name] contains ["spec", "outputs", "guards", index, key] if {
	some index, guard in _descriptor.spec.outputs.guards
	some key in ["name", "onPath", "action"]
}

_declared[item.name] contains ["spec", "outputs", "validators", index, "name"] if {
	some index, item in _descriptor.spec.outputs.validators
}
