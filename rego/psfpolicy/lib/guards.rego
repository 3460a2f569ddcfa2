# METADATA
# title: Guards
# description: |
#   What a guard does, judged alike by every control that asks for one.
#   A guard counts in full when it acts as wanted, stands on the path of every request, and fails closed;
#   one that only flags, fails open, or does not say, counts in part. One declared off the path counts not at all.
package psfpolicy.lib.guards

import data.psfpolicy.lib.paths
import data.psfpolicy.lib.status
import data.psfpolicy.lib.text

# answer is the finding of a control that is content with one good guard: the best candidate decides, the first of equals.
# section is the path of the list; asked is {detects, actions}, two sets, and {scans}, a source, where it matters what is read.
answer(section, listed, asked) := {"path": section, "status": "fail", "message": message, "reads": reads} if {
	count(candidates(listed, asked)) == 0
	message := $"no guard in `{concat(".", section)}` detects {text.one_of(asked.detects)}{_scanned(asked)}; wanted: one with {_wanted(asked)}"
	reads := looked_at(section, listed, asked)
}

answer(section, listed, asked) := {"path": path, "status": best, "message": _message(listed[index], asked), "reads": reads} if {
	found := candidates(listed, asked)
	count(found) > 0
	best := status.best({_status(listed[index], asked) | some index in found})
	index := min({index | some index in found; _status(listed[index], asked) == best})
	path := array.concat(section, [index])
	reads := paths.keys(path, array.concat(_choosing(asked), ["action", "onPath", "failClosed"]))
}

# candidates are the indexes of the guards that detect what is asked, and read it from the source that is asked: user, retrieved,
# tool or code. A guard that does not say what it scans reads user input.
candidates(listed, asked) := {index |
	some index, guard in listed
	count(asked.detects & {name | some name in guard.detects}) > 0
	_scans(guard, asked)
}

# looked_at are the paths that make a guard a candidate or not, for the whole list.
looked_at(section, listed, asked) := paths.items(section, listed, _choosing(asked))

_choosing(asked) := ["detects", "scans"] if asked.scans

_choosing(asked) := ["detects"] if not asked.scans

_scans(_, asked) if not asked.scans

_scans(guard, asked) if asked.scans in object.get(guard, "scans", ["user"])

_scanned(asked) := $" and scans `{asked.scans}`" if asked.scans

_scanned(asked) := "" if not asked.scans

_status(guard, asked) := "pass" if count(_shortfalls(guard, asked)) == 0

_status(guard, _) := "fail" if guard.onPath == false

_status(guard, asked) := "partial" if {
	count(_shortfalls(guard, asked)) > 0
	not guard.onPath == false
}

_message(guard, asked) := $"guard `{guard.name}` detects {detected} with action `{guard.action}`, on the path, failing closed" if {
	count(_shortfalls(guard, asked)) == 0
	detected := text.all_of(asked.detects & {name | some name in guard.detects})
}

_message(guard, asked) := $"guard `{guard.name}` {text.joined(shortfalls)}; wanted: {_wanted(asked)}" if {
	shortfalls := _shortfalls(guard, asked)
	count(shortfalls) > 0
}

# What keeps a guard from counting in full, in words.
_shortfalls(guard, asked) := union({_action(guard, asked.actions), _path(guard), _mode(guard)})

_action(guard, _) := {"has no `action`"} if not guard.action

_action(guard, actions) := set() if guard.action in actions

_action(guard, actions) := {$"has action `{action}`"} if {
	action := guard.action
	not action in actions
}

_path(guard) := {"does not say whether it is on the path"} if not _says(guard, "onPath")

_path(guard) := {"is off the path"} if guard.onPath == false

_path(guard) := set() if guard.onPath == true

_mode(guard) := {"does not say whether it fails closed"} if not _says(guard, "failClosed")

_mode(guard) := {"fails open"} if guard.failClosed == false

_mode(guard) := set() if guard.failClosed == true

_says(guard, key) if is_boolean(guard[key])

_wanted(asked) := $"action {text.one_of(asked.actions)}, `onPath: true` and `failClosed: true`"
