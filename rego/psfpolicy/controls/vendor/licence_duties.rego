# METADATA
# title: Duties of the licence
# description: |
#   A licence that nobody accepted binds all the same, and some ask to be shown to whoever uses the product ("Built with Llama").
#   `model.licence.accepted` must name a day that does not lie ahead. Where `model.licence.id` names another licence than the model and
#   its base have, what was accepted is not theirs, and that fails. An agreement in force that replaces the licence counts as accepted.
#   Attribution is asked where a licence in play asks it, of the model, its base, adapters, draft, guards or fallbacks, unless
#   `purpose.audience` is `internal`: then nothing is made available to others. A licence that the catalogue does not know may ask it,
#   and is partial. The control does not apply where no licence of weights is in play, as with a hosted API; a guard before one brings
#   its attribution with it.
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
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.status
import data.psfpolicy.lib.text
import data.psfpolicy.licences

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "model", "licence"]

_licence := {key: value | some key, value in _descriptor.spec.model.licence}

not_applicable := "no licence of weights is in play: the model is behind its provider's own terms" if count(licences.items) == 0

rests := {["spec", "serving", "hosting"], ["spec", "model", "id"], ["spec", "model", "adapters"]}

places contains _path

findings contains {"path": _path, "status": worst, "message": message, "reads": reads} if {
	parts := [_acceptance, _attribution, _silence]
	worst := status.worst({part.status | some part in parts})
	seen := text.joined({part.told | some part in parts; part.told != ""})
	message := $"{seen}{text.wish(worst == "pass", text.joined(union({part.wanted | some part in parts})))}"
	read := {path | some item in licences.items; some path in item.reads} | {path | some path in paths.keys(_path, ["accepted", "attribution", "id"])}
	reads := array.concat([["spec", "purpose", "audience"]], sort(read))
}

_met(told) := {"status": "pass", "told": told, "wanted": set()}

# Accepted: nothing of the model's own is asked, an agreement is in its place, or a day has come, of no other licence.
_acceptance := _met("no licence of the model itself is asked") if {
	every item in licences.items { item.own == false }
}

else := _met("an agreement replaces the licence of the model") if licences.settled

else := {"status": "fail", "told": told, "wanted": {_accept}} if {
	_mistaken
	told := $"`spec.model.licence.id` is `{_licence.id}`, which is not the licence of the model"
}

else := _met(_told) if dates.state(_day, input.today, 0) in ["recent", "stale"]

else := {"status": "fail", "told": _told, "wanted": {_accept}}

_day := object.get(_licence, "accepted", "")

_told := $"the licence {dates.told(_day, input.today, "accepted")}"

_mistaken if {
	count(licences.catalogued) > 0
	_licence.id
	not _theirs
}

_theirs if licences.catalogued[known.id_of("licences", _licence.id)]

_accept := $"`accepted` with a day that has come{_of}"

default _of := ""

_of := $", of {text.one_of(licences.catalogued)}" if count(licences.catalogued) > 0

# What the licences in play ask to be shown, of an audience that is not the organisation itself.
_due := {$"`{row.attribution.text}`" |
	some item in licences.items
	some id in (item.ids - item.agreed)
	row := licences.rows[id]
	row.attribution.required == true
}

_attribution := _met("") if count(_due) == 0

else := _met($"{text.joined(_due)} is shown") if _licence.attribution == true

else := _met($"{text.joined(_due)} is asked of no internal audience") if _descriptor.spec.purpose.audience == "internal"

else := {"status": "partial", "told": $"{text.joined(_due)} is asked and not shown", "wanted": {"`attribution: true`"}}

# Things of whose licence nothing is known, which may ask anything.
_strangers := {$"`{item.name}`" | some item in licences.items; some one in item.unheard; one.status != "pass"}

_silence := _met("") if count(_strangers) == 0

else := {"status": "partial", "told": $"the licence of {text.joined(_strangers)} is not known", "wanted": wanted} if {
	wanted := {wanted | some item in licences.items; some one in item.unheard; some wanted in one.wanted}
}
