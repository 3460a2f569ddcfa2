# METADATA
# title: Duties of the licence
# description: |
#   A licence that nobody accepted binds all the same, and some ask to be shown to whoever uses the product ("Built with Llama").
#   `model.licence.accepted` must name a day that does not lie ahead. Where `model.licence.id` names another licence than the model and
#   its base have, what was accepted is not theirs, and that fails. An agreement that replaces the licence counts as accepted.
#   Attribution is asked where a licence in play asks it, of the model, its base, adapters, guards or fallbacks, unless
#   `purpose.audience` is `internal`: then nothing is made available to others. A licence that the catalogue does not know may ask it,
#   and is partial. The control does not apply to a hosted API, whose model is behind its provider's own terms.
# custom:
#   provenance: assessment
#   severity: medium
#   remediation: |
#     Accept the licence, show what it asks, and say so:
#
#     model:
#       licence: {id: llama-3.1-community, accepted: 2026-05-01, attribution: true}
#   references:
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#     - https://github.com/meta-llama/llama-models/blob/main/models/llama3_1/LICENSE
#   good: |
#     model: {id: meta-llama/Llama-3.1-70B-Instruct, licence: {accepted: 2026-05-01, attribution: true}}
#   bad: |
#     model: {id: meta-llama/Llama-3.1-70B-Instruct, licence: {accepted: 2026-05-01}}
package psfpolicy.controls.vendor.licence_duties

import data.psfpolicy.known
import data.psfpolicy.lib.dates
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.licences

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_path := ["spec", "model", "licence"]

_licence := {key: value | some key, value in _descriptor.spec.model.licence}

not_applicable := "the model is behind its provider's own terms" if terms.hosted_api(_descriptor)

places contains _path

findings contains {"path": _path, "status": _status, "message": message, "reads": _reads} if {
	message := $"{text.joined(_seen)}{text.wish(_status == "pass", text.joined(_wanted))}"
}

# Whether it was accepted: an agreement, or a day that has come, of no other licence than the model's.
_accepted if licences.replaced

_accepted if {
	not dates.future(_licence.accepted, input.today)
	dates.day(_licence.accepted)
	not _mistaken
}

_mistaken if {
	count(_of_weights) > 0
	_licence.id
	not _theirs
}

_theirs if _of_weights[known.resolve("licences", _licence.id).id]

# What the catalogue says that the weights are under, whatever is declared.
_of_weights contains known.resolve("licences", known.resolve("models", name).licence).id if name := _descriptor.spec.model.id

_of_weights contains known.resolve("licences", known.resolve("models", name).licence).id if name := _descriptor.spec.model.base.id

# Things in play whose licence asks to be shown, and things whose licence is not known.
_asking := {$"`{row.attribution.text}`" |
	some item in licences.items
	some id, row in item.licences
	not item.agreed[id]
	row.attribution.required == true
}

_unknown := {$"`{item.name}`" |
	some item in licences.items
	item.unknown
	licences.unknown(item).status != "pass"
}

_internal if _descriptor.spec.purpose.audience == "internal"

_shown if _internal

_shown if _licence.attribution == true

_shown if {
	count(_asking) == 0
	count(_unknown) == 0
}

_status := "pass" if {
	_accepted
	_shown
	count(_unknown) == 0
}

else := "partial" if _accepted

else := "fail"

_seen := union({_acceptance, _attribution, {$"the licence of {text.joined(_unknown)} is not known" | count(_unknown) > 0}})

_acceptance := {"an agreement replaces the licence of the model"} if licences.replaced

else := {$"`spec.model.licence.id` is `{_licence.id}`, which is not the licence of the model"} if _mistaken

else := {$"the licence {dates.told(object.get(_licence, "accepted", ""), input.today, "accepted")}"}

_attribution := set() if count(_asking) == 0

else := {$"{text.joined(_asking)} is shown"} if _licence.attribution == true

else := {$"{text.joined(_asking)} is asked of no internal audience"} if _internal

else := {$"{text.joined(_asking)} is asked and not shown"}

_wanted := union({
	{$"`accepted` with a day that has come, of {text.one_of(_of_weights)}" | not _accepted; count(_of_weights) > 0},
	{"`accepted` with a day that has come" | not _accepted; count(_of_weights) == 0},
	{"`attribution: true`" | not _shown; count(_asking) > 0},
	{"a licence that the catalogue or your own knows" | count(_unknown) > 0},
})

_reads := array.concat(
	[["spec", "purpose", "audience"]],
	sort({path | some item in licences.items; some path in item.reads} | {array.concat(_path, [key]) | some key in _keys}),
)

_keys := ["accepted", "attribution", "commercialAgreement", "id"]
