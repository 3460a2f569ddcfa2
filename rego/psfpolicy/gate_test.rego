package psfpolicy.gate_test

import data.psfpolicy.gate

_domains := ["PSF-1", "PSF-2", "PSF-3", "PSF-4", "PSF-5", "PSF-6", "PSF-7", "PSF-8"]

# A sound deployment: in each domain something critical and something high that pass.
_sound := {id: control |
	some domain in _domains
	some severity in ["critical", "high"]
	id := $"{domain}-{severity}"
	control := _control(domain, severity, "pass")
}

_control(domain, severity, status) := {"domain": domain, "severity": severity, "status": status, "effective": status}

_but(changes) := object.union(_sound, changes)

_decision(name, controls) := _consequence(name, controls, "medium")

_consequence(name, controls, consequence) := decision if {
	decision := gate.decision with data.psfpolicy.dispatch.controls as controls
		with input as {"gate": name, "descriptor": {"spec": {"purpose": {"consequence": consequence}}}}
}

# Verdicts under each gate, from the loosest to the strictest.
_verdicts(controls) := [_decision(name, controls).verdict | some name in ["advisory", "baseline", "standard", "strict"]]

test_a_sound_deployment_passes_each_gate if {
	_verdicts(_sound) == ["advisory", "pass", "pass", "pass"]
	_decision("strict", _sound) == {"name": "strict", "verdict": "pass", "reasons": set()}
}

test_each_gate_includes_the_one_before if {
	_verdicts(_but({"x": _control("PSF-1", "low", "fail")})) == ["advisory", "pass", "pass", "fail"]
	_verdicts(_but({"x": _control("PSF-1", "critical", "partial")})) == ["advisory", "pass", "pass", "fail"]
	_verdicts(_but({"x": _control("PSF-7", "critical", "fail")})) == ["advisory", "fail", "fail", "fail"]
	below := {"PSF-1-high": _control("PSF-1", "high", "fail"), "x": _control("PSF-1", "low", "fail")}
	_verdicts(_but(below)) == ["advisory", "pass", "fail", "fail"]
}

test_reasons_of_each_gate_include_those_of_the_one_before if {
	controls := _but({
		"PSF-1-critical": _control("PSF-1", "critical", "fail"),
		"x": _control("PSF-2", "low", "fail"),
	})
	baseline := _decision("baseline", controls).reasons
	standard := _decision("standard", controls).reasons
	strict := _decision("strict", controls).reasons
	baseline == {{"kind": "critical-fail", "control": "PSF-1-critical"}}
	standard == baseline | {{"kind": "domain-threshold", "domain": "PSF-1", "score": 38, "threshold": 60}}
	strict == standard | {{"kind": "fail", "control": "x"}}
}

test_advisory_says_what_standard_would_have_said if {
	controls := _but({"PSF-1-critical": _control("PSF-1", "critical", "fail")})
	_decision("advisory", controls).reasons == _decision("standard", controls).reasons
	count(_decision("advisory", controls).reasons) == 2
}

test_an_error_is_undecided_under_each_gate if {
	_verdicts(_but({"x": _control("PSF-1", "low", "error")})) == ["undecided", "undecided", "undecided", "undecided"]
	_decision("baseline", _but({"x": _control("PSF-1", "low", "error")})).reasons == {{"kind": "error", "control": "x"}}
}

test_an_error_without_a_domain_is_undecided if {
	_verdicts(_but({"x": _control(null, "critical", "error")})) == ["undecided", "undecided", "undecided", "undecided"]
}

test_all_domains_null_are_undecided if {
	nothing := {"x": _control("PSF-1", "critical", "not-applicable")}
	_verdicts(nothing) == ["undecided", "undecided", "undecided", "undecided"]
	_verdicts({}) == ["undecided", "undecided", "undecided", "undecided"]
}

test_a_null_domain_meets_its_threshold if {
	controls := _but({
		"PSF-1-critical": _control("PSF-1", "critical", "not-applicable"),
		"PSF-1-high": _control("PSF-1", "high", "not-applicable"),
	})
	_verdicts(controls) == ["advisory", "pass", "pass", "pass"]
}

test_a_critical_fail_without_a_domain_blocks_from_baseline_on if {
	_verdicts(_but({"x": _control(null, "critical", "fail")})) == ["advisory", "fail", "fail", "fail"]
}

# A domain of low controls only: so many of a hundred pass.
_percent(domain, passes) := object.union(
	{$"{domain}-critical": _control(domain, "critical", "not-applicable"), $"{domain}-high": _control(domain, "high", "not-applicable")},
	{id: control |
		some number in numbers.range(1, 100)
		id := $"{domain}-{number}"
		control := _control(domain, "low", _status(number, passes))
	},
)

_status(number, passes) := "pass" if number <= passes

_status(number, passes) := "fail" if number > passes

