# METADATA
# title: Parts
# description: |
#   Controls that ask for several things: what is lacking fails alone and is partial beside enough that is not lacking.
package psfpolicy.lib.parts

import data.psfpolicy.lib.text

# shortfall is the status of what is lacking, given the set of what is not.
shortfall(met) := "fail" if count(met) == 0

shortfall(met) := "partial" if count(met) > 0

# all_or_nothing is the status of what is met or not.
all_or_nothing(true) := "pass"

all_or_nothing(false) := "fail"

# answer is the one finding of a section that several keys are asked of.
# asked is {path, lacking, of, met, wanted, reads}: what is lacking as a set of phrases, out of how many; met and wanted in words.
answer(asked) := {"path": asked.path, "status": status(asked.lacking, asked.of), "message": message, "reads": asked.reads} if {
	message := _message(asked)
}

# status of a section: pass with all of its parts, partial with some, fail with none.
status(lacking, _) := "pass" if count(lacking) == 0

status(lacking, of) := "partial" if {
	count(lacking) > 0
	count(lacking) < of
}

status(lacking, of) := "fail" if {
	count(lacking) > 0
	count(lacking) >= of
}

_message(asked) := asked.met if count(asked.lacking) == 0

_message(asked) := $"in `{concat(".", asked.path)}`, {text.joined(asked.lacking)}; wanted: {asked.wanted}" if count(asked.lacking) > 0

# findings of a set of things {path, met, message, reads} with a place each. One that is not met is partial beside enough others
# that are, and fails otherwise, as it does when its status is given as "fail".
findings(things, enough) := [finding |
	some thing in things
	finding := {"path": thing.path, "status": _status(thing, things, enough), "message": thing.message, "reads": thing.reads}
]

_status(thing, things, enough) := "pass" if {
	thing.met == true
} else := "partial" if {
	_beside(thing, things, enough)
} else := "fail"

_beside(thing, things, enough) if {
	not thing.status == "fail"
	count({one.path | some one in things; one.met == true}) >= enough
}
