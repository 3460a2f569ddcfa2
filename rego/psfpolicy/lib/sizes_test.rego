package psfpolicy.lib.sizes_test

import data.psfpolicy.lib.sizes

test_quotient_rounds_down_and_ceiling_up if {
	sizes.quotient(7, 2) == 3
	sizes.quotient(999999999999999, 1000) == 999999999999
	sizes.ceiling(7, 2) == 4
	sizes.ceiling(8, 2) == 4
	sizes.ceiling(0, 2) == 0
}

test_gigabytes_to_three_places_without_trailing_zeros if {
	sizes.gigabytes(0) == "0 GB"
	sizes.gigabytes(70600000000) == "70.6 GB"
	sizes.gigabytes(74130000000) == "74.13 GB"
	sizes.gigabytes(10737418240) == "10.737 GB"
	sizes.gigabytes(144000000000) == "144 GB"
	sizes.gigabytes(1000000000000000) == "1000000 GB"
	sizes.gigabytes(1005000000) == "1.005 GB"
}

test_gigabytes_round_half_up if {
	sizes.gigabytes(1000500000) == "1.001 GB"
	sizes.gigabytes(1000499999) == "1 GB"
}

test_less_than_half_a_megabyte_is_said_in_bytes if {
	sizes.gigabytes(499999) == "499999 bytes"
	sizes.gigabytes(500000) == "0.001 GB"
}

test_missing_is_said_without_a_sign if sizes.missing(-2130000000) == "2.13 GB"

test_bounded_keeps_what_is_below_the_most if {
	sizes.bounded(5) == 5
	sizes.bounded(4000000000000000000) == sizes.most
}
