# METADATA
# title: Users that the licence permits
# description: |
#   Some licences of weights end above a number of users: what was free has then to be asked for, of a competitor.
#   Every licence in play is asked: those of the model, its base, adapters, guards and fallbacks, each at its own place.
#   The Llama licences count once, the users of the licensee and its affiliates in the calendar month before the release, so growth
#   after that day changes nothing; the Qwen licence counts the product's users at any time. The limit itself is still permitted.
#   `monthlyActiveUsersAtModelRelease` is said of the model's own release; for another release it decides together with
#   `monthlyActiveUsers`, and only where both lie on the same side of the limit.
#   An agreement in `model.licence.commercialAgreement` stands in the place of the licences of the model and its base.
#   A licence that the catalogue does not know may have a limit and is partial. The control does not apply where every licence
#   in play is known and none has a limit, nor to a hosted API, whose model is behind its provider's own terms.
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
import data.psfpolicy.lib.status
import data.psfpolicy.lib.text
import data.psfpolicy.licences

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_usage := ["spec", "purpose", "usage"]

_now := array.concat(_usage, ["monthlyActiveUsers"])

_then := array.concat(_usage, ["monthlyActiveUsersAtModelRelease"])

_items := [item | some item in licences.items; _asked(item)]

_asked(item) if item.unknown

_asked(item) if {
	some row in item.licences
	row.user_limit
}

not_applicable := "no licence in play limits the number of users" if count(_items) == 0

places contains ["spec", "model", "id"] if count(_items) == 0

places contains item.path if some item in _items

findings contains {"path": item.path, "status": status.worst(seen), "message": message, "reads": reads} if {
	some item in _items
	answers := _answers(item)
	seen := {answer.status | some answer in answers}
	message := $"`{item.name}` is {text.joined({answer.message | some answer in answers})}{_wish(item, status.worst(seen))}"
	reads := array.concat(item.reads, sort({path | some answer in answers; some path in answer.reads}))
}

# Where each moment of counting is read.
_keys := {"any": [_now], "release": [_then], "other-release": [_now, _then]}

# The day before whose calendar month the model's own licences count.
_released contains licences.row(id).user_limit.released if some id in licences.own

_moment(limit) := "any" if limit.counts == "at-any-time"

_moment(limit) := "release" if {
	limit.counts != "at-any-time"
	_released[limit.released]
}

_moment(limit) := "other-release" if {
	limit.counts != "at-any-time"
	not _released[limit.released]
}

_answers(item) := {answer |
	some id, row in item.licences
	answer := _answer(item, id, row, row.user_limit)
} | {unknown |
	item.unknown
	unknown := licences.unknown(item)
}

_answer(item, id, row, limit) := {"status": "pass", "message": message, "reads": []} if {
	item.agreed[id]
	message := $"under {row.title}, whose limit of {limit.users} monthly users an agreement replaces"
}

_answer(item, id, row, limit) := {"status": _status(read, limit.users), "message": message, "reads": read} if {
	not item.agreed[id]
	read := _keys[_moment(limit)]
	shown := text.joined([said.at(_descriptor, path) | some path in read])
	message := $"under {row.title}, which permits {limit.users} monthly users{_counted(limit)}: {shown}"
}

# On both sides of the limit, or not said, is not known.
default _status(_, _) := "partial"

_status(read, users) := "pass" if every path in read { object.get(_descriptor, path, users + 1) <= users }

_status(read, users) := "fail" if every path in read { object.get(_descriptor, path, 0) > users }

_counted(limit) := " of the product, at any time" if limit.counts == "at-any-time"

_counted(limit) := counted if {
	limit.counts != "at-any-time"
	counted := $" of licensee and affiliates in the calendar month before {limit.released}, and no later growth"
}

_wish(_, "pass") := ""

_wish(item, "partial") := $"; wanted: {text.joined(licences.wanting(item) | _figures(item))}"

_wish(item, "fail") := $"; wanted: {licences.otherwise(item)}"

_figures(item) := {figure |
	some id, row in item.licences
	not item.agreed[id]
	read := _keys[_moment(row.user_limit)]
	_status(read, row.user_limit.users) == "partial"
	some figure in _missing(read)
}

_missing(read) := said if {
	said := {$"`{concat(".", path)}`" | some path in read; object.get(_descriptor, path, null) == null}
	count(said) > 0
}

_missing(read) := {"another one in its place, since no key states the users of that month"} if {
	every path in read { object.get(_descriptor, path, null) != null }
}
