# METADATA
# title: Tested
# description: When something was last tried out, judged alike by every control that asks for it.
package psfpolicy.lib.tested

import data.psfpolicy.lib.dates

# state of a date of test on the as-of date: "never" where there is none (the empty text), "recent" up to this many days,
# "stale" after that, "future" from the second day ahead. Undefined for a text that is no date.
state("", _, _) := "never"

state(date, today, days) := "recent" if dates.within(date, today, days)

state(date, today, days) := "stale" if dates.age(date, today) > days

state(date, today, _) := "future" if dates.future(date, today)

# shown is the date of test in words, to follow the name of what was tested.
shown("", _) := "was never tested"

shown(date, today) := $"was last tested on `{date}`, {dates.age(date, today)} days ago" if dates.age(date, today) > 1

shown(date, today) := $"was last tested on `{date}`" if dates.within(date, today, 1)

shown(date, today) := $"was last tested on `{date}`, which lies ahead" if dates.future(date, today)
