package psfpolicy.controls.oversight.override_test

import data.psfpolicy.controls.oversight.override as control
import data.psfpolicy.lib.outcome

_path := ["spec", "oversight", "override"]

_keys := [
	["spec", "oversight", "override", "available"],
	["spec", "oversight", "override", "logged"],
	["spec", "oversight", "contestability"],
]

_reads := array.concat(_keys, [["spec", "oversight", "decisions", 0, key] | some key in ["autonomy", "affectsRights"]])

_wanted := "wanted: `available: true` and `logged: true` in `override`, and `contestability` where rights are affected"

_rightless := {"name": "note", "autonomy": "L1", "affectsRights": false}

_affecting := {"name": "loan", "autonomy": "L1", "affectsRights": true}

_full := {"override": {"available": true, "logged": true}, "contestability": "docs/appeals.md", "decisions": [_affecting]}

_but(changes) := object.union(_full, changes)

test_pass_when_available_logged_and_contestable if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "an override is available and logged, decisions can be contested, and `loan` may affect rights",
		"reads": _reads,
	}} with input.descriptor.spec.oversight as _full
}

test_pass_without_contestability_when_no_decision_affects_rights if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "an override is available and logged, no way to contest one is asked for, and no decision affects rights",
		"reads": _reads,
	}} with input.descriptor.spec.oversight as object.remove(_but({"decisions": [_rightless]}), ["contestability"])
}

test_pass_when_contestable_without_a_list_of_decisions if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec.oversight as object.remove(_full, ["decisions"])
}

test_partial_when_not_logged if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": $"in `spec.oversight`, `override.logged` is `false`; {_wanted}",
		"reads": _reads,
	}} with input.descriptor.spec.oversight as _but({"override": {"available": true, "logged": false}})
}

test_partial_when_logging_is_not_said if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.oversight as object.union(
		object.remove(_full, ["override"]),
		{"override": {"available": true}},
	)
}

test_partial_when_rights_are_affected_and_nothing_can_be_contested if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": $"in `spec.oversight`, `contestability` is missing (`loan` may affect rights); {_wanted}",
		"reads": _reads,
	}} with input.descriptor.spec.oversight as object.remove(_full, ["contestability"])
}

test_partial_when_the_way_to_contest_is_called_none if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.oversight as _but({"contestability": "none"})
}

test_partial_when_the_effect_on_rights_is_not_said_and_nothing_can_be_contested if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.oversight as object.remove(
		_but({"decisions": [_rightless, object.remove(_affecting, ["affectsRights"])]}),
		["contestability"],
	)
}

test_partial_without_decisions_or_contestability if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.oversight as object.remove(
		_but({"decisions": []}),
		["contestability"],
	)
}

test_fail_when_not_available if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.oversight as _but({"override": {"available": false}})
}

test_fail_when_logged_without_being_available if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.oversight as object.union(
		object.remove(_full, ["override"]),
		{"override": {"logged": true}},
	)
}

test_not_applicable_when_every_decision_is_l0 if {
	outcome.not_applicable(control, _path) with input.descriptor.spec.oversight.decisions as [
		{"name": "a", "autonomy": "L0"},
		{"name": "b", "autonomy": "L0"},
	]
}

test_applies_when_one_decision_has_no_level if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec.oversight as _but({"decisions": [
		{"name": "a", "autonomy": "L0"},
		{"name": "b"},
	]})
}

test_absent_section_fails_at_the_key if {
	lacking := "`contestability` is missing (no decision is listed), `override.available` is missing and `override.logged` is missing"
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": $"in `spec.oversight`, {lacking}; {_wanted}",
		"reads": array.concat(_keys, [["spec", "oversight", "decisions"]]),
	}} with input.descriptor as {"spec": {}}
}
