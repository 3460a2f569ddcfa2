package psfpolicy.lib.versions_test

import data.psfpolicy.lib.versions

test_a_release_is_its_numbers if {
	versions.numbers("0.33.0") == [0, 33, 0, 0]
	versions.numbers("v0.33.0") == [0, 33, 0, 0]
	versions.numbers("0.33.0.post1") == [0, 33, 0, 0]
	every build in ["0.33.0+cu128", "0.33.0+rocm641", "0.33.0+cpu", "v0.33.0"] { versions.numbers(build) == [0, 33, 0, 0] }
	versions.numbers("26.07-py3") == [26, 7, 0, 0]
	versions.numbers("b4567") == [4567, 0, 0, 0]
	versions.numbers("1.2.3.4.5") == [1, 2, 3, 4, 5]
}

test_what_is_no_release_has_no_numbers if {
	every version in [
		"", "latest", "0.22.0rc1", "0.22.0-beta", "0..1", "1.x", "1.post", "0.1234567890", "-1", "0.1.-2",
		"nightly", "0.23.0.dev12+gabc", "0.23.0.dev12", "0.21.0+acme.8", "0.21.0-r2", "0.21.0+", "0.21.0+cu128+acme", "1!0.3.0",
	] {
		not versions.numbers(version)
	}
}

test_numbers_compare_as_numbers if {
	versions.numbers("0.9.0") < versions.numbers("0.10.0")
	versions.numbers("0.11") == versions.numbers("0.11.0")
}

test_a_range_holds_its_first_and_not_its_end if {
	versions.within(versions.numbers("0.8.3"), [[0, 8, 3], [0, 14, 1]])
	versions.within(versions.numbers("0.14.0"), [[0, 8, 3], [0, 14, 1]])
	not versions.within(versions.numbers("0.14.1"), [[0, 8, 3], [0, 14, 1]])
	not versions.within(versions.numbers("0.8.2"), [[0, 8, 3], [0, 14, 1]])
}

test_a_range_without_a_first_begins_at_the_beginning if versions.within([0, 0, 0, 0], [[], [26, 3]])

test_a_range_without_an_end_has_none if versions.within([99, 0, 0, 0], [[0, 5, 5], null])

test_shown_as_a_person_writes_it if {
	versions.shown([0, 31, 0], "release") == "0.31.0"
	versions.shown([26, 3], "year-month") == "26.03"
	versions.shown([26, 11], "year-month") == "26.11"
}
