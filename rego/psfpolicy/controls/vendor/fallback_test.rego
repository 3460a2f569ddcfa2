package psfpolicy.controls.vendor.fallback_test

import data.psfpolicy.controls.vendor.fallback as control
import data.psfpolicy.lib.outcome

_section := ["spec", "vendor", "fallbacks"]

_first := ["spec", "vendor", "fallbacks", 0]

_second := ["spec", "vendor", "fallbacks", 1]

_provider := {"name": "b", "kind": "second-provider", "operator": "other", "lastTested": "2026-05-25"}

_but(changes) := object.union(_provider, changes)

_input(fallbacks) := {"today": "2026-11-21", "descriptor": {"spec": {
	"model": {"id": "big"},
	"serving": {"hosting": "hosted-api", "operator": "acme"},
	"vendor": {"fallbacks": fallbacks},
}}}

test_pass_when_tested_180_days_ago if {
	control.findings == {{
		"path": _first,
		"status": "pass",
		"message": "fallback `b` (second-provider) was last tested on `2026-05-25`, 180 days ago",
		"reads": [
			array.concat(_first, ["kind"]), array.concat(_first, ["lastTested"]),
			array.concat(_first, ["model"]), array.concat(_first, ["operator"]),
			["spec", "serving", "hosting"], ["spec", "serving", "operator"],
		],
	}} with input as _input([_provider])
}

test_pass_for_each_kind_that_was_tested if {
	outcome.is(control, [[_first, "pass"]]) with input as _input([_but({"kind": "degraded-mode"})])
	outcome.is(control, [[_first, "pass"]]) with input as _input([_but({"kind": "previous-version"})])
	outcome.is(control, [[_first, "pass"]]) with input as _input([_but({"kind": "smaller-model", "model": "small"})])
}

test_pass_when_an_untested_one_stands_before_a_tested_one if {
	outcome.is(control, [[_second, "pass"]]) with input as _input([_but({"name": "a", "lastTested": "2020-01-01"}), _provider])
}

test_pass_when_the_operator_of_the_machines_is_the_second_provider_of_a_self_run_model if {
	outcome.is(control, [[_first, "pass"]]) with input as {"today": "2026-11-21", "descriptor": {"spec": {
		"serving": {"hosting": "self-managed-kubernetes", "operator": "other"},
		"vendor": {"fallbacks": [_provider]},
	}}}
}

test_fail_when_the_smaller_model_is_the_model_served_by_another_name if {
	smaller := object.union(_but({"kind": "smaller-model"}), {"model": "meta-llama/Meta-Llama-3.1-70B-Instruct"})
	descriptor := {"spec": {"model": {"id": "meta-llama/Llama-3.1-70B-Instruct"}, "vendor": {"fallbacks": [smaller]}}}
	outcome.is(control, [[_first, "fail"]]) with input as {"today": "2026-11-21", "descriptor": descriptor}
}

test_partial_when_tested_181_days_ago if {
	some finding in control.findings with input as _input([_but({"lastTested": "2026-05-24"})])
	finding.path == _first
	finding.status == "partial"
	finding.message == "fallback `b` (second-provider) was last tested on `2026-05-24`, 181 days ago; wanted: `lastTested` within 180 days"
}

test_partial_when_a_second_provider_does_not_say_who_it_is if {
	some finding in control.findings with input as _input([object.remove(_provider, ["operator"])])
	finding.status == "partial"
	finding.message == concat("", [
		"fallback `b` (second-provider) was last tested on `2026-05-25`, 180 days ago, and `operator` is not said; ",
		"wanted: `operator`",
	])
}

test_partial_when_who_runs_the_model_is_not_said if {
	some finding in control.findings with input as {"today": "2026-11-21", "descriptor": {"spec": {
		"serving": {"hosting": "hosted-api"},
		"vendor": {"fallbacks": [object.remove(_provider, ["operator", "lastTested"])]},
	}}}
	finding.status == "partial"
	finding.message == concat("", [
		"fallback `b` (second-provider) was never tested, and `operator` and `spec.serving.operator` are not said; ",
		"wanted: `lastTested` within 180 days, `operator` and `spec.serving.operator`",
	])
}

test_partial_when_a_smaller_model_is_not_named if {
	some finding in control.findings with input as _input([_but({"kind": "smaller-model"})])
	finding.path == _first
	finding.status == "partial"
	finding.message == concat("", [
		"fallback `b` (smaller-model) was last tested on `2026-05-25`, 180 days ago, and `model` is not said; ",
		"wanted: `model`",
	])
}

test_partial_when_the_smaller_model_is_called_none if {
	outcome.is(control, [[_first, "partial"]]) with input as _input([_but({"kind": "smaller-model", "model": "none"})])
}

