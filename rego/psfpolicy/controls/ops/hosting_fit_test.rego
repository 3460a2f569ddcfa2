package psfpolicy.controls.ops.hosting_fit_test

import data.psfpolicy.controls.ops.hosting_fit as control
import data.psfpolicy.lib.outcome

_path := ["spec", "purpose", "hostingReason"]

_reads := [
	["spec", "serving", "hosting"],
	_path,
	["spec", "regimes"],
	["spec", "data", "categories"],
	["spec", "model", "adapters"],
	["spec", "model", "fineTuning", "datasets"],
	["spec", "purpose", "usage", "tokensPerDay"],
	["spec", "serving", "replicas", "min"],
	["spec", "serving", "accelerators", "count"],
	["spec", "cost", "currency"],
	["spec", "cost", "gpuHour"],
	["spec", "cost", "hostedPricePerMillionTokens"],
]

# A self-run deployment with so many tokens a day, and no reason to be one.
_small := _descriptor(999999, {})

_large := _descriptor(1000000, {})

_descriptor(tokens, more) := object.union(
	{"spec": {"purpose": {"usage": {"tokensPerDay": tokens}}, "serving": {"hosting": "self-managed-kubernetes"}}},
	{"spec": more},
)

_for(reasons) := _descriptor(999999, {"purpose": {"hostingReason": reasons}})

_under(regimes, more) := _descriptor(999999, object.union({"regimes": regimes}, more))

_priced(tokens, price) := _descriptor(tokens, {
	"serving": {"accelerators": {"count": 1}, "replicas": {"min": 1}},
	"cost": {"gpuHour": 2.5, "hostedPricePerMillionTokens": price, "currency": "USD"},
})

_passes := [[_path, "pass"]]

_fails := [[_path, "fail"]]

_told(descriptor) := told if {
	findings := control.findings with input as {"descriptor": descriptor, "today": "2026-11-21"}
	told := [[finding.path, finding.status, finding.message, finding.reads] | some finding in findings]
}

test_pass_under_a_regime_that_keeps_data_in_place if {
	_told(_under(["in-country"], {})) == [[_path, "pass", "the model is self-hosted for the regime `in-country`", _reads]]
	every regime in [
		"eu-sovereign", "fedramp-high", "itar", "on-prem-only",
		"no-third-party-egress", "air-gapped", "gdpr-strict-residency",
	] {
		outcome.is(control, _passes) with input.descriptor as _under([regime], {}) with input.today as "2026-11-21"
	}
}

test_fail_under_a_regime_that_a_hosted_model_can_meet if {
	every regime in ["gdpr", "uk-gdpr", "hipaa", "eu-ai-act-high-risk", "house-rules-of-nobody"] {
		outcome.is(control, _fails) with input.descriptor as _under([regime], {}) with input.today as "2026-11-21"
	}
}

test_fail_under_a_regime_for_data_that_is_shown_to_be_absent if {
	outcome.is(control, _fails) with input.descriptor as _under(["gdpr-strict-residency"], {"data": {"categories": ["none"]}})
		with input.today as "2026-11-21"
}

test_fail_under_a_regime_that_does_not_apply_today if {
	row := {"title": "Ours", "locations": {"allowed": ["DE"]}, "applies_from": "2026-12-01"}
	outcome.is(control, _fails) with input.descriptor as _under(["ours"], {})
		with input.catalogue as {"regimes": {"ours": row}}
		with input.today as "2026-11-30"
	outcome.is(control, _passes) with input.descriptor as _under(["ours"], {})
		with input.catalogue as {"regimes": {"ours": row}}
		with input.today as "2026-12-01"
}

test_fail_on_the_promise_of_countries_alone if {
	outcome.is(control, _fails) with input.descriptor as _under([], {"data": {"residency": {"allowed": ["DE"]}}})
		with input.today as "2026-11-21"
}

