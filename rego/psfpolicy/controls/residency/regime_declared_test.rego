package psfpolicy.controls.residency.regime_declared_test

import data.psfpolicy.controls.residency.regime_declared as control
import data.psfpolicy.lib.outcome

_regimes := ["spec", "regimes"]

_excuse := ["spec", "regimesNotRequired"]

_given(spec) := {"today": "2026-11-21", "descriptor": {"spec": spec}}

_placed(regimes, categories, purpose) := _given({"regimes": regimes, "data": {"categories": categories}, "purpose": purpose})

_german := {"organisation": {"principalPlace": "DE"}}

_british := {"userRegions": ["GB"]}

_american := {"organisation": {"principalPlace": "US"}, "sectors": ["healthcare"]}

test_pass_when_what_is_implied_is_declared if {
	control.findings == {{
		"path": _regimes,
		"status": "pass",
		"message": "declared: `gdpr`; implied: `gdpr`",
		"reads": [
			["spec", "regimes"],
			["spec", "regimesNotRequired", "reason"],
			["spec", "regimesNotRequired", "approver"],
			["spec", "data", "categories"],
			["spec", "data", "classification"],
			["spec", "purpose", "organisation", "principalPlace"],
			["spec", "purpose", "userRegions"],
			["spec", "purpose", "sectors"],
		],
	}} with input as _placed(["gdpr"], ["pii"], _german)
}

test_pass_when_another_regime_answers_for_it if {
	outcome.is(control, [[_regimes, "pass"]]) with input as _placed(["gdpr-strict-residency"], ["pii"], _german)
}

test_pass_elsewhere_with_any_regime if {
	outcome.is(control, [[_regimes, "pass"]]) with input as _placed(["in-country"], ["pii"], {"organisation": {"principalPlace": "AU"}})
}

test_pass_when_none_is_required_for_a_reason_that_somebody_approved if {
	outcome.is(control, [[_excuse, "pass"]]) with input as _given({
		"regimesNotRequired": {"reason": "invented persons", "approver": "dpo"},
		"data": {"categories": ["pii"]},
		"purpose": _german,
	})
}

test_partial_when_nobody_approved_the_reason if {
	outcome.is(control, [[_excuse, "partial"]]) with input as _given({"regimesNotRequired": {"reason": "invented persons"}})
	outcome.is(control, [[_excuse, "partial"]]) with input as _given({"regimesNotRequired": {"reason": "invented", "approver": "tbd"}})
}

test_partial_when_a_regime_is_not_known if {
	outcome.is(control, [[_regimes, "partial"]]) with input as _placed(["gdpr", "nobody-knows"], ["pii"], _german)
}

test_fail_when_nobody_gave_a_reason if {
	outcome.is(control, [[_excuse, "fail"]]) with input as _given({"regimesNotRequired": {"approver": "dpo"}})
}

test_fail_when_personal_data_has_no_regime if {
	some finding in control.findings with input as _given({"data": {"categories": ["pii"]}, "purpose": object.union(_german, _british)})
	finding.status == "fail"
	finding.message == concat("", [
		"`spec.regimes` lacks `gdpr`, implied by personal data with an organisation in `DE` ",
		"and `uk-gdpr`, implied by personal data with users in `GB`; wanted: each of them among `regimes`",
	])
}

test_fail_when_another_answers_for_nothing if {
	outcome.is(control, [[_regimes, "fail"]]) with input as _placed(["eu-sovereign"], ["pii"], _german)
	outcome.is(control, [[_regimes, "fail"]]) with input as _placed(["gdpr"], ["pii"], _british)
}

test_fail_when_users_are_in_a_group_that_meets_the_places if {
	outcome.is(control, [[_regimes, "fail"]]) with input as _placed(["uk-gdpr"], ["pii"], {"userRegions": ["EU"]})
	outcome.is(control, [[_regimes, "fail"]]) with input as _placed(["gdpr"], ["pii"], {"userRegions": ["ADEQUATE"]})
}

