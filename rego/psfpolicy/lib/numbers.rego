# METADATA
# title: Numbers
# description: Integer arithmetic that both engines agree on, and the printing of decimals, which they do not.
package psfpolicy.lib.numbers

# half_up is a / b rounded half up, for integers a >= 0 and b > 0.
half_up(a, b) := floor(((2 * a) + b) / (2 * b))

# millionths is a decimal as an integer number of millionths.
millionths(value) := round(value * 1000000)

# shown is a decimal of the input as text, to six places, without trailing zeros; "about" what six places make a whole number.
shown(value) := $"{value}" if {
	round(value) == value
} else := $"{_about(whole % 1000000)}{decimal(whole)}" if {
	whole := millionths(value)
}

# decimal is a whole number of millionths as text, without trailing zeros.
decimal(whole) := $"{_sign(whole)}{quotient}{_point(digits)}{digits}" if {
	size := abs(whole)
	remainder := size % 1000000
	quotient := (size - remainder) / 1000000
	digits := trim_right(substring($"{1000000 + remainder}", 1, 6), "0")
}

_about(0) := "about "

_about(remainder) := "" if remainder != 0

_point(digits) := "" if digits == ""

_point(digits) := "." if digits != ""

_sign(value) := "-" if value < 0

_sign(value) := "" if value >= 0
