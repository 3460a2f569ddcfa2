package psfpolicy.controls.residency.transfer_test

import data.psfpolicy.controls.residency.transfer as control
import data.psfpolicy.lib.outcome

_store := ["spec", "data", "stores", 0]

_given(regimes, country, transfers) := {"today": "2026-11-21", "descriptor": {"spec": {
	"parties": [{"id": "openai", "jurisdiction": "US"}],
	"regimes": regimes,
	"model": {"weights": {"source": "image"}},
	"serving": {"hosting": "on-prem", "location": {"country": "DE"}},
	"data": {
		"categories": ["pii"],
		"stores": [{"name": "a", "kind": "logs", "operator": "openai", "location": {"country": country}}],
		"transfers": transfers,
	},
}}}

_entry(mechanism, parts) := object.union({"to": "openai", "country": "US", "mechanism": mechanism, "assessment": "legal/tia"}, parts)

test_pass_by_standard_clauses if {
	{finding | some finding in control.findings} == {{
		"path": _store,
		"status": "pass",
		"message": concat("", [
			"store `a` is in `US`, outside the countries of `gdpr`: ",
			"entry 0 of `spec.data.transfers` (`scc`) takes it there",
		]),
		"reads": array.flatten([
			[["spec", "regimes"], ["spec", "data", "categories"]],
			[["spec", "data", "transfers", 0, key] | some key in ["to", "country", "mechanism", "certified", "assessment"]],
			[array.concat(_store, [key]) | some key in ["carries", "kind", "operator", "location", "premises"]],
		]),
	}} with input as _given(["gdpr"], "US", [_entry("scc", {})])
}

test_pass_by_a_certificate_of_the_recipient if {
	outcome.is(control, [[_store, "pass"]]) with input as _given(["gdpr"], "US", [_entry("dpf", {"certified": "2026-03-01"})])
	outcome.is(control, [[_store, "pass"]]) with input as _given(["gdpr"], "US", [_entry("dpf", {"certified": "2026-11-22"})])
}

test_pass_by_the_best_of_several_entries if {
	outcome.is(control, [[_store, "pass"]]) with input as _given(["gdpr"], "US", [_entry("derogation", {}), _entry("bcr", {})])
}

test_fail_without_a_certificate_of_the_recipient if {
	outcome.is(control, [[_store, "fail"]]) with input as _given(["gdpr"], "US", [_entry("dpf", {})])
	outcome.is(control, [[_store, "fail"]]) with input as _given(["gdpr"], "US", [_entry("dpf", {"certified": "2026-11-23"})])
}

test_fail_by_a_certificate_for_another_country if {
	outcome.is(control, [[_store, "fail"]]) with input as _given(
		["gdpr"], "IN",
		[_entry("dpf", {"country": "IN", "certified": "2026-03-01"})],
	)
}

test_fail_by_a_derogation_for_a_standing_flow if {
	some finding in control.findings with input as _given(["gdpr"], "US", [_entry("derogation", {})])
	finding.status == "fail"
	finding.message == concat(" ", [
		"store `a` is in `US`, outside the countries of `gdpr`: entry 0 of `spec.data.transfers` (`derogation`) has",
		"a mechanism that `gdpr` does not permit and a mechanism that cannot carry a flow which is there all the time;",
		"wanted: an allowed country, or an entry to its operator by `bcr`, `dpf` or `scc`",
	])
}

test_fail_when_a_regime_permits_no_mechanism if {
	some finding in control.findings with input as _given(["gdpr", "gdpr-strict-residency"], "US", [_entry("scc", {})])
	finding.status == "fail"
	finding.message == concat("", [
		"store `a` is in `US`, outside the countries of `gdpr-strict-residency` and `gdpr`: ",
		"`gdpr-strict-residency` permits no transfer and entry 0 of `spec.data.transfers` (`scc`) takes it there; ",
		"wanted: a country that each allows",
	])
}

