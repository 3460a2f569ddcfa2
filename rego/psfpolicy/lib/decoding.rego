# METADATA
# title: Decoding
# description: |
#   Whether a library constrains what the model may emit.
#   A model fine-tuned to answer in a form is trained towards it, and nothing holds it there.
package psfpolicy.lib.decoding

_unconstrained := {"none", "fine-tuned"}

# constrained decoding is declared, with a library that enforces it.
constrained(descriptor) if {
	library := descriptor.spec.outputs.constrainedDecoding.library
	not library in _unconstrained
}
