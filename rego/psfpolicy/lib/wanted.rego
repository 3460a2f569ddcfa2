# METADATA
# title: Wanted together
# description: |
#   Findings of a control that wants several things, each at a place of its own.
#   What is met passes; what is not is partial beside something that is met, and fails where nothing is.
package psfpolicy.lib.wanted

# findings of a set of things {path, met, message, reads}.
findings(things) := {finding |
	some thing in things
	finding := {
		"path": thing.path,
		"status": _status(thing, things),
		"message": thing.message,
		"reads": thing.reads,
	}
}

_status(thing, _) := "pass" if thing.met == true

_status(thing, things) := shortfall({one | some one in things; one.met == true}) if not thing.met == true

# shortfall is the status of what is not met, given the set of what is.
shortfall(met) := "fail" if count(met) == 0

shortfall(met) := "partial" if count(met) > 0
