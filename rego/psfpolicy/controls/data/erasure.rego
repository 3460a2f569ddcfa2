# METADATA
# title: Erasure
# description: |
#   A person may ask for erasure, and what a model wrote about them lies in logs, caches, vector stores and backups as well.
#   The runbook must cover every kind of store that is declared, metrics included, and have been tested within 365 days.
#   While `stores` is not declared, nobody can say that the runbook covers them all, so it counts in part at most.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Name the runbook, the kinds of stores that it covers, and the day of its last test:
#
#     data:
#       erasure: {runbook: docs/erasure.md, covers: [logs, traces], lastTested: 2026-06-01}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#   good: |
#     data:
#       categories: [pii]
#       stores: [{name: traces, kind: traces}]
#       erasure: {runbook: docs/erasure.md, covers: [traces], lastTested: 2026-06-01}
#   bad: |
#     data:
#       categories: [pii]
#       stores: [{name: traces, kind: traces}, {name: vectors, kind: vector-store}]
#       erasure: {runbook: docs/erasure.md, covers: [traces], lastTested: 2026-06-01}
package psfpolicy.controls.data.erasure

import data.psfpolicy.lib.dates
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_section := ["spec", "data", "erasure"]

default _erasure := {}

_erasure := _descriptor.spec.data.erasure

_stores := [store | some store in _descriptor.spec.data.stores]

_stored := {store.kind | some store in _stores}

_covered := {kind | some kind in _erasure.covers}

_left := _stored - _covered

_named if said.named(_erasure, ["runbook"])

not_applicable := "`spec.data.categories` declares no personal data" if terms.no_personal_data(_descriptor)

rests := {["spec", "data", "categories"]}

places contains array.concat(_section, [key]) if some key in object.keys(_answers)

findings contains {"path": path, "status": answer.status, "message": answer.message, "reads": reads} if {
	some key, answer in _answers
	path := array.concat(_section, [key])
	reads := array.concat([["spec", "data", "categories"], array.concat(_section, ["runbook"])], answer.reads)
}

# Answers by key. What the runbook covers, and when it was tested, is asked once there is one.
_answers := {"runbook": {"status": "fail", "message": $"{seen}; wanted: {wanted}", "reads": []}} if {
	not _named
	seen := said.at(_descriptor, array.concat(_section, ["runbook"]))
	wanted := "a runbook for erasure, with `covers` and `lastTested`"
}

_answers := {"covers": _coverage, "lastTested": _trial} if _named

_coverage := {"status": status, "message": $"runbook `{_erasure.runbook}` {seen}", "reads": reads} if {
	some status, seen in _covers
	reads := array.concat(paths.keys(_section, ["covers"]), paths.items(["spec", "data", "stores"], _stores, ["kind"]))
}

_listed if is_array(_descriptor.spec.data.stores)

_covers["pass"] := $"covers every kind of store that is declared: {text.all_of(_stored)}" if {
	_listed
	count(_left) == 0
}

_covers[status] := $"leaves out {text.all_of(_left)}; wanted: {text.all_of(_left)} in `covers`" if {
	count(_left) > 0
	status := parts.shortfall(_stored - _left)
}

_covers[status] := $"covers {text.all_of(_covered)}, of stores that are not listed; wanted: {wanted}" if {
	not _listed
	status := parts.shortfall(_covered)
	wanted := "`spec.data.stores` with each store, or `[]` for none"
}

_trial := {"status": _tried[state], "message": $"runbook `{_erasure.runbook}` {told}{wish}", "reads": reads} if {
	date := object.get(_erasure, "lastTested", "")
	state := dates.state(date, input.today, 365)
	told := dates.told(date, input.today, "tested")
	wish := text.wish(state == "recent", "`lastTested` within 365 days")
	reads := paths.keys(_section, ["lastTested"])
}

_tried := {"recent": "pass", "stale": "partial", "never": "partial", "future": "fail"}
