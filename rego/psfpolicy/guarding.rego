# METADATA
# title: Guarding
# description: |
#   The guards of inputs and of outputs, each with what the catalogue knows of the model that it runs, worked out once.
#   `catalogue` is {title, detects, context}: what its row says that it detects, and the tokens that it reads at once. It is absent for
#   a guard that names no model, or one that the catalogue does not know. `longest` is the longest input that may reach a guard of
#   inputs, null where nothing says so, and `bounded_by` where that is read.
package psfpolicy.guarding

import data.psfpolicy.known

inputs := [object.union_n([guard, _known(guard), _longest]) | some guard in input.descriptor.spec.inputs.guards]

outputs := [object.union(guard, _known(guard)) | some guard in input.descriptor.spec.outputs.guards]

_known(guard) := {"catalogue": object.union(facts, {"title": row.title})} if {
	row := known.row("guards", guard.model)
	facts := {key: row[key] | some key in ["detects", "context_tokens"]}
}

_known(guard) := {} if not _resolved(guard)

_resolved(guard) if known.id_of("guards", guard.model)

# The limit on what comes in, else what the model itself can take, else none. A limit of 0 is none.
default _longest := {"longest": null, "bounded_by": [["spec", "inputs", "schema", "maxTokens"], ["spec", "model", "maxModelLen"]]}

_longest := {"longest": tokens, "bounded_by": [["spec", "inputs", "schema", "maxTokens"]]} if {
	tokens := input.descriptor.spec.inputs.schema.maxTokens
	tokens > 0
}

else := {"longest": tokens, "bounded_by": [["spec", "inputs", "schema", "maxTokens"], ["spec", "model", "maxModelLen"]]} if {
	tokens := input.descriptor.spec.model.maxModelLen
	tokens > 0
}
