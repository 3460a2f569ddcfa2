# METADATA
# title: Users that the licence permits
# description: |
#   Some licences of weights end above a number of users: what was free has then to be asked for, of a competitor.
#   Every licence in play is asked: those of the model, its base, its draft, adapters, guards and fallbacks, each at its own place.
#   The Llama licences count once, the users of the licensee and its affiliates in the calendar month before the release, so growth
#   after that day changes nothing; the Qwen licence counts the product's users at any time. The limit itself is still permitted.
#   `monthlyActiveUsersAtModelRelease` is said of the model's own release; for another release it decides together with
#   `monthlyActiveUsers`, and only where both lie on the same side of the limit.
#   An agreement in force with the licensor, named in `model.licence.commercialAgreement`, stands in the place of the licences of the
#   model and its base, with their limit. A licence that the catalogue does not know may have a limit and is partial. The control does
#   not apply where every licence in play is known and none has a limit, nor to a hosted API, behind its provider's own terms.
# custom:
#   provenance: assessment
#   severity: critical
#   remediation: |
#     State the users, at the moment that the licence counts them:
#
#     purpose:
#       usage: {monthlyActiveUsers: 12000, monthlyActiveUsersAtModelRelease: 9000}
#   references:
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#     - https://github.com/meta-llama/llama-models/blob/main/models/llama3_1/LICENSE
#     - https://huggingface.co/Qwen/Qwen2.5-72B-Instruct/raw/main/LICENSE
#   good: |
#     purpose: {usage: {monthlyActiveUsersAtModelRelease: 700000000}}
#     model: {id: meta-llama/Llama-3.1-70B-Instruct}
#   bad: |
#     purpose: {usage: {monthlyActiveUsersAtModelRelease: 700000001}}
#     model: {id: meta-llama/Llama-3.1-70B-Instruct}
package psfpolicy.controls.vendor.licence_mau

import data.psfpolicy.lib.said
import data.psfpolicy.lib.text
import data.psfpolicy.licences
import data.psfpolicy.user_limits

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_items := [item | some item in licences.items; _asked(item)]

_asked(item) if count(item.unheard) > 0

_asked(item) if count(item.ids & object.keys(_verdicts)) > 0

not_applicable := "no licence in play limits the number of users" if count(_items) == 0

rests := {["spec", "serving", "hosting"], ["spec", "model", "id"], ["spec", "model", "adapters"]}

places contains ["spec", "model", "id"] if count(_items) == 0

places contains item.path if some item in _items

findings := [licences.finding(item, _verdicts) | some item in _items]

# What is said of each licence that has a limit.
_verdicts[id] := {"status": limit.status, "told": told, "wanted": _missing(limit.reads), "reads": limit.reads, "replaced": replaced} if {
	some id, limit in user_limits.limits
	shown := text.joined([said.at(_descriptor, path) | some path in limit.reads])
	told := $"which permits {limit.users} monthly users{_counted(limit.counts)}: {shown}"
	replaced := $"whose limit of {limit.users} monthly users"
}

_counted(null) := " of the product, at any time"

_counted(released) := $" of licensee and affiliates in the calendar month before {released}, and no later growth" if released != null

_missing(read) := {$"`{concat(".", path)}`" | some path in read; object.get(_descriptor, path, null) == null} if {
	some path in read
	object.get(_descriptor, path, null) == null
}

else := {"another one in its place, since no key states the users of that month"}
