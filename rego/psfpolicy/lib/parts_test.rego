package psfpolicy.lib.parts_test

import data.psfpolicy.lib.parts

test_nothing_lacking_passes if parts.status(set(), 3) == "pass"

test_some_parts_lacking_are_partial if parts.status({"a", "b"}, 3) == "partial"

test_all_parts_lacking_fail if parts.status({"a", "b", "c"}, 3) == "fail"

test_a_true_flag_lacks_nothing if parts.untrue({"on": true}, "on") == set()

test_a_false_flag_is_said_to_be_false if parts.untrue({"on": false}, "on") == {"`on` is `false`"}

test_a_flag_that_is_absent_is_said_to_be_missing if parts.untrue({}, "on") == {"`on` is missing"}

test_a_text_that_names_something_lacks_nothing if parts.unnamed({"ref": "a.json"}, "ref") == set()

test_a_text_that_names_nothing_is_quoted if parts.unnamed({"ref": "none"}, "ref") == {"`ref` is `none`"}

test_a_text_that_is_absent_is_said_to_be_missing if parts.unnamed({}, "ref") == {"`ref` is missing"}

test_a_phrase_is_sorted if parts.phrase({"b", "a"}) == "a and b"
