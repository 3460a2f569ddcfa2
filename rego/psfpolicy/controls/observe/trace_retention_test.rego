package psfpolicy.controls.observe.trace_retention_test

import data.psfpolicy.controls.observe.trace_retention as control
import data.psfpolicy.lib.outcome

_store := ["spec", "data", "stores", 0, "retentionDays"]

_tracing := ["spec", "observability", "tracing", "retentionDays"]

_general := ["spec", "data", "retention", "days"]

_replay := ["spec", "observability", "replayHours"]

_duties := {"eu-ai-act-high-risk-logs": {"days": 184, "applies_from": "2027-12-02"}}

_conditions := [_tracing, _general, ["spec", "purpose", "sectors"], ["spec", "purpose", "euAiAct", "risk"], ["spec", "regimes"]]

_reads := array.concat([["spec", "data", "stores", 0, "kind"], _store], _conditions)

_purpose(sectors, risk) := {"sectors": sectors, "euAiAct": {"risk": risk}}

_plain := _purpose(["general"], "limited")

_on(today, purpose, days, replay_hours) := {
	"descriptor": {"spec": {
		"purpose": purpose,
		"data": {"stores": [{"name": "a", "kind": "traces", "retentionDays": days}]},
		"observability": {"replayHours": replay_hours},
	}},
	"today": today,
}

_now(purpose, days, replay_hours) := _on("2026-11-21", purpose, days, replay_hours)

test_pass_when_kept_for_30_days_and_replayed_within_24_hours if {
	{finding | some finding in control.findings} == {
		{
			"path": _store,
			"status": "pass",
			"message": "traces are kept 30 days",
			"reads": _reads,
		},
		{
			"path": _replay,
			"status": "pass",
			"message": "a run is replayed within 24 hours",
			"reads": [_replay],
		},
	} with input as _now(_plain, 30, 24) with data.psfpolicy.catalogue.duties as _duties
	outcome.is(control, [[_store, "pass"], [_replay, "pass"]]) with input as _now(_plain, 30, 24)
		with data.psfpolicy.catalogue.duties as _duties
}

test_partial_when_kept_for_29_days if {
	outcome.is(control, [[_store, "partial"], [_replay, "pass"]]) with input as _now(_plain, 29, 24)
		with data.psfpolicy.catalogue.duties as _duties
}

test_pass_when_kept_for_90_days_in_a_regulated_sector if {
	outcome.is(control, [[_store, "pass"], [_replay, "pass"]]) with input as _now(_purpose(["finance"], "limited"), 90, 1)
		with data.psfpolicy.catalogue.duties as _duties
}

test_partial_when_kept_for_89_days_in_a_regulated_sector if {
	outcome.is(control, [[_store, "partial"], [_replay, "pass"]]) with input as _now(_purpose(["finance"], "limited"), 89, 1)
		with data.psfpolicy.catalogue.duties as _duties
}

test_partial_when_kept_for_89_days_in_an_unknown_sector if {
	{finding | some finding in control.findings}[{
		"path": _store,
		"status": "partial",
		"message": "traces are kept 89 days; wanted: at least 90 days while `spec.purpose.sectors` is missing",
		"reads": _reads,
	}] with input as _now({"euAiAct": {"risk": "minimal"}}, 89, 24) with data.psfpolicy.catalogue.duties as _duties
}

test_pass_with_a_note_before_the_duty_of_high_risk_applies if {
	{finding | some finding in control.findings}[{
		"path": _store,
		"status": "pass",
		"message": concat("; ", [
			"traces are kept 30 days",
			"from `2027-12-02` on at least 184 days for a high-risk system",
		]),
		"reads": _reads,
	}] with input as _on("2027-12-01", _purpose([], "high"), 30, 24) with data.psfpolicy.catalogue.duties as _duties
}

test_partial_when_kept_for_183_days_once_the_duty_applies if {
	{finding | some finding in control.findings}[{
		"path": _store,
		"status": "partial",
		"message": "traces are kept 183 days; wanted: at least 184 days for a high-risk system",
		"reads": _reads,
	}] with input as _on("2027-12-02", _purpose(["finance"], "high"), 183, 24) with data.psfpolicy.catalogue.duties as _duties
}

