package psfpolicy.controls.deploy.rollback_test

import data.psfpolicy.controls.deploy.rollback as control
import data.psfpolicy.lib.outcome

_path := ["spec", "release", "rollback"]

_reads := [array.concat(_path, [key]) | some key in ["target", "minutes", "lastTested"]]

_input(rollback) := {"today": "2026-11-21", "descriptor": {"spec": {"release": {"rollback": rollback}}}}

_rollback := {"target": "previous-weights", "minutes": 60, "lastTested": "2026-05-25"}

_but(changes) := _input(object.union(_rollback, changes))

test_pass_at_60_minutes_tested_180_days_ago if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "rollback to `previous-weights` takes 60 minutes and was last tested on `2026-05-25`, 180 days ago",
		"reads": _reads,
	}} with input as _but({})
}

test_pass_when_tested_tomorrow_by_another_clock if {
	outcome.is(control, [[_path, "pass"]]) with input as _but({"lastTested": "2026-11-22"})
}

test_partial_at_61_minutes if {
	outcome.is(control, [[_path, "partial"]]) with input as _but({"minutes": 61})
	outcome.is(control, [[_path, "partial"]]) with input as _but({"minutes": 60.5})
}

test_partial_when_tested_181_days_ago if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": concat("", [
			"rollback to `previous-weights` takes 60 minutes and was last tested on `2026-05-24`, 181 days ago",
			"; wanted: `minutes` at most 60, and `lastTested` within 180 days",
		]),
		"reads": _reads,
	}} with input as _but({"lastTested": "2026-05-24"})
}

test_partial_with_a_target_only if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": concat("", [
			"rollback to `previous-weights` does not say how long it takes and was never tested",
			"; wanted: `minutes` at most 60, and `lastTested` within 180 days",
		]),
		"reads": _reads,
	}} with input as _input({"target": "previous-weights"})
}

test_fail_when_the_test_lies_in_the_future if {
	outcome.is(control, [[_path, "fail"]]) with input as _but({"lastTested": "2026-11-23"})
}

test_fail_without_a_target_that_names_something if {
	outcome.is(control, [[_path, "fail"]]) with input as _input(object.remove(_rollback, ["target"]))
	outcome.is(control, [[_path, "fail"]]) with input as _but({"target": "none"})
}

test_absent_rollback_fails_at_its_key if {
	outcome.is(control, [[_path, "fail"]]) with input as {"today": "2026-11-21", "descriptor": {"spec": {}}}
}
