# METADATA
# title: Conditions
# description: |
#   Whether the condition of an advisory holds for a descriptor: met, unmet, or undecided, where a key that it reads is missing
#   or where what it asks cannot be read from a descriptor.
package psfpolicy.lib.conditions

# verdict on the condition of a row, for a descriptor and the family of its model ("" where that is not known).
verdict(row, descriptor, family) := "unmet" if "unmet" in _parts(row, descriptor, family)

verdict(row, descriptor, family) := "met" if {
	count(_parts(row, descriptor, family) - {"met"}) == 0
	not row.whole == false
}

verdict(row, descriptor, family) := "undecided" if {
	parts := _parts(row, descriptor, family)
	not "unmet" in parts
	not _decided(row, parts)
}

# reads are the paths that the condition of a row looks at.
reads(row) := {part.path | some part in row.when} | {["spec", "model", key] | some part in row.when; part.family; some key in ["id", "base"]}

_decided(row, parts) if {
	count(parts - {"met"}) == 0
	not row.whole == false
}

_parts(row, descriptor, family) := {_part(part, object.get(descriptor, object.get(part, "path", []), null), family) | some part in row.when}

# What cannot be read, or is asked in a way that is not known here, is not decided.
default _part(_, _, _) := "undecided"

_part(part, value, _) := _answer[value in part["in"]] if {
	part["in"]
	value != null
}

_part(part, value, _) := _answer[count({one | some one in value} & {one | some one in part.has}) > 0] if {
	part.has
	value != null
}

_part(part, value, _) := _answer[value > part.above] if {
	is_number(part.above)
	value != null
}

_part(part, value, _) := _answer[(value == null) == part.absent] if is_boolean(part.absent)

_part(part, _, family) := _answer[family in part.family] if {
	part.family
	family != ""
}

_answer := {true: "met", false: "unmet"}
