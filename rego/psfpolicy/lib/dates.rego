# METADATA
# title: Dates
# description: |
#   Civil-day numbers from YYYY-MM-DD, so that ages are differences of integers, and what they say of a thing last done then.
#   The algorithm is "days from civil" (Howard Hinnant, chrono-compatible low-level date algorithms), with the months in a table.
package psfpolicy.lib.dates

# day is the number of days since 1970-01-01; undefined for a text that is no YYYY-MM-DD.
# Arithmetic is what costs time in WebAssembly, so that the months of our years come from an index that is made when the policy is
# built, and those of other years from a table.
day(date) := data.psfpolicy.index.months[year][month] + _day[day_text] if {
	[year, month, day_text] := split(date, "-")
} else := ((year * 365) + _leap_days(year)) + ((_before[month] + _day[day_text]) - 719469) if {
	[year_text, month, day_text] := split(date, "-")
	year := _digits(year_text) - _shift[month]
}

# A year begins in March here, so that the day that some have more is its last.
_leap_days(year) := (_quotient(year, 4) - _quotient(year, 100)) + _quotient(year, 400)

# Days of such a year before each month.
_before := {
	"03": 0, "04": 31, "05": 61, "06": 92, "07": 122, "08": 153,
	"09": 184, "10": 214, "11": 245, "12": 275, "01": 306, "02": 337,
}

# January and February count to the year before.
_shift := {
	"03": 0, "04": 0, "05": 0, "06": 0, "07": 0, "08": 0,
	"09": 0, "10": 0, "11": 0, "12": 0, "01": 1, "02": 1,
}

_day := {
	"01": 1, "02": 2, "03": 3, "04": 4, "05": 5, "06": 6, "07": 7, "08": 8, "09": 9, "10": 10, "11": 11,
	"12": 12, "13": 13, "14": 14, "15": 15, "16": 16, "17": 17, "18": 18, "19": 19, "20": 20, "21": 21,
	"22": 22, "23": 23, "24": 24, "25": 25, "26": 26, "27": 27, "28": 28, "29": 29, "30": 30, "31": 31,
}

_quotient(a, b) := (a - (a % b)) / b

# A leading zero is not JSON, so it must not reach to_number.
_digits(text) := to_number(trim_left(text, "0")) + 0 if trim_left(text, "0") != ""

_digits(text) := 0 if trim_left(text, "0") == ""

# age in days of a date on the as-of date: 0 today, negative in the future.
age(date, today) := day(today) - day(date)

# within says that a date lies at most this many days back, and at most one day ahead (time zones).
within(date, today, days) if _state(age(date, today), days) == "recent"

# future says that a date lies more than one day ahead: nothing can have been tested then.
future(date, today) if age(date, today) < -1

# state of the day on which something was last done: "recent" up to this many days ago, "stale" after that, "future" from the
# second day ahead; "never" for the empty text and for one that is no day.
default state(_, _, _) := "never"

state(date, today, days) := _state(age(date, today), days)

_state(aged, days) := "stale" if {
	aged > days
} else := "recent" if {
	aged >= -1
} else := "future"

# told is that day in words, to follow the name of what was done; deed is a participle, such as "tested".
default told(_, _, _) := "has no day that can be read"

told("", _, deed) := $"was never {deed}"

told(date, today, deed) := $"was last {deed} on `{date}`{ago}" if ago := _ago(age(date, today))

_ago(aged) := $", {aged} days ago" if {
	aged > 1
} else := "" if {
	aged >= -1
} else := ", which lies ahead"
