package psfpolicy.controls.vendor.licence_mau_test

import data.psfpolicy.controls.vendor.licence_mau as control
import data.psfpolicy.lib.outcome

_model := ["spec", "model", "id"]

_guard := ["spec", "inputs", "guards", 0]

_named := [_model, ["spec", "model", "licence", "id"], ["spec", "model", "licence", "commercialAgreement"]]

_then := ["spec", "purpose", "usage", "monthlyActiveUsersAtModelRelease"]

_llama := "meta-llama/Llama-3.1-70B-Instruct"

_qwen := "Qwen/Qwen2.5-72B-Instruct"

_used(model, usage) := {"purpose": {"usage": usage}, "model": {"id": model}}

_guarded(usage) := {
	"purpose": {"usage": usage},
	"model": {"id": "microsoft/phi-4"},
	"inputs": {"guards": [{"name": "g", "model": "meta-llama/Llama-Prompt-Guard-2-86M"}]},
}

test_pass_at_the_limit_before_the_release if {
	{finding | some finding in control.findings} == {{
		"path": _model,
		"status": "pass",
		"message": concat("", [
			"`meta-llama/Llama-3.1-70B-Instruct` is under Llama 3.1 Community License, which permits 700000000 monthly users of ",
			"licensee and affiliates in the calendar month before 2024-07-23, and no later growth: ",
			"`spec.purpose.usage.monthlyActiveUsersAtModelRelease` is `700000000`",
		]),
		"reads": array.concat(_named, [_then]),
	}} with input.descriptor.spec as _used(_llama, {"monthlyActiveUsersAtModelRelease": 700000000})
}

test_pass_whatever_growth_came_after_the_release if {
	usage := {"monthlyActiveUsersAtModelRelease": 9000, "monthlyActiveUsers": 3000000000}
	outcome.is(control, [[_model, "pass"]]) with input.descriptor.spec as _used(_llama, usage)
}

test_fail_above_the_limit_before_the_release if {
	{finding | some finding in control.findings} == {{
		"path": _model,
		"status": "fail",
		"message": concat("", [
			"`meta-llama/Llama-3.1-70B-Instruct` is under Llama 3.1 Community License, which permits 700000000 monthly users of ",
			"licensee and affiliates in the calendar month before 2024-07-23, and no later growth: ",
			"`spec.purpose.usage.monthlyActiveUsersAtModelRelease` is `700000001`; ",
			"wanted: another model, or an agreement in force with Meta in `spec.model.licence.commercialAgreement`",
		]),
		"reads": array.concat(_named, [_then]),
	}} with input.descriptor.spec as _used(_llama, {"monthlyActiveUsersAtModelRelease": 700000001})
}

test_a_licence_without_a_limit_is_replaced_as_a_whole if {
	licence := {"id": "llama-3.1-community", "commercialAgreement": "signed"}
	some finding in control.findings with input.descriptor.spec.model as {"id": "microsoft/phi-4", "licence": licence}
	finding.status == "pass"
	contains(finding.message, "under MIT License, which an agreement replaces")
}

test_pass_above_the_limit_under_an_agreement if {
	[finding] := [one | some one in control.findings] with input.descriptor.spec as {
		"purpose": {"usage": {"monthlyActiveUsersAtModelRelease": 700000001}},
		"model": {"id": _llama, "licence": {"commercialAgreement": "legal/meta.pdf"}},
	}
	finding.status == "pass"
	finding.message == concat("", [
		"`meta-llama/Llama-3.1-70B-Instruct` is under Llama 3.1 Community License, ",
		"whose limit of 700000000 monthly users an agreement replaces",
	])
}

test_partial_with_the_users_of_today_instead_of_those_before_the_release if {
	{finding | some finding in control.findings} == {{
		"path": _model,
		"status": "partial",
		"message": concat("", [
			"`meta-llama/Llama-3.1-70B-Instruct` is under Llama 3.1 Community License, which permits 700000000 monthly users of ",
			"licensee and affiliates in the calendar month before 2024-07-23, and no later growth: ",
			"`spec.purpose.usage.monthlyActiveUsersAtModelRelease` is missing; ",
			"wanted: `spec.purpose.usage.monthlyActiveUsersAtModelRelease`",
		]),
		"reads": array.concat(_named, [_then]),
	}} with input.descriptor.spec as _used(_llama, {"monthlyActiveUsers": 12000})
}

