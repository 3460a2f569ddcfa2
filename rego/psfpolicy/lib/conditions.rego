# METADATA
# title: Conditions
# description: |
#   Whether the condition of an advisory holds for a descriptor: met, unmet, or undecided, where a key that it reads is missing
#   or where what it asks cannot be read from a descriptor. A word for nothing, such as `none`, is no value.
package psfpolicy.lib.conditions

import data.psfpolicy.lib.said

# verdict on the condition of a row, for a descriptor and what is known of its model: {family, takes, gives}, "" where it is not;
# takes and gives are "text", or "more" than that.
verdict(row, descriptor, model) := "unmet" if "unmet" in _parts(row, descriptor, model)

else := "met" if {
	count(_parts(row, descriptor, model) - {"met"}) == 0
	not row.whole == false
}

else := "undecided"

# reads are the paths that the condition of a row looks at.
reads(row) := {path | some part in row.when; path := part.path} | {["spec", "model", key] |
	some part in row.when
	not part.path
	some key in ["id", "base"]
}

_parts(row, descriptor, model) := {_part(part, object.get(descriptor, object.get(part, "path", []), null), model) | some part in row.when}

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

_part(part, value, _) := _answer[_absent(value) == part.absent] if is_boolean(part.absent)

_part(part, _, model) := _answer[model.family in part.family] if {
	part.family
	model.family != ""
}

_part(part, _, model) := _answer[model[key] == part[key]] if {
	some key in ["takes", "gives"]
	part[key]
	model[key] != ""
}

default _absent(_) := false

_absent(value) if value == null

_absent(value) if {
	is_string(value)
	not said.named({"value": value}, ["value"])
}

_answer := {true: "met", false: "unmet"}
