package psfpolicy.profiles_test

import data.psfpolicy.profiles

_table := {
	"bank": {"extends": "standard", "thresholds": {"BANK": 70, "PSF-1": 80}, "must_pass": ["a"], "unwaivable": ["b"]},
	"cards": {"extends": "baseline", "thresholds": {"BANK": 90}, "must_be_evidenced": ["c"], "holds": {"partial": ["high"]}},
	"lax": {"extends": "advisory", "must_pass": ["a"]},
	"nested": {"extends": "bank", "must_pass": ["a"]},
	"bare": {"extends": "strict"},
}

_level(gate, named) := level if {
	level := profiles.level with input as {"gate": gate, "parameters": {"profiles": named}}
		with data.psfpolicy.catalogue.gates as _table
}

test_without_a_profile_the_level_is_the_gate_that_is_asked_for if {
	gates := ["advisory", "baseline", "standard", "strict"]
	[_level(gate, []) | some gate in gates] == gates
	alone := profiles.level with input as {"gate": "baseline"}
	alone == "baseline"
}

test_a_profile_is_at_least_the_gate_that_it_extends if {
	_level("advisory", ["bank"]) == "standard"
	_level("standard", ["bank"]) == "standard"
	_level("strict", ["bank"]) == "strict"
	_level("advisory", ["bank", "cards"]) == "standard"
	_level("baseline", ["bare", "cards"]) == "strict"
}

test_there_is_no_level_for_a_gate_that_is_not_known if {
	not _level("bank", ["bank"])
	not _level(null, ["bank"])
}

test_a_profile_that_is_not_there_or_extends_no_gate_of_ours_is_unknown if {
	found := profiles.unknown with input as {"parameters": {"profiles": ["bank", "Bank", "lax", "nested", "none"]}}
		with data.psfpolicy.catalogue.gates as _table
	found == {"Bank", "lax", "nested", "none"}
	without := profiles.unknown with input as {"parameters": {"profiles": ["bank"]}}
	without == {"bank"}
}

test_rows_of_the_user_are_no_profiles if {
	found := profiles.unknown with input as {"parameters": {"profiles": ["mine"]}, "catalogue": {"gates": {"mine": _table.bank}}}
	found == {"mine"}
}

test_what_several_ask_for_is_asked_for_together if {
	asked := {"parameters": {"profiles": ["bank", "cards"]}}
	found := {
		"thresholds": profiles.thresholds,
		"must_pass": profiles.must_pass,
		"must_be_evidenced": profiles.must_be_evidenced,
		"unwaivable": profiles.unwaivable,
		"holding": profiles.holding,
	} with input as asked with data.psfpolicy.catalogue.gates as _table
	found == {
		"thresholds": {"BANK": {70, 90}, "PSF-1": {80}},
		"must_pass": {"a"},
		"must_be_evidenced": {"c"},
		"unwaivable": {"b"},
		"holding": {["partial", "high"]},
	}
}
