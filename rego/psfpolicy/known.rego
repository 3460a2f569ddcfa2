# METADATA
# title: What is known
# description: |
#   The catalogue as this deployment sees it: the tables that psfpolicy ships, with the user's own rows laid over them,
#   and the rows that the descriptor names, resolved once for every control.
#   A name resolves by the id of a row, or else by the one row that has it among its aliases or repacks: as a whole, never by a
#   part of it. One that no row has letter by letter may differ in the capitals of ASCII, since the hub finds a model by either
#   spelling (huggingface_hub, issue 2090). A name that two rows have stands for neither.
package psfpolicy.known

import data.psfpolicy.lib.text

# rows of a table, by id; the user's rows replace ours of the same id as wholes: no row is made of two sources.
rows[table] := _ours(table) if {
	some table in _tables
	count(_users(table)) == 0
}

rows[table] := object.union(object.remove(_ours(table), object.keys(_users(table))), _users(table)) if {
	some table in _tables
	count(_users(table)) > 0
}

_tables := object.keys(data.psfpolicy.catalogue) | object.keys(object.get(input, "catalogue", {}))

_ours(table) := object.get(data.psfpolicy.catalogue, table, {})

_users(table) := object.get(input, ["catalogue", table], {})

# row is the one that a name of a table stands for; undefined for a name that is not known. resolve gives it with its id, which
# copies it.
row(table, name) := rows[table][id_of(table, name)]

resolve(table, name) := object.union(rows[table][id], {"id": id}) if id := id_of(table, name)

# id_of gives the id of that row. The index has each name as it is written, too: a search for small letters is for names that nobody
# has written so.
id_of(table, name) := name if {
	rows[table][name]
} else := id if {
	not _replaced[table]
	[id] := data.psfpolicy.index.names[table][name][name]
} else := id if {
	ids := _meant(_spellings(table, text.lower_case(name)), name)
	count(ids) == 1
	some id in ids
}

# replaced are the tables that the user has rows of.
_replaced contains table if {
	some table, users in input.catalogue
	count(users) > 0
}

# The ids by each way of writing the name, of which one may be exact.
_meant(spellings, name) := {id | some [written, id] in spellings; written == name} if _exact(spellings, name)

_meant(spellings, name) := {id | some [_, id] in spellings} if not _exact(spellings, name)

_exact(spellings, name) if {
	some [written, _] in spellings
	written == name
}

# spellings of a name in small letters: [as written, id]. Ours come from an index that is made when the policy is built;
# the rows that the user replaced are left out of it.
_spellings(table, small) := {[written, id] |
	some written, ids in object.get(data.psfpolicy.index.names, [table, small], {})
	some id in ids
	not _users(table)[id]
} | {[written, id] |
	some id, row in _users(table)
	some written in _names(id, row)
	text.same(written, small)
}

_names(id, row) := array.flatten([id, object.get(row, "aliases", []), [name | some name, _ in object.get(row, "repacks", {})]])

# country of a location: said, or the region's; undefined where neither is known.
country(location) := location.country

country(location) := rows.regions[location.region].country if not location.country

# own is the row of the model that is served; model is that, or the row of the base it is said to come from.
own := resolve("models", input.descriptor.spec.model.id)

model := own

model := base if {
	not own
	base := resolve("models", input.descriptor.spec.model.base.id)
}

# engine, hosting and accelerator that are served on.
engine := resolve("engines", input.descriptor.spec.serving.engine.name)

hosting := rows.hosting[input.descriptor.spec.serving.hosting]

accelerator := resolve("accelerators", input.descriptor.spec.serving.accelerators.type)
