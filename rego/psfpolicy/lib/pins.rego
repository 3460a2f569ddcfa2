# METADATA
# title: Pins
# description: |
#   What names one thing for good, as far as its text can show: a commit, a digest, a release, an image, a dated version.
#   Each is true or undefined.
package psfpolicy.lib.pins

# commit is a full Git commit; forty zeros is how Git writes "none".
commit(text) if {
	count(text) == 40
	_hexadecimal(text)
}

# digest is a SHA-256 in hexadecimal.
digest(text) if {
	count(text) == 64
	_hexadecimal(text)
}

# fixed is an item with a revision that is a commit or a digest.
fixed(item) if commit(item.revision)

fixed(item) if digest(item.revision)

# release is a number of some kind (0.33.0, 24.08-py3, b4321), no name that moves on and no range of versions.
release(text) if {
	some digit in _digits
	contains(text, digit)
	every name in _moving { not contains(text, name) }
}

# digested is a container image with a digest.
digested(text) if {
	[name, hash] := split(text, "@sha256:")
	name != ""
	digest(hash)
}

# image is a container image with a digest, or with a tag that is a release. A port of the registry is no tag.
image(text) if digested(text)

image(text) if {
	not contains(text, "@")
	steps := split(text, "/")
	[_, tag] := split(steps[count(steps) - 1], ":")
	release(tag)
}

# dated is a version that holds a date as providers write one: 2024-08-06, 20241022, 08-2024, 2411 or 0613.
dated(text) if {
	some part in _parts(text)
	_dated_part(part)
}

dated(text) if {
	parts := _parts(text)
	some place, year in parts
	_year(year)
	some beside, month in parts
	abs(beside - place) == 1
	_months[month]
}

_digits := {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}

_moving := {"latest", "nightly", "main", "master", "*", "<", ">", "^", "~", ".x", " or "}

_months := _two_digits(12)

_days := _two_digits(31)

# "01" to the last.
_two_digits(last) := {text |
	some number in numbers.range(101, 100 + last)
	text := substring($"{number}", 1, 2)
}

_parts(text) := split(strings.replace_n({"_": "-", ".": "-", ":": "-", "@": "-", "/": "-"}, text), "-")

# YYYYMMDD
_dated_part(part) if {
	count(part) == 8
	_year(substring(part, 0, 4))
	_months[substring(part, 4, 2)]
	_days[substring(part, 6, 2)]
}

# YYMM
_dated_part(part) if {
	count(part) == 4
	_year($"20{substring(part, 0, 2)}")
	_months[substring(part, 2, 2)]
}

# MMDD
_dated_part(part) if {
	count(part) == 4
	_months[substring(part, 0, 2)]
	_days[substring(part, 2, 2)]
}

# 2020 to 2039: the years in which there have been and will be models to pin.
_year(text) if {
	count(text) == 4
	substring(text, 0, 2) == "20"
	substring(text, 2, 1) in ["2", "3"]
	_digits[substring(text, 3, 1)]
}

_hexadecimal(text) if {
	trim(text, "0123456789abcdefABCDEF") == ""
	trim(text, "0") != ""
}
