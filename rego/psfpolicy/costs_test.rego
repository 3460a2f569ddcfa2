package psfpolicy.costs_test

import data.psfpolicy.costs

_descriptor(accelerators, least, tokens, hour, price) := {"spec": {
	"purpose": {"usage": {"tokensPerDay": tokens}},
	"serving": {"accelerators": accelerators, "replicas": {"min": least}},
	"cost": {"gpuHour": hour, "hostedPricePerMillionTokens": price, "currency": "USD"},
}}

_one := {"count": 1}

# Figures in one order: GPU-hours, own cost, hosted cost, break-even, and whether self-hosting is cheaper.
_figures(descriptor) := figures if {
	figures := [costs.gpu_hours, costs.own, costs.hosted, costs.break_even, costs.cheaper == true] with input as {"descriptor": descriptor}
}

_figures(descriptor) := figures if {
	not costs.cheaper with input as {"descriptor": descriptor}
	figures := [costs.gpu_hours, costs.own, costs.hosted, costs.break_even, false] with input as {"descriptor": descriptor}
}

test_every_replica_at_its_least_is_paid_for_around_the_clock if {
	_figures(_descriptor({"count": 2}, 2, 5000000, 2.5, 0.4)) == [96, 240000000, 2000000, 600000000, false]
}

# The published break-evens, 10 and 50 million tokens a day: each holds under prices of its own, and no other.
test_ten_million_tokens_a_day_are_the_break_even_of_a_gpu_at_2_50_against_6_a_million if {
	_figures(_descriptor(_one, 1, 10000000, 2.5, 6)) == [24, 60000000, 60000000, 10000000, false]
	_figures(_descriptor(_one, 1, 10000001, 2.5, 6)) == [24, 60000000, 60000006, 10000000, true]
	_figures(_descriptor({"count": 2}, 1, 10000001, 2.5, 12)) == [48, 120000000, 120000012, 10000000, true]
}

test_fifty_million_tokens_a_day_are_the_break_even_of_a_gpu_at_2_50_against_1_20_a_million if {
	_figures(_descriptor(_one, 1, 50000000, 2.5, 1.2)) == [24, 60000000, 60000000, 50000000, false]
	_figures(_descriptor(_one, 1, 50000001, 2.5, 1.2)) == [24, 60000000, 60000002, 50000000, true]
	_figures(_descriptor({"count": 2}, 1, 50000001, 2.5, 2.4)) == [48, 120000000, 120000003, 50000000, true]
}

test_neither_break_even_holds_under_the_prices_of_the_other if {
	_figures(_descriptor(_one, 1, 10000001, 2.5, 1.2)) == [24, 60000000, 12000002, 50000000, false]
	_figures(_descriptor(_one, 1, 49999999, 2.5, 6)) == [24, 60000000, 299999994, 10000000, true]
}

test_a_break_even_that_is_no_whole_number_is_rounded_up if {
	_figures(_descriptor(_one, 1, 8571429, 2.5, 7)) == [24, 60000000, 60000003, 8571429, true]
	_figures(_descriptor(_one, 1, 8571428, 2.5, 7)) == [24, 60000000, 59999996, 8571429, false]
}

test_parallelisms_count_where_no_count_is_given if {
	_figures(_descriptor({"tensorParallel": 2, "pipelineParallel": 2}, 1, 1, 1, 1))[0] == 96
	_figures(_descriptor({"tensorParallel": 2, "dataParallel": 3}, 2, 1, 1, 1))[0] == 288
}

# A price of 1 to a price of 999,999,999 in a currency of small units, and figures of which no digit is lost.
test_prices_of_currencies_with_small_units_are_exact if {
	_figures(_descriptor({"count": 8}, 1, 600000001, 65000.5, 250000)) == [192, 12480096000000, 150000000250000, 49920384, true]
	_figures(_descriptor(_one, 1, 3, 1, 999999999))[3] == 1
}

# Above a thousand million of the currency a day nothing is told apart, and nothing is cheaper.
test_what_is_more_than_can_be_reckoned_with_is_not_cheaper if {
	most := 1000000000000000
	absurd := _descriptor({"count": 999999999999999}, 999999999999999, 999999999999999, 999999999, 999999999)
	_figures(absurd) == [most, most, most, 1000001, false]
}

test_what_is_missing_is_named if {
	costs.lacking == {
		"`spec.cost.currency` is missing",
		"`spec.cost.gpuHour` is missing",
		"`spec.cost.hostedPricePerMillionTokens` is missing",
		"`spec.purpose.usage.tokensPerDay` is missing",
		"`spec.serving.accelerators.count` is missing",
		"`spec.serving.replicas.min` is missing",
	} with input as {"descriptor": {"spec": {}}}
}

test_a_price_of_nothing_is_none if {
	costs.lacking == {
		"`spec.cost.gpuHour` is `0`",
		"`spec.cost.hostedPricePerMillionTokens` is `about 0`",
	} with input as {"descriptor": _descriptor(_one, 1, 1, 0, 0.0000001)}
	not costs.cheaper with input as {"descriptor": _descriptor(_one, 1, 1000000000, 0, 6)}
	not costs.own with input as {"descriptor": _descriptor(_one, 1, 1000000000, 0, 6)}
}
