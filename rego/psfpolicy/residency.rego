# METADATA
# title: Residency
# description: |
#   What the declared regimes ask of the flows, derived once for the controls that report it: which regimes speak of what a flow
#   carries, which countries each allows, and which settings each wants. What is asked of a flow is asked of its state, once for all
#   flows that share it. A regime is a row of the catalogue, ours or the user's, and nothing here knows one by its name. One that
#   does not apply yet, or no longer, objects to nothing: it is a note.
package psfpolicy.residency

import data.psfpolicy.flows
import data.psfpolicy.known
import data.psfpolicy.lib.said
import data.psfpolicy.lib.status
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

_data := object.get(input, ["descriptor", "spec", "data"], {})

_content := ["logs", "metrics", "prompts", "responses", "traces"]

# promise is the name under which `data.residency.allowed` stands among the regimes that say where data may be.
promise := "data.residency.allowed"

# declared regimes by id, as far as the catalogue knows them.
declared[id] := known.rows.regimes[id] if some id in input.descriptor.spec.regimes

# unknown are the declared regimes that the catalogue does not know.
unknown contains id if {
	some id in input.descriptor.spec.regimes
	not known.rows.regimes[id]
}

# speaking regimes by id: declared, and the data that each is about is not shown to be absent.
speaking[id] := row if {
	some id, row in declared
	_about(object.get(row, "data", "any"))
}

speaking[promise] := {"locations": {"as_declared": true}, "mechanisms": mechanisms} if {
	_data.residency.allowed
	mechanisms := [name | some name, mechanism in known.rows.transfers; mechanism.standing == true]
}

_about(kind) if not kind in ["personal", "phi"]

_about("personal") if not terms.no_personal_data(input.descriptor)

# Whoever declares a law of health information has it in mind with `health` too.
_about("phi") if not _data.categories

_about("phi") if {
	some category in _data.categories
	category in ["health", "phi"]
}

# pending is why a regime objects to nothing today, in words.
pending[id] := $"`{id}` applies from `{row.applies_from}`" if {
	some id, row in speaking
	row.applies_from > input.today
}

pending[id] := $"`{id}` applied until `{row.until}`" if {
	some id, row in speaking
	row.until < input.today
	object.get(row, "applies_from", "") <= input.today
}

# spoken gives the ids of the regimes that speak of what a flow carries.
spoken[carries] := {id | some id, row in speaking; _carries_any(carries, object.get(row, "carries", _content))} if {
	some state in flows.states
	carries := state.carries
}

_carries_any(carries, asked) if {
	some carried in carries
	carried in asked
}

# duties of the declared regimes, with those that ask for each.
duties[duty] contains id if {
	some id, row in speaking
	some duty in row.duties
}

# conditions are the keys that make regimes speak.
conditions(ids) := array.concat([["spec", "regimes"]], [["spec", "data", "categories"] |
	some id in ids
	object.get(speaking[id], "data", "any") != "any"
])

# notes of regimes, in words to follow a message: what each says beside, and which do not apply today.
notes(ids) := concat("", ["; note: ", concat("; ", sort(said_beside))]) if {
	said_beside := {trim_suffix(speaking[id].note, ".") | some id in ids} | {pending[id] | some id in ids}
	count(said_beside) > 0
} else := ""

# within says that a country lies in one of some areas: countries, or groups on this day. Of ADEQUATE only decisions of these scopes.
within(country, areas, scopes) if {
	some area in areas
	_in(country, known.rows.countries[country], area, scopes)
}

# scopes of adequacy decisions that ask no certificate.
scopes := ["commercial-organisations", "general"]

_in(country, _, country, _)

_in(_, row, "EEA", _) if row.eea == true

_in(_, row, "EU", _) if row.eu == true

_in(_, row, "ADEQUATE", among) if {
	row.adequate.scope in among
	object.get(row.adequate, "since", "") <= input.today
	object.get(row.adequate, "until", "9999-12-31") >= input.today
}

# areas that a regime allows, as they are written; undefined for one that names none.
areas[id] := row.locations.allowed if some id, row in speaking

areas[id] := _promised if {
	some id, row in speaking
	row.locations.as_declared == true
	not row.locations.allowed
}

_promised := object.get(_data, ["residency", "allowed"], [])

# leaving gives the regimes whose countries a flow leaves, by its state; those that do not apply today left out.
leaving[state] := ids if {
	some state in flows.states
	country := state.country
	country != null
	ids := {id |
		some id in spoken[state.carries]
		areas[id]
		not pending[id]
		not _admits(id, country)
	}
	count(ids) > 0
}

_admits(id, country) if {
	locations := speaking[id].locations
	within(country, areas[id], object.get(locations, "adequacy_scopes", scopes))
	_as_declared(locations, country)
}

# Where a regime has areas of its own and asks for the declared ones, both hold.
_as_declared(locations, _) if not locations.as_declared == true

_as_declared(_, country) if within(country, _promised, scopes)

# reported is what a control finds of flows, by path, with what regimes ask it to look at besides. Where no regime that is known asks it
# anything, one that nobody knows might.
reported(control, found) := together([found, settings[control]]) if {
	settings[control]
} else := found if {
	count(found) > 0
} else := {["spec", "regimes"]: {
	"path": ["spec", "regimes"],
	"status": "partial",
	"message": $"{text.all_of(unknown)} in `spec.regimes` is not in the catalogue, so that `{control}` cannot ask for it; wanted: a row of your own",
	"reads": [["spec", "regimes"]],
}} if {
	count(unknown) > 0
} else := {}

# together are findings by path from several sources: of those for one path, what all say, with the worst status.
together(sources) := {path: finding |
	some path in {path | some findings in sources; some path, _ in findings}
	finding := _joined([findings[path] | some findings in sources])
}

_joined([one]) := one

_joined(several) := {
	"path": several[0].path,
	"status": status.worst({one.status | some one in several}),
	"message": concat("; ", sort([one.message | some one in several])),
	"reads": sort({read | some one in several; some read in one.reads}),
} if {
	count(several) > 1
}

# settings that regimes ask of the descriptor, by the control that reports them and by path.
settings[control][path] := finding if {
	some [control, path], ids in _asked
	objecting := {id | some id in ids; not pending[id]; not _met(id, path)}
	wanted := {value | some id in objecting; some setting in speaking[id].settings; setting.path == path; some value in setting["in"]}
	finding := {
		"path": path,
		"status": _judged(objecting),
		"message": $"{said.at(input.descriptor, path)}{_words(ids, objecting, wanted)}{notes(ids)}",
		"reads": array.concat(conditions(ids), [path]),
	}
}

_asked[[setting.reported_by, setting.path]] contains id if {
	some id, row in speaking
	some setting in row.settings
}

_met(id, path) if {
	every setting in [one | some one in speaking[id].settings; one.path == path] {
		object.get(input.descriptor, path, null) in setting["in"]
	}
}

_judged(objecting) := "pass" if count(objecting) == 0

_judged(objecting) := "fail" if count(objecting) > 0

_words(ids, objecting, _) := $", as wanted under {text.all_of(ids)}" if count(objecting) == 0

_words(_, objecting, wanted) := $"; wanted: {text.one_of(wanted)}, under {text.all_of(objecting)}" if count(objecting) > 0
