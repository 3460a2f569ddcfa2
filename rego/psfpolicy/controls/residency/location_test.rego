package psfpolicy.controls.residency.location_test

import data.psfpolicy.controls.residency.location as control
import data.psfpolicy.lib.outcome

_serving := ["spec", "serving"]

_store := ["spec", "data", "stores", 0]

_base := {
	"parties": [{"id": "openai", "jurisdiction": "US"}, {"id": "aws", "jurisdiction": "US"}],
	"model": {"weights": {"source": "image"}},
	"serving": {"hosting": "self-managed-kubernetes", "operator": "aws", "location": {"region": "aws:eu-central-1"}},
}

_given(regimes, parts) := {"descriptor": {"spec": object.union(_base, object.union({"regimes": regimes}, parts))}, "today": "2026-11-21"}

_kept(regimes, store) := _given(regimes, {"data": {"categories": ["pii"], "stores": [object.union({"name": "a", "kind": "logs"}, store)]}})

_sent(regimes, country, transfers) := _given(regimes, {"data": {
	"categories": ["pii"],
	"stores": [{"name": "a", "kind": "logs", "operator": "openai", "location": {"country": country}}],
	"transfers": transfers,
}})

_at(path) := [finding | some finding in control.findings; finding.path == path][0]

_statuses(path) := [finding.status | some finding in control.findings; finding.path == path]

test_pass_when_every_flow_is_in_an_allowed_country if {
	outcome.is(control, [[_serving, "pass"], [_store, "pass"]]) with input as _kept(["gdpr-strict-residency"], {"location": {"country": "NO"}})
}

test_pass_says_where_and_by_whom_it_may_be if {
	finding := _at(_store) with input as _kept(["gdpr-strict-residency"], {"location": {"country": "NO"}})
	finding == {
		"path": _store,
		"status": "pass",
		"message": "store `a` is in `NO`, as allowed by `gdpr-strict-residency`",
		"reads": [
			["spec", "regimes"],
			["spec", "data", "categories"],
			array.concat(_store, ["carries"]),
			array.concat(_store, ["kind"]),
			array.concat(_store, ["operator"]),
			array.concat(_store, ["hosting"]),
			array.concat(_store, ["location"]),
			array.concat(_store, ["premises"]),
			["spec", "serving", "location"],
			["spec", "serving", "operator"],
			["spec", "serving", "hosting"],
			["spec", "serving", "location"],
		],
	}
}

test_switzerland_and_the_united_kingdom_are_adequate_and_not_in_the_area if {
	["pass"] == _statuses(_store) with input as _kept(["gdpr"], {"location": {"country": "CH"}})
	["pass"] == _statuses(_store) with input as _kept(["gdpr"], {"location": {"country": "GB"}})
	["fail"] == _statuses(_store) with input as _kept(["gdpr-strict-residency"], {"location": {"country": "CH"}})
	["fail"] == _statuses(_store) with input as _kept(["gdpr-strict-residency"], {"location": {"country": "GB"}})
	["fail"] == _statuses(_store) with input as _kept(["gdpr-strict-residency"], {"location": {"region": "aws:eu-central-2"}})
}

test_adequacy_holds_on_its_days if {
	given := _kept(["gdpr"], {"location": {"country": "GB"}})
	["pass"] == _statuses(_store) with input as object.union(given, {"today": "2031-12-27"})
	["fail"] == _statuses(_store) with input as object.union(given, {"today": "2031-12-28"})
	["fail"] == _statuses(_store) with input as object.union(given, {"today": "2025-12-18"})
}

test_united_kingdom_law_allows_the_area_and_not_brazil if {
	["pass"] == _statuses(_store) with input as _kept(["uk-gdpr"], {"location": {"country": "NO"}})
	["fail"] == _statuses(_store) with input as _kept(["uk-gdpr"], {"location": {"country": "BR"}})
}

test_fail_names_every_regime_that_objects if {
	finding := _at(_store) with input as _kept(["gdpr", "gdpr-strict-residency", "in-country"], {"location": {"country": "US"}})
	finding.status == "fail"
	finding.message == concat(" ", [
		"store `a` is in `US`: `gdpr-strict-residency` allows `EEA`, `gdpr` allows `ADEQUATE` or `EEA`",
		"and `in-country` allows no country, since `spec.data.residency.allowed` names none;",
		"wanted: a country that each allows",
	])
}

test_fail_when_a_guard_is_abroad_while_inference_is_local if {
	guard := ["spec", "inputs", "guards", 0]
	outcome.is(control, [[_serving, "pass"], [guard, "fail"]]) with input as _given(["gdpr-strict-residency"], {"inputs": {"guards": [{
		"name": "moderation",
		"hosting": "third-party",
		"operator": "openai",
		"location": {"country": "US"},
	}]}})
}

test_fail_when_traces_are_exported_to_another_country if {
	export := ["spec", "observability", "exports", 0]
	outcome.is(control, [[_serving, "pass"], [export, "fail"]]) with input as _given(["gdpr-strict-residency"], {"observability": {"exports": [{
		"name": "traces",
		"kind": "otlp",
		"endpoint": "https://otel.example.com",
		"carries": ["traces"],
		"operator": "self",
		"location": {"country": "US"},
	}]}})
}

