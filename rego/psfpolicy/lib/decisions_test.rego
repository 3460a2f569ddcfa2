package psfpolicy.lib.decisions_test

import data.psfpolicy.lib.decisions

_with(listed) := {"spec": {"oversight": {"decisions": listed}}}

_plain := {"reversible": true, "affectsRights": false, "legallyRequired": false, "highValue": false}

test_listed_is_empty_where_nothing_is if {
	decisions.listed({"spec": {}}) == []
	decisions.listed(_with([])) == []
	decisions.listed(_with([_plain])) == [_plain]
}

test_at_least_compares_levels if {
	decisions.at_least({"autonomy": "L3"}, "L3")
	decisions.at_least({"autonomy": "L4"}, "L2")
	not decisions.at_least({"autonomy": "L1"}, "L2")
	not decisions.at_least({}, "L0")
}

test_decisions_are_left_to_people_when_all_are_l0 if {
	is_string(decisions.left_to_people(_with([{"autonomy": "L0"}, {"autonomy": "L0"}])))
	not decisions.left_to_people(_with([{"autonomy": "L0"}, {"autonomy": "L1"}]))
	not decisions.left_to_people(_with([{"autonomy": "L0"}, {}]))
	not decisions.left_to_people(_with([]))
	not decisions.left_to_people({"spec": {}})
}

test_a_property_that_is_not_said_is_not_shown if {
	not decisions.rightless({})
	not decisions.reversible({})
	not decisions.minor({})
	not decisions.minor({"consequence": "high"})
}

test_each_decision_that_acts_asks_for_two_triggers if {
	decisions.triggers(_plain) == {"low-confidence", "novel-input"}
	decisions.triggers(object.union(_plain, {"autonomy": "L0"})) == set()
}

test_a_property_that_is_not_said_asks_for_its_trigger if {
	decisions.triggers({}) == {"low-confidence", "novel-input", "irreversible", "rights-affecting", "legal", "high-value"}
}

test_unsaid_names_what_would_make_a_trigger_needless if {
	decisions.unsaid({"affectsRights": true}, {"rights-affecting", "legal", "novel-input"}) == {"legallyRequired: false"}
}
