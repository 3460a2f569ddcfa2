# METADATA
# title: Versions
# description: |
#   Versions as arrays of integers, four at least, so that they compare as numbers and not as text.
#   What is before a release (`0.22.0rc1`, `0.22.0-beta`, `0.23.0.dev12`) is not that release: it has no numbers, and counts as
#   unknown. So does a build by somebody else (`0.21.0+acme.8`), which may have the fix of a later one; its maker's own for a kind
#   of accelerator (`+cu128`, `+rocm641`, `+cpu`) is the release.
package psfpolicy.lib.versions

# numbers of a version: `v0.33.0`, `0.33.0.post1`, `0.33.0+cu128`, `b4567`, `26.07-py3`. Undefined for another text.
numbers(version) := _padded([_number(part) | some part in parts]) if {
	parts := _parts(_core(version))
	count(parts) > 0
	every part in parts { _digits(part) }
}

# With zeros at the end, so that 0.11 is 0.11.0.
_padded(parts) := array.concat(parts, [0 | some place in [1, 2, 3, 4]; place > count(parts)])

# within says that numbers lie in a range [first, end): an empty first is the beginning, a null end has none. Those of a range need
# no zeros at the end: of two arrays that begin alike the longer one is the greater.
within(numbers_, [first, end]) if {
	numbers_ >= first
	_below(numbers_, end)
}

_below(_, null)

_below(numbers_, end) if {
	is_array(end)
	numbers_ < end
}

# shown is an array of integers as a version of a scheme: a month has two digits.
shown(parts, scheme) := concat(".", [$"{part}" | some part in parts]) if scheme != "year-month"

shown(parts, "year-month") := $"{parts[0]}.{substring($"{100 + parts[1]}", 1, 2)}"

_core(version) := trim_suffix(core, "-py3") if {
	[core, build] := split($"{_bare(version)}+", "+")
	build == ""
}

_core(version) := core if {
	[core, build] := split(_bare(version), "+")
	some kind in ["cu", "rocm", "cpu", "xpu"]
	startswith(build, kind)
}

_bare(version) := trim_left(trim_space(version), "vVb")

# The numbers between the points, without the mark of a release that was built again.
_parts(core) := array.slice(parts, 0, last) if {
	parts := split(core, ".")
	last := count(parts) - 1
	_rebuilt(parts[last])
} else := split(core, ".")

_rebuilt(part) if {
	startswith(part, "post")
	_digits(trim_prefix(part, "post"))
}

# Nine digits fit every integer that both engines compare alike.
_digits(part) if {
	part != ""
	count(part) <= 9
	trim(part, "0123456789") == ""
}

# A leading zero is not JSON, so it must not reach to_number.
_number(part) := to_number(digits) + 0 if {
	digits := trim_left(part, "0")
	digits != ""
} else := 0
