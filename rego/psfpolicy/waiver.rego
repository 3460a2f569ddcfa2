# METADATA
# title: Waivers
# description: |
#   Marks the findings that a waiver covers. The host hands over only waivers that are valid on the as-of date,
#   as {id, control, path}; the path is that of the one finding which the waiver was granted for.
#   An error is never waived, nor is a control whose metadata says waivable: false.
package psfpolicy.waiver

import data.psfpolicy.evidence
import data.psfpolicy.profiles
import data.psfpolicy.registry

# covered are the controls that a waiver speaks of.
covered contains id if some id, _ in _by_control

# all_marked are the answers of a control; most have no waiver, and are not looked at one by one.
all_marked(id, answers) := [marked(id, answer) | some answer in answers] if {
	covered[id]
} else := answers

# marked adds the id of the waiver that covers an answer; the first by id, where several do.
marked(id, answer) := object.union(answer, {"waiver": min(ids)}) if {
	ids := _covering(id, answer)
	count(ids) > 0
}

marked(id, answer) := answer if count(_covering(id, answer)) == 0

_covering(id, answer) := {waiver.id |
	some waiver in _by_control[id]
	answer.status in ["fail", "partial"]
	waiver.path == answer.path
}

# undeclared are the things that manifests show and the descriptor does not mention, with the waiver that covers each.
undeclared[index] := thing if {
	some index, thing in evidence.undeclared
	count(_excusing(index)) == 0
}

undeclared[index] := object.union(thing, {"waiver": min(ids)}) if {
	some index, thing in evidence.undeclared
	ids := _excusing(index)
	count(ids) > 0
}

_excusing(index) := {waiver.id |
	some waiver in _by_control["evidence-undeclared"]
	waiver.path == ["facts", "evidence", index]
}

_by_control[waiver.control] contains waiver if {
	some waiver in input.waivers
	control := waiver.control
	not unwaivable[control]
}

# unwaivable are the controls that no waiver covers.
unwaivable contains id if some id in input.parameters.unwaivable

unwaivable contains id if some id in profiles.unwaivable

unwaivable contains id if {
	some folder, names in registry.exports
	some name, exports in names
	some link in exports.metadata
	link.annotations.custom.waivable == false
	id := concat("-", [folder, replace(name, "_", "-")])
}