test_partial_under_a_regime_that_has_the_duty_whatever_the_risk_is_said_to_be if {
	question := _on("2027-12-02", _plain, 183, 24)
	declared := object.union(question, {"descriptor": {"spec": {"regimes": ["eu-ai-act-high-risk"]}}})
	{finding | some finding in control.findings}[{
		"path": _store,
		"status": "partial",
		"message": "traces are kept 183 days; wanted: at least 184 days under `eu-ai-act-high-risk`",
		"reads": _reads,
	}] with input as declared
}

test_pass_when_kept_for_184_days_once_the_duty_applies if {
	outcome.is(control, [[_store, "pass"], [_replay, "pass"]]) with input as _on("2027-12-02", _purpose([], "high"), 184, 24)
		with data.psfpolicy.catalogue.duties as _duties
}

test_partial_when_the_risk_is_unknown_once_the_duty_applies if {
	outcome.is(control, [[_store, "partial"], [_replay, "pass"]]) with input as _on("2027-12-02", {"sectors": []}, 183, 24)
		with data.psfpolicy.catalogue.duties as _duties
}

test_pass_when_the_risk_is_limited_once_the_duty_applies if {
	outcome.is(control, [[_store, "pass"], [_replay, "pass"]]) with input as _on("2027-12-02", _plain, 30, 24)
		with data.psfpolicy.catalogue.duties as _duties
}

test_pass_by_the_retention_of_tracing if {
	outcome.is(control, [[_tracing, "pass"], [_replay, "pass"]]) with input as {
		"descriptor": {"spec": {
			"purpose": _plain,
			"data": {"stores": [{"name": "a", "kind": "traces"}], "retention": {"days": 7}},
			"observability": {"tracing": {"retentionDays": 30}, "replayHours": 24},
		}},
		"today": "2026-11-21",
	}
		with data.psfpolicy.catalogue.duties as _duties
}

test_pass_by_the_general_retention if {
	outcome.is(control, [[_general, "pass"], [_replay, "pass"]]) with input as {
		"descriptor": {"spec": {
			"purpose": _plain,
			"data": {"retention": {"days": 30}},
			"observability": {"tracing": {"propagation": "w3c"}, "replayHours": 24},
		}},
		"today": "2026-11-21",
	}
		with data.psfpolicy.catalogue.duties as _duties
}

test_fail_when_nothing_traces_and_there_is_no_replay if {
	outcome.is(control, [[_tracing, "fail"], [_replay, "fail"]]) with input as {
		"descriptor": {"spec": {"purpose": _plain, "data": {"stores": [], "retention": {"days": 400}}}},
		"today": "2026-11-21",
	}
		with data.psfpolicy.catalogue.duties as _duties
}

test_partial_when_a_replay_takes_more_than_24_hours if {
	{finding | some finding in control.findings}[{
		"path": _replay,
		"status": "partial",
		"message": "a run is replayed within 24.5 hours; wanted: above 0 and at most 24",
		"reads": [_replay],
	}] with input as _now(_plain, 30, 24.5) with data.psfpolicy.catalogue.duties as _duties
}

test_partial_when_a_replay_takes_25_hours if {
	outcome.is(control, [[_store, "pass"], [_replay, "partial"]]) with input as _now(_plain, 30, 25)
		with data.psfpolicy.catalogue.duties as _duties
}

test_partial_when_the_replay_is_zero if {
	outcome.is(control, [[_store, "pass"], [_replay, "partial"]]) with input as _now(_plain, 30, 0)
		with data.psfpolicy.catalogue.duties as _duties
}

test_fail_when_the_retention_and_the_replay_are_zero if {
	outcome.is(control, [[_store, "fail"], [_replay, "fail"]]) with input as _now(_plain, 0, 0)
		with data.psfpolicy.catalogue.duties as _duties
}

test_the_catalogue_says_when_the_duty_applies if {
	{finding | some finding in control.findings}[{
		"path": _store,
		"status": "fail",
		"message": "traces are kept 183 days; wanted: at least 184 days for a high-risk system",
		"reads": _reads,
	}] with input as _on("2027-12-02", _purpose([], "high"), 183, 48)
}

test_absent_sections_fail_at_both if {
	outcome.is(control, [[_tracing, "fail"], [_replay, "fail"]]) with input as {"descriptor": {"spec": {}}, "today": "2026-11-21"}
		with data.psfpolicy.catalogue.duties as _duties
}