test_domains_one_to_six_must_reach_60 if {
	every domain in ["PSF-1", "PSF-2", "PSF-3", "PSF-4", "PSF-5", "PSF-6"] {
		_decision("standard", _but(_percent(domain, 60))).verdict == "pass"
		_decision("standard", _but(_percent(domain, 59))) == {
			"name": "standard",
			"verdict": "fail",
			"reasons": {{"kind": "domain-threshold", "domain": domain, "score": 59, "threshold": 60}},
		}
	}
}

test_domains_seven_and_eight_must_reach_40 if {
	every domain in ["PSF-7", "PSF-8"] {
		_decision("standard", _but(_percent(domain, 40))).verdict == "pass"
		_decision("standard", _but(_percent(domain, 39))).reasons == {{
			"kind": "domain-threshold",
			"domain": domain,
			"score": 39,
			"threshold": 40,
		}}
	}
}

test_a_threshold_is_compared_before_rounding if {
	# 59.5 is shown as 60 and does not reach it.
	halfway := object.union(_percent("PSF-1", 59), {"PSF-1-60": _control("PSF-1", "low", "partial")})
	_decision("standard", _but(halfway)).reasons == {{
		"kind": "domain-threshold",
		"domain": "PSF-1",
		"score": 60,
		"threshold": 60,
	}}
}

test_a_domain_at_zero_is_named if {
	zero := {"kind": "domain-zero", "domain": "PSF-8"}
	zero in _decision("standard", _but(_percent("PSF-8", 0))).reasons
	not zero in _decision("standard", _but(_percent("PSF-8", 1))).reasons
	not zero in _decision("baseline", _but(_percent("PSF-8", 0))).reasons
}

test_a_critical_partial_blocks_standard_only_with_high_consequence if {
	controls := _but({"x": _control("PSF-1", "critical", "partial")})
	reasons := {{"kind": "critical-partial", "control": "x"}}
	_consequence("standard", controls, "high").reasons == reasons
	_consequence("standard", controls, "low").reasons == set()
	_consequence("strict", controls, "low").reasons == reasons
}

test_an_undeclared_consequence_counts_as_high if {
	gate.decision.reasons == {{"kind": "critical-partial", "control": "x"}} with data.psfpolicy.dispatch.controls as _but({"x": _control("PSF-1", "critical", "partial")})
		with input as {"gate": "standard", "descriptor": {"spec": {}}}
}

test_a_waived_fail_does_not_block if {
	waived := object.union(_control("PSF-1", "critical", "fail"), {"effective": "waived"})
	_verdicts(_but({"x": waived})) == ["advisory", "pass", "pass", "pass"]
}

test_a_fail_of_each_severity_blocks_strict if {
	every severity in ["high", "medium", "low"] {
		_decision("strict", _but({"x": _control("PSF-1", severity, "fail")})).reasons == {{"kind": "fail", "control": "x"}}
	}
}

test_a_partial_that_is_not_critical_blocks_nothing if {
	every severity in ["high", "medium", "low"] {
		_decision("strict", _but({"x": _control("PSF-1", severity, "partial")})).reasons == set()
	}
}

_ops(severity, status) := object.union(_control("OPS", severity, status), {"apart": true})

# The decision with least scores that the settings ask for.
_floored(name, controls, thresholds) := decision if {
	decision := gate.decision with data.psfpolicy.dispatch.controls as controls
		with input as {
			"gate": name,
			"parameters": {"thresholds": thresholds},
			"descriptor": {"spec": {"purpose": {"consequence": "high"}}},
		}
}

test_what_is_scored_apart_blocks_no_gate if {
	failing := {$"ops-{severity}": _ops(severity, "fail") | some severity in ["critical", "high", "medium", "low"]}
	_verdicts(_but(failing)) == ["advisory", "pass", "pass", "pass"]
	_consequence("strict", _but({"ops-partial": _ops("critical", "partial")}), "high").reasons == set()
}

_packed(severity, status) := object.union(_control("BANK", severity, status), {"apart": true})

test_what_a_domain_of_a_pack_fails_blocks_as_anywhere if {
	_verdicts(_but({"x": _packed("critical", "fail")})) == ["advisory", "fail", "fail", "fail"]
	_verdicts(_but({"x": _packed("high", "fail")})) == ["advisory", "pass", "pass", "fail"]
	_consequence("standard", _but({"x": _packed("critical", "partial")}), "high").verdict == "fail"
}

test_what_a_domain_of_a_pack_passes_lifts_nothing if {
	lifted := object.union(_but({"y": _control("PSF-1", "high", "fail")}), {"x": _packed("critical", "pass")})
	_decision("strict", lifted).reasons == _decision("strict", _but({"y": _control("PSF-1", "high", "fail")})).reasons
}

