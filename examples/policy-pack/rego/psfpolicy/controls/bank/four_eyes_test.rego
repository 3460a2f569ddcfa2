package psfpolicy.controls.bank.four_eyes_test

import data.psfpolicy.controls.bank.four_eyes as control
import data.psfpolicy.lib.outcome

_section := ["spec", "oversight", "decisions"]

_path := array.concat(_section, [0])

_decided(decision, label) := {
	"metadata": {"owner": {"contact": "Owner@bank.example"}, "labels": {"four-eyes/d": label}},
	"spec": {"oversight": {"decisions": [object.union({"name": "d"}, decision)], "agents": []}},
}

_two := "risk-desk@bank.example, model-desk@bank.example"

test_pass_with_two_people if {
	every level in ["L2", "L3", "L4"] {
		outcome.is(control, [[_path, "pass"]]) with input.descriptor as _decided({"autonomy": level}, _two)
	}
}

test_pass_where_a_person_looks_first if {
	every level in ["L0", "L1"] {
		outcome.is(control, [[_path, "pass"]]) with input.descriptor as _decided({"autonomy": level}, "")
	}
}

test_fail_with_less_than_two_people if {
	every label in [
		"",
		",",
		"risk-desk@bank.example",
		"risk-desk@bank.example, risk-desk@bank.example",
		"risk-desk@bank.example, RISK-DESK@Bank.Example",
		"risk-desk@bank.example, risk-desk+limits@bank.example",
		"risk-desk@bank.example, owner@bank.example",
		"risk-desk@bank.example, owner+me@bank.example",
		"risk-desk@bank.example, model-desk@bank.example.evil.com",
		"risk-desk@bank.example, model-desk@evil.com@bank.example",
		"risk-desk@bank.example model-desk@bank.example",
		"risk-desk@bank.example, @bank.example",
		"risk-desk@bank.example, tbd",
	] {
		outcome.is(control, [[_path, "fail"]]) with input.descriptor as _decided({"autonomy": "L2"}, label)
	}
}

test_the_label_of_another_decision_is_none_for_this_one if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _decided({"name": "D", "autonomy": "L2"}, _two)
}

test_a_level_that_is_not_one_counts_as_l2 if {
	every decision in [{}, {"autonomy": "l1"}, {"autonomy": "L5"}] {
		outcome.is(control, [[_path, "fail"]]) with input.descriptor as _decided(decision, "")
		outcome.is(control, [[_path, "pass"]]) with input.descriptor as _decided(decision, _two)
	}
}

test_absent_decisions_fail if {
	every descriptor in [
		{},
		{"spec": {"oversight": {}}},
		{"spec": {"oversight": {"decisions": []}}},
		{"spec": {"oversight": {"decisions": [], "agents": [{"name": "a"}]}}},
	] {
		outcome.is(control, [[_section, "fail"]]) with input.descriptor as descriptor
	}
}

test_nothing_is_asked_where_nothing_is_decided if {
	outcome.not_applicable(control, _section) with input.descriptor as {"spec": {"oversight": {"decisions": [], "agents": []}}}
}

test_nothing_at_all_fails if outcome.is(control, [[_section, "fail"]]) with input as {}
