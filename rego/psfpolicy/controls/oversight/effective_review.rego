# METADATA
# title: Effective review
# description: |
#   A person who passes hundreds of items an hour reviews none of them.
#   The queue gives a reviewer at most 60 items an hour and an SLA, and the escalation was tested within 180 days; each is answered
#   at its own place. A rate or an SLA of 0 describes no queue and does not count; a test that lies in the future fails.
#   It does not apply where every decision is L0; an empty list of decisions shows nothing of the kind.
# custom:
#   provenance: guide
#   severity: medium
#   remediation: |
#     Size the queue so that a person can look, and try the escalation out twice a year:
#
#     oversight:
#       queue: {itemsPerReviewerHour: 12, slaMinutes: 60}
#       escalation: {path: docs/escalation.md, lastTested: 2026-08-20}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-6-human-oversight
#     - https://productionai.institute/insights/d6-human-oversight-guide
#   good: |
#     oversight:
#       queue: {itemsPerReviewerHour: 12, slaMinutes: 60}
#       escalation: {path: docs/escalation.md, lastTested: 2026-08-20}
#   bad: |
#     oversight:
#       queue: {itemsPerReviewerHour: 400, slaMinutes: 60}
#       escalation: {path: docs/escalation.md, lastTested: 2026-08-20}
package psfpolicy.controls.oversight.effective_review

import data.psfpolicy.lib.dates
import data.psfpolicy.lib.decisions
import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

not_applicable := decisions.left_to_people(_descriptor)

_rate_path := ["spec", "oversight", "queue", "itemsPerReviewerHour"]

_sla_path := ["spec", "oversight", "queue", "slaMinutes"]

_test_path := ["spec", "oversight", "escalation", "lastTested"]

_rate := object.get(_descriptor, _rate_path, 0)

_sla := object.get(_descriptor, _sla_path, 0)

_date := object.get(_descriptor, _test_path, "")

_levels := paths.items(decisions.section, decisions.listed(_descriptor), ["autonomy"])

places := {_rate_path, _sla_path, _test_path}

rests := {decisions.section}

findings := parts.findings({_rated, _promised, _rehearsed}, 1)

_rated := {"path": _rate_path, "met": met, "message": message, "reads": array.concat([_rate_path], _levels)} if {
	met := {_rate > 0, _rate <= 60} == {true}
	message := $"{_items}{text.wish(met, "`itemsPerReviewerHour` from 1 to 60")}"
}

_items := "no number of items per reviewer and hour is stated" if _rate <= 0

_items := $"a reviewer is given {numbers.shown(_rate)} items an hour" if _rate > 0

_promised := {"path": _sla_path, "met": met, "message": message, "reads": array.concat([_sla_path], _levels)} if {
	met := _sla > 0
	message := $"review {_minutes}{text.wish(met, "`slaMinutes` above 0")}"
}

_minutes := "has no SLA" if _sla <= 0

_minutes := $"has an SLA of {numbers.shown(_sla)} minutes" if _sla > 0

# A test in the future is no shortfall beside what is met, but a claim that cannot be true.
_rehearsed := {"path": _test_path, "met": met, "status": status, "message": message, "reads": array.concat([_test_path], _levels)} if {
	state := dates.state(_date, input.today, 180)
	met := state == "recent"
	status := object.get({"future": "fail"}, state, "")
	message := $"escalation {dates.told(_date, input.today, "tested")}{text.wish(met, "`lastTested` within 180 days")}"
}
