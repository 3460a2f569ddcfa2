# METADATA
# title: Costs
# description: |
#   What the model costs a day on its own accelerators, and what the same tokens would cost at a provider, computed once for
#   every control: all replicas at their least, around the clock. Money is in whole millionths of the currency.
#   A figure is undefined where a fact that it needs is not said; a price of nothing is none.
package psfpolicy.costs

import data.psfpolicy.capacity
import data.psfpolicy.lib.numbers as decimals
import data.psfpolicy.lib.said
import data.psfpolicy.lib.sizes

_descriptor := object.get(input, ["descriptor"], {})

_volume := ["spec", "purpose", "usage", "tokensPerDay"]

_least := ["spec", "serving", "replicas", "min"]

_count := ["spec", "serving", "accelerators", "count"]

_currency := ["spec", "cost", "currency"]

_hour := ["spec", "cost", "gpuHour"]

_price := ["spec", "cost", "hostedPricePerMillionTokens"]

# reads are the paths of what the figures follow from.
reads := [_volume, _least, _count, _currency, _hour, _price]

# lacking says in words which of those are not said.
lacking contains said.at(_descriptor, path) if {
	some path in [_volume, _least, _currency]
	object.get(_descriptor, path, null) == null
}

lacking contains said.at(_descriptor, _count) if not accelerators

lacking contains said.figure(_descriptor, path) if {
	some path in [_hour, _price]
	decimals.millionths(object.get(_descriptor, path, 0)) <= 0
}

# accelerators of all replicas at their least.
accelerators := sizes.bounded(_of_replica * object.get(_descriptor, _least, 1))

_of_replica := object.get(_descriptor, _count, 0) if object.get(_descriptor, _count, 0) > 0

_of_replica := capacity.accelerators * capacity.ranks if object.get(_descriptor, _count, 0) <= 0

gpu_hours := sizes.bounded(accelerators * 24)

tokens := object.get(_descriptor, _volume, 0)

currency := object.get(_descriptor, _currency, "")

gpu_hour := decimals.millionths(object.get(_descriptor, _hour, 0))

price := decimals.millionths(object.get(_descriptor, _price, 0))

# own is what the accelerators cost a day; hosted, what the tokens of a day cost at a provider, rounded up.
own := sizes.bounded(gpu_hours * gpu_hour) if count(lacking) == 0

hosted := sizes.bounded(((millions * price) + (rest * units)) + sizes.ceiling(rest * fraction, 1000000)) if {
	count(lacking) == 0
	rest := tokens % 1000000
	millions := sizes.quotient(tokens, 1000000)
	fraction := price % 1000000
	units := sizes.quotient(price, 1000000)
}

# cheaper says that self-hosting costs less than hosting does.
cheaper if own < hosted

# break_even is the number of tokens a day from which it would, rounded up. Divided in steps, so that nothing that is divided
# grows past what both engines divide alike.
break_even := sizes.bounded(((millions * 1000000) + (thousands * 1000)) + ones) if {
	millions := sizes.quotient(own, price)
	left := (own % price) * 1000
	thousands := sizes.quotient(left, price)
	ones := sizes.ceiling((left % price) * 1000, price)
}
