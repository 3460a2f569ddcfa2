package psfpolicy.freshness_test

import data.psfpolicy.freshness

_asked(today, rows) := {"today": today, "catalogue": {"countries": rows}}

_row(day) := {"as_of": day}

test_age_is_that_of_the_oldest_row if {
	freshness.age == {"oldest": "2026-11-01", "newest": "2026-11-22", "days": 20, "stale": false} with input as _asked(
		"2026-11-21",
		{"AA": _row("2026-11-01"), "BB": _row("2026-11-22")},
	)
}

test_not_stale_at_179_days if {
	age := freshness.age with input as _asked("2026-11-21", {"AA": _row("2026-05-26")})
	age.days == 179
	age.stale == false
}

test_stale_from_180_days_on if {
	age := freshness.age with input as _asked("2026-11-21", {"AA": _row("2026-05-25")})
	age.days == 180
	age.stale == true
}

test_regions_do_not_age if {
	input_ := {"today": "2026-11-21", "catalogue": {"regions": {"aws:attic-1": _row("2020-01-01")}}}
	age := freshness.age with input as input_
	age.stale == false
}
