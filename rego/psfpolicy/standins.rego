# METADATA
# title: Stand-ins
# description: |
#   Fallbacks that are said to be a smaller model, and by the catalogue are not: flaws by their index, as `lib.fallbacks` takes them.
#   In another format a model is smaller in memory.
package psfpolicy.standins

import data.psfpolicy.capacity
import data.psfpolicy.known

# same are those that are the model served by another of its names.
same[index] := _flaw("is the model served by another name", "something else to fall back to") if {
	some index, name in _smaller
	id := known.id_of("models", name)
	id == known.id_of("models", input.descriptor.spec.model.id)
	row := known.rows.models[id]
	not row.repacks[name]
}

# larger are those that have as many parameters as the model served, or more.
larger[index] := _flaw("has no fewer parameters than the model served", "a smaller model") if {
	some index, name in _smaller
	row := known.row("models", name)
	row.parameters >= known.model.parameters
	not _packed(row, name)
}

_packed(row, name) if {
	row.repacks[name]
	row.parameters == known.model.parameters
}

_smaller[index] := fallback.model if {
	some index, fallback in input.descriptor.spec.vendor.fallbacks
	fallback.kind == "smaller-model"
}

_flaw(is, wanted) := {"status": "fail", "told": $", and {is}", "wanted": {wanted}, "reads": _reads}

_reads := [["spec", "model", "base", "id"] | capacity.by_base]