test_fail_when_only_the_fallback_is_abroad if {
	fallback := ["spec", "vendor", "fallbacks", 0]
	outcome.is(control, [[_serving, "pass"], [fallback, "fail"]]) with input as _given(["gdpr-strict-residency"], {"vendor": {"fallbacks": [{
		"name": "other",
		"kind": "second-provider",
		"operator": "openai",
		"location": {"country": "US"},
	}]}})
}

test_fail_when_a_private_range_is_a_peered_network_abroad if {
	rule := ["spec", "network", "egress", "rules", 0]
	["fail"] == _statuses(rule) with input as _given(["gdpr-strict-residency"], {"network": {"egress": {"rules": [{
		"name": "peer",
		"to": {"cidr": "10.0.0.0/16"},
		"location": {"country": "US"},
	}]}}})
}

test_fail_when_the_country_is_unknown if {
	finding := _at(_store) with input as _kept(["gdpr"], {})
	finding.status == "fail"
	finding.message == "store `a` is in a country that nobody said: `gdpr` accepts no such flow; wanted: its `location`"
}

test_fail_when_the_region_does_not_exist if {
	["fail"] == _statuses(_store) with input as _kept(["gdpr"], {"location": {"region": "aws:eu-atlantis-1"}})
}

test_fail_when_a_flow_says_neither_what_it_carries_nor_where if {
	other := ["spec", "data", "otherFlows", 0]
	["fail"] == _statuses(other) with input as _given(["gdpr"], {"data": {"otherFlows": [{"name": "a", "kind": "tool"}]}})
}

test_partial_when_the_country_of_metrics_is_unknown if {
	["partial"] == _statuses(_store) with input as _kept(["gdpr"], {"kind": "metrics"})
}

test_pass_when_a_transfer_that_is_permitted_takes_it_there if {
	entry := {"to": "openai", "country": "US", "mechanism": "scc", "assessment": "tia"}
	["pass"] == _statuses(_store) with input as _sent(["gdpr"], "US", [entry])
	["pass"] == _statuses(_store) with input as _sent(["gdpr"], "US", [object.remove(entry, ["assessment"])])
	["fail"] == _statuses(_store) with input as _sent(["gdpr", "gdpr-strict-residency"], "US", [entry])
	["fail"] == _statuses(_store) with input as _sent(["gdpr"], "US", [object.union(entry, {"to": "aws"})])
	["fail"] == _statuses(_store) with input as _sent(["gdpr"], "US", [object.union(entry, {"country": "IN"})])
	["fail"] == _statuses(_store) with input as _sent(["gdpr"], "US", [object.union(entry, {"mechanism": "derogation"})])
}

test_allowed_countries_of_the_descriptor_hold_by_themselves if {
	stores := [{"name": "a", "kind": "logs", "location": {"country": "FR"}}]
	["fail"] == _statuses(_store) with input as _given([], {"data": {"residency": {"allowed": ["DE"]}, "stores": stores}})
	["pass"] == _statuses(_store) with input as _given([], {"data": {"residency": {"allowed": ["EU"]}, "stores": stores}})
	["fail"] == _statuses(_store) with input as _given([], {"data": {"residency": {"allowed": []}, "stores": stores}})
	["pass"] == _statuses(_store) with input as _given(["in-country"], {"data": {"residency": {"allowed": ["FR", "DE"]}, "stores": stores}})
}

test_premises_of_others_fail_where_own_ones_are_asked if {
	on_prem := {"hosting": "on-prem", "location": {"country": "DE"}, "operator": "self"}
	outcome.is(control, [[_serving, "pass"], [_store, "fail"]]) with input as {
		"descriptor": {"spec": {
			"regimes": ["on-prem-only"],
			"serving": on_prem,
			"data": {"stores": [{"name": "a", "kind": "backups", "operator": "self", "premises": "other"}]},
		}},
		"today": "2026-11-21",
	}
	["fail"] == _statuses(_serving) with input as _given(["on-prem-only"], {})
}

test_regions_and_services_that_are_listed if {
	government := {"serving": {"location": {"region": "aws:us-gov-west-1"}}}
	["pass"] == _statuses(_serving) with input as _given(["fedramp-high"], government)
	["fail"] == _statuses(_serving) with input as _given(["fedramp-high"], {"serving": {"location": {"region": "aws:us-east-1"}}})
	["pass"] == _statuses(_serving) with input as _given(["fedramp-high"], {"serving": {"location": {"region": "azure:eastus"}}})
	["fail"] == _statuses(_serving) with input as _given(["fedramp-high"], {"serving": {"location": {"region": "gcp:us-east4"}}})
	["fail"] == _statuses(_serving) with input as _given(
		["fedramp-high"],
		object.union(government, {"serving": {"hosting": "provider-hosted", "platform": "bedrock"}}),
	)
}

