package psfpolicy.lib.conditions_test

import data.psfpolicy.lib.conditions

_path := ["spec", "x"]

_row(part) := {"when": [object.union({"path": _path}, part)], "whole": true}

_gemma := {"family": "gemma", "takes": "more", "gives": "text"}

_unknown := {"family": "", "takes": "", "gives": ""}

_told(part, value) := conditions.verdict(_row(part), {"spec": {"x": value}}, _gemma)

_untold(part) := conditions.verdict(_row(part), {"spec": {}}, _gemma)

test_a_value_is_one_of_those_asked_for if {
	_told({"in": [false]}, false) == "met"
	_told({"in": [false]}, true) == "unmet"
	_untold({"in": [false]}) == "undecided"
}

test_a_list_has_one_of_those_asked_for if {
	_told({"has": ["vision"]}, ["chat", "vision"]) == "met"
	_told({"has": ["vision"]}, ["chat"]) == "unmet"
	_untold({"has": ["vision"]}) == "undecided"
}

test_a_number_is_above_another if {
	_told({"above": 1}, 2) == "met"
	_told({"above": 1}, 1) == "unmet"
	_untold({"above": 1}) == "undecided"
}

test_a_key_is_absent_or_there if {
	_told({"absent": true}, "envoy") == "unmet"
	_untold({"absent": true}) == "met"
	_told({"absent": false}, "main") == "met"
	_untold({"absent": false}) == "unmet"
}

test_the_family_of_the_model_is_one_of_those_asked_for if {
	conditions.verdict({"when": [{"family": ["gemma"]}]}, {}, _gemma) == "met"
	conditions.verdict({"when": [{"family": ["llama"]}]}, {}, _gemma) == "unmet"
	conditions.verdict({"when": [{"family": ["gemma"]}]}, {}, _unknown) == "undecided"
}

test_the_model_takes_or_gives_more_than_text if {
	conditions.verdict({"when": [{"takes": "more"}]}, {}, _gemma) == "met"
	conditions.verdict({"when": [{"gives": "more"}]}, {}, _gemma) == "unmet"
	conditions.verdict({"when": [{"gives": "more"}]}, {}, _unknown) == "undecided"
}

test_a_word_for_nothing_is_no_value if {
	_told({"absent": true}, "none") == "met"
	_told({"absent": true}, " N/A ") == "met"
	_told({"absent": false}, "tbd") == "unmet"
	_told({"absent": false}, 0) == "met"
}

test_a_condition_that_is_not_whole_is_never_met if {
	conditions.verdict({"when": [], "whole": false}, {}, _unknown) == "undecided"
	conditions.verdict({"when": [{"path": _path, "in": [1]}], "whole": false}, {"spec": {"x": 1}}, _unknown) == "undecided"
	conditions.verdict({"when": [{"path": _path, "in": [1]}], "whole": false}, {"spec": {"x": 2}}, _unknown) == "unmet"
}

test_without_a_condition_it_is_met if conditions.verdict({}, {}, _unknown) == "met"

test_one_part_that_does_not_hold_is_enough_not_to if {
	row := {"when": [{"path": _path, "in": [1]}, {"path": ["spec", "y"], "in": [1]}], "whole": true}
	conditions.verdict(row, {"spec": {"x": 2}}, _unknown) == "unmet"
	conditions.verdict(row, {"spec": {"x": 1}}, _unknown) == "undecided"
}

test_a_part_that_is_not_understood_is_not_decided if _told({"near": 1}, 1) == "undecided"

test_reads_are_what_the_parts_look_at if {
	conditions.reads({"when": [{"path": _path, "in": [1]}, {"takes": "more"}]}) == {_path, ["spec", "model", "id"], ["spec", "model", "base"]}
}
