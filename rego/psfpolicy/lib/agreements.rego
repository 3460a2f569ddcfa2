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

# A day after all others, for an agreement without an end, and more days than any other can have left.
_open := 1000000000

_century := 500000000

# answer is {state, told} of an agreement of a kind with a party, on a day as `dates.day` gives it: its state, "in-force", "expiring" within 30 days, "expired" or
# "missing", and the same in words.
answer(descriptor, party, kind, today) := {"state": _state(left), "told": $"the `{kind}` with `{party}` {_left(left)}"} if {
	left := _last(descriptor, party, kind) - today
}

else := {"state": "missing", "told": $"the `{kind}` with `{party}` names no `ref`"} if {
	_named(descriptor, party, kind)
}

else := {"state": "missing", "told": $"no `{kind}` with `{party}` is declared"}

# holding says that an agreement in a state is in force.
holding(state) if state in ["expiring", "in-force"]

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

_state(left) := "in-force" if left > _notice

else := "expiring" if left >= 0

else := "expired"

_left(left) := "is in force, without an end" if left > _century

else := $"is in force for {left} days" if left > 1

else := $"ended {abs(left)} days ago" if left < -1

else := {-1: "ended yesterday", 0: "ends today", 1: "is in force for 1 day"}[left]
