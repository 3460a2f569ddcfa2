package psfpolicy.lib.text_test

import data.psfpolicy.lib.text

test_listing_sorts if text.listing({"b", "a", "c"}) == "a, b, c"

test_listing_of_nothing_is_none if {
	text.listing(set()) == "none"
	text.listing([]) == "none"
}

test_either_sorts_and_quotes if {
	text.either(["b", "a"]) == "`a` or `b`"
	text.either({"a"}) == "`a`"
}
