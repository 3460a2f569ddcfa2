# METADATA
# title: Dispatcher
# description: |
#   Walks the tree of controls, so that a control is registered by existing, and holds each to its contract:
#   one well-formed finding for every place that it must answer for, and none elsewhere.
#   What breaks the contract becomes a finding with status error, never a silence.
package psfpolicy.dispatch

import data.psfpolicy.lib.status
import data.psfpolicy.waiver

controls[id] := control if {
	some folder, name
	chain := data.psfpolicy.controls[folder][name].metadata
	id := _id(folder, name)
	custom := object.union_n([object.get(link.annotations, "custom", {}) | some link in array.reverse(chain)])
	places := {place | some place in data.psfpolicy.controls[folder][name].places}
	found := {finding | some finding in data.psfpolicy.controls[folder][name].findings}
	reasons := {reason | reason := data.psfpolicy.controls[folder][name].not_applicable}
	answers := _answers(places, found, reasons)
	marked := {waiver.marked(id, answer) | some answer in answers}
	control := {
		"domain": object.get(custom, "domain", null),
		"severity": object.get(custom, "severity", "critical"),
		"findings": marked,
		"status": status.worst({answer.status | some answer in answers}),
		"effective": status.effective(marked),
	}
}

controls[id] := control if {
	some folder, name
	data.psfpolicy.controls[folder][name].places
	not data.psfpolicy.controls[folder][name].metadata
	id := _id(folder, name)
	control := {
		"domain": null,
		"severity": "critical",
		"findings": {_broken([], "the control has no metadata")},
		"status": "error",
		"effective": "error",
	}
}

_id(folder, name) := concat("-", [folder, replace(name, "_", "-")])

_answers(places, _, reasons) := {answer |
	some place in places
	some reason in reasons
	answer := {"path": place, "status": "not-applicable", "message": reason, "reads": []}
} if {
	count(reasons) > 0
	count(places) > 0
}

_answers(places, found, reasons) := union({_sound(places, found), _breaches(places, found)}) if {
	count(reasons) == 0
	count(places) > 0
}

_answers(places, _, _) := {_broken([], "the control names no place that it answers for")} if count(places) == 0

_sound(places, found) := {object.union({"reads": []}, finding) |
	some finding in found
	_well_formed(finding)
	places[finding.path]
	not _doubled(found)[finding.path]
}

_breaches(places, found) := union({
	{_broken(place, "the control gave no well-formed finding for this place") |
		some place in places
		not _answered(found)[place]
	},
	{_broken(path, "the control gave more than one finding for this place") | some path in _doubled(found)},
	{_broken([], "the control gave a finding for a place that it does not answer for") |
		some finding in found
		not places[object.get(finding, "path", null)]
	},
})

_answered(found) := {finding.path | some finding in found; _well_formed(finding)}

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

_well_formed(finding) if {
	status.known[finding.status]
	finding.status != "not-applicable"
	is_string(finding.message)
	finding.message != ""
	is_array(finding.path)
}

_broken(path, message) := {"path": path, "status": "error", "message": message, "reads": []}
