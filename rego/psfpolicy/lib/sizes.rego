# METADATA
# title: Sizes
# description: Bytes in whole numbers, and how a message words them; decimal GB, as accelerators are sold.
package psfpolicy.lib.sizes

# most bytes that are reckoned with, a petabyte: above it the engines no longer calculate alike.
most := 1000000000000000

# bounded is a number of bytes, the most where it is above.
bounded(bytes) := min({bytes, most})

# quotient of whole numbers a >= 0 and b > 0, rounded down.
quotient(a, b) := (a - (a % b)) / b

# ceiling is that quotient rounded up.
ceiling(a, b) := quotient(a + (b - 1), b)

# gigabytes of a number of bytes >= 0, as text, to three places without trailing zeros; bytes where those would say nothing.
gigabytes(bytes) := $"{bytes} bytes" if {
	bytes > 0
	bytes < 500000
} else := $"{_decimal(quotient(bytes + 500000, 1000000))} GB"

# missing is how far a number of bytes below zero is from zero, as text.
missing(bytes) := gigabytes(0 - bytes)

# A number of thousandths as a decimal.
_decimal(thousandths) := concat("", [$"{quotient(thousandths, 1000)}", _point(digits), digits]) if {
	rest := thousandths % 1000
	digits := trim_right(substring($"{1000 + rest}", 1, 3), "0")
}

_point("") := ""

_point(digits) := "." if digits != ""
