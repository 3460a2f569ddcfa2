# METADATA
# title: Licences
# description: |
#   The licences that are in play, worked out once for every control that asks: those of the model, its base, adapters and the
#   model that drafts for it, of guards and fallbacks.
#   An item is {path, name, own, ids, agreed, unheard, input, reads}: ids are those of the licences that it is under, what the
#   catalogue says together with what is declared, so that a declared licence never hides the catalogue's; agreed are those that
#   an agreement replaces; unheard is what every control says of a licence that nobody knows; input is "text", "more" or "unknown".
#   A model behind a hosted API, one that only its maker's API offers, and a guard that is a library or a service bring
#   terms of their own and no licence of weights. What is said to come from a base whose licence is known has that one.
package psfpolicy.licences

import data.psfpolicy.commercial
import data.psfpolicy.known
import data.psfpolicy.lib.status
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

default _descriptor := {}

_descriptor := input.descriptor

_spec := _descriptor.spec

_declared := ["spec", "model", "licence", "id"]

# rows of the licences in play, by id.
rows[id] := known.rows.licences[id] if some id in _id

# own are the ids of the licences of the model and its base; catalogued are those that the catalogue says.
own contains _id[name] if {
	some subject in _subjects
	subject.own
	some name in _names[subject.path]
}

catalogued contains _id[name] if {
	some subject in _subjects
	subject.own
	some name in _known[subject.id]
}

# An array, since each step through a set of objects reads one as a whole.
items := [item |
	some subject in _subjects
	not _own_terms(subject)
	names := _names[subject.path]
	not _by_its_base(subject, names)
	ids := {_id[name] | some name in names}
	item := {
		"path": subject.path,
		"name": subject.name,
		"own": subject.own,
		"ids": ids,
		"agreed": ids & commercial.replaced,
		"unheard": {_unheard(subject, strangers) | strangers := {name | some name in names; not _id[name]}; _unknown(names, strangers)},
		"input": _input(subject.id),
		"reads": array.concat(subject.reads, commercial.reads),
	}
]

_subjects := [subject | some subject in _subject]

# settled says that an agreement replaces whatever licence the model and its base have.
settled if {
	count(own) > 0
	count(own - commercial.replaced) == 0
}

settled if {
	count(own) == 0
	commercial.covers_unknown
}

# finding on an item, of what a control says of each licence that it asks: {status, told, wanted, reads, replaced} by id, where
# told follows the title of the licence, and replaced is what an agreement changes about it.
finding(item, verdicts) := {"path": item.path, "status": worst, "message": message, "reads": reads} if {
	heard := array.concat([one | some one in item.unheard], [one |
		some id in (item.ids - item.agreed)
		told := $"under {rows[id].title}, {verdicts[id].told}"
		one := object.union(verdicts[id], {"told": told})
	])
	agreed := {told |
		some id in item.agreed
		told := $"under {rows[id].title}, {object.get(verdicts, [id, "replaced"], "which")} an agreement replaces"
	}
	worst := status.worst({"pass"} | {verdict.status | some verdict in heard})
	seen := text.joined(agreed | {verdict.told | some verdict in heard})
	aside := {phrase | some id in item.ids; verdicts[id]; some phrase in commercial.told[id]}
	message := $"`{item.name}` is {seen}{_aside(aside)}{_wish(item, worst, heard)}"
	reads := array.concat(item.reads, sort({path | some verdict in heard; some path in verdict.reads}))
}

_aside(phrases) := "" if count(phrases) == 0

_aside(phrases) := $"; {text.joined(phrases)}" if count(phrases) > 0

_wish(_, "pass", _) := ""

_wish(_, "partial", heard) := $"; wanted: {text.joined(union({verdict.wanted | some verdict in heard; verdict.status == "partial"}))}"

_wish(item, "fail", _) := $"; wanted: another model, or an agreement in force{_with(item.ids)} in `spec.model.licence.commercialAgreement`" if {
	item.own
}

_wish(item, "fail", _) := "; wanted: another one in its place" if not item.own

_with(ids) := "" if count({rows[id].licensor | some id in ids}) == 0

_with(ids) := $" with {text.joined(licensors)}" if {
	licensors := {rows[id].licensor | some id in ids}
	count(licensors) > 0
}

_unknown(names, _) if count(names) == 0

_unknown(_, strangers) if count(strangers) > 0

_unheard(subject, _) := {"status": "pass", "told": "under a licence that an agreement replaces", "wanted": set(), "reads": []} if _unasked(subject)