test_fail_when_the_smaller_model_is_the_model_served_in_other_letters if {
	outcome.is(control, [[_first, "fail"]]) with input as _input([_but({"kind": "smaller-model", "model": "BIG"})])
}

test_partial_when_never_tested if {
	some finding in control.findings with input as _input([object.remove(_provider, ["lastTested"])])
	finding.path == _first
	finding.status == "partial"
	finding.message == "fallback `b` (second-provider) was never tested; wanted: `lastTested` within 180 days"
}

test_fail_when_the_test_lies_in_the_future if {
	outcome.is(control, [[_first, "pass"]]) with input as _input([_but({"lastTested": "2026-11-22"})])
	outcome.is(control, [[_first, "fail"]]) with input as _input([_but({"lastTested": "2026-11-23"})])
}

test_fail_when_the_second_provider_runs_the_model_already if {
	some finding in control.findings with input as _input([_but({"operator": "acme"})])
	finding.path == _first
	finding.status == "fail"
	finding.message == concat("", [
		"fallback `b` names `acme` as the second provider, which runs the model already",
		"; wanted: something else to fall back to",
	])
}

test_fail_when_the_smaller_model_is_the_model_served if {
	some finding in control.findings with input as _input([_but({"kind": "smaller-model", "model": "big"})])
	finding.path == _first
	finding.status == "fail"
	finding.message == "fallback `b` names `big` as the smaller model, which is the model served; wanted: something else to fall back to"
}

test_fail_when_the_list_is_declared_empty if {
	outcome.is(control, [[_section, "fail"]]) with input as _input([])
}

test_absent_fallbacks_fail_at_the_list if {
	control.findings == {{
		"path": _section,
		"status": "fail",
		"message": concat("", [
			"`spec.vendor.fallbacks` lists no fallback of kind `degraded-mode`, `previous-version`, `second-provider` or `smaller-model`; ",
			"wanted: one of them, with `lastTested` within 180 days",
		]),
		"reads": [_section],
	}} with input as {"today": "2026-11-21", "descriptor": {"spec": {}}}
}

_abroad(regime) := {"today": "2026-11-21", "descriptor": {"spec": {
	"parties": [{"id": "other", "name": "Other", "jurisdiction": "US"}],
	"regimes": [regime],
	"data": {"categories": ["pii"]},
	"model": {"id": "big"},
	"serving": {"hosting": "self-managed-vm", "location": {"country": "DE"}},
	"vendor": {
		"fallbacks": [_but({"location": {"country": "US"}})],
		"agreements": [{"kind": "dpa", "with": "other", "ref": "legal/dpa.pdf"}],
	},
}}}

test_fail_when_its_own_flow_breaks_a_regime if {
	some finding in control.findings with input as _abroad("gdpr-strict-residency")
	finding.path == _first
	finding.status == "fail"
	contains(finding.message, "was last tested on `2026-05-25`, 180 days ago, and `residency-location`")
	contains(finding.message, "to its own flow; wanted: a flow of its own that the regimes accept")
}

test_fail_when_a_regime_bars_third_parties_for_all_that_is_agreed if {
	some finding in control.findings with input as _abroad("no-third-party-egress")
	finding.path == _first
	finding.status == "fail"
	finding.message == concat("", [
		"fallback `b` (second-provider) was last tested on `2026-05-25`, 180 days ago, and `data-third-party-egress` objects ",
		"to its own flow; wanted: a flow of its own that the regimes accept",
	])
}

test_pass_when_another_fallback_satisfies_the_regimes if {
	abroad := _abroad("gdpr-strict-residency")
	fallbacks := [
		_but({"name": "a", "location": {"country": "US"}}),
		{"name": "c", "kind": "smaller-model", "model": "small", "hosting": "self", "lastTested": "2026-09-14"},
	]
	outcome.is(control, [[_second, "pass"]]) with input as {
		"today": "2026-11-21",
		"descriptor": {"spec": object.union(abroad.descriptor.spec, {"vendor": {"fallbacks": fallbacks}})},
	}
}

test_partial_when_the_agreement_of_its_operator_is_about_to_end if {
	abroad := _abroad("gdpr")
	vendor := {
		"fallbacks": [_but({"location": {"country": "DE"}})],
		"agreements": [{"kind": "dpa", "with": "other", "ref": "legal/dpa.pdf", "expires": "2026-12-21"}],
	}
	some finding in control.findings with input as {
		"today": "2026-11-21",
		"descriptor": {"spec": object.union(abroad.descriptor.spec, {"vendor": vendor})},
	}
	finding.path == _first
	finding.status == "partial"
	contains(finding.message, ", and `residency-agreements` objects to its own flow; wanted: ")
}
