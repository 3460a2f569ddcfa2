# METADATA
# title: Evidence
# description: |
#   What manifests show of the deployment, held against what the descriptor declares.
#   A fact is {path, value, item, certainty, about, subject, filled}: the host has read it, and says whether it is about this deployment,
#   about a part of it that the descriptor names (a guard, a fallback), or about something else, and whether it filled in what the
#   descriptor leaves open.
#   A certain fact that differs from what is declared contradicts it; one that is inferred and differs, or that decides nothing,
#   leaves it open. An item of a list is held against the declared item that it is the same thing as (`matching`); one that is
#   none of them is undeclared.
package psfpolicy.evidence

import data.psfpolicy.lib.spelling
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.matching
import data.psfpolicy.provable

default _facts := []

_facts := input.facts.evidence

# given says that there is evidence.
default given := false

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

# An item that nobody can tell may be any of its list, or one more; one that is told and not decided leaves itself open.
_verdicts contains [index, fact.path, "open"] if {
	some index, fact in _facts
	fact.item == true
	fact.about == "deployment"
	fact.certainty == "inconclusive"
	not matching.about[index]
}

_verdicts contains [index, at, "open"] if {
	some index, places in matching.about
	_facts[index].about == "deployment"
	some at in places
}

# An item is compared with the declared one key by key; what a manifest calls it is its own affair.
_verdicts contains [index, path, verdict] if {
	some index, places in matching.same
	fact := _facts[index]
	fact.about == "deployment"
	some at in places
	some key, value in fact.value
	key != "name"
	path := array.concat(at, [key])
	declared := object.get(input.descriptor, path, null)
	declared != null
	verdict := _verdict_of_key(index, key, {"value": value, "certainty": fact.certainty, "path": path}, declared)
}

_verdict_of_key(_, key, fact, declared) := _verdict(fact, declared) if not _of_words[key]

# Where more is declared to be carried or let through than one manifest shows, others may show the rest.
_verdict_of_key(index, key, fact, declared) := "confirms" if {
	_of_words[key] == "all that there is"
	_within(fact.value, matching.allowed[[index, key]])
	_within(declared, matching.shown[fact.path])
} else := "open" if {
	_of_words[key] == "all that there is"
	_within(fact.value, matching.allowed[[index, key]])
} else := _differing[fact.certainty] if {
	_of_words[key] == "all that there is"
}

# Where less is declared to be looked for than manifests show, nothing is claimed that is not there.
_verdict_of_key(_, key, fact, declared) := "confirms" if {
	_of_words[key] == "what is done"
	_within(declared, matching.shown[fact.path])
} else := _differing[fact.certainty] if {
	_of_words[key] == "what is done"
}

# What a list of words of an item says: what comes of it must be among them, or each of them is a claim.
_of_words := {
	"carries": "all that there is",
	"ports": "all that there is",
	"detects": "what is done",
	"scans": "what is done",
}

_within(words, wider) if every word in words { word in wider }

_verdicts contains [index, at, "confirms"] if {
	some index, places in matching.same
	_facts[index].about == "deployment"
	some at in places
}

# What is undeclared is known from the manifest alone, and so is a secret that stands in it.
_verdicts contains [index, path, "confirms"] if {
	some path, _ in strangers
	index := path[2]
}

_verdicts contains [path[2], path, "confirms"] if some path, _ in literals

# An empty list declares that there is none.
_verdicts contains [index, stranger.section, _differing[_facts[index].certainty]] if {
	some path, stranger in strangers
	index := path[2]
	_facts[index].about == "deployment"
	object.get(input.descriptor, stranger.section, null) == []
}

# A model that another party is said to run, and that an engine of ours serves.
_verdicts contains [index, ["spec", "serving", "hosting"], "contradicts"] if {
	terms.third_party_run(input.descriptor)
	some index, fact in _facts
	fact.path == ["spec", "model", "id"]
	fact.about == "deployment"
	fact.certainty == "certain"
	_started[fact.subject]
	matching.alike(fact.path, fact.value, input.descriptor.spec.model.id)
}

# Where an engine is started, by its subject; who runs the machines of one is what a manifest of a cloud's service says.
_started contains fact.subject if {
	some fact in _facts
	fact.path == ["spec", "serving", "engine", "name"]
	fact.certainty == "certain"
	subject := fact.subject
	not _hosted[subject]
}

_hosted contains fact.subject if {
	some fact in _facts
	fact.path == ["spec", "serving", "hosting"]
}

_verdict(fact, _) := "open" if fact.certainty == "inconclusive"

_verdict(fact, declared) := "confirms" if {
	fact.certainty != "inconclusive"
	matching.alike(fact.path, fact.value, declared)
}

_verdict(fact, declared) := _differing[fact.certainty] if {
	declared != null
	path := fact.path
	value := fact.value
	not matching.alike(path, value, declared)
	not _compatible(path, value, declared)
}

_verdict(fact, declared) := "open" if {
	fact.certainty != "inconclusive"
	_compatible(fact.path, fact.value, declared)
}

_compatible(path, value, declared) if [value, declared] in provable.compatible[concat(".", path)]

# What is not declared and not filled in is not settled: another manifest leaves it open, or shows another value.
_verdict(fact, null) := "open" if {
	path := fact.path
	fact.certainty != "inconclusive"
	not _disputed[path]
}

_verdict(fact, null) := _differing[fact.certainty] if _disputed[fact.path]

_differing := {"certain": "contradicts", "inferred": "open"}

_disputed contains path if {
	some path, values in proved
	count(values) > 1
}

