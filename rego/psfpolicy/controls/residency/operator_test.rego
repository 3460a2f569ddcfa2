package psfpolicy.controls.residency.operator_test

import data.psfpolicy.controls.residency.operator as control
import data.psfpolicy.lib.outcome

_serving := ["spec", "serving"]

_given(regimes, parts) := {"today": "2026-11-21", "descriptor": {"spec": object.union(
	{
		"parties": [{"id": "aws", "jurisdiction": "US"}, {"id": "hoster", "jurisdiction": "DE"}, {"id": "mystery"}],
		"regimes": regimes,
		"model": {"weights": {"source": "image"}},
		"serving": {"hosting": "self-managed-kubernetes", "location": {"region": "aws:eu-central-1"}},
	},
	parts,
)}}

_run_by(regimes, operator) := _given(regimes, {"serving": {"operator": operator}})

_at_home(regimes, country) := {"today": "2026-11-21", "descriptor": {"spec": {
	"regimes": regimes,
	"model": {"weights": {"source": "image"}},
	"serving": {"hosting": "on-prem", "location": {"country": "DE"}},
	"purpose": {"organisation": {"principalPlace": country}},
}}}

_row(regime) := {"title": "Own", "data": "any", "carries": ["prompts"], "operators": regime}

_under(regime, operator) := object.union(_run_by(["our-own"], operator), {"catalogue": {"regimes": {"our-own": _row(regime)}}})

test_pass_under_a_jurisdiction_that_is_required if {
	outcome.is(control, [[_serving, "pass"]]) with input as _run_by(["eu-sovereign"], "hoster")
}

test_fail_in_a_region_of_the_area_that_another_jurisdiction_can_compel if {
	{finding | some finding in control.findings} == {{
		"path": _serving,
		"status": "fail",
		"message": concat("", [
			"inference is operated by `aws`, under jurisdiction `US`, and `eu-sovereign` accepts `EEA`; ",
			"wanted: an operator under a jurisdiction that each accepts; note: A region in the EEA of an operator from elsewhere ",
			"is in the EEA, and its operator can be compelled from elsewhere",
		]),
		"reads": [["spec", "regimes"], ["spec", "parties", 0, "jurisdiction"], ["spec", "serving", "operator"]],
	}} with input as _run_by(["eu-sovereign"], "aws")
}

test_partial_when_the_operator_is_unknown if {
	outcome.is(control, [[_serving, "partial"]]) with input as _given(["eu-sovereign"], {})
}

test_partial_when_the_jurisdiction_is_unknown if {
	outcome.is(control, [[_serving, "partial"]]) with input as _run_by(["eu-sovereign"], "mystery")
	outcome.is(control, [[_serving, "partial"]]) with input as _run_by(["eu-sovereign"], "self")
}

test_organisation_itself_is_under_its_principal_place if {
	outcome.is(control, [[_serving, "pass"]]) with input as _at_home(["eu-sovereign"], "NO")
	outcome.is(control, [[_serving, "fail"]]) with input as _at_home(["eu-sovereign"], "US")
}

test_fail_when_a_jurisdiction_is_excluded if {
	outcome.is(control, [[_serving, "fail"]]) with input as _under({"excluded": ["US"], "processors": "counted"}, "aws")
	outcome.is(control, [[_serving, "pass"]]) with input as _under({"excluded": ["US"], "processors": "counted"}, "hoster")
	some finding in control.findings with input as _under({"excluded": ["US"], "processors": "counted"}, "aws")
	contains(finding.message, ", and `our-own` excludes `US`; wanted:")
}

test_partial_when_nobody_is_said_to_rent_out_the_machines_that_are_run_by_self if {
	unnamed := _given(["eu-sovereign"], {"serving": {"operator": "self"}, "purpose": {"organisation": {"principalPlace": "DE"}}})
	some finding in control.findings with input as unnamed
	finding.path == _serving
	finding.status == "partial"
	startswith(finding.message, concat("", [
		"inference: nobody is said to rent out the machines that it is on, and `eu-sovereign` accepts `EEA`; ",
		"wanted: its `operator`, one of `spec.parties`; note: ",
	]))
}

test_fail_when_what_is_run_by_self_elsewhere_is_on_the_machines_of_the_renter if {
	store := {"name": "a", "kind": "backups", "operator": "self", "location": {"region": "aws:eu-west-1"}}
	some finding in control.findings with input as object.union(_run_by(["eu-sovereign"], "aws"), {"descriptor": {"spec": {"data": {"stores": [store]}}}})
	finding.path == ["spec", "data", "stores", 0]
	finding.status == "fail"
	startswith(finding.message, "store `a` is on machines of `aws`, under jurisdiction `US`, and `eu-sovereign` accepts `EEA`; wanted: ")
}

test_not_applicable_when_the_renter_of_the_machines_is_exempt if {
	outcome.not_applicable(control, ["spec", "regimes"]) with input as _under({"excluded": ["US"], "processors": "exempt"}, "aws")
}

test_fail_names_every_regime_that_objects if {
	some finding in control.findings with input as _given(["eu-sovereign", "itar"], {
		"parties": [{"id": "cn", "jurisdiction": "CN"}],
		"serving": {"operator": "cn"},
		"data": {"usPersonsOnly": true},
	})
	finding.path == _serving
	contains(finding.message, ", and `eu-sovereign` accepts `EEA` and `itar` accepts `US`; wanted:")
}

test_setting_of_a_regime_is_a_place if {
	path := ["spec", "data", "usPersonsOnly"]
	weights := ["spec", "model", "weights"]
	american := {"serving": {"operator": "aws"}, "purpose": {"organisation": {"principalPlace": "US"}}}
	outcome.is(control, [[_serving, "pass"], [weights, "pass"], [path, "fail"]]) with input as _given(["itar"], american)
	outcome.is(control, [[_serving, "pass"], [weights, "pass"], [path, "pass"]]) with input as _given(
		["itar"],
		object.union(american, {"data": {"usPersonsOnly": true}}),
	)
	some finding in control.findings with input as _run_by(["itar"], "aws")
	finding.path == path
	startswith(finding.message, "`spec.data.usPersonsOnly` is missing; wanted: `true`, under `itar`; note: ")
}

test_weights_are_asked_about_where_a_regime_says_so if {
	weights := ["spec", "model", "weights"]
	statuses := {finding.status | some finding in control.findings; finding.path == weights} with input as _given(["itar"], {
		"serving": {"operator": "aws"},
		"model": {"weights": {"source": "mirror", "operator": "hoster"}},
	})
	statuses == {"fail"}
}

test_partial_when_no_regime_is_known if {
	outcome.is(control, [[["spec", "regimes"], "partial"]]) with input as _run_by(["nobody-knows"], "aws")
}

test_not_applicable_when_no_regime_asks if {
	outcome.not_applicable(control, ["spec", "regimes"]) with input as _run_by(["gdpr"], "aws")
}

test_absent_regimes_ask_nothing_here if {
	outcome.not_applicable(control, ["spec", "regimes"]) with input as {"descriptor": {"spec": {}}, "today": "2026-11-21"}
}
