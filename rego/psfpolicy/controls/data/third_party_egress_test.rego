package psfpolicy.controls.data.third_party_egress_test

import data.psfpolicy.controls.data.third_party_egress as control
import data.psfpolicy.lib.outcome

_serving := ["spec", "serving"]

_guard := ["spec", "inputs", "guards", 0]

_on(guard, changes) := {"today": "2026-11-21", "descriptor": {"spec": object.union(
	{
		"serving": {"hosting": "self-managed-kubernetes", "operator": "aws"},
		"model": {"weights": {"source": "local"}},
		"inputs": {"guards": [object.union({"name": "g"}, guard)]},
		"data": {"categories": ["pii"]},
	},
	changes,
)}}

_with(agreements) := {"vendor": {"agreements": [{"kind": kind, "with": "acme", "ref": "legal/a.pdf", "expires": expires} |
	some kind, expires in agreements
]}}

_statuses(inference, guard) := [[_serving, inference], [_guard, guard]]

_general := [
	["spec", "data", "classification"], ["spec", "data", "categories"],
	["spec", "regimes"], ["spec", "serving", "hosting"], ["spec", "serving", "operator"],
]

test_pass_when_everything_is_run_by_self_or_on_rented_machines if {
	{finding | some finding in control.findings} == {
		{
			"path": _serving,
			"status": "pass",
			"message": "inference carries `prompts` and `responses` and is run on machines of `aws`",
			"reads": array.concat([["spec", "serving", "operator"]], _general),
		},
		{
			"path": _guard,
			"status": "pass",
			"message": "guard `g` carries `prompts` and `responses` and is run by `self`",
			"reads": array.concat(
				[array.concat(_guard, [key]) | some key in ["carries", "operator", "hosting", "model", "location", "premises"]],
				_general,
			),
		},
	} with input as _on({"hosting": "self"}, {})
}

test_pass_when_nobody_says_whose_the_machines_of_ones_own_engine_are if {
	some finding in control.findings with input as {"descriptor": {"spec": {"serving": {"hosting": "self-managed-vm"}}}}
	finding.status == "pass"
	finding.message == "inference carries `prompts` and `responses` and is run on machines of a party that is not said"
}

test_pass_leaves_out_flows_of_metrics_and_weights if {
	store := {"data": {"stores": [{"name": "s", "kind": "metrics", "operator": "acme"}]}}
	outcome.is(control, _statuses("pass", "pass")) with input as _on({"hosting": "self"}, store)
}

test_partial_when_the_third_party_is_under_an_agreement if {
	some finding in control.findings with input as _on({"operator": "acme"}, _with({"dpa": "2026-11-21"}))
	finding.path == _guard
	finding.status == "partial"
	finding.message == concat("", [
		"guard `g` carries `prompts` and `responses` to the third party `acme`: the `dpa` with `acme` ends today; ",
		"wanted: `hosting: self`",
	])
}

test_partial_when_phi_goes_under_both_agreements if {
	phi := {"data": {"categories": ["phi"]}}
	both := _with({"dpa": "2027-11-21", "baa": "2027-11-21"})
	outcome.is(control, _statuses("pass", "partial")) with input as _on({"operator": "acme"}, object.union(phi, both))
}

test_fail_when_phi_goes_without_a_baa if {
	phi := {"data": {"categories": ["phi"]}}
	some finding in control.findings with input as _on({"operator": "acme"}, object.union(phi, _with({"dpa": "2027-11-21"})))
	finding.path == _guard
	finding.status == "fail"
	finding.message == concat("", [
		"guard `g` carries `prompts` and `responses` to the third party `acme`: no `baa` with `acme` is declared and ",
		"the `dpa` with `acme` is in force for 365 days; wanted: `hosting: self`, or at least `baa` in force",
	])
}

test_fail_when_the_agreement_ended_yesterday if {
	outcome.is(control, _statuses("pass", "fail")) with input as _on({"operator": "acme"}, _with({"dpa": "2026-11-20"}))
}

test_fail_when_the_regime_bars_third_parties_whatever_is_agreed if {
	some finding in control.findings with input as _on({"operator": "acme"}, object.union(
		_with({"dpa": "2027-11-21"}),
		{"regimes": ["no-third-party-egress"]},
	))
	finding.path == _guard
	finding.status == "fail"
	finding.message == concat("", [
		"guard `g` carries `prompts` and `responses` to `acme`, and under `no-third-party-egress` no agreement mends that; ",
		"wanted: one's own",
	])
}