test_only_our_folder_of_operations_holds_no_gate if data.psfpolicy.dispatch.ungated == {"OPS"}

test_what_is_scored_apart_and_undecided_leaves_no_verdict if {
	_verdicts(_but({"x": _ops("low", "error")})) == ["undecided", "undecided", "undecided", "undecided"]
}

test_what_is_scored_apart_does_not_make_up_for_domains_without_a_score if {
	_verdicts({"x": _ops("low", "pass")}) == ["undecided", "undecided", "undecided", "undecided"]
}

test_a_floor_of_the_settings_holds_under_each_gate if {
	controls := _but({"a": _ops("medium", "fail"), "b": _ops("medium", "partial")})
	reasons := {{"kind": "domain-threshold", "domain": "OPS", "score": 25, "threshold": 26}}
	every name in ["baseline", "standard", "strict"] {
		_floored(name, controls, {"OPS": 26}) == {"name": name, "verdict": "fail", "reasons": reasons}
		_floored(name, controls, {"OPS": 25}).verdict == "pass"
	}
	_floored("advisory", controls, {"OPS": 26}) == {"name": "advisory", "verdict": "advisory", "reasons": reasons}
}

test_a_floor_of_the_settings_is_met_where_nothing_applies if {
	_floored("strict", _but({"x": _ops("medium", "not-applicable")}), {"OPS": 100}).verdict == "pass"
}

test_a_floor_for_a_domain_that_nobody_scores_is_not_met if {
	_floored("baseline", _sound, {"OPS": 1}).reasons == {{"kind": "domain-threshold", "domain": "OPS", "score": 0, "threshold": 1}}
}

test_a_waiver_counts_for_a_floor if {
	waived := object.union(_ops("medium", "fail"), {"effective": "waived"})
	_floored("baseline", _but({"x": waived, "y": _ops("medium", "pass")}), {"OPS": 100}).verdict == "pass"
}

test_a_floor_of_the_settings_raises_what_a_gate_asks_and_does_not_lower_it if {
	half := _but(_percent("PSF-7", 50))
	asked := {"kind": "domain-threshold", "domain": "PSF-7", "score": 50, "threshold": 51}
	_floored("standard", half, {"PSF-7": 51}).reasons == {asked}
	_floored("baseline", half, {"PSF-7": 51}).reasons == {asked}
	_floored("standard", half, {"PSF-7": 40}).reasons == set()
	below := _but(_percent("PSF-7", 39))
	_floored("standard", below, {"PSF-7": 1}).reasons == {object.union(asked, {"score": 39, "threshold": 40})}
	_floored("standard", below, {"PSF-7": 60}).reasons == {object.union(asked, {"score": 39, "threshold": 60})}
}

test_an_unknown_gate_decides_nothing if not _decision("lenient", _sound)

_noticed(severity) := [verdict |
	some name in ["advisory", "baseline", "standard", "strict"]
	verdict := gate.decision.verdict with data.psfpolicy.dispatch.controls as _sound
		with data.psfpolicy.evidence.undeclared as {3: {"severity": severity, "message": "seen"}}
		with input as {"gate": name, "descriptor": {"spec": {"purpose": {"consequence": "medium"}}}}
]

test_what_is_undeclared_and_critical_blocks_from_baseline_on_and_the_rest_strict if {
	_noticed("critical") == ["advisory", "fail", "fail", "fail"]
	_noticed("high") == ["advisory", "pass", "pass", "fail"]
	_noticed("medium") == ["advisory", "pass", "pass", "fail"]
}

test_what_is_undeclared_is_named_by_its_fact if {
	reasons := gate.decision.reasons with data.psfpolicy.dispatch.controls as _sound
		with data.psfpolicy.evidence.undeclared as {3: {"severity": "critical", "message": "seen"}}
		with input as {"gate": "baseline", "descriptor": {"spec": {}}}
	reasons == {{"kind": "undeclared", "fact": 3}}
}

test_what_is_undeclared_and_waived_holds_no_gate if {
	every name in ["baseline", "strict"] {
		verdict := _decision(name, _sound).verdict with data.psfpolicy.evidence.undeclared as {3: {"severity": "critical", "message": "seen"}}
			with data.psfpolicy.waiver.undeclared as {3: {"severity": "critical", "message": "seen", "waiver": "w"}}
		verdict == "pass"
	}
}

# A decision where the profiles hold that are given, each under its id.
_profiled(name, table, controls) := decision if {
	decision := gate.decision with data.psfpolicy.dispatch.controls as controls
		with data.psfpolicy.catalogue.gates as table
		with input as {
			"gate": name,
			"descriptor": {"spec": {"purpose": {"consequence": "medium"}}},
			"parameters": {"profiles": object.keys(table), "thresholds": {"PSF-2": 50}},
		}
}

