# METADATA
# title: What is known
# description: |
#   The catalogue as this deployment sees it: the tables that psfpolicy ships, with the user's own rows laid over them,
#   and the rows that the descriptor names, resolved once for every control.
#   A name resolves by the id of a row, or else by the one row that has it among its aliases: letter by letter, never by a part
#   of it, and with capitals as they are written, since engines differ on what the small letter of one is. A name that two
#   rows have among their aliases stands for neither.
package psfpolicy.known

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

# ids of rows by their aliases, for the tables that things are named from.
_aliased[table][name] contains id if {
	some table in {"models", "guards", "engines", "accelerators", "licences", "decoding", "platforms"}
	some id, row in object.get(rows, table, {})
	some name in row.aliases
}

# resolve gives the row that a name of a table stands for, with its id; undefined for a name that is not known.
resolve(table, name) := object.union(rows[table][name], {"id": name})

resolve(table, name) := object.union(rows[table][id], {"id": id}) if {
	not rows[table][name]
	ids := _aliased[table][name]
	count(ids) == 1
	some id in ids
}

# country of a location: said, or the region's; undefined where neither is known.
country(location) := location.country

country(location) := rows.regions[location.region].country if not location.country

# model that is served: its own row, or that of the base it is said to come from.
model := resolve("models", input.descriptor.spec.model.id)

model := row if {
	not _own
	row := resolve("models", input.descriptor.spec.model.base.id)
}

_own if resolve("models", input.descriptor.spec.model.id)

# engine, hosting and accelerator that are served on.
engine := resolve("engines", input.descriptor.spec.serving.engine.name)

hosting := rows.hosting[input.descriptor.spec.serving.hosting]

accelerator := resolve("accelerators", input.descriptor.spec.serving.accelerators.type)