test_fail_when_no_entry_is_to_the_operator_there if {
	outcome.is(control, [[_store, "fail"]]) with input as _given(["gdpr"], "US", [])
	outcome.is(control, [[_store, "fail"]]) with input as _given(["gdpr"], "US", [_entry("scc", {"to": "other"})])
	outcome.is(control, [[_store, "fail"]]) with input as _given(["gdpr"], "US", [_entry("scc", {"country": "IN"})])
}

test_fail_when_a_regime_of_the_users_own_permits_what_cannot_stand if {
	row := {"title": "Own", "data": "any", "carries": ["logs"], "locations": {"allowed": ["DE"]}, "mechanisms": ["derogation"]}
	given := _given(["our-own"], "US", [_entry("derogation", {})])
	outcome.is(control, [[_store, "fail"]]) with input as object.union(given, {"catalogue": {"regimes": {"our-own": row}}})
}

test_partial_without_an_assessment if {
	some finding in control.findings with input as _given(["gdpr"], "US", [{"to": "openai", "mechanism": "scc"}])
	finding.status == "partial"
	finding.message == concat("", [
		"store `a` is in `US`, outside the countries of `gdpr`: entry 0 of `spec.data.transfers` (`scc`) has no `assessment`; ",
		"wanted: `assessment`, a reference to the transfer impact assessment",
	])
	outcome.is(control, [[_store, "partial"]]) with input as _given(["gdpr"], "US", [_entry("scc", {"assessment": "tbd"})])
}

test_partial_when_the_country_is_unknown if {
	some finding in control.findings with input as _given(["gdpr"], null, [])
	finding.status == "partial"
	finding.message == "store `a` is in a country that nobody said, so that it may leave those of `gdpr`; wanted: its `location`"
}

_own(store, transfers) := {"today": "2026-11-21", "descriptor": {"spec": {
	"regimes": ["gdpr"],
	"model": {"weights": {"source": "image"}},
	"serving": {"hosting": "self-managed-vm", "operator": "aws", "location": {"region": "aws:eu-central-1"}},
	"data": {"categories": ["pii"], "stores": [object.union({"name": "a", "kind": "logs", "operator": "self"}, store)], "transfers": transfers},
}}}

test_pass_when_the_entry_is_to_whoever_holds_the_machines if {
	entry := {"to": "aws", "mechanism": "scc", "assessment": "legal/tia"}
	outcome.is(control, [[_store, "pass"]]) with input as _own({"location": {"region": "aws:us-east-1"}}, [entry])
}

test_fail_when_no_entry_can_help if {
	some finding in control.findings with input as _own({"location": {"country": "US"}}, [])
	finding.status == "fail"
	finding.message == concat("", [
		"store `a` is in `US`, outside the countries of `gdpr`: an entry of `spec.data.transfers` is to another party, ",
		"and it is run by `self`; wanted: a country that each allows",
	])
	some unsaid in control.findings with input as _own({"operator": null, "hosting": "third-party", "location": {"country": "US"}}, [])
	contains(unsaid.message, ": no entry of `spec.data.transfers` can be to an operator that nobody said; wanted: ")
}

test_allowed_countries_of_the_descriptor_let_every_standing_mechanism if {
	given := object.union(_given([], "US", [_entry("scc", {})]), {"descriptor": {"spec": {"data": {"residency": {"allowed": ["DE"]}}}}})
	outcome.is(control, [[_store, "pass"]]) with input as given
}

test_partial_when_no_regime_is_known if {
	outcome.is(control, [[["spec", "regimes"], "partial"]]) with input as _given(["nobody-knows"], "US", [])
}

test_not_applicable_when_nothing_leaves if {
	outcome.not_applicable(control, ["spec", "regimes"]) with input as _given(["gdpr"], "CH", [])
	outcome.not_applicable(control, ["spec", "regimes"]) with input as _given([], "US", [])
}

test_absent_regimes_ask_nothing_here if {
	outcome.not_applicable(control, ["spec", "regimes"]) with input as {"descriptor": {"spec": {}}, "today": "2026-11-21"}
}
