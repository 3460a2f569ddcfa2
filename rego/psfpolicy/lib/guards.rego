# METADATA
# title: Guards
# description: |
#   What a guard does, judged alike by every control that asks for one.
#   A guard counts in full when it acts as wanted, stands on the path of every request, and fails closed;
#   one that only flags, fails open, or does not say, counts in part. One declared off the path counts not at all.
#   What it says that it detects counts where the catalogue says so of its model, or where it names an `evaluation`: one whose model
#   is known for something else counts not at all, one whose model is not known counts in part, and so does one that reads less at
#   once than may come in, and does not read it in pieces. Guards come with what is known of them, as `psfpolicy.guarding` gives it.
package psfpolicy.lib.guards

import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.status
import data.psfpolicy.lib.text

# answer is the finding of a control that is content with one good guard: the best candidate decides, the first of equals.
# section is the path of the list; asked is {detects, actions}, two sets, and {scans}, a source, where it matters what is read.
answer(section, listed, asked) := {"path": section, "status": "fail", "message": message, "reads": reads} if {
	count(candidates(listed, asked)) == 0
	message := $"no guard in `{concat(".", section)}` detects {text.one_of(asked.detects)}{_scanned(asked)}; wanted: one with {_wanted(asked)}"
	reads := looked_at(section, listed, asked)
}

answer(section, listed, asked) := {"path": path, "status": best, "message": _message(listed[index], found[index].lacking, asked), "reads": reads} if {
	found := {index: _judged(listed[index], asked) | some index in candidates(listed, asked)}
	count(found) > 0
	best := status.best({one.status | some one in found})
	index := min({index | some index, one in found; one.status == best})
	path := array.concat(section, [index])
	own := paths.keys(path, array.concat(_choosing(asked), ["action", "onPath", "failClosed", "model", "evaluation"]))
	reads := array.concat(own, bounds(listed[index], path))
}

# candidates are the indexes of the guards that detect what is asked, and read it from the source that is asked: user, retrieved,
# tool or code. A guard that does not say what it scans reads user input.
candidates(listed, asked) := {index |
	some index, guard in listed
	count(asked.detects & {name | some name in guard.detects}) > 0
	_scans(guard, asked)
}

# capable says that a guard detects what is asked: its model is known for it, or it was measured here.
capable(guard, _) if said.named(guard, ["evaluation"])

capable(guard, asked) if count((asked.detects & {name | some name in guard.detects}) & {name | some name in guard.catalogue.detects}) > 0

# looked_at are the paths that make a guard a candidate or not, for the whole list.
looked_at(section, listed, asked) := paths.items(section, listed, _choosing(asked))

_choosing(asked) := ["detects", "scans"] if asked.scans

_choosing(asked) := ["detects"] if not asked.scans

_scans(_, asked) if not asked.scans

_scans(guard, asked) if asked.scans in object.get(guard, "scans", ["user"])

_scanned(asked) := $" and scans `{asked.scans}`" if asked.scans

_scanned(asked) := "" if not asked.scans

_judged(guard, asked) := {"status": _status(guard, lacking, asked), "lacking": lacking} if lacking := _shortfalls(guard, asked)

_status(guard, lacking, asked) := "pass" if {
	count(lacking) == 0
} else := "fail" if {
	_worthless(guard, asked)
} else := "partial"

# Off the path, or known for something else.
_worthless(guard, _) if guard.onPath == false

_worthless(guard, asked) if {
	guard.catalogue
	not capable(guard, asked)
}

_message(guard, lacking, asked) := $"guard `{guard.name}` detects {detected} with action `{guard.action}`, on the path, failing closed" if {
	count(lacking) == 0
	detected := text.all_of(asked.detects & {name | some name in guard.detects})
}

_message(guard, lacking, asked) := $"guard `{guard.name}` {text.joined(lacking)}; wanted: {_wanted(asked)}" if count(lacking) > 0

# What keeps a guard from counting in full, in words.
_shortfalls(guard, asked) := union({_action(guard, asked.actions), _path(guard), _mode(guard), incapable(guard, asked), reach(guard)})

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

# incapable is what keeps what a guard says that it detects from counting, as a set of one phrase or none.
incapable(guard, asked) := set() if capable(guard, asked)

incapable(guard, asked) := {$"runs {guard.catalogue.title}, which is not known to detect {text.one_of(asked.detects)}, and names no `evaluation`"} if {
	guard.catalogue
	not capable(guard, asked)
}

incapable(guard, asked) := {phrase} if {
	not guard.catalogue
	not capable(guard, asked)
	phrase := $"{_what(guard)}, and names no `evaluation`"
}

_what(guard) := $"runs `{guard.model}`, which the catalogue does not know" if guard.model

_what(guard) := "names no `model`" if not guard.model

# reach is the same for what comes in and is not read.
reach(guard) := {$"reads {guard.catalogue.context_tokens} tokens of {_most(guard)} without `chunking: true`"} if _short(guard)

reach(guard) := set() if not _short(guard)

# Shorter than what may come in, or than nobody says what.
_short(guard) if {
	_bounded(guard)
	not guard.chunking == true
	_longer(guard.longest, guard.catalogue.context_tokens)
}

# A null is an input of any length.
_longer(null, _)

_longer(longest, tokens) if {
	is_number(longest)
	longest > tokens
}

_bounded(guard) if {
	guard.catalogue.context_tokens
	_takes_inputs(guard)
}

# A guard of inputs has the longest of them beside it, be it null.
_takes_inputs(guard) if is_number(guard.longest)

_takes_inputs(guard) if guard.longest == null

_most(guard) := $"{guard.longest}" if is_number(guard.longest)

_most(guard) := "inputs of any length" if guard.longest == null

# bounds are the paths that say whether it is.
bounds(guard, path) := array.concat(paths.keys(path, ["chunking"]), object.get(guard, "bounded_by", [])) if {
	_bounded(guard)
}

bounds(guard, _) := [] if not _bounded(guard)

_says(guard, key) if is_boolean(guard[key])

_wanted(asked) := $"action {text.one_of(asked.actions)}, `onPath: true` and `failClosed: true`"
