package psfpolicy.lib.numbers_test

import data.psfpolicy.lib.numbers

test_half_up_rounds_a_half_up if {
	numbers.half_up(1, 2) == 1
	numbers.half_up(3, 2) == 2
	numbers.half_up(139, 2) == 70
}

test_half_up_rounds_less_than_a_half_down if {
	numbers.half_up(0, 7) == 0
	numbers.half_up(1, 3) == 0
	numbers.half_up(4999999, 10000000) == 0
}

test_half_up_rounds_more_than_a_half_up if {
	numbers.half_up(2, 3) == 1
	numbers.half_up(5000001, 10000000) == 1
}

test_half_up_keeps_a_whole_quotient if {
	numbers.half_up(100, 1) == 100
	numbers.half_up(999999999999, 3) == 333333333333
}

test_millionths_of_decimals_are_integers if {
	numbers.millionths(0.52) == 520000
	numbers.millionths(141.2) == 141200000
	numbers.millionths(0.000001) == 1
	numbers.millionths(7) == 7000000
}

test_shown_prints_an_integer_as_it_is if {
	numbers.shown(0) == "0"
	numbers.shown(32768) == "32768"
	numbers.shown(-5) == "-5"
}

test_shown_prints_a_decimal_without_trailing_zeros if {
	numbers.shown(1.5) == "1.5"
	numbers.shown(0.05) == "0.05"
	numbers.shown(0.000001) == "0.000001"
	numbers.shown(141.2) == "141.2"
	numbers.shown(12.345678) == "12.345678"
}

test_shown_prints_the_sign_of_a_decimal if {
	numbers.shown(-0.25) == "-0.25"
	numbers.shown(-1.5) == "-1.5"
}

test_shown_does_not_call_whole_what_is_not if {
	numbers.shown(0.0000001) == "about 0"
	numbers.shown(99.9999999) == "about 100"
	numbers.shown(0.999999) == "0.999999"
}

test_decimal_prints_millionths_without_trailing_zeros if {
	numbers.decimal(0) == "0"
	numbers.decimal(1) == "0.000001"
	numbers.decimal(2500000) == "2.5"
	numbers.decimal(600000000000000) == "600000000"
	numbers.decimal(-1250000) == "-1.25"
}
