# METADATA
# title: Text
# description: Lists in messages, in one order whatever the order of their parts, with commas and one last word.
package psfpolicy.lib.text

# all_of a set or array of names: in backquotes, joined by "and"; "none" when it is empty.
all_of(names) := _or_none(_series(_quoted(names), "and"))

# one_of a set or array of names: in backquotes, joined by "or".
one_of(names) := _series(_quoted(names), "or")

# joined phrases of a set or array: as they are, joined by "and".
joined(phrases) := _series(sort(phrases), "and")

# wish is what to write, for a message of what is not met; nothing for one of what is.
wish(true, _) := ""

wish(false, wanted) := $"; wanted: {wanted}"

# lower_case of a text, in ASCII. In WebAssembly a text with capitals takes as long as a hundred lookups: ask last.
lower_case(text) := text if {
	trim_left(text, _without_capitals) == ""
} else := strings.replace_n(_lower, text)

# What names are written with, the most frequent first.
_without_capitals := "eaiorntls-cdmpughby.fvkw/0123456789zxqj_: "

# same says that two texts differ at most in the capitals of ASCII.
same(text, text)

same(one, other) if {
	one != other
	count(one) == count(other)
	lower_case(one) == lower_case(other)
}

_quoted(names) := sort([$"`{name}`" | some name in names])

_or_none(series) := series if {
	series != ""
} else := "none"

_series(items, word) := "" if {
	items == []
} else := only if {
	[only] := items
} else := $"{one} {word} {other}" if {
	[one, other] := items
} else := $"{concat(", ", array.slice(items, 0, last))} {word} {items[last]}" if {
	last := count(items) - 1
}

_lower := {
	"A": "a", "B": "b", "C": "c", "D": "d", "E": "e", "F": "f", "G": "g", "H": "h", "I": "i",
	"J": "j", "K": "k", "L": "l", "M": "m", "N": "n", "O": "o", "P": "p", "Q": "q", "R": "r",
	"S": "s", "T": "t", "U": "u", "V": "v", "W": "w", "X": "x", "Y": "y", "Z": "z",
}
