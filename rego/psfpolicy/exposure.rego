# METADATA
# title: Exposure
# description: |
#   Which advisories the engine that is served with is exposed to, by the versions that its descriptor says: `engine.version`, and
#   the tag of the engine's own image, which may be another one. An image of somebody else's counts by other numbers and says nothing.
#   An advisory whose versions nobody knows may be about any, and so may one about an orchestrator, of which a descriptor says no version.
package psfpolicy.exposure

import data.psfpolicy.known
import data.psfpolicy.lib.conditions
import data.psfpolicy.lib.text
import data.psfpolicy.lib.versions

default _descriptor := {}

_descriptor := input.descriptor

_engine := _descriptor.spec.serving.engine

# declared version, and the one of the tag, as numbers. A container's are its year and month, so that a lower one is the
# server's own and says nothing. An engine that numbers its releases has none of 20 or above: that is a container's year, of
# NVIDIA's for one, which holds an engine of other numbers.
declared := _comparable(versions.numbers(_engine.version))

tagged := _comparable(versions.numbers(split(tag, "-")[0]))

_comparable(numbers) := numbers if not _another_count(numbers)

_another_count(numbers) if {
	known.engine.versions == "year-month"
	numbers[0] < 10
}

_another_count(numbers) if {
	object.get(known.engine, "versions", "release") == "release"
	numbers[0] >= 20
}

# tag of the image, where it is the engine's own, from whichever registry.
tag := written if {
	parts := split(split(_engine.image, "@")[0], "/")
	[name, written] := split(parts[count(parts) - 1], ":")
	repository := text.lower_case(concat("/", array.concat(array.slice(parts, 0, count(parts) - 1), [name])))
	some alias in known.engine.aliases
	endswith($"/{repository}", $"/{text.lower_case(alias)}")
}

# differing says that the tag is of another version than the one that is declared.
differing if declared != tagged

# subject is the engine with the versions that are said of it.
subject := $"{known.engine.title}{_version}{_tag}"

default _version := ""

_version := $" {_engine.version}" if declared

default _tag := ""

_tag := $" in an image of `{tag}`" if {
	tagged
	not declared == tagged
}

# looked_for says that the catalogue has advisories about the engine, so that none is an answer.
looked_for if count(_published) > 0

_published := [[id, row] |
	engine := known.engine.id
	some id, row in known.rows.advisories
	row.engine == engine
]

# about are the advisories on one of the versions, by id; verdicts say of those that defeat a control whether they do so here. One
# that rests on a single source is never sure, nor is one of those that may be about any version.
about[id] := row if {
	some [id, row] in _published
	some range in row.ranges
	some numbers in _said
	versions.within(numbers, range)
}

about[id] := known.rows.advisories[id] if some id in anywhere

# anywhere are the ids of the advisories that no version can be compared with.
anywhere contains id if {
	some [id, row] in _published
	not row.ranges
}

anywhere contains id if {
	orchestrator := known.id_of("engines", _descriptor.spec.serving.orchestrator)
	some id, row in known.rows.advisories
	row.engine == orchestrator
}

verdicts[_sure(id, verdict)] contains id if {
	some id, row in about
	count(row.defeats) > 0
	verdict := conditions.verdict(row, _descriptor, _model)
}

_sure(id, "met") := "undecided" if about[id].single_source == true

else := "undecided" if id in anywhere

else := "met"

_sure(_, verdict) := verdict if verdict != "met"

# fixed is the lowest version above all of some advisories, as a person writes it; undefined where there is none.
fixed(ids) := versions.shown(max(ends), object.get(known.engine, "versions", "release")) if {
	ends := {range[1] | some id in ids; some range in about[id].ranges; some numbers in _said; versions.within(numbers, range)}
	not null in ends
}

_said contains declared

_said contains tagged

# What the conditions ask of the model: its family, and whether it takes or gives more than text.
_model := {
	"family": object.get(known.model, "family", ""),
	"takes": _range(known.model.modalities.input),
	"gives": _range(known.model.modalities.output),
} if {
	known.model.modalities
}

else := {"family": object.get(known.model, "family", ""), "takes": "", "gives": ""} if known.model

else := {"family": "", "takes": "", "gives": ""}

_range(modalities) := "text" if count({modality | some modality in modalities} - {"text", "label"}) == 0

_range(modalities) := "more" if count({modality | some modality in modalities} - {"text", "label"}) > 0
