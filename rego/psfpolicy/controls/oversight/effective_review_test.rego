package psfpolicy.controls.oversight.effective_review_test

import data.psfpolicy.controls.oversight.effective_review as control
import data.psfpolicy.lib.outcome

_section := ["spec", "oversight", "decisions"]

_rate := ["spec", "oversight", "queue", "itemsPerReviewerHour"]

_sla := ["spec", "oversight", "queue", "slaMinutes"]

_test := ["spec", "oversight", "escalation", "lastTested"]

_queue := {"itemsPerReviewerHour": 60, "slaMinutes": 1}

_input(queue, date) := {"today": "2026-11-21", "descriptor": {"spec": {"oversight": {
	"queue": queue,
	"escalation": {"lastTested": date},
}}}}

test_pass_at_60_items_tested_180_days_ago if {
	{finding | some finding in control.findings} == {
		{"path": _rate, "status": "pass", "message": "a reviewer is given 60 items an hour", "reads": [_rate, _section]},
		{"path": _sla, "status": "pass", "message": "review has an SLA of 1 minutes", "reads": [_sla, _section]},
		{
			"path": _test,
			"status": "pass",
			"message": "escalation was last tested on `2026-05-25`, 180 days ago",
			"reads": [_test, _section],
		},
	} with input as _input(_queue, "2026-05-25")
}

test_pass_at_one_item_tested_tomorrow_by_another_clock if {
	outcome.is(control, [[_rate, "pass"], [_sla, "pass"], [_test, "pass"]]) with input as _input(
		{"itemsPerReviewerHour": 1, "slaMinutes": 60},
		"2026-11-22",
	)
}

test_partial_at_61_items if {
	{finding | some finding in control.findings} == {
		{
			"path": _rate,
			"status": "partial",
			"message": "a reviewer is given 61 items an hour; wanted: `itemsPerReviewerHour` from 1 to 60",
			"reads": [_rate, _section],
		},
		{"path": _sla, "status": "pass", "message": "review has an SLA of 1 minutes", "reads": [_sla, _section]},
		{
			"path": _test,
			"status": "pass",
			"message": "escalation was last tested on `2026-11-21`",
			"reads": [_test, _section],
		},
	} with input as _input({"itemsPerReviewerHour": 61, "slaMinutes": 1}, "2026-11-21")
}

test_partial_when_tested_181_days_ago if {
	outcome.is(control, [[_rate, "pass"], [_sla, "pass"], [_test, "partial"]]) with input as _input(_queue, "2026-05-24")
}

test_partial_says_that_0_is_no_number if {
	messages := {finding.message | some finding in control.findings} with input as _input(
		{"itemsPerReviewerHour": 0, "slaMinutes": 0},
		"2026-11-21",
	)
	messages == {
		"no number of items per reviewer and hour is stated; wanted: `itemsPerReviewerHour` from 1 to 60",
		"review has no SLA; wanted: `slaMinutes` above 0",
		"escalation was last tested on `2026-11-21`",
	}
}

test_partial_when_rate_and_sla_are_0 if {
	outcome.is(control, [[_rate, "partial"], [_sla, "partial"], [_test, "pass"]]) with input as _input(
		{"itemsPerReviewerHour": 0, "slaMinutes": 0},
		"2026-11-21",
	)
}

test_fail_when_the_test_lies_in_the_future if {
	outcome.is(control, [[_rate, "pass"], [_sla, "pass"], [_test, "fail"]]) with input as _input(_queue, "2026-11-23")
}

test_fail_when_nothing_of_it_holds if {
	outcome.is(control, [[_rate, "fail"], [_sla, "fail"], [_test, "fail"]]) with input as _input({"itemsPerReviewerHour": 400}, "2025-11-21")
}

test_fail_with_an_empty_list_of_decisions if {
	outcome.is(control, [[_rate, "fail"], [_sla, "fail"], [_test, "fail"]]) with input as {
		"today": "2026-11-21",
		"descriptor": {"spec": {"oversight": {"decisions": []}}},
	}
}

test_not_applicable_when_every_decision_is_l0 if {
	control.not_applicable == "every decision in `spec.oversight.decisions` is `L0`: a person takes each one" with input as {
		"today": "2026-11-21",
		"descriptor": {"spec": {"oversight": {"decisions": [{"name": "a", "autonomy": "L0"}]}}},
	}
}

test_absent_section_fails_at_each_key if {
	outcome.is(control, [[_rate, "fail"], [_sla, "fail"], [_test, "fail"]]) with input as {
		"today": "2026-11-21",
		"descriptor": {"spec": {}},
	}
}