# proved values are those that some manifest shows for certain, by path.
proved[fact.path] contains matching.normal(fact.path, fact.value) if {
	some fact in _facts
	fact.item == false
	fact.about == "deployment"
	fact.certainty == "certain"
}

# all_assured are the answers of a control; where there is no evidence, nothing is asked of each, unless the settings insist on it.
all_assured(id, answers) := [_insisting(id, assured(answer)) | some answer in answers] if {
	_asked(id)
} else := answers

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

_judged(finding, about) := {"assurance": _covered(finding, about)} if {
	not _has(about, "open")
	not _has(about, "contradicts")
}

_has(about, wanted) if {
	some [_, _, verdict] in about
	verdict == wanted
}

# A finding is evidenced where manifests confirm every declared value among those that it read which manifests can show.
# That a manifest has the thing says nothing of what it is like.
_covered(finding, about) := "declared" if {
	some path in finding.reads
	_unshown[path]
} else := "declared" if {
	_only_met(finding, about)
} else := "evidenced"

_only_met(finding, about) if {
	every entry in about { _met[entry[1]] }
	every path in finding.reads { not _met[path] }
}

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
	some index, places in matching.same
	is_object(_facts[index].value)
	some at in places
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
	some index, fact in matching.items
	is_object(fact.value)
	not matching.same[index]
	not _is_party(fact)
}

# A provider is declared where its own platform serves, or under the name of a company that begins with its own.
_is_party(fact) if {
	fact.path == ["spec", "parties"]
	fact.value.id == input.descriptor.spec.serving.platform
}

_is_party(fact) if {
	fact.path == ["spec", "parties"]
	some party in input.descriptor.spec.parties
	some key in ["id", "name"]
	some word in [fact.value.id, fact.value.name]
	startswith(replace($"{spelling.name(party[key])} ", "-", " "), $"{spelling.name(word)} ")
}

# brings are things that nobody declared and that bring more before the model than what users write, by what that is.
brings[source] contains ["facts", "evidence", index] if {
	some index, fact in matching.items
	source := sources[concat(".", fact.path)][fact.value.kind]
	_undeclared[index]
}

_undeclared contains path[2] if some path, _ in strangers

_undeclared contains index if {
	some index, fact in matching.items
	fact.filled == true
}

# sources are what such things bring, by their list and their kind.
sources := {
	"spec.data.stores": {"vector-store": "retrieved"},
	"spec.data.otherFlows": {"embedding": "retrieved", "tool": "tool"},
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

undeclared[index] := {"severity": severity, "message": message} if {
	some index, fact in _facts
	fact.path == ["spec", "network", "ingress", "exposure"]
	fact.about == "deployment"
	fact.value == "public"
	_unsaid_exposure
	severity := {"certain": "high", "inferred": "medium"}[fact.certainty]
	message := $"{fact.subject} opens a way from outside that the descriptor does not mention"
}

undeclared[index] := {"severity": severity, "message": message} if {
	some index, fact in _facts
	fact.path == _draft
	fact.about == "deployment"
	_unsaid_draft
	severity := {"certain": "high", "inferred": "medium"}[fact.certainty]
	message := $"{fact.subject} has `{fact.value}` draft for the model, which the descriptor does not mention"
}

_draft := ["spec", "model", "draft", "id"]

_unsaid_draft if not input.descriptor.spec.model.draft.id

_unsaid_draft if {
	some fact in _facts
	fact.path == _draft
	fact.filled == true
}

# Nothing is declared, so that what is there was filled in.
_unsaid_exposure if not input.descriptor.spec.network.ingress.exposure

_unsaid_exposure if {
	some fact in _facts
	fact.path == ["spec", "network", "ingress", "exposure"]
	fact.filled == true
}

_named(item) := $" `{item.name}`" if item.name

_named(item) := "" if not item.name

# literals are the secrets that stand in a manifest as they are, by their path among the facts.
literals[["facts", "evidence", index]] := fact if {
	some index, fact in _facts
	fact.path == ["spec", "security", "secrets", "store"]
	fact.value == "none"
	fact.certainty == "certain"
	fact.about != "other"
}

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
	"spec.parties": {"severity": "high", "thing": "a key of the provider"},
}

# compared is each path that manifests speak of, or could, with what becomes of what is declared there. It is asked of the
# descriptor as it is written, with nothing filled in.
compared contains {"path": path, "verdict": _standing(path), "facts": facts} if {
	some path, _ in _at
	path[0] == "spec"
	facts := sort({[index, _bearing(path, index, verdict)] | some [index, _, verdict] in _at[path]})
}

compared contains {"path": fact.path, "verdict": "undeclared", "facts": [[index, "shows"]]} if {
	some index, fact in matching.items
	not matching.same[index]
}

compared contains {"path": fact.path, "verdict": "undeclared", "facts": [[index, "shows"]]} if {
	some index, fact in _facts
	undeclared[index]
	fact.item == false
}

compared contains {"path": path, "verdict": "declared", "facts": []} if {
	some path in _showable
	not touching[path]
	not _is_shown(path)
}

_standing(path) := "contradicted" if {
	_has(_at[path], "contradicts")
} else := "undeclared" if {
	_undecided(path)
	_proved_or_inferred[path]
} else := "open" if {
	_has(_at[path], "open")
} else := "confirmed"

_proved_or_inferred contains fact.path if {
	some fact in _facts
	fact.item == false
	fact.about == "deployment"
	fact.certainty != "inconclusive"
}

_bearing(path, index, "open") := "shows" if {
	_undecided(path)
	_facts[index].certainty != "inconclusive"
} else := "open"

_bearing(_, _, verdict) := verdict if verdict != "open"
