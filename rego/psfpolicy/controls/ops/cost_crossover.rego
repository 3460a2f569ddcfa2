# METADATA
# title: Cost against the hosted price
# description: |
#   Accelerators are paid for around the clock, tokens at a provider only when they are used: which is cheaper is a matter of
#   arithmetic, and no published number of tokens a day is right for every price. All replicas at their least, times 24 hours, times
#   `gpuHour`, stand against `tokensPerDay` times the hosted price; the break-even is the volume at which the two are equal, and
#   needs the throughput that is named while the accelerators are busy for `targetUtilization` of the time (all of it, where that is
#   not said). Self-hosting that costs as much or more is partial, and so are figures that are missing; a price of 0 is none.
# custom:
#   provenance: practice
#   severity: low
#   remediation: |
#     Say what both cost in one currency, and for which volume; below the break-even, host with fewer accelerators or elsewhere:
#
#     purpose:
#       usage: {tokensPerDay: 60000000}
#     cost: {gpuHour: 2.5, hostedPricePerMillionTokens: 1.2, currency: USD, targetUtilization: 0.6}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://pdpspectra.com/blog/open-source-llms-production
#   good: |
#     purpose: {usage: {tokensPerDay: 60000000}}
#     serving: {accelerators: {type: nvidia-h100-80gb, count: 1}, replicas: {min: 1}}
#     cost: {gpuHour: 2.5, hostedPricePerMillionTokens: 1.2, currency: USD}
#   bad: |
#     purpose: {usage: {tokensPerDay: 40000000}}
#     serving: {accelerators: {type: nvidia-h100-80gb, count: 1}, replicas: {min: 1}}
#     cost: {gpuHour: 2.5, hostedPricePerMillionTokens: 1.2, currency: USD}
package psfpolicy.controls.ops.cost_crossover

import data.psfpolicy.costs
import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.sizes
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "cost"]

_target := ["spec", "cost", "targetUtilization"]

not_applicable := "another party runs the model on its own accelerators" if terms.third_party_run(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _path

findings contains {"path": _path, "status": _status, "message": $"{_seen}{_wish}", "reads": reads} if {
	reads := array.concat([["spec", "serving", "hosting"], _target], costs.reads)
}

default _status := "partial"

_status := "pass" if costs.cheaper

_seen := text.joined(costs.lacking) if count(costs.lacking) > 0

_seen := concat("; ", [
	$"self-hosting takes {costs.gpu_hours} GPU-hours a day at {_money(costs.gpu_hour)}, which is {_money(costs.own)} a day",
	$"{_volume(costs.tokens)} tokens a day at {_money(costs.price)} a million are {_money(costs.hosted)} a day hosted",
	concat("", [
		$"break-even is at {_volume(costs.break_even)} tokens a day, ",
		$"which at a utilisation of {numbers.decimal(_utilization)} takes {_throughput} tokens a second",
	]),
]) if {
	count(costs.lacking) == 0
}

default _wish := ""

_wish := "; wanted: both prices above 0 and their `currency`, accelerators, least replicas and tokens of a day" if {
	count(costs.lacking) > 0
}

_wish := "; wanted: self-hosting that costs less, by more tokens or fewer accelerators, or a hosted model" if {
	not costs.cheaper
	count(costs.lacking) == 0
}

# Utilisation at which the break-even holds, in millionths; none at all serves nothing.
_utilization := declared if {
	declared := numbers.millionths(object.get(_descriptor, _target, 1))
	declared > 0
}

_utilization := 1000000 if numbers.millionths(object.get(_descriptor, _target, 1)) <= 0

_throughput := sizes.ceiling(sizes.ceiling(costs.break_even, 86400) * 1000000, _utilization)

_money(millionths) := $"{_or_more(millionths)}{numbers.decimal(millionths)} {costs.currency}"

_volume(tokens) := $"{_or_more(tokens)}{tokens}" if tokens < 1000000

_volume(tokens) := $"{_or_more(tokens)}{numbers.decimal(tokens)} million" if tokens >= 1000000

# What is cut off at the most that is reckoned with.
_or_more(figure) := "at least " if figure >= sizes.most

_or_more(figure) := "" if figure < sizes.most
