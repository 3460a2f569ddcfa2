# METADATA
# title: Said
# description: |
#   What is said at a path below an object, be it the descriptor or a section of it, and how a message words it.
package psfpolicy.lib.said

import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.text

# at is the value at a path, or that it is missing. For texts, flags and whole numbers, not for decimals.
at(whole, path) := $"`{concat(".", path)}` is `{value}`" if {
	value := object.get(whole, path, null)
	value != null
} else := $"`{concat(".", path)}` is missing"

# figure is the same for a decimal.
figure(whole, path) := $"`{concat(".", path)}` is `{shown}`" if {
	value := object.get(whole, path, null)
	value != null
	shown := numbers.shown(value)
} else := at(whole, path)

# named says that the text at a path names something: it is there, and is no word for nothing.
named(whole, path) if {
	word := trim(object.get(whole, path, ""), _marks)
	not _is_nothing(word)
}

_is_nothing(word) if _nothing[word]

# Letters are made small only where the text is as long as one of those words, and begins and ends like one.
_is_nothing(word) if {
	last := _last[count(word)]
	_begins[substring(word, 0, 1)]
	_ends[substring(word, last, 1)]
	_nothing[text.lower_case(word)]
}

# unnamed is what keeps a text from counting: a set of one phrase, or of none where it names something.
unnamed(whole, path) := set() if {
	named(whole, path)
} else := {at(whole, path)}

# untrue is the same for a flag, which counts when it is true.
untrue(whole, path) := set() if {
	object.get(whole, path, false) == true
} else := {at(whole, path)}

# What stands around a word, and names nothing by itself; the last of them have no width.
_marks := " \t\r\n-–—_.…,;:!?*~/\\|+=@#&%^$<>()[]{}\"'`\u00a0\u00ad\u200b\u200c\u200d\u2060\ufeff"

_nothing := {
	"", "disabled", "false", "n.a", "n/a", "never", "nil", "no", "none", "not applicable", "nothing", "null", "off", "tba", "tbc",
	"tbd", "todo", "unknown",
}

# Where the last letter of such a word is, by its length.
_last := {2: 1, 3: 2, 4: 3, 5: 4, 7: 6, 8: 7, 14: 13}

_begins := {"D", "F", "N", "O", "T", "U", "d", "f", "n", "o", "t", "u"}

_ends := {"A", "C", "D", "E", "F", "G", "L", "N", "O", "R", "a", "c", "d", "e", "f", "g", "l", "n", "o", "r"}
