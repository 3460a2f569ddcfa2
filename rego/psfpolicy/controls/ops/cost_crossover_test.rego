package psfpolicy.controls.ops.cost_crossover_test

import data.psfpolicy.controls.ops.cost_crossover as control
import data.psfpolicy.lib.outcome

_path := ["spec", "cost"]

_reads := [
	["spec", "serving", "hosting"],
	["spec", "cost", "targetUtilization"],
	["spec", "purpose", "usage", "tokensPerDay"],
	["spec", "serving", "replicas", "min"],
	["spec", "serving", "accelerators", "count"],
	["spec", "cost", "currency"],
	["spec", "cost", "gpuHour"],
	["spec", "cost", "hostedPricePerMillionTokens"],
]

_descriptor(tokens, cost) := {"spec": {
	"purpose": {"usage": {"tokensPerDay": tokens}},
	"serving": {"hosting": "on-prem", "accelerators": {"count": 1}, "replicas": {"min": 1, "max": 4}},
	"cost": object.union({"gpuHour": 2.5, "hostedPricePerMillionTokens": 6, "currency": "USD"}, cost),
}}

_message(descriptor) := message if {
	some finding in control.findings with input as {"descriptor": descriptor}
	message := finding.message
}

_hosted(hosting) := {"spec": {"serving": {"hosting": hosting}}}

test_pass_above_the_break_even_of_ten_million_tokens_a_day if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": concat("; ", [
			"self-hosting takes 24 GPU-hours a day at 2.5 USD, which is 60 USD a day",
			"10.000001 million tokens a day at 6 USD a million are 60.000006 USD a day hosted",
			"break-even is at 10 million tokens a day, which at a utilisation of 1 takes 116 tokens a second",
		]),
		"reads": _reads,
	}} with input.descriptor as _descriptor(10000001, {})
}

test_partial_at_the_break_even_and_below if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _descriptor(10000000, {})
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _descriptor(0, {})
}

test_partial_under_the_prices_of_the_other_break_even if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": concat("; ", [
			"self-hosting takes 24 GPU-hours a day at 2.5 EUR, which is 60 EUR a day",
			"10.000001 million tokens a day at 1.2 EUR a million are 12.000002 EUR a day hosted",
			"break-even is at 50 million tokens a day, which at a utilisation of 0.6 takes 965 tokens a second",
			"wanted: self-hosting that costs less, by more tokens or fewer accelerators, or a hosted model",
		]),
		"reads": _reads,
	}} with input.descriptor as _descriptor(
		10000001,
		{"hostedPricePerMillionTokens": 1.2, "currency": "EUR", "targetUtilization": 0.6},
	)
}

test_pass_above_the_break_even_of_fifty_million_tokens_a_day if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _descriptor(50000001, {"hostedPricePerMillionTokens": 1.2})
}

test_pass_says_what_was_cut_off_and_counts_few_tokens_one_by_one if {
	_message(_descriptor(999999, {"hostedPricePerMillionTokens": 999999999})) == concat("; ", [
		"self-hosting takes 24 GPU-hours a day at 2.5 USD, which is 60 USD a day",
		"999999 tokens a day at 999999999 USD a million are 999998999.000001 USD a day hosted",
		"break-even is at 1 tokens a day, which at a utilisation of 1 takes 1 tokens a second",
	])
	most := _message(_descriptor(2000000, {"hostedPricePerMillionTokens": 999999999}))
	contains(most, " are at least 1000000000 USD a day hosted;")
}

test_partial_when_no_time_is_meant_to_be_busy_counts_all_of_it if {
	contains(_message(_descriptor(10000000, {"targetUtilization": 0})), "which at a utilisation of 1 takes 116 tokens a second")
}

test_partial_when_a_price_is_nothing if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": concat("", [
			"`spec.cost.gpuHour` is `0`; wanted: both prices above 0 and their `currency`, accelerators, ",
			"least replicas and tokens of a day",
		]),
		"reads": _reads,
	}} with input.descriptor as _descriptor(10000001, {"gpuHour": 0})
}

test_not_applicable_where_another_party_runs_the_model if {
	every hosting in ["managed-inference", "provider-hosted", "hosted-api"] {
		outcome.not_applicable(control, _path) with input.descriptor as _hosted(hosting)
	}
}

test_absent_prices_are_partial_and_no_reason_not_to_apply if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _hosted("cloud-managed")
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as {"spec": {}}
}
