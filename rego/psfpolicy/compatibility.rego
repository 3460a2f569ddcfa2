# METADATA
# title: Compatibility
# description: |
#   Whether the accelerator calculates in the format of the weights, and whether the engine runs that format there;
#   for the weights as they are, and for any other format that they could be had in.
package psfpolicy.compatibility

import data.psfpolicy.capacity
import data.psfpolicy.known

# native says whether the accelerator calculates in the format of the weights, or need not: "yes", "no" or "unknown".
native := native_to(capacity.format)

default native_to(_) := "unknown"

native_to(name) := "no" if known.accelerator[$"{name}_native"] == false

native_to(name) := "yes" if _calculates_in(name)

_calculates_in(name) if known.accelerator[$"{name}_native"] == true

_calculates_in(name) if {
	known.rows.quantizations[name].kind != "native"
	key := $"{name}_native"
	not known.accelerator[key] == false
}

# runs says the same of the engine, on that accelerator. Weights that nobody has quantised run wherever the engine does.
runs := runs_in(capacity.format)

default runs_in(_) := "unknown"

runs_in(_) := "yes" if engine_of_provider

runs_in(name) := _runs_by(known.engine, name) if not engine_of_provider

_runs_by(engine, _) := "no" if {
	vendor := known.accelerator.vendor
	engine.accelerators.complete == true
	not engine.accelerators.vendors[vendor]
}

_runs_by(engine, name) := "no" if name in engine.accelerators.vendors[known.accelerator.vendor].unsupported

_runs_by(engine, name) := "yes" if {
	there := engine.accelerators.vendors[known.accelerator.vendor]
	unsupported := object.get(there, "unsupported", [])
	not name in unsupported
	_runs_there(there, name)
}

_runs_there(there, name) if name in object.get(there, "quantizations", [])

_runs_there(_, name) if capacity.plain(name)

# engine_of_provider: an engine that is not named is the provider's to match to its machines, where it chooses the engine.
engine_of_provider if {
	known.hosting.engine == "provider"
	not input.descriptor.spec.serving.engine.name
}

# elsewhere: the engine runs nothing on accelerators of this make; engines are those that run the format there.
elsewhere if {
	runs == "no"
	vendor := known.accelerator.vendor
	not known.engine.accelerators.vendors[vendor]
}

# stranded: no engine that is known runs the format there.
stranded if {
	elsewhere
	count(engines) == 0
}

engines := {id | some id, row in known.rows.engines; _runs_by(row, capacity.format) == "yes"}
