# METADATA
# title: Residency
# description: |
#   What the declared regimes say of each flow, derived once for the controls that report it: which regimes speak of a flow,
#   which countries each allows, which flows leave those, and by what entry of `transfers` they may.
#   A regime is a row of the catalogue, ours or the user's, and nothing here knows one by its name. One that does not apply yet,
#   or no longer, objects to nothing: it is a note.
package psfpolicy.residency

import data.psfpolicy.flows
import data.psfpolicy.known
import data.psfpolicy.lib.dates
import data.psfpolicy.lib.paths
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

speaking[promise] := row if {
	_data.residency.allowed
	mechanisms := [name | some name, mechanism in known.rows.transfers; mechanism.standing == true]
	row := {"carries": _content, "locations": {"as_declared": true}, "mechanisms": mechanisms}
}

_about(kind) if not kind in {"personal", "phi"}

_about("personal") if not terms.no_personal_data(input.descriptor)

_about("phi") if not _data.categories

_about("phi") if terms.has_category(input.descriptor, "phi")

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

# spoken gives the ids of the regimes that speak of a flow, by its path.
spoken[flow.path] contains id if {
	some id, row in speaking
	carries := {carried | some carried in object.get(row, "carries", _content)}
	some flow in flows.all
	some carried in flow.carries
	carries[carried]
}

# conditions are the keys that make regimes speak.
conditions(ids) := array.concat([["spec", "regimes"]], [["spec", "data", "categories"] |
	some id in ids
	object.get(speaking, [id, "data"], "any") != "any"
])

# notes of regimes, in words to follow a message: what each says beside, and which do not apply today.
notes(ids) := "" if count(_notes(ids)) == 0

notes(ids) := $"; note: {concat("; ", sort(_notes(ids)))}" if count(_notes(ids)) > 0

_notes(ids) := {trim_suffix(speaking[id].note, ".") | some id in ids} | {pending[id] | some id in ids}

# silent is the finding of a control that no known regime asks anything of, while one is declared that nobody knows.
silent(control) := {
	"path": ["spec", "regimes"],
	"status": "partial",
	"message": $"{text.all_of(unknown)} in `spec.regimes` is not in the catalogue, so that `{control}` cannot ask for it; wanted: a row of your own",
	"reads": [["spec", "regimes"]],
}

# groups of countries on this day.
_groups.EEA contains country if {
	some country, row in known.rows.countries
	row.eea == true
}

_groups.EU contains country if {
	some country, row in known.rows.countries
	row.eu == true
}

_adequate[row.adequate.scope] contains country if {
	some country, row in known.rows.countries
	object.get(row.adequate, "since", "") <= input.today
	object.get(row.adequate, "until", "9999-12-31") >= input.today
}

# expanded is the set of countries that areas stand for. Without scopes, ADEQUATE is every decision that asks no certificate.
expanded(areas, scopes) := union({_countries(area, scopes) | some area in areas})

_countries(area, _) := object.get(_groups, area, set()) if area in {"EEA", "EU"}

_countries("ADEQUATE", scopes) := union({object.get(_adequate, scope, set()) | some scope in scopes})

_countries(area, _) := {area} if not area in {"EEA", "EU", "ADEQUATE"}

_scopes := ["commercial-organisations", "general"]

# areas that a regime allows, as they are written; undefined for one that names none.
areas[id] := row.locations.allowed if some id, row in speaking

areas[id] := object.get(_data, ["residency", "allowed"], []) if {
	some id, row in speaking
	row.locations.as_declared == true
	not row.locations.allowed
}

# allowed countries by regime; where one has areas of its own and asks for the declared ones, both hold.
allowed[id] := {country | some country in expanded(listed, _adequacy(speaking[id])); _as_declared(speaking[id], country)} if {
	some id, listed in areas
}

_adequacy(row) := object.get(row, ["locations", "adequacy_scopes"], _scopes)

_as_declared(row, _) if object.get(row, ["locations", "as_declared"], false) != true

_as_declared(row, country) if {
	row.locations.as_declared == true
	_promised[country]
}

_promised := expanded(object.get(_data, ["residency", "allowed"], []), _scopes)

# leaving gives the regimes whose countries a flow leaves, by its path; those that do not apply today left out.
leaving[flow.path] contains id if {
	some flow in flows.all
	flow.country != "unknown"
	some id in spoken[flow.path]
	not allowed[id][flow.country]
	allowed[id]
	not pending[id]
}

# reaching gives, by flow and regime that it leaves, the status of the best entry of `transfers` and what there is to say of it.
reaching[path][id] := _best(flows.by_path[path], id) if {
	some path, ids in leaving
	some id in ids
}

# reached says that an entry of `transfers` takes a flow past a regime; what it still lacks is the entry's own matter.
reached(path, id) if reaching[path][id].status in {"pass", "partial"}

