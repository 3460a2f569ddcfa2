# METADATA
# title: Evidence
# description: |
#   What manifests show of the deployment, held against what the descriptor declares.
#   A fact is {path, value, item, certainty, about, subject}: the host has read it, and says whether it is about this deployment,
#   about a part of it that the descriptor names (a guard, a fallback), or about something else.
#   A certain fact that differs from what is declared contradicts it; one that is inferred and differs, or that decides nothing,
#   leaves it open. An item of a list is held against the declared item that it is the same thing as; one that is none of them
#   is undeclared.
package psfpolicy.evidence

import data.psfpolicy.lib.text
import data.psfpolicy.provable

default _facts := []

_facts := input.facts.evidence

# given says that there is evidence.
given if count(_facts) > 0

# touching gives what facts say of a path or of what lies below it: [index, path, verdict], by path.
touching[above] contains entry if {
	some entry in _verdicts
	path := entry[1]
	some depth in numbers.range(2, count(path))
	above := array.slice(path, 0, depth)
}

# What facts say of a path itself, which holds for what lies below it too.
_at[path] contains [index, path, verdict] if some [index, path, verdict] in _verdicts

_verdicts contains [index, fact.path, _verdict(fact, object.get(input.descriptor, fact.path, null))] if {
	some index, fact in _facts
	fact.item == false
	fact.about == "deployment"
}

# An item that nobody can tell may be any of its list, or one more.
_verdicts contains [index, fact.path, "open"] if {
	some index, fact in _facts
	fact.item == true
	fact.about == "deployment"
	fact.certainty == "inconclusive"
}

# An item is compared with the declared one key by key; what a manifest calls it is its own affair.
_verdicts contains [index, path, verdict] if {
	some index, at in _same
	fact := _facts[index]
	fact.about == "deployment"
	some key, value in fact.value
	key != "name"
	path := array.concat(at, [key])
	declared := object.get(input.descriptor, path, null)
	declared != null
	verdict := _verdict({"value": value, "certainty": fact.certainty, "path": path}, declared)
}

_verdicts contains [index, at, "confirms"] if {
	some index, at in _same
	_facts[index].about == "deployment"
}

# What is undeclared is known from the manifest alone.
_verdicts contains [index, path, "confirms"] if {
	some path, _ in strangers
	index := path[2]
}

_verdict(fact, _) := "open" if fact.certainty == "inconclusive"

_verdict(fact, declared) := "confirms" if {
	fact.certainty != "inconclusive"
	_alike(fact.path, fact.value, declared)
}

_verdict(fact, declared) := _differing[fact.certainty] if {
	declared != null
	path := fact.path
	value := fact.value
	not _alike(path, value, declared)
}

# What is not declared and not filled in is not settled: another manifest leaves it open, or shows another value.
_verdict(fact, null) := "open" if {
	path := fact.path
	fact.certainty != "inconclusive"
	not _disputed[path]
}

_verdict(fact, null) := _differing[fact.certainty] if _disputed[fact.path]

_differing := {"certain": "contradicts", "inferred": "open"}

_disputed contains path if {
	some path, values in _proved
	count(values) > 1
}

_proved[fact.path] contains _normal(fact.path, fact.value) if {
	some fact in _facts
	fact.item == false
	fact.about == "deployment"
	fact.certainty == "certain"
}

_alike(path, value, declared) if _normal(path, value) == _normal(path, declared)

# Names of models and addresses are the same in whatever case they are written, and words of a list in whatever order.
_normal(path, value) := text.lower_case(value) if {
	is_string(value)
	_caseless[path[count(path) - 1]]
} else := {key: text.lower_case(part) | some key, part in value} if {
	is_object(value)
	every part in value { is_string(part) }
} else := {part | some part in value} if {
	is_array(value)
} else := value

_caseless := {"endpoint", "host", "id", "model", "name", "source"}

# Items that manifests show, by the index of the fact; of a model that the descriptor does not name, the model says enough.
_items[index] := fact if {
	some index, fact in _facts
	fact.item == true
	fact.certainty != "inconclusive"
	fact.about != "other"
}

# The path of the declared item that an item of the evidence is, by the index of the fact.
_same[index] := array.concat(fact.path, [_position(found)]) if {
	some index, fact in _items
	section := concat(".", fact.path)
	found := [positions |
		some key in _identity[section]
		path := array.concat(fact.path, [key])
		positions := _positions[[path, _normal(path, fact.value[key])]]
	]
	count(found) > 0
}

_same[index] := array.concat(fact.path, [min(found)]) if {
	some index, fact in _items
	is_string(fact.value)
	found := {position | some position, word in object.get(input.descriptor, fact.path, []); word == fact.value}
	count(found) > 0
}

# The item that is the same in all that tells it apart; where there is none, in what tells most.
_position(found) := min(intersection({positions | some positions in found})) if {
	count(intersection({positions | some positions in found})) > 0
} else := min(found[0])

# Declared items by what tells them apart.
_positions[[path, _normal(path, item[key])]] contains position if {
	some section, keys in _identity
	some position, item in object.get(input.descriptor, split(section, "."), [])
	some key in keys
	path := array.concat(split(section, "."), [key])
}

# What tells one item of a list from another, what tells most first.
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

# all_assured are the answers of a control; where there is no evidence, nothing is asked of each, unless the settings insist on it.
all_assured(id, answers) := answers if {
	not given
	not _insisted[id]
}

