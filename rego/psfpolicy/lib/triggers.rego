# METADATA
# title: Review triggers
# description: |
#   What sends a decision to a person. A property that a decision does not state asks for its trigger.
package psfpolicy.lib.triggers

import data.psfpolicy.lib.decisions

# asked are the triggers that a decision's properties ask for; none at L0, where a person takes it in any case.
asked(decision) := set() if decision.autonomy == "L0"

asked(decision) := {"low-confidence", "novel-input"} | {trigger |
	some trigger, property in _needless
	not decision[property.key] == property.value
} if {
	not decision.autonomy == "L0"
}

# unsaid are the statements, as "key: value", that would make some triggers needless and that a decision does not deny.
unsaid(decision, triggers) := {statement |
	some trigger in triggers
	property := _needless[trigger]
	not decisions.says(decision, property.key)
	statement := $"{property.key}: {property.value}"
}

# The property that makes a trigger needless, and the value that says so.
_needless := {
	"irreversible": {"key": "reversible", "value": true},
	"rights-affecting": {"key": "affectsRights", "value": false},
	"legal": {"key": "legallyRequired", "value": false},
	"high-value": {"key": "highValue", "value": false},
}
