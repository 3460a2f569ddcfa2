package psfpolicy.controls.data.pii_before_inference_test

import data.psfpolicy.controls.data.pii_before_inference as control
import data.psfpolicy.lib.outcome

_today := "2026-11-21"

_justification := {"ref": "docs/why.md", "approver": "dpo", "date": "2026-06-01"}

_reads(keys) := array.concat(
	[["spec", "data", "categories"], ["spec", "serving", "hosting"]],
	[array.concat(["spec", "data", "pii"], key) | some key in keys],
)

_justifying := _reads([["preInference"], ["justification", "ref"], ["justification", "approver"], ["justification", "date"]])

_path(key) := ["spec", "data", "pii", key]

_deployment(hosting, data_section) := {"descriptor": {"spec": {"serving": {"hosting": hosting}, "data": data_section}}, "today": _today}

_hosted(pii) := _deployment("hosted-api", {"categories": ["pii"], "pii": pii})

_ours(pii) := _deployment("self-managed-kubernetes", {"categories": ["pii"], "pii": pii})

test_pass_when_a_third_party_receives_redacted_data if {
	outcome.is(control, [[_path("preInference"), "pass"]]) with input as _hosted({"preInference": "redact"})
}

test_pass_when_a_third_party_receives_tokens if {
	outcome.is(control, [[_path("preInference"), "pass"]]) with input as _hosted({"preInference": "tokenise"})
}

test_pass_when_a_detector_is_named_and_the_model_is_self_run if {
	finding := {
		"path": ["spec", "data", "pii", "detector"],
		"status": "pass",
		"message": "personal data is detected by `presidio`, and hosting `self-managed-kubernetes` is self-run",
		"reads": _reads([["detector", "name"]]),
	}
	control.findings == {finding} with input as _ours({"detector": {"name": "presidio"}})
	outcome.is(control, [[_path("detector"), "pass"]]) with input as _ours({"detector": {"name": "presidio"}})
}

_falling(pii, fallback) := {"today": _today, "descriptor": {"spec": {
	"serving": {"hosting": "on-prem"},
	"data": {"categories": ["pii"], "pii": object.union({"detector": {"name": "presidio"}}, pii)},
	"vendor": {"fallbacks": [object.union({"name": "big", "kind": "second-provider"}, fallback)]},
}}}

test_fail_when_a_fallback_of_a_third_party_gets_what_is_not_redacted if {
	outcome.is(control, [[_path("preInference"), "fail"]]) with input as _falling({}, {"operator": "acme"})
	some finding in control.findings with input as _falling({}, {"operator": "acme"})
	finding.message == "personal data reaches fallback `big` with `preInference` `none`; wanted: `redact` or `tokenise`"
	["spec", "vendor", "fallbacks", 0, "operator"] in finding.reads
}

test_pass_when_a_fallback_gets_what_is_redacted_or_is_run_here if {
	outcome.is(control, [[_path("detector"), "pass"]]) with input as _falling({"preInference": "redact"}, {"operator": "acme"})
	outcome.is(control, [[_path("detector"), "pass"]]) with input as _falling({}, {"hosting": "self"})
}

test_partial_when_the_detector_is_called_none if {
	outcome.is(control, [[_path("detector"), "partial"]]) with input as _ours({"detector": {"name": "none"}})
}

test_partial_when_self_run_without_a_detector if {
	outcome.is(control, [[_path("detector"), "partial"]]) with input as _ours({"preInference": "redact"})
}

test_partial_when_a_third_party_is_justified if {
	control.findings == {{
		"path": _path("justification"),
		"status": "partial",
		"message": concat("", [
			"personal data reaches the party behind hosting `hosted-api` with `preInference` `none`, ",
			"with a justification; wanted: `redact` or `tokenise`",
		]),
		"reads": _justifying,
	}} with input as _hosted({"justification": _justification})
}

test_partial_when_a_justification_has_no_date if {
	undated := object.remove(_justification, ["date"])
	outcome.is(control, [[_path("justification"), "partial"]]) with input as _hosted({"justification": undated})
}

test_partial_when_a_justification_is_dated_one_day_ahead if {
	outcome.is(control, [[_path("justification"), "partial"]]) with input as _hosted({"justification": object.union(
		_justification,
		{"date": "2026-11-22"},
	)})
}

test_fail_when_a_justification_is_dated_two_days_ahead if {
	outcome.is(control, [[_path("justification"), "fail"]]) with input as _hosted({"justification": object.union(
		_justification,
		{"date": "2026-11-23"},
	)})
}

test_fail_when_a_justification_has_no_approver if {
	outcome.is(control, [[_path("justification"), "fail"]]) with input as _hosted({"justification": {"ref": "docs/why.md"}})
}

test_fail_when_the_approver_of_a_justification_is_nobody if {
	outcome.is(control, [[_path("justification"), "fail"]]) with input as _hosted({"justification": object.union(
		_justification,
		{"approver": "n/a"},
	)})
}

test_fail_when_phi_is_justified if {
	control.findings == {{
		"path": _path("justification"),
		"status": "fail",
		"message": concat("", [
			"personal data reaches the party behind hosting `managed-inference` with `preInference` `none`, ",
			"and its justification does not count: `phi` is never justified; wanted: `redact` or `tokenise`",
		]),
		"reads": _justifying,
	}} with input as _deployment("managed-inference", {
		"categories": ["phi"],
		"pii": {"preInference": "none", "justification": _justification},
	})
}

test_fail_when_data_that_is_justified_is_of_unknown_categories if {
	outcome.is(control, [[_path("justification"), "fail"]]) with input as _deployment("hosted-api", {"pii": {"justification": _justification}})
}

test_fail_when_a_detector_alone_stands_before_a_third_party if {
	outcome.is(control, [[_path("preInference"), "fail"]]) with input as _hosted({"detector": {"name": "presidio"}})
}

test_fail_when_a_cloud_runs_the_engine_and_nothing_is_redacted if {
	outcome.is(control, [[_path("preInference"), "fail"]]) with input as _deployment("cloud-managed", {
		"categories": ["pii"],
		"pii": {"detector": {"name": "presidio"}, "preInference": "none"},
	})
}

test_not_applicable_when_no_personal_data_is_declared if {
	outcome.not_applicable(control, _path("detector")) with input as _deployment("on-prem", {"categories": ["legal"]})
}

test_not_applicable_when_the_categories_are_none if {
	outcome.not_applicable(control, _path("preInference")) with input as _deployment("hosted-api", {"categories": ["none"]})
}

test_fail_when_none_is_declared_beside_personal_data if {
	outcome.is(control, [[_path("preInference"), "fail"]]) with input as _deployment("hosted-api", {"categories": ["none", "pii"]})
}

test_absent_data_fails_for_a_self_run_model if {
	outcome.is(control, [[_path("detector"), "fail"]]) with input as {
		"descriptor": {"spec": {"serving": {"hosting": "on-prem"}}},
		"today": _today,
	}
}

test_absent_everything_fails_as_run_by_a_third_party if {
	outcome.is(control, [[_path("preInference"), "fail"]]) with input as {"descriptor": {"spec": {}}, "today": _today}
}
