# METADATA
# title: Said
# description: |
#   What is said at a path below an object, be it the descriptor or a section of it, and how a message words it.
package psfpolicy.lib.said

import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.text

# at is the value at a path, or that it is missing. For texts, flags and whole numbers, not for decimals.
at(whole, path) := $"`{concat(".", path)}` is missing" if object.get(whole, path, null) == null

at(whole, path) := $"`{concat(".", path)}` is `{value}`" if {
	value := object.get(whole, path, null)
	value != null
}

# figure is the same for a decimal.
figure(whole, path) := at(whole, path) if object.get(whole, path, null) == null

figure(whole, path) := $"`{concat(".", path)}` is `{shown}`" if {
	value := object.get(whole, path, null)
	value != null
	shown := numbers.shown(value)
}

# named says that the text at a path names something: it is there, and is no word for nothing.
named(whole, path) if {
	word := trim(object.get(whole, path, ""), " \t\r\n-_.?*~/")
	_names(word)
}

# Letters are made small only where the text is as long as one of those words, and begins like one.
_names(word) if {
	length := count(word)
	not _lengths[length]
}

_names(word) if {
	_lengths[count(word)]
	first := substring(word, 0, 1)
	not _begins[first]
}

_names(word) if {
	_lengths[count(word)]
	_begins[substring(word, 0, 1)]
	small := text.lower_case(word)
	not _nothing[small]
}

# unnamed is what keeps a text from counting: a set of one phrase, or of none where it names something.
unnamed(whole, path) := {at(whole, path)} if not named(whole, path)

unnamed(whole, path) := set() if named(whole, path)

# untrue is the same for a flag, which counts when it is true.
untrue(whole, path) := {at(whole, path)} if not object.get(whole, path, false) == true

untrue(whole, path) := set() if object.get(whole, path, false) == true

_nothing := {
	"", "–", "—", "n/a", "never", "nil", "no", "none", "not applicable", "nothing", "null", "off", "tba", "tbd", "todo", "unknown",
}

_lengths := {count(word) | some word in _nothing}

_begins := {"", "–", "—", "N", "O", "T", "U", "n", "o", "t", "u"}
