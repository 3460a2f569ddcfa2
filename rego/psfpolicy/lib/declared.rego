# METADATA
# title: Declared
# description: Whether a text of the descriptor names something.
package psfpolicy.lib.declared

# named says that a text names something: it is not blank, and is not the word that says there is none.
named(text) if not trim_space(text) in {"", "none"}
