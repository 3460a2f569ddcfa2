package psfpolicy.controls.data.retention_enforced_test

import data.psfpolicy.controls.data.retention_enforced as control
import data.psfpolicy.lib.outcome

_section := ["spec", "data", "stores"]

_store(index) := ["spec", "data", "stores", index]

_traces := {"name": "a", "kind": "traces", "retentionDays": 200}

_kept(days) := [object.union(_traces, {"retentionDays": days})]

_data(stores, retention) := {"spec": {"data": {"categories": ["pii"], "retention": retention, "stores": stores}}}

_enforced := {"enforcedBy": "index-lifecycle"}

test_pass_when_the_store_has_its_own_retention if {
	outcome.is(control, [[_store(0), "pass"]]) with input.descriptor as _data([_traces], _enforced)
}

test_pass_when_the_general_retention_holds if {
	outcome.is(control, [[_store(0), "pass"]]) with input.descriptor as _data(
		[{"name": "a", "kind": "logs"}],
		{"days": 30, "enforcedBy": "cron"},
	)
}

test_pass_when_text_of_persons_is_kept_for_730_days if {
	control.findings == {{
		"path": _store(0),
		"status": "pass",
		"message": "store `a` is kept 730 days by its `retentionDays`, enforced by `index-lifecycle`",
		"reads": [
			["spec", "data", "stores", 0, "kind"],
			["spec", "data", "stores", 0, "carries"],
			["spec", "data", "stores", 0, "retentionDays"],
			["spec", "data", "retention", "days"],
			["spec", "data", "retention", "enforcedBy"],
			["spec", "data", "retention", "reason"],
			["spec", "data", "categories"],
			["spec", "regimes"],
		],
	}} with input.descriptor as _data(_kept(730), _enforced)
}

test_pass_when_longer_with_a_reason if {
	outcome.is(control, [[_store(0), "pass"]]) with input.descriptor as _data(
		_kept(2190),
		object.union(_enforced, {"reason": "audit duty"}),
	)
}

test_pass_when_metrics_are_kept_longer if {
	outcome.is(control, [[_store(0), "pass"]]) with input.descriptor as _data(
		[{"name": "m", "kind": "metrics", "retentionDays": 1000}],
		_enforced,
	)
	outcome.is(control, [[_store(0), "pass"]]) with input.descriptor as _data(
		[{"name": "m", "kind": "metrics", "carries": ["metrics"], "retentionDays": 1000}],
		_enforced,
	)
}

test_pass_when_no_person_is_in_the_text if {
	outcome.is(control, [[_store(0), "pass"]]) with input.descriptor as {"spec": {"data": {
		"categories": ["none"],
		"retention": _enforced,
		"stores": _kept(1000),
	}}}
}

test_partial_when_the_reason_is_no_reason if {
	retention := object.union(_enforced, {"reason": "n/a"})
	outcome.is(control, [[_store(0), "partial"]]) with input.descriptor as _data(_kept(731), retention)
}

test_partial_when_text_of_persons_is_kept_for_731_days if {
	control.findings == {{
		"path": _store(0),
		"status": "partial",
		"message": concat("; ", [
			"store `a` is kept 731 days by its `retentionDays`, enforced by `index-lifecycle`",
			"wanted: at most 730 days for text of persons, or a `reason` in `spec.data.retention`",
		]),
		"reads": [
			["spec", "data", "stores", 0, "kind"],
			["spec", "data", "stores", 0, "carries"],
			["spec", "data", "stores", 0, "retentionDays"],
			["spec", "data", "retention", "days"],
			["spec", "data", "retention", "enforcedBy"],
			["spec", "data", "retention", "reason"],
			["spec", "data", "categories"],
			["spec", "regimes"],
		],
	}} with input.descriptor as _data(_kept(731), _enforced)
}

test_partial_when_the_categories_are_unknown_and_it_is_kept_longer if {
	outcome.is(control, [[_store(0), "partial"]]) with input.descriptor as {"spec": {"data": {"retention": _enforced, "stores": _kept(731)}}}
}

test_partial_when_a_store_of_metrics_carries_prompts_and_is_kept_longer if {
	outcome.is(control, [[_store(0), "partial"]]) with input.descriptor as _data(
		[{"name": "m", "kind": "metrics", "carries": ["metrics", "prompts"], "retentionDays": 731}],
		_enforced,
	)
}

