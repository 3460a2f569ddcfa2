# METADATA
# title: Scope
# description: |
#   What a descriptor is judged by because it says so of itself: taking one of these away makes a verdict easier without
#   making anything safer.
package psfpolicy.lib.scope

# lost gives what a descriptor had and another has not, as [path, message]; the paths are those of the first.
lost(before, after) := union({_words(before, after), _items(before, after), _ranks(before, after), _withdrawn(before, after)})

# promised is where a descriptor says where its data may be: a promise that its flows are held to, and nothing else asks for.
promised := ["spec", "data", "residency", "allowed"]

# wider gives the areas in which data may be and might not before: those of no group and no country that was allowed. ADEQUATE
# covers no country, since decisions end.
wider(before, after, countries) := {area |
	was := object.get(before, promised, null)
	was != null
	areas := _set(was)
	some area in object.get(after, promised, [])
	not _covered(area, areas, countries)
}

_covered(area, areas, _) if areas[area]

_covered("EU", areas, _) if areas.EEA

_covered(area, areas, countries) if {
	some group, member in {"EEA": "eea", "EU": "eu"}
	areas[group]
	countries[area][member] == true
}

_withdrawn(before, after) := {[promised, "where data may be is not declared any more"] |
	object.get(before, promised, null) != null
	object.get(after, promised, null) == null
}

# lacking gives the words that a floor asks for and a descriptor does not have, as [path, message]; a path ends with the word.
lacking(floor, descriptor) := {[array.concat(path, [word]), message] |
	some key, path in {"regimes": ["spec", "regimes"], "categories": ["spec", "data", "categories"]}
	some word in object.get(floor, key, [])
	had := _set(object.get(descriptor, path, []))
	not had[word]
	message := $"the settings ask for {_lists[path]} `{word}`, which is not declared"
}

_words(before, after) := {[array.concat(path, [position]), message] |
	some path, thing in _lists
	some position, word in object.get(before, path, [])
	kept := _set(object.get(after, path, []))
	not kept[word]
	message := $"{thing} `{word}` is not declared any more"
}

_items(before, after) := {[array.concat(path, [position]), message] |
	some path, kind in _things
	some position, item in object.get(before, path, [])
	name := item[kind.key]
	kept := {other[kind.key] | some other in _set(object.get(after, path, []))}
	not kept[name]
	message := $"{kind.thing} `{name}` is not declared any more"
}

# A value that is not said counts as the highest: to take it away lowers nothing.
_ranks(before, after) := {[path, message] |
	some path, rank in _ranked
	now := object.get(after, path, null)
	was := object.get(before, path, null)
	rank.order[now] < object.get(rank.order, was, count(rank.order) - 1)
	message := $"{rank.thing} was {_said(was)} and is `{now}`"
}

_said(value) := "not declared, which counts as the highest," if value == null

_said(value) := $"`{value}`" if value != null

_set(value) := {item | some item in value}

_lists := {
	["spec", "regimes"]: "the regime",
	["spec", "purpose", "sectors"]: "the sector",
	["spec", "data", "categories"]: "the category",
	["spec", "evidence"]: "the evidence",
}

_things := {
	["spec", "parties"]: {"key": "id", "thing": "the party"},
	["spec", "data", "otherFlows"]: {"key": "name", "thing": "the flow"},
	["spec", "outputs", "sinks"]: {"key": "name", "thing": "the sink"},
}

_ranked := {
	["metadata", "environment"]: {
		"thing": "the environment",
		"order": {"development": 0, "staging": 1, "production": 2},
	},
	["spec", "purpose", "consequence"]: {
		"thing": "the consequence",
		"order": {"low": 0, "medium": 1, "high": 2},
	},
	["spec", "data", "classification"]: {
		"thing": "the classification",
		"order": {"public": 0, "internal": 1, "confidential": 2, "restricted": 3},
	},
}
