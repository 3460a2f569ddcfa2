# METADATA
# title: Decoding
# description: |
#   Whether the library that is to hold output to a schema works where the model runs: `support` is {works, seen, wanted, reads},
#   where works is "yes", "no" or "unknown". An engine has a library built in, a client finds OpenAI's interface there, and a
#   provider's own way belongs to a model that a provider runs.
package psfpolicy.decoding

import data.psfpolicy.known
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

default _descriptor := {}

_descriptor := input.descriptor

_library := known.resolve("decoding", _descriptor.spec.outputs.constrainedDecoding.library)

_engine := ["spec", "serving", "engine", "name"]

_hosting := ["spec", "serving", "hosting"]

_row(key, table) := $"a row with `{key}` in `{table}` of your own catalogue"

default support := {"works": "unknown", "seen": "", "wanted": "", "reads": []}

support := {"works": works, "seen": $"not known to work {_there}", "wanted": _instead, "reads": [_engine, _hosting]} if {
	_library.runs_in in ["engine", "client"]
	works := {true: "yes", false: "unknown"}[_built_in]
}

default _built_in := false

_built_in if {
	_library.runs_in == "engine"
	_library.id in known.engine.structured_output
}

_built_in if {
	_library.runs_in == "client"
	known.engine.openai_compatible == true
}

_there := $"in {known.engine.title}" if known.engine

_there := $"where the model runs: {said.at(_descriptor, _engine)}, which the catalogue does not know" if not known.engine

_instead := $"one of {text.one_of(known.engine.structured_output)}" if known.engine.structured_output

else := $"a library that the engine has, or {_row("structured_output", "engines")}" if not terms.third_party_run(_descriptor)

else := "`provider-native`, or the name of the engine"

support := object.union(_provided, {"reads": [_hosting, ["spec", "model", "id"], ["spec", "model", "base", "id"]]}) if {
	_library.runs_in == "provider"
}

_provided := {"works": "no", "seen": $"a provider's own way, while {said.at(_descriptor, _hosting)}", "wanted": _instead} if {
	not terms.third_party_run(_descriptor)
}

else := {"works": "yes", "seen": "", "wanted": ""} if known.model.native_structured_output == true

else := {"works": "no", "seen": $"nothing that {known.model.title} has", "wanted": "a model that has it"} if {
	known.model.native_structured_output == false
}

else := {"works": "unknown", "seen": $"not known of `{object.get(_descriptor, ["spec", "model", "id"], "the model")}`", "wanted": _row("native_structured_output", "models")}
