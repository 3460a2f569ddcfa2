package psfpolicy.waiver_test

import data.psfpolicy.waiver

_path := ["spec", "inputs", "guards", 0]

_finding(status) := {"path": _path, "status": status, "message": "seen", "reads": []}

_waiver(id, path) := {"id": id, "control": "input-sample", "path": path}

_marked(status, waivers) := answer if {
	answer := waiver.marked("input-sample", _finding(status)) with input.waivers as waivers
		with data.psfpolicy.controls as {}
}

_covered_by(id, status) := object.union(_finding(status), {"waiver": id})

test_a_waiver_of_the_path_covers_a_fail_and_a_partial if {
	_marked("fail", [_waiver("w", _path)]) == _covered_by("w", "fail")
	_marked("partial", [_waiver("w", _path)]) == _covered_by("w", "partial")
}

test_a_waiver_of_no_place_covers_nothing_elsewhere if _marked("fail", [_waiver("w", [])]) == _finding("fail")

test_a_waiver_of_another_path_covers_nothing if {
	_marked("fail", [_waiver("w", ["spec", "inputs", "guards", 1])]) == _finding("fail")
	_marked("fail", [_waiver("w", ["spec", "inputs", "guards"])]) == _finding("fail")
}

test_a_waiver_of_another_control_covers_nothing if {
	_marked("fail", [{"id": "w", "control": "input-other", "path": _path}]) == _finding("fail")
}

test_an_error_is_never_covered if _marked("error", [_waiver("w", _path), _waiver("v", _path)]) == _finding("error")

test_what_passes_or_does_not_apply_needs_no_waiver if {
	_marked("pass", [_waiver("w", _path)]) == _finding("pass")
	_marked("not-applicable", [_waiver("w", _path)]) == _finding("not-applicable")
}

test_the_first_id_marks_where_several_cover if {
	_marked("fail", [_waiver("b", _path), _waiver("a", _path), _waiver("c", _path)]) == _covered_by("a", "fail")
}

test_no_waivers_mark_nothing if {
	_marked("fail", []) == _finding("fail")
	waiver.marked("input-sample", _finding("fail")) == _finding("fail") with input as {}
}

test_a_control_that_settings_protect_is_not_covered if {
	waiver.marked("input-sample", _finding("fail")) == _finding("fail") with input as {
		"waivers": [_waiver("w", _path)],
		"parameters": {"unwaivable": ["input-sample"]},
	}
		with data.psfpolicy.controls as {}
}

test_a_control_whose_metadata_forbids_it_is_not_covered if {
	chain := [{"annotations": {"custom": {"waivable": false}}}]
	waiver.marked("input-sample-control", _finding("fail")) == _finding("fail") with input.waivers as [{"id": "w", "control": "input-sample-control", "path": _path}]
		with data.psfpolicy.controls as {"input": {"sample_control": {"metadata": chain}}}
}

_shown := {0: {"severity": "critical", "message": "seen"}, 2: {"severity": "high", "message": "seen"}}

_undeclared(waivers, unwaivable) := things if {
	things := waiver.undeclared with data.psfpolicy.evidence.undeclared as _shown
		with input.waivers as waivers
		with input.parameters.unwaivable as unwaivable
		with data.psfpolicy.controls as {}
}

_of_fact(index) := [{"id": "w", "control": "evidence-undeclared", "path": ["facts", "evidence", index]}]

test_a_waiver_of_what_is_undeclared_covers_that_thing_alone if {
	_undeclared(_of_fact(2), []) == object.union(_shown, {2: object.union(_shown[2], {"waiver": "w"})})
	_undeclared(_of_fact(1), []) == _shown
	_undeclared([], []) == _shown
}

test_what_is_undeclared_is_not_covered_where_settings_protect_it if {
	_undeclared(_of_fact(2), ["evidence-undeclared"]) == _shown
}