test_fail_when_rented_machines_do_not_count_as_own_premises if {
	outcome.is(control, _statuses("fail", "pass")) with input as _on({"hosting": "self"}, {"regimes": ["on-prem-only"]})
	outcome.is(control, _statuses("pass", "pass")) with input as _on({"hosting": "self"}, {"regimes": ["no-third-party-egress"]})
}

test_fail_when_rented_machines_under_on_prem_only_are_nobodys if {
	some finding in control.findings with input as {"descriptor": {"spec": {
		"serving": {"hosting": "self-managed-vm"},
		"regimes": ["on-prem-only"],
	}}}
	finding.status == "fail"
	finding.message == concat("", [
		"inference carries `prompts` and `responses` to a party that is not said, and under `on-prem-only` no agreement mends that; ",
		"wanted: one's own",
	])
}

test_fail_for_a_provider_hosted_model_even_behind_a_private_link if {
	some finding in control.findings with input as {"today": "2026-11-21", "descriptor": {"spec": {
		"serving": {"hosting": "provider-hosted", "operator": "aws"},
		"network": {"ingress": {"exposure": "private"}},
		"regimes": ["no-third-party-egress"],
	}}}
	finding.path == _serving
	finding.status == "fail"
}

test_fail_when_nobody_is_said_to_run_it if {
	some finding in control.findings with input as _on({"hosting": "third-party"}, {})
	finding.path == _guard
	finding.status == "fail"
	finding.message == concat("", [
		"guard `g` carries `prompts` and `responses`, and nobody is said to run it; ",
		"wanted: its `operator`, one of `spec.parties`, or `hosting: self`",
	])
}

test_fail_when_self_is_said_to_run_a_service_of_another if {
	some finding in control.findings with input as _on({"model": "bedrock-guardrails", "hosting": "self"}, {})
	finding.path == _guard
	finding.status == "fail"
	finding.message == concat("", [
		"guard `g` carries `prompts` and `responses`, and `bedrock-guardrails` is a service of another party, and which one is not said; ",
		"wanted: its `operator`, one of `spec.parties`",
	])
}

test_applies_to_public_data_under_a_regime_that_is_not_known if {
	public := {"data": {"classification": "public", "categories": ["none"]}}
	not control.not_applicable with input as _on({"hosting": "self"}, object.union(public, {"regimes": ["house-rules"]}))
	not control.not_applicable with input as _on({"hosting": "self"}, object.union(public, {"regimes": ["on-prem-only"]}))
}

test_not_applicable_to_public_data_that_is_not_personal if {
	public := {"data": {"classification": "public", "categories": ["none"]}, "regimes": ["gdpr"]}
	control.not_applicable == "the data is `public` and not personal, and no declared regime objects to third parties" with input as _on(
		{"operator": "acme"},
		public,
	)
}

test_absent_categories_do_not_make_it_inapplicable if {
	public := {"data": {"classification": "public"}}
	outcome.is(control, _statuses("pass", "fail")) with input as {"today": "2026-11-21", "descriptor": {"spec": object.union(
		object.remove(_on({"operator": "acme"}, {}).descriptor.spec, ["data"]),
		public,
	)}}
}

test_absent_serving_fails_at_the_section if {
	outcome.is(control, [[_serving, "fail"]]) with input as {"today": "2026-11-21", "descriptor": {"spec": {}}}
}

_export(export) := object.union(_on({"hosting": "self"}, {}), {"facts": {"evidence": [{
	"path": ["spec", "observability", "exports"],
	"value": export,
	"item": true,
	"certainty": "certain",
	"about": "deployment",
	"subject": "ConfigMap llm/otel",
}]}})

test_fail_at_the_fact_where_only_a_manifest_shows_an_export if {
	fact := ["facts", "evidence", 0]
	outcome.is(control, array.concat(_statuses("pass", "pass"), [[fact, "fail"]])) with input as _export({
		"name": "x",
		"kind": "otlp",
		"endpoint": "https://api.example.com",
	})
	some finding in control.findings with input as _export({"name": "x", "kind": "otlp", "endpoint": "https://api.example.com"})
	finding.path == fact
	startswith(finding.message, "undeclared export `x` carries `prompts` and `responses`, and nobody is said to run it")
	fact in finding.reads
}
