# METADATA
# title: Duties
# description: |
#   One of the five duties that hosting a model brings, as `spec.operations.duties` lists it. Of several entries for one the best
#   decides: somebody who does it is enough.
package psfpolicy.lib.duties

import data.psfpolicy.lib.dates
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.status
import data.psfpolicy.lib.text

_section := ["spec", "operations", "duties"]

_hosting := ["spec", "serving", "hosting"]

# Days of the longest cadence, and of the oldest review without one.
_year := 365

_wanted := "an `owner`, and `cadenceDays` from 1 to 365 that is kept, or a `reviewed` day in the last 365"

# finding for a duty: pass with an owner and a cadence that is kept, or a review in the last year; partial with an owner only.
finding(descriptor, kind, today) := best if {
	found := [_judged(index, duty, today) | some index, duty in object.get(descriptor, _section, []); duty.duty == kind]
	rank := status.best({one.status | some one in found})
	best := [one | some one in found; one.status == rank][0]
} else := {"path": _section, "status": "fail", "message": message, "reads": [_hosting, _section]} if {
	message := $"no entry of `spec.operations.duties` is `{kind}`; wanted: {_wanted}"
}

_judged(index, duty, today) := {"path": path, "status": rank, "message": $"{told}{wish}", "reads": array.concat([_hosting], reads)} if {
	path := array.concat(_section, [index])
	rank := _status(duty, today)
	told := $"`{duty.duty}` {text.joined(_phrases(duty, today))}"
	wish := text.wish(rank == "pass", _wanted)
	reads := paths.keys(path, ["duty", "owner", "cadenceDays", "reviewed"])
}

_status(duty, today) := _kept(duty, dates.state(object.get(duty, "reviewed", ""), today, _term(duty))) if {
	said.named(duty, ["owner"])
} else := "fail"

_kept(_, "recent") := "pass"

_kept(_, "stale") := "partial"

_kept(_, "future") := "fail"

_kept(duty, "never") := "pass" if {
	_regular(duty)
	not duty.reviewed
}

_kept(duty, "never") := "partial" if not _regular(duty)

_kept(duty, "never") := "partial" if duty.reviewed

_regular(duty) if {
	duty.cadenceDays >= 1
	duty.cadenceDays <= _year
}

_term(duty) := duty.cadenceDays if _regular(duty)

_term(duty) := _year if not _regular(duty)

_phrases(duty, today) := union({
	{"is owned by nobody" | not duty.owner},
	{$"is owned by `{duty.owner}`{_nobody(duty)}" | duty.owner},
	{$"comes round every {duty.cadenceDays} days" | duty.cadenceDays},
	{dates.told(duty.reviewed, today, "reviewed") | duty.reviewed},
	{"has neither `cadenceDays` nor `reviewed`" | not duty.cadenceDays; not duty.reviewed},
})

_nobody(duty) := "" if {
	said.named(duty, ["owner"])
} else := ", which names nobody"
