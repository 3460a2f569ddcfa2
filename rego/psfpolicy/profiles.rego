# METADATA
# title: Gate profiles
# description: |
#   What packs ask beside the gates: rows of the table `gates`, of which `input.parameters.profiles` names those that hold.
#   A profile is at least the gate that it extends, and only adds: nothing in a row takes away what another asks for.
#   The user's own rows of the catalogue have no say here. One that nobody knows leaves no verdict.
package psfpolicy.profiles

# named are the ids of those that are to hold.
named contains id if some id in input.parameters.profiles

# in_force are their rows, by id.
in_force[id] := row if {
	some id in named
	row := data.psfpolicy.catalogue.gates[id]
	_extended[row.extends]
}

# unknown are those that no pack has.
unknown contains id if {
	some id in named
	not in_force[id]
}

# level is the least gate of ours that holds: the one that is asked for, or the highest that a profile extends.
level := input.gate if count(in_force) == 0

level := _levels[max(heights)] if {
	count(in_force) > 0
	asked := _height[input.gate]
	heights := {_height[row.extends] | some row in in_force} | {asked}
}

_levels := ["advisory", "baseline", "standard", "strict"]

_height := {gate: height | some height, gate in _levels}

_extended := {"baseline", "standard", "strict"}

# thresholds are the least scores of domains that they ask for.
thresholds[domain] contains score if {
	some row in in_force
	some domain, score in row.thresholds
}

# must_pass, must_be_evidenced and unwaivable are the ids of controls that they name so.
must_pass contains id if {
	some row in in_force
	some id in row.must_pass
}

must_be_evidenced contains id if {
	some row in in_force
	some id in row.must_be_evidenced
}

unwaivable contains id if {
	some row in in_force
	some id in row.unwaivable
}

# holding are pairs of a status and a severity: a control of both holds the gate.
holding contains [status, severity] if {
	some row in in_force
	some status in ["fail", "partial"]
	some severity in row.holds[status]
}
