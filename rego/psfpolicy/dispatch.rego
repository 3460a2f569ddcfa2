# METADATA
# title: Dispatcher
# description: |
#   Walks the tree of controls, so that a control is registered by existing, and holds each to its contract:
#   one well-formed finding for every place that it must answer for, and none elsewhere.
#   What breaks the contract becomes a finding with status error, never a silence.
package psfpolicy.dispatch

import data.psfpolicy.evidence
import data.psfpolicy.lib.status
import data.psfpolicy.overview
import data.psfpolicy.registry
import data.psfpolicy.waiver

controls[id] := control if {
	some folder, names in registry.exports
	some name, exports in names
	chain := exports.metadata
	id := _id(folder, name)
	customs := [link.annotations.custom | some link in chain]
	severity := _nearest(customs, "severity")
	places := _set(object.get(exports, "places", set()))
	found := _list(object.get(exports, "findings", set()))
	rests := [path | _ := exports.not_applicable; some path in registry.rests(folder, name)]
	answers := _judged(severity, places, found, exports, rests)
	assured := evidence.all_assured(id, answers)
	marked := waiver.all_marked(id, assured)
	worst := _worst(assured)
	control := {
		"domain": _nearest(customs, "domain"),
		"apart": _apart(customs, chain),
		"severity": _severity(severity),
		"findings": _told(marked),
		"status": worst,
		"effective": _effective(assured, marked, worst),
	}
}

controls[id] := control if {
	some folder, names in registry.exports
	some name, exports in names
	not exports.metadata
	id := _id(folder, name)
	control := {
		"domain": null,
		"apart": false,
		"severity": "critical",
		"findings": [_broken([], "the control has no metadata")],
		"status": "error",
		"effective": "error",
	}
}

# A brief answer says no more of what is good than that it is, and how that is known.
_told(marked) := [_in_brief(finding) | some finding in marked] if {
	overview.brief
} else := marked

_in_brief(finding) := {"status": finding.status, "assurance": finding.assurance} if {
	_good[finding.status]
} else := {"status": finding.status} if {
	_good[finding.status]
} else := finding

_good := {"pass", "not-applicable"}

# Most controls have one answer, whose status is known to be one.
_worst(answers) := answer.status if {
	[answer] := answers
} else := status.worst({answer.status | some answer in answers})

_effective(assured, marked, worst) := worst if {
	marked == assured
} else := status.effective(marked)

# What the nearest annotation says: the control's own before its folder's; null where none does.
default _nearest(_, _) := null

_nearest(customs, key) := value if {
	value := customs[0][key]
} else := [custom[key] | some custom in customs][0]

# Whether its domain is scored apart from those of the framework. Only the folder says so: a control that said it of itself
# would slip from under its gate.
default _apart(_, _) := false

_apart(customs, chain) if {
	some custom in customs
	custom.scored == "apart"
	some link in chain
	link.annotations.custom.scored == "apart"
	link.annotations.scope == "subpackages"
}

# ungated are the domains whose folder says `gated: false`: what fails in them holds no gate.
ungated contains link.annotations.custom.domain if {
	some names in registry.exports
	some exports in names
	some link in exports.metadata
	link.annotations.custom.gated == false
	link.annotations.scope == "subpackages"
}

_severities := {"critical", "high", "medium", "low"}

_id(folder, name) := concat("-", [folder, replace(name, "_", "-")])

# A severity that is not known has no weight: the control would drop out of its domain's score unseen.
_severity(named) := named if {
	_severities[named]
} else := "critical"

# What is wrong with a control before its findings are looked at takes their place. Most keep the contract, which is asked first.
_judged(severity, places, found, exports, rests) := kept if {
	_severities[severity]
	not _excused(exports)
	count(found) == count(places)
	kept := [_taken(finding, places) | some finding in found]
	count(kept) == count(found)
	_distinct(kept)
} else := _answers(places, found, exports, rests) if {
	_severities[severity]
	every place in places { is_array(place) }
} else := [_broken([], fault) | some fault in _faults(severity, places)]

_faults(severity, places) := {"the severity of the control is not known" | not _severities[severity]} | {fault |
	some place in places
	not is_array(place)
	fault := "the control answers for a place that is no path"
}

_set(items) := items if {
	is_set(items)
} else := {item | some item in items}

# An array is taken as it is, and a set of one gives up what it holds without being hashed, which a walk through it does twice.
_list(items) := items if {
	is_array(items)
} else := [max(items)] if {
	is_set(items)
	count(items) == 1
} else := [item | some item in items]

_answers(places, found, exports, rests) := [_broken([], "the control names no place that it answers for")] if {
	count(places) == 0
} else := [{"path": place, "status": "not-applicable", "message": reason, "reads": rests} | some place in places] if {
	reason := exports.not_applicable
	_is_text(reason)
} else := [_broken([], "the control does not apply for a reason that is no text")] if {
	_excused(exports)
} else := [answer | some answer in union({kept, _breaches(places, distinct, doubled)})] if {
	distinct := {finding | some finding in found}
	doubled := _doubled(distinct)
	kept := _sound(places, distinct, doubled)
}

# Whether there is a reason, be it what it may.
_excused(exports) if _ := exports.not_applicable

# Whether there is one, or several on as many paths.
_distinct(found) if {
	[_] := found
} else if {
	count(found) > 1
	count({finding.path | some finding in found}) == count(found)
}

# A well-formed finding for one of the places. Only its keys are taken over: one that brought a waiver of its own would excuse itself.
_taken(finding, places) := {"path": path, "status": given, "message": message, "reads": object.get(finding, "reads", [])} if {
	given := finding.status
	status.known[given]
	given != "not-applicable"
	message := finding.message
	_is_text(message)
	path := finding.path
	is_array(path)
	places[path]
}

_sound(places, found, doubled) := {taken |
	some finding in found
	taken := _taken(finding, places)
	path := taken.path
	not doubled[path]
}

_breaches(places, found, doubled) := union({
	{_broken(place, "the control gave no well-formed finding for this place") |
		answered := {taken.path | some finding in found; taken := _taken(finding, places)}
		some place in places
		not answered[place]
	},
	{_broken(path, "the control gave more than one finding for this place") | some path in doubled},
	{_broken([], "the control gave a finding for a place that it does not answer for") |
		some finding in found
		not _belongs(finding, places)
	},
})

# Two findings for one path leave fewer paths than findings; only then is it worth looking for the path.
_doubled(found) := set() if count({finding.path | some finding in found}) == count({f | some f in found; f.path})

_doubled(found) := {one.path |
	some one in found
	some other in found
	one.path == other.path
	one != other
} if {
	count({finding.path | some finding in found}) < count({f | some f in found; f.path})
}

_belongs(finding, places) if places[finding.path]

_is_text(value) if {
	is_string(value)
	value != ""
}

_broken(path, message) := {"path": path, "status": "error", "message": message, "reads": []}