all_assured(id, answers) := [_insisting(id, assured(answer)) | some answer in answers] if _asked(id)

_asked(_) if given

_asked(id) if _insisted[id]

_insisted contains id if some id in input.parameters.requireEvidence

_insisting(id, answer) := answer if not _unproved(id, answer)

_insisting(id, answer) := object.union(answer, {"status": "fail", "message": message}) if {
	_unproved(id, answer)
	message := $"{answer.message}; but the settings ask for evidence, and no manifest shows it"
}

_unproved(id, answer) if {
	_insisted[id]
	answer.status == "pass"
	answer.assurance != "evidenced"
}

# assured is a finding with what evidence says of the values that it read. What is contradicted fails.
assured(finding) := object.union(finding, {"assurance": "declared"}) if count(_about(finding)) == 0

assured(finding) := object.union(finding, object.union({"evidence": shown}, _judged(finding, about))) if {
	about := _about(finding)
	count(about) > 0
	shown := sort({[index, verdict] | some [index, _, verdict] in about})
}

_about(finding) := {entry | some path in finding.reads; some entry in touching[path]} | {entry |
	some path in finding.reads
	some depth, _ in path
	depth > 1
	some entry in _at[array.slice(path, 0, depth)]
}

_judged(finding, about) := {"assurance": "contradicted", "status": "fail", "message": message} if {
	against := {path | some [_, path, verdict] in about; verdict == "contradicts"}
	count(against) > 0
	told := text.joined({_contradicting(path) | some path in against})
	message := $"{finding.message}; but {told}"
}

_contradicting(path) := $"evidence contradicts what is declared at `{_written(path)}`" if not _undecided(path)

_contradicting(path) := $"manifests show more than one value of `{_written(path)}`" if _undecided(path)

_undecided(path) if object.get(input.descriptor, path, null) == null

_written(path) := concat(".", [$"{step}" | some step in path])

_judged(_, about) := {"assurance": "inconclusive"} if {
	_has(about, "open")
	not _has(about, "contradicts")
}

_judged(finding, about) := {"assurance": _covered(finding)} if {
	not _has(about, "open")
	not _has(about, "contradicts")
}

_has(about, wanted) if {
	some [_, _, verdict] in about
	verdict == wanted
}

# A finding is evidenced where manifests confirm every declared value among those that it read which manifests can show.
_covered(finding) := "declared" if {
	some path in finding.reads
	_unshown[path]
} else := "evidenced"

# Declared values that manifests can show and none does, and what they lie below.
_unshown contains above if {
	some path in _showable
	not _is_shown(path)
	some depth in numbers.range(2, count(path))
	above := array.slice(path, 0, depth)
}

_is_shown(path) if {
	some depth in numbers.range(2, count(path))
	_confirmed[array.slice(path, 0, depth)]
}

# An item that is met in a manifest is not proved by that: its keys are, one by one.
_confirmed contains path if {
	some [_, path, verdict] in _verdicts
	verdict == "confirms"
	not _met[path]
}

_met contains at if {
	some index, at in _same
	is_object(_facts[index].value)
}

_showable contains path if {
	some section, keys in provable.keys
	some key in keys
	path := array.concat(split(section, "."), [key])
	object.get(input.descriptor, path, null) != null
}

_showable contains path if {
	some section, keys in provable.items
	some position, item in object.get(input.descriptor, split(section, "."), [])
	some key in keys
	object.get(item, key, null) != null
	path := array.concat(split(section, "."), [position, key])
}

_showable contains path if {
	some section in provable.words
	some position, _ in object.get(input.descriptor, split(section, "."), [])
	path := array.concat(split(section, "."), [position])
}

# strangers are the things that manifests show and the descriptor does not mention, by their path among the facts.
strangers[["facts", "evidence", index]] := {"section": fact.path, "item": fact.value} if {
	some index, fact in _items
	is_object(fact.value)
	not _same[index]
}

# undeclared is what there is to say of them, and of models, by the index of the fact.
undeclared[index] := {"severity": kind.severity, "message": message} if {
	some path, stranger in strangers
	index := path[2]
	kind := _kinds[concat(".", stranger.section)]
	message := $"{_facts[index].subject} has {kind.thing}{_named(stranger.item)} that the descriptor does not mention"
}

undeclared[index] := {"severity": "critical", "message": message} if {
	some index, fact in _facts
	fact.path == ["spec", "model", "id"]
	fact.about == "other"
	fact.certainty != "inconclusive"
	message := $"{fact.subject} serves `{fact.value}`, a model that the descriptor does not mention"
}

_named(item) := $" `{item.name}`" if item.name

_named(item) := "" if not item.name

_kinds := {
	"spec.observability.exports": {"severity": "high", "thing": "an export"},
	"spec.network.egress.rules": {"severity": "high", "thing": "an opening for egress"},
	"spec.data.stores": {"severity": "high", "thing": "a store"},
	"spec.data.otherFlows": {"severity": "high", "thing": "a flow"},
	"spec.vendor.fallbacks": {"severity": "high", "thing": "a fallback"},
	"spec.inputs.guards": {"severity": "medium", "thing": "a guard"},
	"spec.outputs.guards": {"severity": "medium", "thing": "a guard"},
	"spec.outputs.validators": {"severity": "medium", "thing": "a validator"},
	"spec.outputs.sinks": {"severity": "medium", "thing": "a sink"},
	"spec.model.adapters": {"severity": "high", "thing": "an adapter"},
}
