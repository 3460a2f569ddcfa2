package psfpolicy.lib.halves_test

import data.psfpolicy.lib.halves

_thing(name, met) := {"path": [name], "met": met, "pass": "is there", "fail": "is not", "reads": []}

_statuses(things) := {[finding.path[0], finding.status, finding.message] | some finding in halves.findings(things)}

test_what_is_met_passes if _statuses({_thing("a", true)}) == {["a", "pass", "is there"]}

test_what_is_not_met_is_partial_beside_as_many_that_are if {
	_statuses({_thing("a", true), _thing("b", false)}) == {["a", "pass", "is there"], ["b", "partial", "is not"]}
}

test_what_is_not_met_fails_beside_fewer_that_are if {
	_statuses({_thing("a", true), _thing("b", false), _thing("c", false)}) == {
		["a", "pass", "is there"],
		["b", "fail", "is not"],
		["c", "fail", "is not"],
	}
}

test_nothing_met_fails if _statuses({_thing("a", false)}) == {["a", "fail", "is not"]}
