package psfpolicy.lib.tested_test

import data.psfpolicy.lib.tested

test_state_on_both_sides_of_each_limit if {
	tested.state("", "2026-11-21", 180) == "never"
	tested.state("2026-05-25", "2026-11-21", 180) == "recent"
	tested.state("2026-05-24", "2026-11-21", 180) == "stale"
	tested.state("2026-11-22", "2026-11-21", 180) == "recent"
	tested.state("2026-11-23", "2026-11-21", 180) == "future"
}

test_state_of_what_is_no_date_is_undefined if not tested.state("soon", "2026-11-21", 180)

test_shown_says_when if {
	tested.shown("", "2026-11-21") == "was never tested"
	tested.shown("2026-11-19", "2026-11-21") == "was last tested on `2026-11-19`, 2 days ago"
	tested.shown("2026-11-20", "2026-11-21") == "was last tested on `2026-11-20`"
	tested.shown("2026-11-22", "2026-11-21") == "was last tested on `2026-11-22`"
	tested.shown("2026-11-23", "2026-11-21") == "was last tested on `2026-11-23`, which lies ahead"
}