test_fail_when_users_are_in_the_group_that_a_regime_names if {
	outcome.is(control, [[_regimes, "fail"]]) with input as _placed(["hipaa"], ["pii", "phi"], object.union(_american, {"userRegions": ["EEA"]}))
	outcome.is(control, [[_regimes, "pass"]]) with input as _placed(["gdpr", "hipaa"], ["pii", "phi"], object.union(_american, {"userRegions": ["EEA"]}))
}

test_fail_when_the_organisation_is_in_a_part_of_a_member_where_its_law_holds if {
	outcome.is(control, [[_regimes, "fail"]]) with input as _placed(["in-country"], ["pii"], {"organisation": {"principalPlace": "RE"}})
}

test_fail_when_health_information_is_in_the_hands_of_an_american_operator if {
	spec := {
		"parties": [{"id": "aws", "jurisdiction": "US"}],
		"regimes": ["gdpr"],
		"serving": {"hosting": "self-managed-vm", "operator": "aws"},
	}
	some finding in control.findings with input as _given(object.union(spec, {"data": {"categories": ["phi"]}}))
	finding.status == "fail"
	startswith(finding.message, "`spec.regimes` lacks `hipaa`, implied by health information with an operator in `US`;")
	["spec", "parties", 0, "jurisdiction"] in finding.reads
	outcome.is(control, [[_regimes, "pass"]]) with input as _given(object.union(spec, {"data": {"categories": ["pii"]}}))
}

test_personal_data_in_american_health_care_asks_for_it_too if {
	outcome.is(control, [[_regimes, "fail"]]) with input as _placed(["gdpr"], ["pii"], _american)
	outcome.is(control, [[_regimes, "pass"]]) with input as _placed(["gdpr"], ["pii"], object.remove(_american, ["sectors"]))
}

test_fail_when_the_only_regime_does_not_apply_yet if {
	outcome.is(control, [[_regimes, "fail"]]) with input as _placed(["eu-ai-act-high-risk"], ["pii"], {})
}

test_fail_when_the_only_regime_is_about_other_data_or_asks_nothing if {
	japanese := {"organisation": {"principalPlace": "JP"}}
	outcome.is(control, [[_regimes, "fail"]]) with input as _placed(["hipaa"], ["pii"], japanese)
	duty := _placed(["eu-ai-act-high-risk"], ["pii"], japanese)
	outcome.is(control, [[_regimes, "fail"]]) with input as object.union(duty, {"today": "2028-01-01"})
}

test_fail_when_a_regime_of_the_users_own_is_implied if {
	row := {"title": "Own", "implied_by": [{"data": "personal", "of": ["organisation"], "places": ["AU"]}]}
	given := _placed(["in-country"], ["pii"], {"organisation": {"principalPlace": "AU"}})
	outcome.is(control, [[_regimes, "fail"]]) with input as object.union(given, {"catalogue": {"regimes": {"our-own": row}}})
}

test_fail_when_confidential_data_is_not_personal_and_nothing_is_declared if {
	outcome.is(control, [[_regimes, "fail"]]) with input as _given({"data": {"categories": [], "classification": "confidential"}})
	outcome.is(control, [[_regimes, "fail"]]) with input as _given({"data": {"categories": ["none"]}})
}

test_fail_when_the_list_is_empty if {
	outcome.is(control, [[_regimes, "fail"]]) with input as _placed([], ["pii"], {})
}

test_not_applicable_when_no_data_is_personal_and_it_is_internal if {
	outcome.not_applicable(control, _regimes) with input as _given({"data": {"categories": ["none"], "classification": "internal"}})
	outcome.not_applicable(control, _regimes) with input as _given({"data": {"categories": [], "classification": "public"}})
}

test_absent_regimes_fail_at_the_key if {
	outcome.is(control, [[_regimes, "fail"]]) with input as _given({})
}

test_absent_categories_count_as_personal_data if {
	outcome.is(control, [[_regimes, "fail"]]) with input as _given({"regimes": ["in-country"], "purpose": _german})
}

test_absent_descriptor_fails_at_the_key if outcome.is(control, [[_regimes, "fail"]]) with input as {"today": "2026-11-21"}
