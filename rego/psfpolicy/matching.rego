# METADATA
# title: Matching
# description: |
#   Which item of a list that the descriptor declares an item of the evidence is, and what is the same value in another spelling.
#   Some keys tell what an item is; of several declared items that it may be, it is the one that agrees with it the most. One that a
#   manifest shows as a whole may be declared in parts, and one that is declared as a whole may be shown in parts.
package psfpolicy.matching

import data.psfpolicy.known
import data.psfpolicy.lib.spelling

default _facts := []

_facts := input.facts.evidence

# items that manifests show, by the index of the fact; of a model that the descriptor does not name, the model says enough.
items[index] := fact if {
	some index, fact in _facts
	fact.item == true
	fact.certainty != "inconclusive"
	fact.about != "other"
}

# same are the paths of the declared items that an item of the evidence is, by the index of the fact.
same[index] contains array.concat(fact.path, [position]) if {
	some index, positions in _chosen
	fact := items[index]
	some position in positions
	not _other_of_its_kind(index, position)
}

same[index] contains array.concat(fact.path, [min(found)]) if {
	some index, fact in items
	is_string(fact.value)
	found := {position | some position, word in object.get(input.descriptor, fact.path, []); word == fact.value}
	count(found) > 0
}

# about are the paths of the declared items that an item is about which a manifest names and does not decide, by the index of the fact.
about[index] contains array.concat(fact.path, [position]) if {
	some index, positions in _candidates
	fact := _facts[index]
	fact.certainty == "inconclusive"
	some position in _best(index, positions)
}

# shown gives all that manifests show of a list of words of a declared item, by the path of the list.
shown[array.concat(fact.path, [position, key])] contains word if {
	some index, positions in _candidates
	fact := items[index]
	fact.about == "deployment"
	some position in positions
	some key, words in fact.value
	is_array(words)
	some word in words
}

# allowed gives all that is declared of a list of words of the items that one may be, by the index of the fact and the key.
allowed[[index, key]] contains word if {
	some index, positions in _candidates
	some position in positions
	some key in _lists
	some word in _declared(items[index].path, position)[key]
}

_lists := {"carries", "detects", "ports", "scans"}

# The declared items that an item may be, by the index of the fact: those of the key that tells most.
_candidates[index] := found[0] if {
	some index, fact in _facts
	fact.item == true
	fact.about != "other"
	is_object(fact.value)
	section := concat(".", fact.path)
	found := [positions |
		some key in _identity[section]
		path := array.concat(fact.path, [key])
		positions := {position |
			some position in _positions[[path, _kind(path, fact.value[key])]]
			value := fact.value
			declared := _declared(fact.path, position)
			not _apart(section, value, declared)
		}
		count(positions) > 0
	]
	count(found) > 0
}

# An opening for other ports than the one that is declared is another one.
_apart("spec.network.egress.rules", item, declared) if {
	count(item.ports) > 0
	count(declared.ports) > 0
	count({port | some port in item.ports} & {port | some port in declared.ports}) == 0
}

_declared(path, position) := object.get(input.descriptor, array.concat(path, [position]), {})

_chosen[index] := _best(index, positions) | _pieces(index, positions) if {
	some index, positions in _candidates
	items[index]
}

# The first of those that agree the most.
_best(index, positions) := {min(best)} if {
	count(positions) > 1
	ranks := {position: _rank(index, position) | some position in positions}
	most := max({rank | some rank in ranks})
	best := {position | some position, rank in ranks; rank == most}
}

_best(_, positions) := positions if count(positions) == 1

# Of one that bears no declared name, those too that are declared as pieces of it.
_pieces(index, positions) := {position |
	count(positions) > 1
	fact := _facts[index]
	not _is_named(fact, positions)
	some position in positions
	some key in {"detects", "ports"}
	words := _declared(fact.path, position)[key]
	count(words) > 0
	every word in words { word in fact.value[key] }
}

_is_named(fact, positions) if {
	some position in positions
	_agreement("name", fact.value.name, _declared(fact.path, position).name) > 1
}

_rank(index, position) := [_agreement(key, object.get(fact.value, key, null), object.get(declared, key, null)) |
	fact := _facts[index]
	declared := _declared(fact.path, position)
	some key in _telling[concat(".", fact.path)]
]

