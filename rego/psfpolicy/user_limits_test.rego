package psfpolicy.user_limits_test

import data.psfpolicy.user_limits

_llama := "meta-llama/Llama-3.1-70B-Instruct"

_qwen := "Qwen/Qwen2.5-72B-Instruct"

_shown(model, usage) := found if {
	found := user_limits.shown with input.descriptor.spec as {"purpose": {"usage": usage}, "model": model}
}

_stands(model, usage) := {[row.users, row.percent, row.standing] | some row in _shown({"id": model}, usage)}

test_users_are_told_beside_the_limit_of_the_licence if {
	_shown({"id": _llama}, {"monthlyActiveUsersAtModelRelease": 70000000}) == {{
		"path": ["spec", "model", "id"],
		"name": _llama,
		"licence": "llama-3.1-community",
		"title": "Llama 3.1 Community License",
		"limit": 700000000,
		"counted": "2024-07-23",
		"users": 70000000,
		"percent": 10,
		"standing": "below",
	}}
}

test_four_fifths_of_the_limit_are_near_it if {
	_stands(_llama, {"monthlyActiveUsersAtModelRelease": 559999999}) == {[559999999, 79, "below"]}
	_stands(_llama, {"monthlyActiveUsersAtModelRelease": 560000000}) == {[560000000, 80, "near"]}
	_stands(_llama, {"monthlyActiveUsersAtModelRelease": 700000000}) == {[700000000, 100, "near"]}
}

test_more_users_than_the_licence_permits_are_above if {
	_stands(_llama, {"monthlyActiveUsersAtModelRelease": 700000001}) == {[700000001, 100, "above"]}
}

test_users_that_nobody_said_are_open if {
	_stands(_llama, {}) == {[null, null, "open"]}
	_stands(_llama, {"monthlyActiveUsers": 999999999999999}) == {[null, null, "open"]}
}

test_users_at_any_time_have_no_day if {
	{row.counted | some row in _shown({"id": _qwen}, {"monthlyActiveUsers": 1})} == {null}
	_stands(_qwen, {"monthlyActiveUsers": 999999999999999}) == {[999999999999999, 999999999, "above"]}
}

test_licence_in_whose_place_an_agreement_stands_is_replaced if {
	model := {"id": _llama, "licence": {"commercialAgreement": "Meta 2026-17"}}
	{row.standing | some row in _shown(model, {"monthlyActiveUsersAtModelRelease": 700000001})} == {"replaced"}
	unheard := {"id": "acme/own", "licence": {"id": "acme-licence", "commercialAgreement": "Acme 3"}}
	{row.standing | some row in _shown(unheard, {})} == {"replaced"}
}

test_licence_that_nobody_knows_is_open if {
	{[row.licence, row.limit, row.standing] | some row in _shown({"id": "acme/own"}, {})} == {[null, null, "open"]}
}

test_licence_without_a_limit_is_not_told if {
	_shown({"id": "microsoft/phi-4"}, {}) == set()
}
