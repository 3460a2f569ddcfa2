package psfpolicy.lib.paths_test

import data.psfpolicy.lib.paths

test_keys_stand_below_their_section if paths.keys(["a", "b"], ["c", "d"]) == [["a", "b", "c"], ["a", "b", "d"]]

test_items_give_each_key_of_each_item if {
	paths.items(["a"], [{}, {}], ["b", "c"]) == [["a", 0, "b"], ["a", 0, "c"], ["a", 1, "b"], ["a", 1, "c"]]
}

test_a_list_without_items_is_read_itself if paths.items(["a"], [], ["b"]) == [["a"]]
