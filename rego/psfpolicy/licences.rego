# METADATA
# title: Licences
# description: |
#   The licences that are in play, worked out once for every control that asks: those of the model, its base, adapters,
#   guards and fallbacks.
#   An item is {path, name, licences, unknown, input, agreed, reads}: licences are rows by id, what the catalogue says
#   together with what is declared, so that a declared licence never hides the catalogue's; unknown says that one of them is not
#   known; input is "text", "more" or "unknown"; agreed are the ids that an agreement replaces.
#   A model behind a hosted API, one that only its maker's API offers, and a guard that is a library or a service bring
#   terms of their own and no licence of weights. What is said to come from a base whose licence is known has that one.
package psfpolicy.licences

import data.psfpolicy.known
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms

_descriptor := object.get(input, "descriptor", {})

_spec := _descriptor.spec

_agreement := ["spec", "model", "licence", "commercialAgreement"]

_declared := ["spec", "model", "licence", "id"]

# replaced says that an agreement stands in the place of the model's own licences.
default replaced := false

replaced if said.named(_descriptor, _agreement)

items contains item if {
	some subject in _subjects
	not _own_terms(subject)
	names := _names(subject)
	not _by_its_base(subject, names)
	rows := {name: row | some name in names; row := known.resolve("licences", name)}
	licences := {row.id: row | some row in rows}
	item := {
		"path": subject.path,
		"name": subject.name,
		"licences": licences,
		"unknown": _unknown(names, rows),
		"input": _input(subject.name),
		"agreed": _agreed(subject, licences),
		"own": subject.own,
		"reads": subject.reads,
	}
}

# own are the ids of the licences of the model and its base.
own contains known.resolve("licences", name).id if {
	some subject in _subjects
	subject.own
	some name in _names(subject)
}

# row of a licence by its id.
row(id) := known.resolve("licences", id)

# unknown is what a control says of an item whose licence, or one of them, nobody knows.
unknown(item) := {"status": "pass", "message": "under a licence that an agreement replaces", "reads": [], "wanted": set()} if _settled(item)

unknown(item) := {"status": "partial", "message": message, "reads": [], "wanted": wanting(item)} if {
	not _settled(item)
	message := "under a licence that the catalogue does not know"
}

# wanting is what would make the licences of an item known, in words.
wanting(item) := set() if not item.unknown

wanting(item) := set() if _settled(item)

wanting(item) := {"`spec.model.licence.id` or `spec.model.base`, as the catalogue or your own knows them"} if {
	item.unknown
	not _settled(item)
	item.own
}

wanting(item) := {$"a row with the `licence` of `{item.name}` in your own catalogue"} if {
	item.unknown
	not _settled(item)
	not item.own
}

# otherwise is the way out of a licence that says no.
otherwise(item) := "another model, or an agreement in `spec.model.licence.commercialAgreement`" if item.own

otherwise(item) := "another one in its place" if not item.own

_settled(item) if {
	item.own
	replaced
}

_subjects contains {"path": path, "name": _spec.model.id, "own": true, "reads": [path, _declared, _agreement]} if {
	not terms.hosted_api(_descriptor)
	path := ["spec", "model", "id"]
}

_subjects contains {"path": path, "name": _spec.model.base.id, "own": true, "reads": [path, _agreement]} if {
	not terms.hosted_api(_descriptor)
	path := ["spec", "model", "base", "id"]
}

_subjects contains {"path": path, "name": name, "own": false, "reads": reads} if {
	not terms.hosted_api(_descriptor)
	some index, adapter in _spec.model.adapters
	path := ["spec", "model", "adapters", index]
	name := object.get(adapter, "source", adapter.name)
	reads := [array.concat(path, ["source"]), _agreement]
}

_subjects contains {"path": path, "name": thing.model, "own": false, "reads": reads} if {
	some section in [["spec", "inputs", "guards"], ["spec", "outputs", "guards"], ["spec", "vendor", "fallbacks"]]
	some index, thing in object.get(_descriptor, section, [])
	thing.model
	path := array.concat(section, [index])
	reads := [array.concat(path, ["model"]), _agreement]
}

_own_terms(subject) if {
	row := known.resolve("models", subject.name)
	row.hosted == true
	not row.licence
}

_own_terms(subject) if known.resolve("guards", subject.name).kind in {"library", "service"}

# Names of the licences of a subject: its row's, those of the row that it comes from, and what is declared of the model.
_names(subject) := union({
	{licence | some table in ["models", "guards"]; licence := known.resolve(table, subject.name).licence},
	{licence | base := known.resolve("models", subject.name).base; licence := known.resolve("models", base).licence},
	{licence | subject.path == ["spec", "model", "id"]; licence := _spec.model.licence.id},
})

# A fine-tune or repack that nothing is known of, but for its base: the base answers.
_by_its_base(subject, names) if {
	subject.path == ["spec", "model", "id"]
	count(names) == 0
	known.resolve("models", _spec.model.base.id).licence
}

_unknown(names, _) if count(names) == 0

_unknown(names, rows) := count(rows) < count(names) if count(names) > 0

# What a model takes, by its own row, else by that of its base.
_input(name) := _taken(known.resolve("models", name))

_input(name) := _taken(known.model) if {
	not known.resolve("models", name)
	name == _spec.model.id
	known.model
}

_input(name) := "unknown" if {
	not known.resolve("models", name)
	not _ours(name)
}

_ours(name) if {
	name == _spec.model.id
	known.model
}

_taken(row) := "text" if row.modalities.input == ["text"]

_taken(row) := "more" if {
	row.modalities.input
	row.modalities.input != ["text"]
}

_taken(row) := "unknown" if not row.modalities.input

# An agreement replaces the licences of the model and its base, wherever else they are in play.
_agreed(_, _) := set() if not replaced

_agreed(subject, licences) := {id | some id, _ in licences; _replaces(subject, id)} if replaced

_replaces(subject, _) if subject.own

_replaces(_, id) if own[id]
