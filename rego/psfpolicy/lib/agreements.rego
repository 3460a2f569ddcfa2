# METADATA
# title: Agreements
# description: |
#   Contracts with a party, judged on the as-of date. `expires` is the last day on which one is in force, and one that says
#   none runs until it is ended. Of several of a kind the one that runs longest decides. One without a `ref` that names
#   something is none: nobody could look it up.
package psfpolicy.lib.agreements

import data.psfpolicy.lib.dates
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said

_section := ["spec", "vendor", "agreements"]

# Days before its end in which an agreement is expiring.
_notice := 30

# A day after all others, for an agreement without an end.
_open := 1000000000

# in_force is the state of an agreement of a kind with a party: "in-force", "expiring" within 30 days, "expired" or "missing".
default in_force(_, _, _, _) := "missing"

in_force(descriptor, party, kind, today) := _state(_last(descriptor, party, kind), dates.day(today))

# told is that state in words.
told(descriptor, party, kind, today) := _told(last, last - dates.day(today), kind, party) if last := _last(descriptor, party, kind)

told(descriptor, party, kind, _) := $"no `{kind}` with `{party}` is declared" if {
	not _last(descriptor, party, kind)
	not _named(descriptor, party, kind)
}

told(descriptor, party, kind, _) := $"the `{kind}` with `{party}` names no `ref`" if {
	not _last(descriptor, party, kind)
	_named(descriptor, party, kind)
}

# reads are the keys of every agreement, or the list where it has none.
reads(descriptor) := paths.items(_section, _declared(descriptor), ["kind", "with", "ref", "expires"])

_declared(descriptor) := [agreement | some agreement in descriptor.spec.vendor.agreements]

_named(descriptor, party, kind) if {
	some agreement in _declared(descriptor)
	agreement.kind == kind
	agreement["with"] == party
}

# Last day of the agreement that runs longest; undefined where there is none.
_last(descriptor, party, kind) := max({_end(agreement) |
	some agreement in _declared(descriptor)
	agreement.kind == kind
	agreement["with"] == party
	said.named(agreement, ["ref"])
})

_end(agreement) := dates.day(agreement.expires)

_end(agreement) := _open if not agreement.expires

_state(last, today) := "in-force" if last - today > _notice

_state(last, today) := "expiring" if {
	last - today <= _notice
	last >= today
}

_state(last, today) := "expired" if last < today

_told(last, _, kind, party) := $"the `{kind}` with `{party}` is in force, without an end" if last == _open

_told(last, left, kind, party) := $"the `{kind}` with `{party}` is in force for {left} days" if {
	last != _open
	left > 1
}

_told(_, 1, kind, party) := $"the `{kind}` with `{party}` is in force for 1 day"

_told(_, 0, kind, party) := $"the `{kind}` with `{party}` ends today"

_told(_, -1, kind, party) := $"the `{kind}` with `{party}` ended yesterday"

_told(_, left, kind, party) := $"the `{kind}` with `{party}` ended {abs(left)} days ago" if left < -1