test_partial_with_one_number_for_the_releases_of_two_licences if {
	base := ["spec", "model", "base", "id"]
	model := {"id": "acme/merge", "base": {"id": _llama}, "licence": {"id": "llama-3.3-community"}}
	spec := {"model": model, "purpose": {"usage": {"monthlyActiveUsersAtModelRelease": 9000}}}
	outcome.is(control, [[_model, "partial"], [base, "partial"]]) with input.descriptor.spec as spec
}

test_qwen_72b_counts_the_users_of_the_product_at_any_time if {
	outcome.is(control, [[_model, "pass"]]) with input.descriptor.spec as _used(_qwen, {"monthlyActiveUsers": 99999999})
	outcome.is(control, [[_model, "pass"]]) with input.descriptor.spec as _used(_qwen, {"monthlyActiveUsers": 100000000})
	outcome.is(control, [[_model, "fail"]]) with input.descriptor.spec as _used(_qwen, {"monthlyActiveUsers": 100000001})
	outcome.is(control, [[_model, "partial"]]) with input.descriptor.spec as _used(_qwen, {"monthlyActiveUsersAtModelRelease": 1})
}

test_fail_with_a_distill_of_llama_above_the_limit if {
	usage := {"monthlyActiveUsersAtModelRelease": 700000001}
	outcome.is(control, [[_model, "fail"]]) with input.descriptor.spec as _used("deepseek-ai/DeepSeek-R1-Distill-Llama-70B", usage)
}

test_fail_with_a_declared_licence_that_hides_the_limit if {
	outcome.is(control, [[_model, "fail"]]) with input.descriptor.spec as {
		"purpose": {"usage": {"monthlyActiveUsers": 100000001}},
		"model": {"id": _qwen, "licence": {"id": "apache-2.0"}},
	}
}

test_a_guard_of_another_release_is_decided_by_both_numbers if {
	low := {"monthlyActiveUsersAtModelRelease": 9000, "monthlyActiveUsers": 12000}
	high := {"monthlyActiveUsersAtModelRelease": 700000001, "monthlyActiveUsers": 700000001}
	grown := {"monthlyActiveUsersAtModelRelease": 9000, "monthlyActiveUsers": 700000001}
	outcome.is(control, [[_guard, "pass"]]) with input.descriptor.spec as _guarded(low)
	outcome.is(control, [[_guard, "fail"]]) with input.descriptor.spec as _guarded(high)
	outcome.is(control, [[_guard, "partial"]]) with input.descriptor.spec as _guarded(grown)
	outcome.is(control, [[_guard, "partial"]]) with input.descriptor.spec as _guarded({"monthlyActiveUsersAtModelRelease": 9000})
}

test_fail_with_a_fallback_and_an_adapter_above_their_limits if {
	fallback := ["spec", "vendor", "fallbacks", 0]
	adapter := ["spec", "model", "adapters", 0]
	outcome.is(control, [[fallback, "fail"], [adapter, "fail"]]) with input.descriptor.spec as {
		"purpose": {"usage": {"monthlyActiveUsers": 100000001}},
		"model": {"id": "microsoft/phi-4", "adapters": [{"name": "notes", "source": "qwen/qwen2.5-72b"}]},
		"vendor": {"fallbacks": [{"name": "f", "kind": "smaller-model", "model": _qwen}]},
	}
}

test_partial_with_a_licence_that_is_not_known if {
	outcome.is(control, [[_model, "partial"]]) with input.descriptor.spec as _used("acme/notes", {"monthlyActiveUsers": 1})
}

test_not_applicable_when_no_licence_has_a_limit if {
	outcome.not_applicable(control, _model) with input.descriptor.spec as _used("microsoft/phi-4", {})
}

test_not_applicable_behind_a_hosted_api if {
	outcome.not_applicable(control, _model) with input.descriptor.spec as {
		"model": {"id": "gpt-5"},
		"serving": {"hosting": "hosted-api"},
	}
}

test_absent_users_are_partial if {
	outcome.is(control, [[_model, "partial"]]) with input.descriptor.spec.model.id as _llama
}
