package psfpolicy.lib.dates_test

import data.psfpolicy.lib.dates

test_day_counts_from_1970 if {
	dates.day("1970-01-01") == 0
	dates.day("1970-01-02") == 1
	dates.day("1969-12-31") == -1
	dates.day("2026-11-21") == 20778
}

test_day_knows_leap_years if {
	dates.day("2024-02-29") + 1 == dates.day("2024-03-01")
	dates.day("2026-02-28") + 1 == dates.day("2026-03-01")
	dates.day("2000-02-29") + 1 == dates.day("2000-03-01")
	dates.day("2100-02-28") + 1 == dates.day("2100-03-01")
}

test_day_goes_on_where_the_index_begins_and_ends if {
	dates.day("1999-12-31") + 1 == dates.day("2000-01-01")
	dates.day("2000-01-01") == 10957
	dates.day("2059-12-31") + 1 == dates.day("2060-01-01")
	every year in ["1999", "2000", "2059", "2060"] {
		not dates.day($"{year}-13-01")
		not dates.day($"{year}-01-32")
		not dates.day($"{year}-1-01")
	}
}

test_day_of_each_month_of_the_index_is_a_month_after_the_one_before if {
	ends := {
		"01": ["02", 31], "03": ["04", 31], "04": ["05", 30], "05": ["06", 31], "06": ["07", 30],
		"07": ["08", 31], "08": ["09", 31], "09": ["10", 30], "10": ["11", 31], "11": ["12", 30],
	}
	every year in numbers.range(2000, 2059) {
		every month, end in ends { dates.day($"{year}-{month}-01") + end[1] == dates.day($"{year}-{end[0]}-01") }
		dates.day($"{year}-12-31") + 1 == dates.day($"{year + 1}-01-01")
	}
}

test_day_reads_leading_zeros if dates.day("2026-08-09") + 30 == dates.day("2026-09-08")

test_day_of_another_text_is_undefined if {
	not dates.day("2026-11")
	not dates.day("2026-11-21T00:00:00Z")
	not dates.day("yesterday")
	not dates.day("a-b-c")
	not dates.day("")
}

test_within_is_inclusive if {
	dates.within("2026-05-25", "2026-11-21", 180)
	not dates.within("2026-05-24", "2026-11-21", 180)
}

test_within_allows_one_day_ahead_and_no_more if {
	dates.within("2026-11-22", "2026-11-21", 180)
	not dates.within("2026-11-23", "2026-11-21", 180)
}

test_within_an_unreadable_date_is_not_shown if {
	not dates.within("soon", "2026-11-21", 180)
	not dates.within("2026-11-21", "soon", 180)
}

test_future_starts_two_days_ahead if {
	not dates.future("2026-11-21", "2026-11-21")
	not dates.future("2026-11-22", "2026-11-21")
	dates.future("2026-11-23", "2026-11-21")
}

test_age_is_negative_in_the_future if {
	dates.age("2026-11-21", "2026-11-21") == 0
	dates.age("2025-11-21", "2026-11-21") == 365
	dates.age("2026-11-23", "2026-11-21") == -2
}

test_state_on_both_sides_of_each_limit if {
	dates.state("2026-05-25", "2026-11-21", 180) == "recent"
	dates.state("2026-05-24", "2026-11-21", 180) == "stale"
	dates.state("2026-11-22", "2026-11-21", 180) == "recent"
	dates.state("2026-11-23", "2026-11-21", 180) == "future"
}

test_state_of_what_is_no_day_is_never if {
	dates.state("", "2026-11-21", 180) == "never"
	dates.state("soon", "2026-11-21", 180) == "never"
}

test_told_says_when if {
	dates.told("2026-11-19", "2026-11-21", "tested") == "was last tested on `2026-11-19`, 2 days ago"
	dates.told("2026-11-20", "2026-11-21", "tested") == "was last tested on `2026-11-20`"
	dates.told("2026-11-22", "2026-11-21", "reviewed") == "was last reviewed on `2026-11-22`"
	dates.told("2026-11-23", "2026-11-21", "run") == "was last run on `2026-11-23`, which lies ahead"
}

test_told_of_what_is_no_day_says_so if {
	dates.told("", "2026-11-21", "tested") == "was never tested"
	dates.told("soon", "2026-11-21", "tested") == "has no day that can be read"
}