_unheard(subject, strangers) := {"status": "partial", "told": $"under {_which(strangers)}", "wanted": {_supply(subject)}, "reads": []} if {
	not _unasked(subject)
}

_unasked(subject) if {
	subject.own
	settled
}

_which(strangers) := "a licence that the catalogue does not know" if count(strangers) == 0

_which(strangers) := $"{text.all_of(strangers)}, which the catalogue does not know" if count(strangers) > 0

_supply(subject) := "`spec.model.licence.id` or `spec.model.base`, as the catalogue or your own knows them" if subject.own

_supply(subject) := $"a row with the `licence` of `{subject.name}` in `models` of your own catalogue" if {
	not subject.own
	subject.id != ""
}

_supply(subject) := "its `model`" if subject.id == ""

_subject contains {"path": path, "id": id, "name": id, "own": true, "reads": [path, _declared]} if {
	not terms.hosted_api(_descriptor)
	path := ["spec", "model", "id"]
	id := object.get(_descriptor, path, "unnamed")
}

_subject contains {"path": path, "id": _spec.model.base.id, "name": _spec.model.base.id, "own": true, "reads": [path, _declared]} if {
	not terms.hosted_api(_descriptor)
	path := ["spec", "model", "base", "id"]
}

_subject contains {"path": path, "id": _spec.model.draft.id, "name": _spec.model.draft.id, "own": false, "reads": [path]} if {
	not terms.hosted_api(_descriptor)
	path := ["spec", "model", "draft", "id"]
}

_subject contains {"path": path, "id": id, "name": id, "own": false, "reads": [array.concat(path, ["source"])]} if {
	not terms.hosted_api(_descriptor)
	some index, adapter in _spec.model.adapters
	path := ["spec", "model", "adapters", index]
	id := object.get(adapter, "source", adapter.name)
}

_subject contains {"path": path, "id": thing.model, "name": thing.model, "own": false, "reads": [array.concat(path, ["model"])]} if {
	some section in [["spec", "inputs", "guards"], ["spec", "outputs", "guards"], ["spec", "vendor", "fallbacks"]]
	some index, thing in object.get(_descriptor, section, [])
	thing.model
	path := array.concat(section, [index])
}

# A smaller model is one, even where nobody says which.
_subject contains {"path": path, "id": "", "name": fallback.name, "own": false, "reads": reads} if {
	some index, fallback in _spec.vendor.fallbacks
	fallback.kind == "smaller-model"
	not fallback.model
	path := ["spec", "vendor", "fallbacks", index]
	reads := [array.concat(path, ["kind"]), array.concat(path, ["model"])]
}

# What the catalogue has of that name.
_model[subject.id] := known.row("models", subject.id) if some subject in _subjects

_guard[subject.id] := known.row("guards", subject.id) if some subject in _subjects

# Names of the licences of a thing: its row's, and those of the row that it comes from.
_known[id] contains row.licence if some id, row in _model

_known[id] contains row.licence if some id, row in _guard

_known[id] contains known.rows.models[row.base].licence if some id, row in _model

_names[subject.path] := object.get(_known, subject.id, set()) | {licence |
	subject.path == ["spec", "model", "id"]
	licence := _spec.model.licence.id
} if {
	some subject in _subjects
}

# The licence that each name stands for.
_id[name] := known.id_of("licences", name) if some name in union({names | some names in _names})

_own_terms(subject) if {
	row := _model[subject.id]
	row.hosted == true
	not row.licence
	not _run_here(subject)
}

_own_terms(subject) if _guard[subject.id].kind in ["library", "service"]

# What only its maker's API offers cannot run here, whoever says so.
_run_here(subject) if {
	subject.own
	terms.self_run(_descriptor)
}

# A fine-tune or repack that nothing is known of, but for its base: the base answers.
_by_its_base(subject, names) if {
	subject.path == ["spec", "model", "id"]
	count(names) == 0
	known.id_of("models", _spec.model.base.id)
}

# What a thing takes, by its own row, that of its base, or those of the models that a guard is; null where a row does not say.
_taken[id] contains _takes(row) if some id, row in _model

_taken[_spec.model.id] contains _takes(known.model)

_taken[id] contains _takes(known.rows.models[model]) if {
	some id, row in _guard
	some model in row.models
}

_takes(row) := object.get(row, ["modalities", "input"], null)

default _input(_) := "unknown"

_input(id) := "text" if _taken[id] == {["text"]}

_input(id) := "more" if {
	some taken in _taken[id]
	not taken in [null, ["text"]]
}
