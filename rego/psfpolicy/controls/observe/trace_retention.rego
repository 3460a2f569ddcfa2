# METADATA
# title: Trace retention and replay
# description: |
#   An incident is often reported weeks after it happened; without the trace, and a replay within a day, nobody can say what the system did.
#   A store of traces decides by its own days, the one that keeps longest where there are several; else `tracing`, else `data.retention`.
#   Sectors that are not declared count as regulated, a risk that is not declared as high; 0 days or hours count as nothing said.
#   The longer time for high-risk systems is asked from the day on which the EU AI Act's duty applies, and is a note before. A declared
#   regime that has the duty asks for it whatever is said of the risk.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Keep traces for 30 days, 90 in a regulated sector, 184 for a high-risk system, and say within how many hours a run is replayed:
#
#     data:
#       stores: [{name: traces, kind: traces, retentionDays: 200}]
#     observability:
#       replayHours: 24
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-4-observability
#     - https://www.productionai.institute/insights/d4-observability-guide
#   good: |
#     data:
#       stores: [{name: traces, kind: traces, retentionDays: 200}]
#     observability:
#       replayHours: 24
#   bad: |
#     data:
#       stores: [{name: traces, kind: traces, retentionDays: 14}]
#     observability:
#       replayHours: 24
package psfpolicy.controls.observe.trace_retention

import data.psfpolicy.known
import data.psfpolicy.lib.dates
import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.lib.traces
import data.psfpolicy.residency

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_duty := known.rows.duties["eu-ai-act-high-risk-logs"]

_regimes := ["spec", "regimes"]

_replay_path := ["spec", "observability", "replayHours"]

_stores := [store | some store in _descriptor.spec.data.stores]

_reads := array.concat(paths.items(["spec", "data", "stores"], _stores, ["kind", "retentionDays"]), [
	["spec", "observability", "tracing", "retentionDays"], ["spec", "data", "retention", "days"],
	["spec", "purpose", "sectors"], ["spec", "purpose", "euAiAct", "risk"], _regimes,
])

_hours := _descriptor.spec.observability.replayHours

default _purpose := {}

_purpose := _descriptor.spec.purpose

places := {_keeping.path, _replay_path}

findings := parts.findings({_keeping, _replaying}, 1)

_keeping := {"path": kept.path, "met": met, "message": message, "reads": _reads} if {
	kept := traces.kept(_descriptor)
	met := kept.days >= _floor
	message := $"traces are kept {numbers.shown(kept.days)} days{text.wish(met, _asked)}{_note}"
}

_keeping := {"path": path, "met": false, "message": $"nothing says how long traces are kept; wanted: {_asked}{_note}", "reads": _reads} if {
	not traces.kept(_descriptor)
	path := ["spec", "observability", "tracing", "retentionDays"]
}

_replaying := {"path": _replay_path, "met": met, "message": message, "reads": [_replay_path]} if {
	met := {_hours > 0, _hours <= 24} == {true}
	message := $"a run is replayed within {numbers.shown(_hours)} hours{text.wish(met, "above 0 and at most 24")}"
}

_replaying := {"path": _replay_path, "met": false, "message": message, "reads": [_replay_path]} if {
	not _hours
	message := "`spec.observability.replayHours` is missing; wanted: above 0 and at most 24"
}

_asked := $"at least {_floor} days {text.joined({need.why | some need in _needs; need.days == _floor})}"

_floor := max({need.days | some need in _needs}) if _duty.days

_needs contains {"days": 30, "why": "for any system"}

_needs contains {"days": 90, "why": "for a regulated sector"} if terms.regulated(_descriptor)

_needs contains {"days": 90, "why": "while `spec.purpose.sectors` is missing"} if not _purpose.sectors

_needs contains {"days": _duty.days, "why": _high} if not _pending

# Who is under the duty: what is said of the risk, and a regime that has it.
_obliged contains "for a high-risk system" if _purpose.euAiAct.risk == "high"

_obliged contains "while `spec.purpose.euAiAct.risk` is missing" if not _purpose.euAiAct.risk

_obliged contains $"under `{id}`" if {
	some id, row in residency.declared
	"eu-ai-act-high-risk-logs" in row.duties
}

_high := text.joined(_obliged) if count(_obliged) > 0

# The duty of law has a day on which it starts; before it, a note.
_pending if dates.day(input.today) < dates.day(_duty.applies_from)

default _note := ""

_note := $"; from `{_duty.applies_from}` on at least {_duty.days} days {why}" if {
	_pending
	why := _high
}