test_pass_with_weights_of_ones_own if {
	tuned := _descriptor(1, {"model": {"fineTuning": {"datasets": [{"name": "notes"}]}}})
	_told(tuned) == [[_path, "pass", "the model is self-hosted for fine-tuned weights", _reads]]
	outcome.is(control, _passes) with input.descriptor as _descriptor(1, {"model": {"adapters": [{"name": "notes"}]}})
	outcome.is(control, _fails) with input.descriptor as _descriptor(1, {"model": {"adapters": [], "fineTuning": {"datasets": []}}})
}

test_pass_when_it_costs_less_than_the_hosted_price if {
	seen := "the model is self-hosted for a cost below the hosted price"
	_told(_priced(50000001, 1.2)) == [[_path, "pass", seen, _reads]]
	outcome.is(control, _passes) with input.descriptor as _priced(600001, 100)
}

test_pass_on_the_word_of_two_reasons if {
	message := "the model is self-hosted for `cost-certainty` and `independence`"
	_told(_for(["independence", "cost-certainty", "volume"])) == [[_path, "pass", message, _reads]]
}

test_pass_without_egress_where_every_flow_is_ones_own if {
	descriptor := object.union(_for(["no-egress"]), {"spec": {"serving": {"hosting": "on-prem"}}})
	outcome.is(control, _passes) with input.descriptor as descriptor
	[finding.message | some finding in control.findings] == ["the model is self-hosted for `no-egress`"] with input.descriptor as descriptor
}

test_fail_without_egress_where_a_flow_reaches_another_party if {
	guarded := object.union(_for(["no-egress"]), {"spec": {
		"serving": {"hosting": "on-prem"},
		"inputs": {"guards": [{"name": "g", "detects": ["injection"], "hosting": "third-party", "operator": "them"}]},
	}})
	outcome.is(control, _fails) with input.descriptor as guarded
	unsaid := object.union(_for(["no-egress"]), {"spec": {
		"serving": {"hosting": "on-prem"},
		"inputs": {"guards": [{"name": "g", "detects": ["injection"]}]},
	}})
	outcome.is(control, _fails) with input.descriptor as unsaid
}

test_fail_on_words_that_nothing_bears_out if {
	_told(_for(["residency", "volume", "fine-tuned"])) == [[
		_path, "fail", concat("", [
			"the model is self-hosted for no reason that is shown: `spec.purpose.usage.tokensPerDay` is `999999`, ",
			"nothing bears out `fine-tuned`, nothing bears out `residency`, nothing bears out `volume` ",
			"and what it costs beside the hosted price is not said in full; wanted: a reason that holds, or a model that is hosted",
		]),
		_reads,
	]]
}

test_fail_below_a_million_tokens_a_day if outcome.is(control, _fails) with input.descriptor as _small

test_fail_below_a_million_tokens_a_day_whatever_it_costs if {
	outcome.is(control, _fails) with input.descriptor as _priced(999999, 1.2)
}

test_partial_from_a_million_tokens_a_day if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _large
	_told(_priced(50000000, 1.2)) == [[
		_path, "partial", concat("", [
			"the model is self-hosted for no reason that is shown: `spec.purpose.usage.tokensPerDay` is `50000000` ",
			"and it costs as much as the hosted price or more; wanted: a reason that holds, or a model that is hosted",
		]),
		_reads,
	]]
}

test_pass_when_the_model_is_hosted if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "the model is hosted: `spec.serving.hosting` is `managed-inference`",
		"reads": [["spec", "serving", "hosting"]],
	}} with input.descriptor as {"spec": {"serving": {"hosting": "managed-inference"}}}
	outcome.is(control, _passes) with input.descriptor as {"spec": {"serving": {"hosting": "cloud-managed"}}}
}

test_not_applicable_where_the_provider_hosts_its_own if {
	every hosting in ["provider-hosted", "hosted-api"] {
		outcome.not_applicable(control, _path) with input.descriptor as {"spec": {"serving": {"hosting": hosting}}}
	}
}

test_absent_volume_is_partial if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as {"spec": {"serving": {"hosting": "on-prem"}}}
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as {"spec": {}}
}
