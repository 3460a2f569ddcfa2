package psfpolicy.lib.guards_test

import data.psfpolicy.lib.guards

_section := ["spec", "inputs", "guards"]

_asked := {"detects": {"injection", "jailbreak"}, "actions": {"block", "escalate"}}

_scanning(source) := object.union(_asked, {"scans": source})

_guard := {"name": "g", "evaluation": "evals/g", "detects": ["injection"], "action": "block", "onPath": true, "failClosed": true}

_but(changes) := object.union(_guard, changes)

_without(key) := object.remove(_guard, [key])

_answer(listed) := guards.answer(_section, listed, _asked)

_brief(listed) := [found.path, found.status] if found := _answer(listed)

test_no_guard_fails_at_the_section if _answer([]) == {
	"path": _section,
	"status": "fail",
	"message": concat("; ", [
		"no guard in `spec.inputs.guards` detects `injection` or `jailbreak`",
		"wanted: one with action `block` or `escalate`, `onPath: true` and `failClosed: true`",
	]),
	"reads": [_section],
}

test_no_candidate_fails_at_the_section_and_reads_what_each_guard_detects if {
	guards.answer(_section, [_but({"detects": ["pii"]})], _scanning("user")) == {
		"path": _section,
		"status": "fail",
		"message": concat("; ", [
			"no guard in `spec.inputs.guards` detects `injection` or `jailbreak` and scans `user`",
			"wanted: one with action `block` or `escalate`, `onPath: true` and `failClosed: true`",
		]),
		"reads": [array.concat(_section, [0, "detects"]), array.concat(_section, [0, "scans"])],
	}
}

test_a_guard_that_counts_in_full_passes if _answer([_guard]) == {
	"path": array.concat(_section, [0]),
	"status": "pass",
	"message": "guard `g` detects `injection` with action `block`, on the path, failing closed",
	"reads": [array.concat(_section, [0, key]) | some key in ["detects", "action", "onPath", "failClosed", "model", "evaluation"]],
}

test_each_shortfall_is_partial if {
	_brief([_but({"action": "flag"})]) == [array.concat(_section, [0]), "partial"]
	_brief([_but({"failClosed": false})]) == [array.concat(_section, [0]), "partial"]
	_brief([_without("action")]) == [array.concat(_section, [0]), "partial"]
	_brief([_without("onPath")]) == [array.concat(_section, [0]), "partial"]
	_brief([_without("failClosed")]) == [array.concat(_section, [0]), "partial"]
}

test_a_guard_off_the_path_does_not_count if _brief([_but({"onPath": false})]) == [array.concat(_section, [0]), "fail"]

test_the_best_candidate_decides_and_the_first_of_equals if {
	_brief([_but({"onPath": false}), _but({"action": "flag"}), _guard, _guard]) == [array.concat(_section, [2]), "pass"]
}

test_shortfalls_are_named_in_one_order if {
	_answer([_but({"action": "flag", "onPath": false, "failClosed": false})]).message == concat("; ", [
		"guard `g` fails open, has action `flag` and is off the path",
		"wanted: action `block` or `escalate`, `onPath: true` and `failClosed: true`",
	])
}

test_candidates_detect_what_is_asked if guards.candidates([_but({"detects": ["pii"]}), _guard], _asked) == {1}

test_a_guard_that_detects_nothing_is_no_candidate if guards.candidates([_but({"detects": []}), _without("detects")], _asked) == set()

test_a_guard_that_does_not_say_what_it_scans_reads_user_input if {
	guards.candidates([_guard], _scanning("user")) == {0}
	guards.candidates([_guard], _scanning("retrieved")) == set()
	guards.candidates([_but({"scans": ["retrieved"]})], _scanning("retrieved")) == {0}
	guards.candidates([_but({"scans": ["retrieved"]})], _scanning("user")) == set()
	guards.candidates([_but({"scans": []})], _scanning("user")) == set()
}

_modelled(facts) := object.union(_without("evaluation"), object.union({"model": "m", "catalogue": {"title": "M", "detects": ["injection"]}}, facts))

_reading(facts) := object.union(_modelled({}), object.union({"catalogue": {"title": "M", "detects": ["injection"], "context_tokens": 512}}, facts))

test_a_guard_whose_model_is_known_for_it_counts if _brief([_modelled({})]) == [array.concat(_section, [0]), "pass"]

test_a_guard_whose_model_is_known_for_something_else_does_not_count if {
	found := _answer([_modelled({"catalogue": {"title": "M", "detects": ["pii"]}})])
	found.status == "fail"
	found.message == concat("; ", [
		"guard `g` runs M, which is not known to detect `injection` or `jailbreak`, and names no `evaluation`",
		"wanted: action `block` or `escalate`, `onPath: true` and `failClosed: true`",
	])
}

test_a_detection_that_the_guard_does_not_name_is_not_its_own if {
	_brief([_modelled({"catalogue": {"title": "M", "detects": ["jailbreak"]}})]) == [array.concat(_section, [0]), "fail"]
}

test_a_guard_that_was_measured_here_counts_whatever_its_model_is_known_for if {
	measured := _modelled({"catalogue": {"title": "M", "detects": ["pii"]}, "evaluation": "evals/g"})
	_brief([measured]) == [array.concat(_section, [0]), "pass"]
}

test_a_guard_whose_model_is_not_known_counts_in_part if {
	found := _answer([object.union(_without("evaluation"), {"model": "m"})])
	found.status == "partial"
	startswith(found.message, "guard `g` runs `m`, which the catalogue does not know, and names no `evaluation`; ")
	unnamed := _answer([_without("evaluation")])
	unnamed.status == "partial"
	startswith(unnamed.message, "guard `g` names no `model`, and names no `evaluation`; ")
}

test_a_guard_that_reads_less_than_comes_in_counts_in_part if {
	found := _answer([_reading({"longest": 513})])
	found.status == "partial"
	startswith(found.message, "guard `g` reads 512 tokens of 513 without `chunking: true`; ")
	_brief([_reading({"longest": 512})]) == [array.concat(_section, [0]), "pass"]
	_brief([_reading({"longest": 513, "chunking": true})]) == [array.concat(_section, [0]), "pass"]
	_brief([_reading({"longest": 513, "chunking": false})]) == [array.concat(_section, [0]), "partial"]
	_brief([_reading({"longest": null})]) == [array.concat(_section, [0]), "partial"]
}

test_a_guard_of_outputs_is_not_asked_how_much_it_reads if _brief([_reading({})]) == [array.concat(_section, [0]), "pass"]
