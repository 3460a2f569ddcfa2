# METADATA
# title: What is served with
# description: |
#   What a report tells of the engine and of licences beside the answers of the controls, for views over many deployments.
#   The engine stands as: `provider`, where it is someone else's; `open`, where the catalogue has no advisories about it, no
#   version is said that they can be compared with, or the tag of its image contradicts it; else `compared`. Of an advisory on its
#   version, `affected` and `open` are those that defeat a control, `unmet` those whose condition is not met, and `noted` those that
#   defeat nothing.
package psfpolicy.served

import data.psfpolicy.exposure
import data.psfpolicy.known
import data.psfpolicy.lib.terms
import data.psfpolicy.overview
import data.psfpolicy.user_limits

default _descriptor := {}

_descriptor := input.descriptor

shown := null if {
	overview.brief
} else := {
	"home": overview.home,
	"engine": {
		"name": object.get(_descriptor, ["spec", "serving", "engine", "name"], null),
		"row": _row,
		"title": _title,
		"version": object.get(_descriptor, ["spec", "serving", "engine", "version"], null),
		"tag": _tag,
		"standing": _standing,
		"advisories": _advisories,
	},
	"licences": user_limits.shown,
}

default _row := null

_row := known.engine.id

default _title := null

_title := known.engine.title

default _tag := null

_tag := exposure.tag

default _standing := "open"

_standing := "provider" if {
	terms.foreign_machines(_descriptor)
} else := "compared" if {
	exposure.looked_for
	exposure.declared
	not exposure.differing
}

_advisories contains {"id": id, "severity": object.get(row, "severity", null), "standing": _found(id, row)} if {
	not terms.foreign_machines(_descriptor)
	some id, row in exposure.about
}

_found(_, row) := "noted" if count(row.defeats) == 0

_found(id, row) := _words[verdict] if {
	count(row.defeats) > 0
	some verdict, ids in exposure.verdicts
	ids[id]
}

_words := {"met": "affected", "undecided": "open", "unmet": "unmet"}
