# METADATA
# title: Said
# description: |
#   What is said at a path below an object, be it the descriptor or a section of it, and how a message words it.
package psfpolicy.lib.said

import data.psfpolicy.lib.text

# at is the value at a path, or that it is missing. For texts, flags and whole numbers, not for decimals.
at(whole, path) := $"`{concat(".", path)}` is missing" if object.get(whole, path, null) == null

at(whole, path) := $"`{concat(".", path)}` is `{value}`" if {
	value := object.get(whole, path, null)
	value != null
}

# named says that the text at a path names something: it is there, and is no word for nothing.
named(whole, path) if {
	word := trim(text.lower_case(object.get(whole, path, "")), " \t\r\n-_.?*~/")
	not _nothing[word]
}

# unnamed is what keeps a text from counting: a set of one phrase, or of none where it names something.
unnamed(whole, path) := {at(whole, path)} if not named(whole, path)

unnamed(whole, path) := set() if named(whole, path)

# untrue is the same for a flag, which counts when it is true.
untrue(whole, path) := {at(whole, path)} if not object.get(whole, path, false) == true

untrue(whole, path) := set() if object.get(whole, path, false) == true

_nothing := {
	"", "n/a", "na", "never", "nil", "no", "none", "not applicable", "nothing", "null", "off", "tba", "tbd", "todo", "unknown",
}