test_a_profile_that_is_met_passes_and_is_told if {
	table := {"bank": {"extends": "baseline", "must_pass": ["PSF-1-high"], "thresholds": {"PSF-1": 100}}}
	_profiled("standard", table, _sound) == {"name": "standard", "profiles": {"bank"}, "verdict": "pass", "reasons": set()}
}

test_a_profile_keeps_all_that_the_gate_asks_for_which_it_extends if {
	decision := _profiled("advisory", {"bank": {"extends": "strict"}}, _but({"x": _control("PSF-1", "low", "fail")}))
	decision == {"name": "strict", "profiles": {"bank"}, "verdict": "fail", "reasons": {{"kind": "fail", "control": "x"}}}
}

test_of_several_least_scores_the_highest_counts_and_none_is_lowered if {
	low := {"bank": {"extends": "standard", "thresholds": {"PSF-1": 10, "PSF-2": -1}}}
	controls := _but({"PSF-1-high": _control("PSF-1", "high", "fail"), "x": _control("PSF-1", "low", "fail")})
	_profiled("standard", low, controls).reasons == {{"kind": "domain-threshold", "domain": "PSF-1", "score": 57, "threshold": 60}}
	high := {"bank": {"extends": "standard", "thresholds": {"PSF-1": 90}}, "cards": {"extends": "standard", "thresholds": {"PSF-1": 95}}}
	_profiled("standard", high, controls).reasons == {{"kind": "domain-threshold", "domain": "PSF-1", "score": 57, "threshold": 95}}
}

test_a_least_score_that_is_no_number_is_not_reached if {
	every least in ["60", null, [], {}] {
		_profiled("standard", {"bank": {"extends": "standard", "thresholds": {"PSF-1": least}}}, _sound).verdict == "fail"
	}
}

test_what_must_pass_holds_the_gate_unless_it_passes_does_not_apply_or_is_waived if {
	table := {"bank": {"extends": "baseline", "must_pass": ["x"]}}
	verdicts := {status: verdict |
		some status in ["pass", "partial", "fail", "not-applicable", "waived"]
		verdict := _profiled("baseline", table, _but({"x": _control("PSF-1", "low", status)})).verdict
	}
	verdicts == {"pass": "pass", "partial": "fail", "fail": "fail", "not-applicable": "pass", "waived": "pass"}
}

test_what_must_pass_and_is_not_there_holds_the_gate if {
	_profiled("baseline", {"bank": {"extends": "baseline", "must_pass": ["gone"]}}, _sound).reasons == {{"kind": "must-pass", "control": "gone"}}
}

test_what_another_reason_tells_is_not_told_again if {
	table := {"bank": {"extends": "baseline", "must_pass": ["x", "y"], "holds": {"partial": ["medium"]}}}
	controls := _but({"x": _control("PSF-1", "critical", "fail"), "y": _control("PSF-1", "medium", "partial")})
	reasons := _profiled("baseline", table, controls).reasons
	reasons == {{"kind": "critical-fail", "control": "x"}, {"kind": "partial", "control": "y"}}
}

test_statuses_hold_the_gate_by_severity if {
	table := {"bank": {"extends": "baseline", "holds": {"fail": ["high"], "partial": ["critical", "medium"]}}}
	controls := _but({
		"a": _control("PSF-1", "high", "fail"),
		"b": _control("PSF-1", "low", "fail"),
		"c": _control("PSF-1", "critical", "partial"),
		"d": _control("PSF-1", "high", "partial"),
		"e": _control("PSF-1", "medium", "partial"),
	})
	reasons := _profiled("baseline", table, controls).reasons
	reasons == {{"kind": "fail", "control": "a"}, {"kind": "critical-partial", "control": "c"}, {"kind": "partial", "control": "e"}}
}

test_what_must_be_evidenced_is_shown_at_each_place if {
	table := {"bank": {"extends": "baseline", "must_be_evidenced": ["x"]}}
	shown := {"status": "pass", "assurance": "evidenced"}
	others := [[{"status": "pass", "assurance": word}, shown] | some word in ["declared", "inconclusive"]]
	reasons := [_profiled("baseline", table, _but({"x": _found(findings)})).reasons |
		some findings in array.concat([[shown], [{"status": "pass"}]], others)
	]
	told := {{"kind": "unevidenced", "control": "x"}}
	reasons == [set(), told, told, told]
}

_found(findings) := object.union(_control("PSF-1", "low", "pass"), {"findings": findings})

test_a_profile_that_nobody_knows_leaves_no_verdict if {
	decision := gate.decision with data.psfpolicy.dispatch.controls as _sound
		with input as {"gate": "baseline", "descriptor": {}, "parameters": {"profiles": ["bank"]}}
	decision == {"name": "baseline", "profiles": {"bank"}, "verdict": "undecided", "reasons": {{"kind": "unknown-profile"}}}
}
