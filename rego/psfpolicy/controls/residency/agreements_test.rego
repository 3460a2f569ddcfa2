package psfpolicy.controls.residency.agreements_test

import data.psfpolicy.controls.residency.agreements as control
import data.psfpolicy.lib.outcome

_serving := ["spec", "serving"]

_given(regimes, parts) := {"today": "2026-11-21", "descriptor": {"spec": object.union(
	{
		"parties": [{"id": "aws", "jurisdiction": "US"}, {"id": "other", "jurisdiction": "US"}],
		"regimes": regimes,
		"model": {"weights": {"source": "image"}},
		"serving": {"hosting": "self-managed-kubernetes", "operator": "aws", "location": {"country": "US"}},
		"data": {"categories": ["phi"]},
	},
	parts,
)}}

_baa(expires) := {"vendor": {"agreements": [{"kind": "baa", "with": "aws", "ref": "legal/baa", "expires": expires}]}}

_statuses(path) := [finding.status | some finding in control.findings; finding.path == path]

test_pass_when_the_agreement_is_in_force if {
	outcome.is(control, [[_serving, "pass"]]) with input as _given(["hipaa"], _baa("2026-12-22"))
}

test_pass_when_the_agreement_has_no_end if {
	outcome.is(control, [[_serving, "pass"]]) with input as _given(
		["hipaa"],
		{"vendor": {"agreements": [{"kind": "baa", "with": "aws", "ref": "legal/baa"}]}},
	)
}

test_partial_when_it_ends_within_30_days if {
	outcome.is(control, [[_serving, "partial"]]) with input as _given(["hipaa"], _baa("2026-12-21"))
	outcome.is(control, [[_serving, "partial"]]) with input as _given(["hipaa"], _baa("2026-11-21"))
}

test_fail_when_it_ended_yesterday if {
	{finding | some finding in control.findings} == {{
		"path": _serving,
		"status": "fail",
		"message": concat("", [
			"inference needs `baa` under `hipaa` with `aws`: the `baa` with `aws` ended yesterday; ",
			"wanted: each of them in `spec.vendor.agreements`, in force, with its `ref`; ",
			"note: Encryption without the key does not spare an operator the agreement",
		]),
		"reads": array.flatten([
			[["spec", "regimes"], ["spec", "data", "categories"]],
			[["spec", "vendor", "agreements", 0, key] | some key in ["kind", "with", "ref", "expires"]],
			[["spec", "serving", "operator"]],
		]),
	}} with input as _given(["hipaa"], _baa("2026-11-20"))
}

test_fail_when_it_is_of_another_kind_or_with_another_party if {
	outcome.is(control, [[_serving, "fail"]]) with input as _given(
		["hipaa"],
		{"vendor": {"agreements": [{"kind": "dpa", "with": "aws", "ref": "a"}, {"kind": "baa", "with": "other", "ref": "a"}]}},
	)
}

test_fail_names_every_regime_and_kind if {
	some finding in control.findings with input as _given(["gdpr", "hipaa"], _baa("2027-11-21"))
	finding.status == "fail"
	contains(finding.message, "needs `baa` and `dpa` under `gdpr` and `hipaa` with `aws`: no `dpa` with `aws` is declared and the `baa`")
}

test_off_site_backup_and_remote_support_need_one_too if {
	backup := ["spec", "data", "stores", 0]
	support := ["spec", "data", "otherFlows", 0]
	outcome.is(control, [[_serving, "pass"], [backup, "fail"], [support, "fail"]]) with input as _given(
		["hipaa"],
		object.union(_baa("2027-11-21"), {"data": {
			"stores": [{"name": "tapes", "kind": "backups", "operator": "other", "encrypted": true}],
			"otherFlows": [{"name": "desk", "kind": "support", "operator": "other", "location": {"country": "US"}}],
		}}),
	)
}

_kept(store) := {"today": "2026-11-21", "descriptor": {"spec": {
	"regimes": ["hipaa"],
	"parties": [{"id": "aws", "jurisdiction": "US"}],
	"model": {"weights": {"source": "image"}},
	"serving": {"hosting": "on-prem", "location": {"country": "US"}},
	"data": {"categories": ["phi"], "stores": [object.union({"name": "a", "kind": "backups"}, store)]},
}}}

test_fail_when_a_backup_of_ones_own_is_on_premises_of_others_or_in_a_cloud if {
	backup := ["spec", "data", "stores", 0]
	outcome.is(control, [[backup, "fail"]]) with input as _kept({"operator": "self", "premises": "other"})
	outcome.is(control, [[backup, "fail"]]) with input as _kept({"operator": "self", "location": {"region": "aws:us-east-1"}})
	some finding in control.findings with input as _kept({"operator": "self", "premises": "other"})
	finding.message == concat("", [
		"store `a` needs `baa` under `hipaa`, and nobody is said to rent out the machines that it is on; ",
		"wanted: its `operator`, one of `spec.parties`; note: Encryption without the key does not spare an operator the agreement",
	])
}

test_own_second_site_needs_none if {
	outcome.not_applicable(control, ["spec", "regimes"]) with input as _kept({"operator": "self", "location": {"country": "CA"}})
}

test_health_data_counts_where_the_law_of_health_information_is_declared if {
	["fail"] == _statuses(_serving) with input as _given(["hipaa"], {"data": {"categories": ["health"]}})
}

test_fail_when_the_operator_is_unknown if {
	guard := ["spec", "inputs", "guards", 0]
	["fail"] == _statuses(guard) with input as _given(["hipaa"], {"inputs": {"guards": [{"name": "a", "hosting": "third-party"}]}})
	["fail"] == _statuses(guard) with input as _given(["hipaa"], {"inputs": {"guards": [{"name": "a"}]}})
}

test_metrics_need_none if {
	store := ["spec", "data", "stores", 0]
	[] == _statuses(store) with input as _given(["hipaa"], {"data": {"stores": [{"name": "a", "kind": "metrics", "operator": "other"}]}})
}

test_own_people_on_own_machines_need_none if {
	outcome.not_applicable(control, ["spec", "regimes"]) with input as {"today": "2026-11-21", "descriptor": {"spec": {
		"regimes": ["hipaa", "gdpr"],
		"serving": {"hosting": "on-prem"},
		"data": {"categories": ["phi"]},
	}}}
}

test_not_applicable_when_the_data_is_not_what_it_is_about if {
	outcome.not_applicable(control, ["spec", "regimes"]) with input as _given(["hipaa"], {"data": {"categories": ["pii"]}})
}

test_health_information_is_not_shown_absent_where_categories_are if {
	["fail"] == _statuses(_serving) with input as {"today": "2026-11-21", "descriptor": {"spec": {
		"regimes": ["hipaa"],
		"serving": {"hosting": "hosted-api", "operator": "aws"},
	}}}
}

test_partial_when_no_regime_is_known if {
	outcome.is(control, [[["spec", "regimes"], "partial"]]) with input as _given(["nobody-knows"], {})
}

test_absent_regimes_ask_nothing_here if {
	outcome.not_applicable(control, ["spec", "regimes"]) with input as {"descriptor": {"spec": {}}, "today": "2026-11-21"}
}
