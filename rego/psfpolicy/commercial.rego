# METADATA
# title: Commercial agreements
# description: |
#   Which licences of the model and its base an agreement replaces.
#   `model.licence.commercialAgreement` names it. Where `vendor.agreements` lists any of kind `licence`, these decide: one in
#   force, with the licensor. A party is the licensor when its id or name begins with the same word ("Mistral AI": `mistral`,
#   Mistral AI SAS). Where none is listed the name alone does, unless the licences are of two licensors.
package psfpolicy.commercial

import data.psfpolicy.lib.agreements
import data.psfpolicy.lib.dates
import data.psfpolicy.lib.said
import data.psfpolicy.lib.text
import data.psfpolicy.licences

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "model", "licence", "commercialAgreement"]

# reads are the paths that say whether a licence is replaced.
default reads := [["spec", "model", "licence", "commercialAgreement"]]

reads := array.flatten([
	[_path],
	agreements.reads(_descriptor),
	[["spec", "parties", index, "name"] | some index, _ in _descriptor.spec.parties],
]) if {
	_claimed
}

# replaced are the ids of the licences in whose place an agreement stands.
replaced contains id if {
	_named_alone
	count(_licensors) < 2
	some id in licences.own
}

replaced contains id if {
	some id in licences.own
	some party in _with[licences.rows[id].licensor]
	_standing[party]
}

# covers_unknown says that an agreement stands in the place of a licence that nobody knows.
covers_unknown if _named_alone

covers_unknown if {
	some agreement in _listed
	_standing[agreement["with"]]
}

# told is, by id, until when an agreement replaces a licence, or why the one that is named does not.
told[id] contains agreements.answer(_descriptor, party, "licence", dates.day(input.today)).told if {
	_claimed
	some id in licences.own
	some party in _with[licences.rows[id].licensor]
}

told[id] contains $"no `licence` with {licensor} is in `spec.vendor.agreements`" if {
	_claimed
	count(_listed) > 0
	some id in licences.own
	licensor := licences.rows[id].licensor
	not _with[licensor]
}

told[id] contains $"`{concat(".", _path)}` does not say with whom" if {
	_named_alone
	count(_licensors) > 1
	some id in licences.own
}

_claimed if said.named(_descriptor, _path)

_named_alone if {
	_claimed
	count(_listed) == 0
}

_listed := [agreement | some agreement in _descriptor.spec.vendor.agreements; agreement.kind == "licence"]

_licensors contains licences.rows[id].licensor if some id in licences.own

# Parties of the listed agreements, by the licensor that each is.
_with[licensor] contains party if {
	some licensor in _licensors
	some agreement in _listed
	party := agreement["with"]
	some name in ({party} | {declared.name | some declared in _descriptor.spec.parties; declared.id == party})
	_first_word(name) == _first_word(licensor)
}

_first_word(name) := split(replace(text.lower_case(name), "-", " "), " ")[0]

_standing contains party if {
	_claimed
	some agreement in _listed
	party := agreement["with"]
	agreements.holding(agreements.answer(_descriptor, party, "licence", dates.day(input.today)).state)
}
