# METADATA
# title: Dates
# description: |
#   Civil-day numbers from YYYY-MM-DD, so that ages are differences of integers, and what they say of a thing last done then.
#   The algorithm is "days from civil" (Howard Hinnant, chrono-compatible low-level date algorithms).
package psfpolicy.lib.dates

# day is the number of days since 1970-01-01; undefined for a text that is no YYYY-MM-DD.
day(date) := ((era * 146097) + of_era) - 719468 if {
	[year_text, month_text, day_text] := split(date, "-")
	month := _digits(month_text)
	year := _digits(year_text) - _shift(month)
	era := (year - (year % 400)) / 400
	year_of_era := year - (era * 400)
	of_year := _quotient((153 * ((month + 9) % 12)) + 2, 5) + (_digits(day_text) - 1)
	of_era := (((year_of_era * 365) + _quotient(year_of_era, 4)) - _quotient(year_of_era, 100)) + of_year
}

# January and February count to the year before.
_shift(month) := 1 if month <= 2

_shift(month) := 0 if month > 2

_quotient(a, b) := (a - (a % b)) / b

# A leading zero is not JSON, so it must not reach to_number.
_digits(text) := 0 if trim_left(text, "0") == ""

_digits(text) := to_number(trim_left(text, "0")) + 0 if trim_left(text, "0") != ""

# age in days of a date on the as-of date: 0 today, negative in the future.
age(date, today) := day(today) - day(date)

# within says that a date lies at most this many days back, and at most one day ahead (time zones).
within(date, today, days) if {
	age(date, today) <= days
	not future(date, today)
}

# future says that a date lies more than one day ahead: nothing can have been tested then.
future(date, today) if age(date, today) < -1

# state of the day on which something was last done: "recent" up to this many days ago, "stale" after that, "future" from the
# second day ahead; "never" for the empty text and for one that is no day.
default state(_, _, _) := "never"

state(date, today, days) := "recent" if within(date, today, days)

state(date, today, days) := "stale" if age(date, today) > days

state(date, today, _) := "future" if future(date, today)

# told is that day in words, to follow the name of what was done; deed is a participle, such as "tested".
default told(_, _, _) := "has no day that can be read"

told("", _, deed) := $"was never {deed}"

told(date, today, deed) := $"was last {deed} on `{date}`, {age(date, today)} days ago" if age(date, today) > 1

told(date, today, deed) := $"was last {deed} on `{date}`" if within(date, today, 1)

told(date, today, deed) := $"was last {deed} on `{date}`, which lies ahead" if future(date, today)
