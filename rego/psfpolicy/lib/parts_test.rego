package psfpolicy.lib.parts_test

import data.psfpolicy.lib.parts

_met := {"path": ["a"], "met": true, "message": "a is there", "reads": [["a"]]}

_unmet := {"path": ["b"], "met": false, "message": "b is missing", "reads": [["b"]]}

_other := {"path": ["c"], "met": false, "message": "c is missing", "reads": [["c"]]}

_found(thing, status) := {"path": thing.path, "status": status, "message": thing.message, "reads": thing.reads}

_answer(lacking) := parts.answer({
	"path": ["spec", "note"],
	"lacking": lacking,
	"of": 3,
	"met": "the note is whole",
	"wanted": "`a`, `b` and `c`",
	"reads": [["spec", "note", "a"]],
})

test_status_counts_what_is_lacking if {
	parts.status(set(), 2) == "pass"
	parts.status({"a"}, 2) == "partial"
	parts.status({"a", "b"}, 2) == "fail"
}

test_all_or_nothing_knows_no_partial if {
	parts.all_or_nothing(true) == "pass"
	parts.all_or_nothing(false) == "fail"
}

test_shortfall_asks_whether_anything_is_met if {
	parts.shortfall(set()) == "fail"
	parts.shortfall({"a"}) == "partial"
}

test_an_answer_lists_what_is_lacking_and_says_what_is_wanted if {
	_answer({"`b` is missing", "`a` is `false`", "`c` is `none`"}) == {
		"path": ["spec", "note"],
		"status": "fail",
		"message": "in `spec.note`, `a` is `false`, `b` is missing and `c` is `none`; wanted: `a`, `b` and `c`",
		"reads": [["spec", "note", "a"]],
	}
	_answer({"`b` is missing"}).status == "partial"
}

test_an_answer_without_shortfall_says_what_is_met if {
	_answer(set()) == {"path": ["spec", "note"], "status": "pass", "message": "the note is whole", "reads": [["spec", "note", "a"]]}
}

test_what_is_missing_beside_something_met_is_partial if {
	{finding | some finding in parts.findings({_met, _unmet, _other}, 1)} == {_found(_met, "pass"), _found(_unmet, "partial"), _found(_other, "partial")}
}

test_what_is_missing_beside_less_than_enough_fails if {
	{finding | some finding in parts.findings({_met, _unmet, _other}, 2)} == {_found(_met, "pass"), _found(_unmet, "fail"), _found(_other, "fail")}
}

test_what_is_missing_alone_fails if {finding | some finding in parts.findings({_unmet}, 1)} == {_found(_unmet, "fail")}

test_what_is_given_as_a_fail_fails_beside_anything if {
	{finding | some finding in parts.findings({_met, object.union(_unmet, {"status": "fail"})}, 1)} == {_found(_met, "pass"), _found(_unmet, "fail")}
}

test_nothing_wanted_gives_nothing if {finding | some finding in parts.findings(set(), 1)} == set()
