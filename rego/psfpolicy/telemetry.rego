# METADATA
# title: Telemetry
# description: |
#   What runs here, and what the catalogue knows of its reports to its makers: the engine, unless another party runs it with weights
#   of its own; Ray, which orchestrates; and guards that no other party runs, of which only those count that are known to report.
package psfpolicy.telemetry

import data.psfpolicy.known
import data.psfpolicy.lib.terms

path := ["spec", "network", "telemetryOptOut"]

# reads are the keys that this follows from.
reads := array.concat([path, ["spec", "serving", "engine", "name"], ["spec", "serving", "orchestrator"]], _of_guards)

# facts of what runs, by the name that is said; null where nobody has looked them up.
facts[name] := object.get(_engine(name), "telemetry", null) if some name in _engines

facts[name] := known.row("guards", name).telemetry if some name in _guards

# reporting is what sends reports unless it is told not to.
reporting contains name if {
	some name, fact in facts
	fact != null
	not fact["default"] == "off"
}

switched_off if input.descriptor.spec.network.telemetryOptOut == true

_engines contains input.descriptor.spec.serving.engine.name if not terms.foreign_weights(input.descriptor)

_engines contains "ray" if input.descriptor.spec.serving.orchestrator == "ray"

default _engine(_) := {}

_engine(name) := known.row("engines", name)

_guards contains guard.model if {
	some side in ["inputs", "outputs"]
	some guard in input.descriptor.spec[side].guards
	object.get(guard, "hosting", "self") == "self"
	object.get(guard, "operator", "self") == "self"
}

_of_guards := [["spec", side, "guards", index, "model"] |
	some side in ["inputs", "outputs"]
	some index, guard in input.descriptor.spec[side].guards
	facts[guard.model]
]
