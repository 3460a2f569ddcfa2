# METADATA
# title: Age of the catalogue
# description: |
#   How old the rows are that this deployment was judged by, the user's own among them.
#   The oldest row decides: one fact that has gone stale is enough for a verdict to rest on it.
#   Regions are left out: where one stands does not change, and one that is missing is refused, not guessed.
package psfpolicy.freshness

import data.psfpolicy.known
import data.psfpolicy.lib.dates

# Days of age from which a report warns.
limit := 180

# Days of our rows come from an index that is made when the policy is built, unless the user has replaced some.
_days := {data.psfpolicy.index.days.oldest, data.psfpolicy.index.days.newest} if not _replacing

_days := {row.as_of |
	some table, rows in known.rows
	table != "regions"
	some row in rows
} if {
	_replacing
}

_replacing if {
	some rows in input.catalogue
	count(rows) > 0
}

age := {"oldest": oldest, "newest": max(_days), "days": days, "stale": days >= limit} if {
	oldest := min(_days)
	days := dates.age(oldest, input.today)
}
