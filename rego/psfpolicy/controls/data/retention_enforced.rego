# METADATA
# title: Retention enforced
# description: |
#   Logs and stores outlive the purpose they were written for unless something deletes them; a policy on paper deletes nothing.
#   Each store needs a retention, its own `retentionDays` or else `retention.days`, and `retention.enforcedBy` names what deletes.
#   Zero days count as no retention, since many systems read 0 as for ever, and an enforcer called `none` is none.
#   A declared regime with a duty to keep logs for longer fails the stores of logs once it applies, unless one of them keeps them so long,
#   and the list where it has neither logs nor traces that are kept so long.
#   Text of persons is what a store holds that is not declared to hold metrics alone, until `categories` exclude personal data.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Give each store a retention, and name what enforces it:
#
#     data:
#       retention: {days: 200, enforcedBy: index-lifecycle}
#       stores: [{name: traces, kind: traces, retentionDays: 200}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#   good: |
#     data:
#       categories: [pii]
#       retention: {enforcedBy: index-lifecycle}
#       stores: [{name: traces, kind: traces, retentionDays: 200}]
#   bad: |
#     data:
#       categories: [pii]
#       stores: [{name: traces, kind: traces, retentionDays: 200}]
package psfpolicy.controls.data.retention_enforced

import data.psfpolicy.known
import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.residency

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_section := ["spec", "data", "stores"]

_stores := [store | some store in _descriptor.spec.data.stores]

default _retention := {}

_retention := _descriptor.spec.data.retention

not_applicable := "`spec.data.stores` is empty: nothing is kept" if {
	_descriptor.spec.data.stores == []
	count(_unlogged) == 0
}

rests := {_section}

places contains _section if count(_stores) == 0

places contains _section if count(_unlogged) > 0

places contains array.concat(_section, [index]) if some index, _ in _stores

findings contains {"path": _section, "status": "fail", "message": message, "reads": [_section, ["spec", "data", "retention", "days"], ["spec", "regimes"]]} if {
	count(_unlogged) > 0
	message := $"no store of logs is declared; wanted: {text.joined(_unlogged)}"
}

findings contains {"path": _section, "status": "fail", "message": message, "reads": [_section]} if {
	count(_stores) == 0
	count(_unlogged) == 0
	message := "`spec.data.stores` is missing; wanted: each store with `retentionDays`, or `[]` where nothing is kept"
}

findings contains {"path": path, "status": status, "message": message, "reads": reads} if {
	some index, store in _stores
	path := array.concat(_section, [index])
	[status, message] := _answer(store, _days(store))
	general := paths.keys(["spec", "data", "retention"], ["days", "enforcedBy", "reason"])
	reads := array.flatten([paths.keys(path, ["kind", "carries", "retentionDays"]), general, [["spec", "data", "categories"], ["spec", "regimes"]]])
}

_days(store) := object.get(store, "retentionDays", object.get(_retention, "days", 0))

_answer(store, days) := ["fail", $"store `{store.name}` has no retention above 0; wanted: {wanted}"] if {
	days <= 0
	wanted := "its `retentionDays`, or `days` in `spec.data.retention`"
}

_answer(store, days) := ["fail", $"{_kept(store, days)}{_by}; wanted: {text.joined(owed)}"] if {
	days > 0
	owed := {one.wanted | some one in _owed; one.kind == _kind(store); one.from <= input.today}
	count(owed) > 0
} else := ["pass", $"{_kept(store, days)}{_by}{_note(_kind(store))}"] if {
	days > 0
	count(_shortfalls(store, days)) == 0
} else := ["partial", $"{_kept(store, days)}{_by}; wanted: {text.joined(_shortfalls(store, days))}{_note(_kind(store))}"] if {
	days > 0
}

# A regime may have a duty to keep logs for longer than any store of them does. A short store beside an archive does no harm, and how
# long traces are kept is asked elsewhere; where no store is one of logs, they are the record that there is. Before the day from which
# the duty holds, it is a note.
_owed contains {"kind": "logs", "from": row.applies_from, "wanted": $"logs kept for at least {row.days} days under {text.all_of(ids)}"} if {
	some duty, ids in residency.duties
	row := known.rows.duties[duty]
	max({0} | _recorded) < row.days
}

_logs := {_days(store) | some store in _stores; store.kind == "logs"}

_recorded := _logs if {
	count(_logs) > 0
} else := {_days(store) | some store in _stores; store.kind == "traces"}

# What is owed today and has no store of logs to be said of.
_unlogged := {one.wanted |
	is_array(_descriptor.spec.data.stores)
	count(_logs) == 0
	some one in _owed
	one.from <= input.today
}

_note(kind) := "" if count(_coming(kind)) == 0

_note(kind) := $"; note: {text.joined(_coming(kind))}" if count(_coming(kind)) > 0

_kind(store) := object.get(store, "kind", "other")

_coming(kind) := {$"from `{one.from}` on {one.wanted}" | some one in _owed; one.kind == kind}

_kept(store, days) := $"store `{store.name}` is kept {numbers.shown(days)} days by its `retentionDays`" if store.retentionDays

_kept(store, days) := $"store `{store.name}` is kept {numbers.shown(days)} days by `spec.data.retention`" if not store.retentionDays

default _by := ", enforced by nothing"

_by := $", enforced by `{_retention.enforcedBy}`" if said.named(_retention, ["enforcedBy"])

# What is wanted beside a retention, in words.
_shortfalls(store, days) := _unenforced | {"at most 730 days for text of persons, or a `reason` in `spec.data.retention`" |
	days > 730
	_of_persons(store)
	not said.named(_retention, ["reason"])
}

_unenforced := {"`enforcedBy` in `spec.data.retention`" | not said.named(_retention, ["enforcedBy"])}

_of_persons(store) if {
	not terms.no_personal_data(_descriptor)
	not _metrics_only(store)
}

# Both the kind and what is said to be carried must say so.
_metrics_only(store) if {
	store.kind == "metrics"
	every carried in object.get(store, "carries", []) { carried == "metrics" }
}
