package psfpolicy.controls.data.erasure_test

import data.psfpolicy.controls.data.erasure as control
import data.psfpolicy.lib.outcome

_path(key) := ["spec", "data", "erasure", key]

_stores := [{"name": "a", "kind": "logs"}, {"name": "b", "kind": "vector-store"}, {"name": "c", "kind": "logs"}]

_erasure := {"runbook": "docs/erasure.md", "covers": ["logs", "vector-store"], "lastTested": "2026-06-01"}

_but(changes) := _with(object.union(_erasure, changes))

_with(erasure) := {
	"descriptor": {"spec": {"data": {"categories": ["pii"], "stores": _stores, "erasure": erasure}}},
	"today": "2026-11-21",
}

_shared := [["spec", "data", "categories"], _path("runbook")]

test_pass_when_every_kind_of_store_is_covered_and_the_runbook_is_tested if {
	control.findings == {
		{
			"path": _path("covers"),
			"status": "pass",
			"message": "runbook `docs/erasure.md` covers every kind of store that is declared: `logs` and `vector-store`",
			"reads": array.flatten([
				_shared,
				[_path("covers")],
				[["spec", "data", "stores", index, "kind"] | some index in [0, 1, 2]],
			]),
		},
		{
			"path": _path("lastTested"),
			"status": "pass",
			"message": "runbook `docs/erasure.md` was last tested on `2026-06-01`, 173 days ago",
			"reads": array.concat(_shared, [_path("lastTested")]),
		},
	} with input as _with(_erasure)
	outcome.is(control, [[_path("covers"), "pass"], [_path("lastTested"), "pass"]]) with input as _with(_erasure)
}

test_pass_when_tested_365_days_ago if {
	outcome.is(control, [[_path("covers"), "pass"], [_path("lastTested"), "pass"]]) with input as _but({"lastTested": "2025-11-21"})
}

test_partial_when_tested_366_days_ago if {
	outcome.is(control, [[_path("covers"), "pass"], [_path("lastTested"), "partial"]]) with input as _but({"lastTested": "2025-11-20"})
}

test_partial_when_untested if {
	untested := object.remove(_erasure, ["lastTested"])
	outcome.is(control, [[_path("covers"), "pass"], [_path("lastTested"), "partial"]]) with input as _with(untested)
}

test_pass_when_tested_one_day_ahead if {
	outcome.is(control, [[_path("covers"), "pass"], [_path("lastTested"), "pass"]]) with input as _but({"lastTested": "2026-11-22"})
}

test_fail_when_tested_two_days_ahead if {
	outcome.is(control, [[_path("covers"), "pass"], [_path("lastTested"), "fail"]]) with input as _but({"lastTested": "2026-11-23"})
}

test_partial_when_one_kind_is_left_out if {
	outcome.is(control, [[_path("covers"), "partial"], [_path("lastTested"), "pass"]]) with input as _but({"covers": ["logs"]})
}

test_fail_when_only_what_is_not_stored_is_covered if {
	outcome.is(control, [[_path("covers"), "fail"], [_path("lastTested"), "pass"]]) with input as _but({"covers": ["cache"]})
}

test_fail_when_nothing_is_covered if {
	outcome.is(control, [[_path("covers"), "fail"], [_path("lastTested"), "pass"]]) with input as _with(object.remove(_erasure, ["covers"]))
}

test_fail_says_what_is_left_out_and_that_the_test_lies_ahead if {
	control.findings == {
		{
			"path": _path("covers"),
			"status": "fail",
			"message": concat("; ", [
				"runbook `docs/erasure.md` leaves out `logs` and `vector-store`",
				"wanted: `logs` and `vector-store` in `covers`",
			]),
			"reads": array.flatten([
				_shared,
				[_path("covers")],
				[["spec", "data", "stores", index, "kind"] | some index in [0, 1, 2]],
			]),
		},
		{
			"path": _path("lastTested"),
			"status": "fail",
			"message": "runbook `docs/erasure.md` was last tested on `2027-01-01`, which lies ahead; wanted: `lastTested` within 365 days",
			"reads": array.concat(_shared, [_path("lastTested")]),
		},
	} with input as _but({"covers": ["cache"], "lastTested": "2027-01-01"})
}

test_fail_when_the_runbook_is_called_none if {
	outcome.is(control, [[_path("runbook"), "fail"]]) with input as _but({"runbook": "None"})
}

test_fail_when_there_is_no_runbook if {
	outcome.is(control, [[_path("runbook"), "fail"]]) with input as _with(object.remove(_erasure, ["runbook"]))
}

test_pass_when_nothing_is_stored if {
	outcome.is(control, [[_path("covers"), "pass"], [_path("lastTested"), "pass"]]) with input as {
		"descriptor": {"spec": {"data": {"categories": ["pii"], "stores": [], "erasure": _erasure}}},
		"today": "2026-11-21",
	}
}

test_partial_when_the_stores_are_unknown if {
	outcome.is(control, [[_path("covers"), "partial"], [_path("lastTested"), "pass"]]) with input as {
		"descriptor": {"spec": {"data": {"categories": ["pii"], "erasure": _erasure}}},
		"today": "2026-11-21",
	}
}

test_fail_when_the_stores_are_unknown_and_nothing_is_covered if {
	outcome.is(control, [[_path("covers"), "fail"], [_path("lastTested"), "pass"]]) with input as {
		"descriptor": {"spec": {"data": {"categories": ["pii"], "erasure": object.union(_erasure, {"covers": []})}}},
		"today": "2026-11-21",
	}
}

test_not_applicable_when_no_personal_data_is_declared if {
	outcome.not_applicable(control, _path("runbook")) with input as {
		"descriptor": {"spec": {"data": {"categories": ["cardholder"], "stores": _stores}}},
		"today": "2026-11-21",
	}
}

test_absent_erasure_fails_at_the_runbook if {
	outcome.is(control, [[_path("runbook"), "fail"]]) with input as {"descriptor": {"spec": {}}, "today": "2026-11-21"}
}
