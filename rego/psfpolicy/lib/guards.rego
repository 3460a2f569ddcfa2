# METADATA
# title: Guards
# description: |
#   What a guard does, judged alike by every control that asks for one.
#   A guard counts in full when it acts as wanted, stands on the path of every request, and fails closed;
#   one that only flags, fails open, or does not say, counts in part. One declared off the path counts not at all.
package psfpolicy.lib.guards

import data.psfpolicy.lib.status
import data.psfpolicy.lib.text

# answer is the finding of a control that is content with one good guard: the best candidate decides, the first of equals.
# section is the path of the list; candidates are {index, guard}; names are what is to be detected.
answer(section, candidates, names, actions) := {"path": section, "status": "fail", "message": message, "reads": [section]} if {
	count(candidates) == 0
	message := $"no guard in `{concat(".", section)}` detects {_either(names)}; wanted: {_wanted(actions)}"
}

answer(section, candidates, names, actions) := finding if {
	count(candidates) > 0
	best := status.best({_status(one.guard, actions) | some one in candidates})
	index := min({one.index | some one in candidates; _status(one.guard, actions) == best})
	guard := [one.guard | some one in candidates; one.index == index][0]
	path := array.concat(section, [index])
	finding := {
		"path": path,
		"status": best,
		"message": _message(guard, names, actions),
		"reads": [array.concat(path, [key]) | some key in ["detects", "scans", "action", "onPath", "failClosed"]],
	}
}

# detecting lists the guards of a list that detect one of the names, as {index, guard}.
detecting(guards, names) := [{"index": index, "guard": guard} |
	some index, guard in guards
	count(names & {name | some name in guard.detects}) > 0
]

# scanning keeps the candidates that read a source: user, retrieved, tool or code. A guard that does not say reads user input.
scanning(candidates, source) := [one |
	some one in candidates
	source in object.get(one.guard, "scans", ["user"])
]

_status(guard, actions) := "pass" if count(_shortfalls(guard, actions)) == 0

_status(guard, _) := "fail" if guard.onPath == false

_status(guard, actions) := "partial" if {
	count(_shortfalls(guard, actions)) > 0
	not guard.onPath == false
}

_message(guard, names, actions) := $"{seen} with action `{guard.action}`, on the path, failing closed" if {
	count(_shortfalls(guard, actions)) == 0
	seen := $"guard `{guard.name}` detects {_either(names)}"
}

_message(guard, _, actions) := $"guard `{guard.name}` {concat(" and ", sort(shortfalls))}; wanted: {_wanted(actions)}" if {
	shortfalls := _shortfalls(guard, actions)
	count(shortfalls) > 0
}

# What keeps a guard from counting in full, in words.
_shortfalls(guard, actions) := union({_action(guard, actions), _path(guard), _mode(guard)})

_action(guard, _) := {"has no `action`"} if not guard.action

_action(guard, actions) := set() if guard.action in actions

_action(guard, actions) := {$"has action `{action}`"} if {
	action := guard.action
	not action in actions
}

_path(guard) := {"does not say whether it is on the path"} if not _said(guard, "onPath")

_path(guard) := {"is off the path"} if guard.onPath == false

_path(guard) := set() if guard.onPath == true

_mode(guard) := {"does not say whether it fails closed"} if not _said(guard, "failClosed")

_mode(guard) := {"fails open"} if guard.failClosed == false

_mode(guard) := set() if guard.failClosed == true

_said(guard, key) if is_boolean(guard[key])

_wanted(actions) := $"action {_either(actions)}, onPath: true, failClosed: true"

_either(names) := text.either(names)
