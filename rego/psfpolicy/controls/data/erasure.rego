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
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.lib.wanted

metadata := rego.metadata.chain()

_section := ["spec", "data", "erasure"]

_reads := array.concat(
	[["spec", "data", "categories"], ["spec", "data", "stores"]],
	[array.concat(_section, [key]) | some key in ["runbook", "covers", "lastTested"]],
)

_erasure := input.descriptor.spec.data.erasure

_stored := {store.kind | some store in input.descriptor.spec.data.stores}

_covered := {kind | some kind in _erasure.covers}

not_applicable := "`spec.data.categories` declares no personal data" if terms.no_personal_data(input.descriptor)

places contains array.concat(_section, [key]) if some key in object.keys(_answers)

findings contains {"path": array.concat(_section, [key]), "status": answer[0], "message": answer[1], "reads": _reads} if {
	some key, answer in _answers
}

# [status, message] by key. What the runbook covers, and when it was tested, is asked once there is one.
_answers := {"runbook": ["fail", message]} if {
	not _erasure.runbook
	message := "`spec.data.erasure.runbook` is missing; name the runbook, with `covers` and `lastTested`"
}

_answers := {"covers": _coverage, "lastTested": _test} if _erasure.runbook

_coverage := ["pass", message] if {
	_stores_declared
	count(_stored - _covered) == 0
	message := $"runbook `{_erasure.runbook}` covers {text.listing(_covered)}; kinds of store declared: {text.listing(_stored)}"
}

_coverage := [wanted.shortfall(_stored & _covered), message] if {
	count(_stored - _covered) > 0
	message := $"runbook `{_erasure.runbook}` leaves out {text.listing(_stored - _covered)}; add to `covers`"
}

_coverage := [wanted.shortfall(_covered), message] if {
	not _stores_declared
	message := $"`covers` has {text.listing(_covered)}, but `spec.data.stores` is missing; list each store, or `[]` for none"
}

_stores_declared if is_array(input.descriptor.spec.data.stores)

_test := ["partial", "the runbook for erasure is untested; write `lastTested`, at most 365 days ago"] if not _erasure.lastTested

_test := ["pass", $"the runbook for erasure was tested on `{_erasure.lastTested}`, at most 365 days ago"] if {
	dates.within(_erasure.lastTested, input.today, 365)
}

_test := ["partial", $"the runbook for erasure was last tested on `{_erasure.lastTested}`; wanted: at most 365 days ago"] if {
	dates.age(_erasure.lastTested, input.today) > 365
}

_test := ["fail", $"`lastTested` is `{_erasure.lastTested}`, which is in the future; write the day of the last test"] if {
	dates.future(_erasure.lastTested, input.today)
}
