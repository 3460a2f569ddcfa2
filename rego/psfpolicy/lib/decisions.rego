# METADATA
# title: Decisions
# description: |
#   What the decisions of a deployment are, judged alike by every control of oversight.
#   A property that a decision does not state counts as the graver one.
package psfpolicy.lib.decisions

section := ["spec", "oversight", "decisions"]

_rank := {"L0": 0, "L1": 1, "L2": 2, "L3": 3, "L4": 4}

# listed decisions in their order; none where the list is absent or empty.
listed(descriptor) := [decision | some decision in descriptor.spec.oversight.decisions]

# levelled says that a decision has a level of autonomy.
levelled(decision) if _rank[decision.autonomy] >= 0

# at_least says that a decision has this level of autonomy or a higher one.
at_least(decision, level) if _rank[decision.autonomy] >= _rank[level]

# left_to_people is the reason for which review and override are not asked for: decisions are listed, and every one is L0.
left_to_people(descriptor) := "every decision in `spec.oversight.decisions` is `L0`: a person takes each one" if {
	decisions := listed(descriptor)
	count(decisions) > 0
	every decision in decisions { decision.autonomy == "L0" }
}

# says that a decision states a property, be it true or false.
says(decision, key) if is_boolean(decision[key])

# rightless is shown: a decision says that it affects nobody's rights.
rightless(decision) if decision.affectsRights == false

# reversible is shown: a decision says that it can be undone.
reversible(decision) if decision.reversible == true

# minor is shown: a decision says that its consequence is less than high.
minor(decision) if decision.consequence in ["low", "medium"]

# triggers of review that a decision's properties ask for, an unsaid one as well; none at L0, where a person takes it in any case.
triggers(decision) := set() if decision.autonomy == "L0"

triggers(decision) := {"low-confidence", "novel-input"} | {trigger |
	some trigger, property in _needless
	not decision[property.key] == property.value
} if {
	not decision.autonomy == "L0"
}

# unsaid are the statements, as "key: value", that would make some triggers needless and that a decision does not deny.
unsaid(decision, lacking) := {statement |
	some trigger in lacking
	property := _needless[trigger]
	key := property.key
	not says(decision, key)
	statement := $"{property.key}: {property.value}"
}

# The property that makes a trigger needless, and the value that says so.
_needless := {
	"irreversible": {"key": "reversible", "value": true},
	"rights-affecting": {"key": "affectsRights", "value": false},
	"legal": {"key": "legallyRequired", "value": false},
	"high-value": {"key": "highValue", "value": false},
}
