package psfpolicy.controls.security.red_team_test

import data.psfpolicy.controls.security.red_team as control
import data.psfpolicy.lib.outcome

_path := ["spec", "security", "redTeam"]

_reads := [array.concat(_path, [key]) | some key in ["lastRun", "beforeRelease"]]

_wanted := "wanted: `lastRun` within 180 days, and `beforeRelease: true`"

_input(team) := {"today": "2026-11-21", "descriptor": {"spec": {"security": {"redTeam": team}}}}

test_pass_when_run_180_days_ago_and_before_each_release if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "the red team's suite was last run on `2026-05-25`, 180 days ago, and `beforeRelease` is `true`",
		"reads": _reads,
	}} with input as _input({"lastRun": "2026-05-25", "beforeRelease": true})
}

test_pass_when_run_tomorrow_by_another_clock if {
	outcome.is(control, [[_path, "pass"]]) with input as _input({"lastRun": "2026-11-22", "beforeRelease": true})
}

test_partial_when_run_181_days_ago if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": $"the red team's suite was last run on `2026-05-24`, 181 days ago, and `beforeRelease` is `true`; {_wanted}",
		"reads": _reads,
	}} with input as _input({"lastRun": "2026-05-24", "beforeRelease": true})
}

test_partial_when_never_run_though_promised if {
	outcome.is(control, [[_path, "partial"]]) with input as _input({"beforeRelease": true})
}

test_partial_when_not_run_before_each_release if {
	outcome.is(control, [[_path, "partial"]]) with input as _input({"lastRun": "2026-11-21", "beforeRelease": false})
	outcome.is(control, [[_path, "partial"]]) with input as _input({"lastRun": "2026-11-21"})
}

test_partial_when_the_date_cannot_be_read if {
	outcome.is(control, [[_path, "partial"]]) with input as _input({"lastRun": "soon", "beforeRelease": true})
}

test_fail_when_stale_and_not_before_each_release if {
	outcome.is(control, [[_path, "fail"]]) with input as _input({"lastRun": "2025-05-24", "beforeRelease": false})
}

test_fail_when_run_in_the_future if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": $"the red team's suite was last run on `2026-11-23`, which lies ahead, and `beforeRelease` is `true`; {_wanted}",
		"reads": _reads,
	}} with input as _input({"lastRun": "2026-11-23", "beforeRelease": true})
}

test_absent_section_fails_at_its_key if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": $"the red team's suite was never run, and `beforeRelease` is missing; {_wanted}",
		"reads": _reads,
	}} with input as {"today": "2026-11-21", "descriptor": {"spec": {}}}
}
