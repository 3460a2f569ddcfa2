package psfpolicy.lib.text_test

import data.psfpolicy.lib.text

test_all_of_sorts_quotes_and_joins if {
	text.all_of({"b", "a", "c"}) == "`a`, `b` and `c`"
	text.all_of(["b", "a"]) == "`a` and `b`"
	text.all_of({"a"}) == "`a`"
}

test_all_of_nothing_is_none if {
	text.all_of(set()) == "none"
	text.all_of([]) == "none"
}

test_one_of_joins_by_or if {
	text.one_of({"b", "a", "c"}) == "`a`, `b` or `c`"
	text.one_of(["b", "a"]) == "`a` or `b`"
	text.one_of({"a"}) == "`a`"
}

test_joined_leaves_phrases_as_they_are if {
	text.joined({"it is slow", "it is late", "it is lost"}) == "it is late, it is lost and it is slow"
	text.joined({"it is slow"}) == "it is slow"
	text.joined(set()) == ""
}

test_a_wish_is_for_what_is_not_met if {
	text.wish(false, "`a: true`") == "; wanted: `a: true`"
	text.wish(true, "`a: true`") == ""
}

test_same_is_a_matter_of_letters_and_not_of_capitals_in_ascii if {
	text.same("Llama-3.1", "lLAMA-3.1")
	text.same("É", "É")
	not text.same("É", "é")
	not text.same("llama-3.1", "llama-3.10")
	not text.same("llama", "lama1")
}

test_lower_case_changes_letters_and_nothing_else if text.lower_case("None-AZ az09 É") == "none-az az09 É"