test_partial_when_a_store_of_logs_says_that_it_carries_metrics if {
	outcome.is(control, [[_store(0), "partial"]]) with input.descriptor as _data(
		[{"name": "m", "kind": "logs", "carries": ["metrics"], "retentionDays": 731}],
		_enforced,
	)
}

test_partial_when_nothing_enforces_it if {
	outcome.is(control, [[_store(0), "partial"]]) with input.descriptor as _data([_traces], {"days": 200})
}

test_partial_when_the_enforcer_is_none if {
	outcome.is(control, [[_store(0), "partial"]]) with input.descriptor as _data([_traces], {"enforcedBy": "none"})
}

test_fail_when_one_store_has_no_retention if {
	outcome.is(control, [[_store(0), "pass"], [_store(1), "fail"]]) with input.descriptor as _data(
		[_traces, {"name": "b", "kind": "cache"}],
		_enforced,
	)
}

test_fail_when_the_retention_is_zero if {
	outcome.is(control, [[_store(0), "fail"]]) with input.descriptor as _data(_kept(0), object.union(_enforced, {"days": 30}))
	outcome.is(control, [[_store(0), "fail"]]) with input.descriptor as _data(_kept(0), {})
}

test_pass_when_it_is_kept_for_one_day if {
	outcome.is(control, [[_store(0), "pass"]]) with input.descriptor as _data(_kept(1), _enforced)
}

test_not_applicable_when_nothing_is_kept if {
	outcome.not_applicable(control, _section) with input.descriptor as _data([], {"days": 30})
}

test_absent_stores_fail_at_the_list if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {"data": {"retention": {"days": 30, "enforcedBy": "cron"}}}}
}

test_absent_data_fails_at_the_list if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {}}
}

_logged(today, days) := {"today": today, "descriptor": {"spec": {
	"regimes": ["eu-ai-act-high-risk"],
	"data": {"categories": ["pii"], "retention": _enforced, "stores": [{"name": "l", "kind": "logs", "retentionDays": each} | some each in days]},
}}}

test_fail_when_logs_are_kept_shorter_than_a_regime_asks_once_its_duty_applies if {
	outcome.is(control, [[_store(0), "fail"]]) with input as _logged("2027-12-02", [183])
	some finding in control.findings with input as _logged("2027-12-02", [183])
	finding.message == concat("", [
		"store `l` is kept 183 days by its `retentionDays`, enforced by `index-lifecycle`; ",
		"wanted: logs kept for at least 184 days under `eu-ai-act-high-risk`",
	])
}

test_pass_when_one_store_of_logs_keeps_them_as_long_as_the_regime_asks if {
	outcome.is(control, [[_store(0), "pass"], [_store(1), "pass"]]) with input as _logged("2027-12-02", [30, 184])
}

test_pass_with_a_note_before_the_duty_of_a_regime_applies if {
	some finding in control.findings with input as _logged("2027-12-01", [183])
	finding.status == "pass"
	endswith(finding.message, "; note: from `2027-12-02` on logs kept for at least 184 days under `eu-ai-act-high-risk`")
}

_unlogged(today, stores) := object.union(_logged(today, []), {"descriptor": {"spec": {"data": {"stores": stores}}}})

test_fail_at_the_list_when_no_record_is_kept_as_long_as_a_regime_asks if {
	outcome.is(control, [[_section, "fail"]]) with input as _unlogged("2027-12-02", [])
	outcome.is(control, [[_section, "fail"], [_store(0), "pass"]]) with input as _unlogged("2027-12-02", _kept(183))
	some finding in control.findings with input as _unlogged("2027-12-02", [])
	finding.message == "no store of logs is declared; wanted: logs kept for at least 184 days under `eu-ai-act-high-risk`"
}

test_pass_with_traces_for_logs_and_before_the_duty_applies if {
	outcome.is(control, [[_store(0), "pass"]]) with input as _unlogged("2027-12-02", _kept(184))
	outcome.is(control, [[_store(0), "pass"]]) with input as _unlogged("2027-12-01", _kept(183))
	outcome.not_applicable(control, _section) with input as _unlogged("2027-12-01", [])
}
