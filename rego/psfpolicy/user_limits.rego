# METADATA
# title: Limits of users
# description: |
#   What the licences in play say of the number of users, worked out once for the control that asks and for the report.
#   A limit is {users, counts, reads, status}: reads are the keys of the moment at which the licence counts, and status is "pass" or
#   "fail" where each of them is said and all lie on that side of the limit, else "partial".
package psfpolicy.user_limits

import data.psfpolicy.lib.status
import data.psfpolicy.licences

default _descriptor := {}

_descriptor := input.descriptor

_now := ["spec", "purpose", "usage", "monthlyActiveUsers"]

_then := ["spec", "purpose", "usage", "monthlyActiveUsersAtModelRelease"]

# limits of the licences in play, by id.
limits[id] := {"users": limit.users, "counts": _counts(limit), "reads": read, "status": _status(read, limit.users)} if {
	some id, row in licences.rows
	limit := row.user_limit
	read := _keys[_moment(limit)]
}

# Of a release, the day; of any time, null.
_counts(limit) := null if limit.counts == "at-any-time"

_counts(limit) := limit.released if limit.counts != "at-any-time"

# Where each moment of counting is read.
_keys := {"any": [_now], "release": [_then], "other-release": [_now, _then]}

# The one day before whose calendar month the model's own licences count.
_released := {licences.rows[id].user_limit.released | some id in licences.own}

_moment(limit) := "any" if limit.counts == "at-any-time"

_moment(limit) := "release" if _released == {limit.released}

_moment(limit) := "other-release" if {
	limit.counts != "at-any-time"
	_released != {limit.released}
}

# On both sides of the limit, or not said, is not known.
default _status(_, _) := "partial"

_status(read, users) := "pass" if every path in read { object.get(_descriptor, path, users + 1) <= users }

_status(read, users) := "fail" if every path in read { object.get(_descriptor, path, 0) > users }

# shown is what a report tells of each thing whose licence has a limit, or may have one: how near the users come to it. Near is what
# has reached 80 % of it; percent is rounded down, so that 100 is at the limit, which is permitted.
shown contains {
	"path": item.path,
	"name": item.name,
	"licence": id,
	"title": licences.rows[id].title,
	"limit": limit.users,
	"counted": limit.counts,
	"users": users,
	"percent": percent,
	"standing": _standing(item, id, limit.status, percent),
} if {
	some item in licences.items
	some id in item.ids
	limit := limits[id]
	users := _said(limit.reads)
	percent := _percent(users, limit.users)
}

shown contains {
	"path": item.path,
	"name": item.name,
	"licence": null,
	"title": null,
	"limit": null,
	"counted": null,
	"users": null,
	"percent": null,
	"standing": _unheard[status.worst({heard.status | some heard in item.unheard})],
} if {
	some item in licences.items
	count(item.unheard) > 0
}

_unheard := {"pass": "replaced", "partial": "open"}

# The most that is said of the moments that count.
default _said(_) := null

_said(read) := max({users | some path in read; users := object.get(_descriptor, path, null); is_number(users)}) if {
	some path in read
	is_number(object.get(_descriptor, path, null))
}

default _percent(_, _) := null

_percent(users, limit) := (hundredfold - (hundredfold % limit)) / limit if {
	is_number(users)
	hundredfold := 100 * users
}

_standing(item, id, _, _) := "replaced" if item.agreed[id]

_standing(item, id, "fail", _) := "above" if not item.agreed[id]

_standing(item, id, "partial", _) := "open" if not item.agreed[id]

_standing(item, id, "pass", percent) := "near" if {
	not item.agreed[id]
	percent >= 80
}

_standing(item, id, "pass", percent) := "below" if {
	not item.agreed[id]
	percent < 80
}
