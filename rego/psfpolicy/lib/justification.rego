# METADATA
# title: Justification
# description: Why a written justification {ref, approver, date} does not count; its date is optional.
package psfpolicy.lib.justification

import data.psfpolicy.lib.dates

# objections to a justification, in words; the empty set where it counts.
objections(justification, today) := _missing(justification) | _early(justification, today)

_missing(justification) := {$"it has no `{key}`" |
	some key in ["ref", "approver"]
	not justification[key]
}

_early(justification, today) := {"its `date` is in the future" |
	justification.date
	not _dated(justification, today)
}

# A date that cannot be read is not shown to be past.
_dated(justification, today) if dates.age(justification.date, today) >= -1