test_fail_when_a_service_that_is_not_listed_answers_beside_inference if {
	guard := ["spec", "inputs", "guards", 0]
	guarded := {
		"serving": {"hosting": "on-prem", "location": {"country": "US"}},
		"inputs": {"guards": [{"name": "g", "operator": "openai", "location": {"region": "azure:eastus"}}]},
	}
	some finding in control.findings with input as _given(["fedramp-high"], guarded)
	finding.path == guard
	startswith(finding.message, "guard `g` is in `US`: `fedramp-high` does not list the service `openai`; wanted: a service that is listed; note: ")
	row := {"title": "Own", "data": "any", "carries": ["prompts"], "locations": {"services": ["openai"]}}
	listed := object.union(_given(["our-own"], guarded), {"catalogue": {"regimes": {"our-own": row}}})
	["pass"] == _statuses(guard) with input as listed
}

test_region_of_a_cloud_is_no_premises_of_ones_own if {
	store := ["spec", "data", "stores", 0]
	some finding in control.findings with input as _given(["on-prem-only"], {
		"serving": {"hosting": "on-prem"},
		"data": {"stores": [{"name": "a", "kind": "logs", "hosting": "self", "premises": "own", "location": {"region": "aws:eu-west-1"}}]},
	})
	finding.path == store
	finding.message == concat("", [
		"store `a` is in `IE`: `on-prem-only` allows own premises, which it is not said to be on; ",
		"wanted: a `location` that is no region of a cloud",
	])
}

test_partial_when_another_party_does_not_say_its_region if {
	# A location says either a country or a region.
	serving := {"hosting": "self-managed-vm", "operator": "aws", "location": {"country": "US"}}
	["partial"] == _statuses(_serving) with input as {"descriptor": {"spec": {"regimes": ["fedramp-high"], "serving": serving}}, "today": "2026-11-21"}
	["pass"] == _statuses(_serving) with input as {
		"descriptor": {"spec": {"regimes": ["fedramp-high"], "serving": object.union(serving, {"operator": "self"})}},
		"today": "2026-11-21",
	}
}

_own := {"title": "Own", "data": "any", "carries": ["prompts"], "locations": {"allowed": ["US"]}, "mechanisms": []}

_with_row(row) := object.union(_given(["our-own"], {}), {"catalogue": {"regimes": {"our-own": object.union(_own, row)}}})

test_a_regime_of_the_users_own_is_asked_for if {
	["fail"] == _statuses(_serving) with input as _with_row({})
	["pass"] == _statuses(_serving) with input as _with_row({"locations": {"allowed": ["DE"]}})
	["fail"] == _statuses(_serving) with input as _with_row({"locations": {"allowed": ["DE"], "as_declared": true}})
}

test_a_regime_that_does_not_apply_today_is_a_note if {
	finding := _at(_serving) with input as _with_row({"applies_from": "2027-01-01"})
	finding.status == "pass"
	endswith(finding.message, "; note: `our-own` applies from `2027-01-01`")
	["pass"] == _statuses(_serving) with input as _with_row({"until": "2026-11-20"})
	["fail"] == _statuses(_serving) with input as _with_row({"until": "2026-11-21", "applies_from": "2026-11-21"})
}

test_a_setting_that_it_asks_for_is_a_place if {
	setting := {"path": ["spec", "network", "offlineHub"], "in": [true], "reported_by": "residency-location"}
	row := {"locations": {"allowed": ["DE"]}, "settings": [setting]}
	outcome.is(control, [[_serving, "pass"], [["spec", "network", "offlineHub"], "fail"]]) with input as _with_row(row)
}

test_partial_when_no_regime_is_known if {
	outcome.is(control, [[["spec", "regimes"], "partial"]]) with input as _given(["nobody-knows"], {})
}

test_not_applicable_when_no_regime_says_where if {
	outcome.not_applicable(control, ["spec", "regimes"]) with input as _given(["hipaa"], {"data": {"categories": ["phi"]}})
}

test_not_applicable_when_the_regimes_are_about_data_that_is_not_there if {
	outcome.not_applicable(control, ["spec", "regimes"]) with input as _given(["gdpr"], {"data": {"categories": ["none"]}})
}

test_absent_regimes_ask_nothing_here if {
	outcome.not_applicable(control, ["spec", "regimes"]) with input as {"descriptor": {"spec": {}}, "today": "2026-11-21"}
}

test_absent_descriptor_asks_nothing_here if {
	outcome.not_applicable(control, ["spec", "regimes"]) with input as {"today": "2026-11-21"}
}

test_fail_at_the_fact_where_only_a_manifest_shows_a_flow_abroad if {
	fact := {
		"path": ["spec", "data", "stores"],
		"value": {"name": "b", "kind": "logs", "location": {"country": "US"}},
		"item": true,
		"certainty": "certain",
		"about": "deployment",
		"subject": "aws_s3_bucket.logs",
	}
	given := object.union(_kept(["gdpr-strict-residency"], {"location": {"country": "NO"}}), {"facts": {"evidence": [fact]}})
	_statuses(["facts", "evidence", 0]) == ["fail"] with input as given
	_statuses(_store) == ["pass"] with input as given
}