_entries := [entry | some entry in _data.transfers]

# transfers are the keys of all entries.
transfers := paths.items(["spec", "data", "transfers"], _entries, ["to", "country", "mechanism", "certified", "assessment"])

_best(_, id) := {"status": "fail", "text": $"`{id}` permits no transfer"} if count(_permitted(id)) == 0

_best(flow, id) := {"status": "fail", "text": $"no entry of `spec.data.transfers` takes it to `{flow.operator}` there"} if {
	count(_permitted(id)) > 0
	count(_judged(flow, id)) == 0
}

_best(flow, id) := best if {
	count(_permitted(id)) > 0
	judged := _judged(flow, id)
	rank := status.best({one.status | some one in judged})
	best := [one | some one in judged; one.status == rank][0]
}

_permitted(id) := {name | some name in object.get(speaking, [id, "mechanisms"], [])}

_judged(flow, id) := [_judgement(flow, id, index, entry) |
	some index, entry in _entries
	entry.to == flow.operator
	object.get(entry, "country", flow.country) == flow.country
]

_judgement(flow, id, index, entry) := {"status": _grade(flaws, gaps), "text": said_of} if {
	flaws := _flaws(flow, id, entry)
	gaps := {"no `assessment`" | _needs(entry, "assessment"); not said.named(entry, ["assessment"])}
	said_of := $"entry {index} of `spec.data.transfers` (`{entry.mechanism}`) {_shown(flaws | gaps)}"
}

_shown(lacking) := "takes it there" if count(lacking) == 0

_shown(lacking) := $"has {text.joined(lacking)}" if count(lacking) > 0

_grade(flaws, _) := "fail" if count(flaws) > 0

_grade(flaws, gaps) := "partial" if {
	count(flaws) == 0
	count(gaps) > 0
}

_grade(flaws, gaps) := "pass" if count(flaws | gaps) == 0

_flaws(flow, id, entry) := union({
	{$"a mechanism that `{id}` does not permit" | not _permitted(id)[entry.mechanism]},
	{"a mechanism that cannot carry a flow which is there all the time" | not _standing(entry.mechanism)},
	{"a mechanism for other countries" | _not_for(known.rows.transfers[entry.mechanism], flow.country)},
	{"no `certified` day that is past" | _needs(entry, "certified"); not _certified(entry)},
})

_standing(mechanism) if known.rows.transfers[mechanism].standing == true

_needs(entry, key) if key in known.rows.transfers[entry.mechanism].needs

_not_for(row, country) if {
	row.countries
	not country in row.countries
}

_certified(entry) if dates.age(entry.certified, input.today) >= -1

# settings that regimes ask of the descriptor, by the control that reports them: one finding for each key.
settings[control] contains finding if {
	some [control, path] in _asked
	ids := {id | some one in _settings; one.control == control; one.path == path; id := one.id}
	objecting := {one.id | some one in _settings; one.control == control; one.path == path; not one.met; not pending[one.id]}
	wanted := {value | some one in _settings; one.path == path; one.id in objecting; some value in one.values}
	finding := {
		"path": path,
		"status": _asked_status(objecting),
		"message": $"{said.at(input.descriptor, path)}{_asked_words(ids, objecting, wanted)}{notes(ids)}",
		"reads": array.concat(conditions(ids), [path]),
	}
}

_asked contains [one.control, one.path] if some one in _settings

_settings contains {"id": id, "control": setting.reported_by, "path": setting.path, "values": setting["in"], "met": met} if {
	some id, row in speaking
	some setting in row.settings
	met := object.get(input.descriptor, setting.path, null) in setting["in"]
}

_asked_status(objecting) := "pass" if count(objecting) == 0

_asked_status(objecting) := "fail" if count(objecting) > 0

_asked_words(ids, objecting, _) := $", as {text.all_of(ids)} {_ask(ids)}" if count(objecting) == 0

_asked_words(_, objecting, wanted) := $"; wanted: {text.one_of(wanted)}, which {text.all_of(objecting)} {_ask(objecting)} for" if {
	count(objecting) > 0
}

_ask(ids) := "asks" if count(ids) == 1

_ask(ids) := "ask" if count(ids) > 1

# merged findings: of two for one path, what both say, with the worse status.
merged(findings) := findings if count({finding.path | some finding in findings}) == count(findings)

merged(findings) := {finding |
	some path in {one.path | some one in findings}
	same := [one | some one in findings; one.path == path]
	finding := {
		"path": path,
		"status": status.worst({one.status | some one in same}),
		"message": concat("; ", sort([one.message | some one in same])),
		"reads": sort({read | some one in same; some read in one.reads}),
	}
} if {
	count({finding.path | some finding in findings}) != count(findings)
}
