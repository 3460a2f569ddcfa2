package psfpolicy.lib.guards_test

import data.psfpolicy.lib.guards

_section := ["spec", "inputs", "guards"]

_guard := {"name": "g", "detects": ["injection"], "action": "block", "onPath": true, "failClosed": true}

_but(changes) := object.union(_guard, changes)

_answer(candidates) := guards.answer(
	_section,
	[{"index": index, "guard": guard} | some index, guard in candidates],
	{"injection"},
	{"block", "escalate"},
)

_brief(candidates) := [found.path, found.status] if found := _answer(candidates)

test_no_candidate_fails_at_the_section if _answer([]) == {
	"path": _section,
	"status": "fail",
	"message": "no guard in `spec.inputs.guards` detects `injection`; wanted: action `block` or `escalate`, onPath: true, failClosed: true",
	"reads": [_section],
}

test_a_guard_that_counts_in_full_passes if _answer([_guard]) == {
	"path": array.concat(_section, [0]),
	"status": "pass",
	"message": "guard `g` detects `injection` with action `block`, on the path, failing closed",
	"reads": [array.concat(_section, [0, key]) | some key in ["detects", "scans", "action", "onPath", "failClosed"]],
}

test_each_shortfall_is_partial if {
	_brief([_but({"action": "flag"})]) == [array.concat(_section, [0]), "partial"]
	_brief([_but({"failClosed": false})]) == [array.concat(_section, [0]), "partial"]
	_brief([object.remove(_guard, ["action"])]) == [array.concat(_section, [0]), "partial"]
	_brief([object.remove(_guard, ["onPath"])]) == [array.concat(_section, [0]), "partial"]
	_brief([object.remove(_guard, ["failClosed"])]) == [array.concat(_section, [0]), "partial"]
}

test_a_guard_off_the_path_does_not_count if _brief([_but({"onPath": false})]) == [array.concat(_section, [0]), "fail"]

test_the_best_candidate_decides_and_the_first_of_equals if {
	_brief([_but({"onPath": false}), _but({"action": "flag"}), _guard, _guard]) == [array.concat(_section, [2]), "pass"]
}

test_several_shortfalls_are_named_in_one_order if {
	_answer([_but({"action": "flag", "onPath": false, "failClosed": false})]).message == concat("", [
		"guard `g` fails open and has action `flag` and is off the path; ",
		"wanted: action `block` or `escalate`, onPath: true, failClosed: true",
	])
}

test_detecting_keeps_the_index_of_the_list if {
	guards.detecting([_but({"detects": ["pii"]}), _guard], {"injection", "jailbreak"}) == [{"index": 1, "guard": _guard}]
}

test_scanning_takes_an_unsaid_source_for_user_input if {
	silent := [{"index": 0, "guard": _guard}]
	retrieved := [{"index": 0, "guard": _but({"scans": ["retrieved"]})}]
	guards.scanning(silent, "user") == silent
	guards.scanning(silent, "retrieved") == []
	guards.scanning(retrieved, "retrieved") == retrieved
	guards.scanning(retrieved, "user") == []
}
