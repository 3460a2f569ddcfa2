# METADATA
# title: At least half
# description: |
#   Findings of a control that asks for several things and calls it partial when at least half of them are met.
package psfpolicy.lib.halves

# findings of a set of things {path, met, pass, fail, reads}; pass and fail are the messages of the two answers.
findings(things) := {finding |
	some thing in things
	finding := {"path": thing.path, "status": _status(thing, things), "message": _message(thing), "reads": thing.reads}
}

_status(thing, _) := "pass" if thing.met == true

_status(thing, things) := "partial" if {
	not thing.met == true
	2 * count({one.path | some one in things; one.met == true}) >= count(things)
}

_status(thing, things) := "fail" if {
	not thing.met == true
	2 * count({one.path | some one in things; one.met == true}) < count(things)
}

_message(thing) := thing.pass if thing.met == true

_message(thing) := thing.fail if not thing.met == true