# A name is a manifest's own affair: another one tells nothing.
_agreement(key, value, declared) := 1 if {
	key
	null in {value, declared}
} else := 3 if {
	alike([key], value, declared)
} else := 2 if {
	is_array(value)
	some word in value
	word in declared
} else := 1 if {
	key == "name"
} else := 0

# What agrees with nothing that tells it apart from another, which is the declared one, is one more of its kind.
_other_of_its_kind(index, position) if {
	fact := items[index]
	_differs(fact, position)
	some other, positions in _chosen
	other != index
	positions[position]
	items[other].path == fact.path
	_stands_for(items[other], fact)
	_fits(items[other], position)
}

_stands_for(other, _) if other.certainty == "certain"

_stands_for(_, fact) if fact.certainty == "inferred"

_differs(fact, position) if {
	some key in _apart_by[concat(".", fact.path)]
	path := array.concat(fact.path, [key])
	value := fact.value[key]
	declared := _declared(fact.path, position)[key]
	not alike(path, value, declared)
}

_fits(fact, position) if {
	not _differs(fact, position)
	some key in _apart_by[concat(".", fact.path)]
	fact.value[key]
	_declared(fact.path, position)[key]
}

# Declared items by what tells them apart.
_positions[[path, _kind(path, item[key])]] contains position if {
	some section, keys in _identity
	some position, item in object.get(input.descriptor, split(section, "."), [])
	some key in keys
	path := array.concat(split(section, "."), [key])
}

# What says which item of a list one is, what tells most first.
_identity := {
	"spec.inputs.guards": ["model", "name"],
	"spec.outputs.guards": ["model", "name"],
	"spec.outputs.validators": ["name"],
	"spec.outputs.sinks": ["name"],
	"spec.data.stores": ["name"],
	"spec.data.otherFlows": ["name"],
	"spec.network.egress.rules": ["to"],
	"spec.observability.exports": ["endpoint", "name"],
	"spec.observability.alerts": ["signal", "name"],
	"spec.model.adapters": ["name", "source"],
	"spec.vendor.fallbacks": ["model", "name"],
	"spec.inputs.rateLimits": ["unit"],
}

# What tells several that it may be apart, what tells most first.
_telling := {
	"spec.inputs.guards": ["name", "model", "detects"],
	"spec.outputs.guards": ["name", "model", "detects"],
	"spec.network.egress.rules": ["ports"],
	"spec.observability.exports": ["name", "carries"],
	"spec.observability.alerts": ["name", "owner"],
	"spec.model.adapters": ["name", "source"],
	"spec.vendor.fallbacks": ["name"],
	"spec.inputs.rateLimits": ["scope", "per", "limit"],
}

# Keys by which two items of one kind are two, and none of them is wrong.
_apart_by := {
	"spec.observability.alerts": ["owner"],
	"spec.inputs.rateLimits": ["scope", "per"],
}

# What an item is: a guard's model by its row of the catalogue, whichever of its sizes it is.
_kind(path, value) := _guard(value) if {
	path[count(path) - 1] == "model"
	path[count(path) - 2] == "guards"
} else := normal(path, value)

_guard(value) := known.id_of("guards", value) if {
	known.id_of("guards", value)
} else := spelling.name(value)

# alike says whether two values of a path are the same in whatever spelling.
alike(path, value, declared) if normal(path, value) == normal(path, declared)

# A library and a service have one thing for all their names; the names of a model may be those of its sizes.
alike(path, value, declared) if {
	_guards[path]
	value != declared
	row := known.resolve("guards", value)
	row.kind != "model"
	row.id == known.id_of("guards", declared)
}

_guards[array.concat(path, [position, "model"])] if {
	some path in [["spec", "inputs", "guards"], ["spec", "outputs", "guards"]]
	some position, _ in object.get(input.descriptor, path, [])
}

# normal is the one spelling of a value: what is spelt in another way is the same, and so are words of a list in another order.
normal(path, value) := spelling.of(path[count(path) - 1], value) if {
	is_string(value)
} else := {key: spelling.of(key, part) | some key, part in value} if {
	is_object(value)
	every part in value { is_string(part) }
} else := {part | some part in value} if {
	is_array(value)
} else := value
