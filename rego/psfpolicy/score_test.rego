package psfpolicy.score_test

import data.psfpolicy.score

_control(domain, severity, status) := _with_waiver(domain, severity, status, status)

_with_waiver(domain, severity, status, effective) := {
	"domain": domain,
	"severity": severity,
	"status": status,
	"effective": effective,
}

# Controls by an id, from a list of them.
_listed(controls) := {$"c{index}": control | some index, control in controls}

_domain(statuses) := _scores([_control("PSF-1", pair[0], pair[1]) | some pair in statuses])["PSF-1"].effective

_scores(controls) := domains if {
	domains := score.domains with data.psfpolicy.dispatch.controls as _listed(controls)
}

_overall(controls) := overall if {
	overall := score.overall with data.psfpolicy.dispatch.controls as _listed(controls)
}

test_all_passes_score_a_hundred if {
	_domain([["critical", "pass"], ["low", "pass"]]) == {
		"earned": 18,
		"possible": 18,
		"score": 100,
		"capped": false,
		"band": "Strong",
	}
}

test_all_fails_score_zero if {
	_domain([["critical", "fail"], ["high", "fail"], ["medium", "fail"], ["low", "fail"]]) == {
		"earned": 0,
		"possible": 34,
		"score": 0,
		"capped": true,
		"band": "Gap",
	}
}

test_weights_are_eight_five_three_one if {
	_domain([["critical", "pass"], ["high", "fail"]]).earned == 16
	_domain([["high", "pass"], ["low", "fail"]]).earned == 10
	_domain([["medium", "pass"], ["low", "fail"]]).earned == 6
	_domain([["low", "pass"], ["low", "fail"]]).earned == 2
}

test_each_severity_earns_its_weight_by_status if {
	sums := {severity: [_domain([[severity, status], ["critical", "error"]]).earned | some status in ["pass", "partial", "fail", "error"]] |
		some severity in ["critical", "high", "medium", "low"]
	}
	sums == {"critical": [16, 8, 0, 0], "high": [10, 5, 0, 0], "medium": [6, 3, 0, 0], "low": [2, 1, 0, 0]}
}

test_a_partial_earns_half if _domain([["high", "partial"]]).score == 50

test_an_error_earns_nothing_and_stays_in_the_sum if {
	sums := _domain([["high", "error"], ["high", "pass"]])
	[sums.earned, sums.possible, sums.score] == [10, 20, 50]
}

test_what_does_not_apply_leaves_both_sums if {
	sums := _domain([["critical", "not-applicable"], ["low", "pass"]])
	[sums.earned, sums.possible, sums.score] == [2, 2, 100]
}

test_equal_controls_are_each_counted if _domain([["low", "pass"], ["low", "pass"], ["low", "fail"]]).possible == 6

test_nothing_applicable_is_null if {
	_domain([["critical", "not-applicable"]]) == {
		"earned": 0,
		"possible": 0,
		"score": null,
		"capped": false,
		"band": null,
	}
}

test_a_half_is_shown_rounded_up if {
	# 13 of 20 and a half: 67.5
	shown := _domain(array.concat([["low", "pass"] | some _ in numbers.range(1, 13)], array.concat(
		[["low", "partial"]],
		[["low", "fail"] | some _ in numbers.range(1, 6)],
	)))
	[shown.earned, shown.possible, shown.score] == [27, 40, 68]
}

test_a_critical_fail_caps_the_domain_at_39 if {
	capped := _domain([["critical", "fail"], ["high", "pass"], ["high", "pass"], ["high", "pass"], ["high", "pass"]])
	[capped.score, capped.capped, capped.band] == [39, true, "Gap"]
}

test_a_critical_fail_does_not_lift_a_lower_score if {
	capped := _domain([["critical", "fail"], ["low", "pass"]])
	[capped.score, capped.capped] == [11, true]
}

test_a_critical_partial_does_not_cap if {
	sums := _domain([["critical", "partial"], ["high", "pass"], ["high", "pass"]])
	[sums.capped, sums.score] == [false, 78]
}

test_the_bands_begin_at_70_and_40 if {
	_domain(_tenths(14)).band == "Strong"
	_domain(_tenths(13)).band == "Partial"
	_domain(_tenths(8)).band == "Partial"
	_domain(_tenths(7)).band == "Gap"
}

# So many half points of twenty, in controls of low severity: 5 % each.
_tenths(halves) := array.concat(
	[["low", "pass"] | some step in numbers.range(1, 10); step * 2 <= halves],
	array.concat(
		[["low", "partial"] | some step in numbers.range(1, 10); step * 2 == halves + 1],
		[["low", "fail"] | some step in numbers.range(1, 10); step * 2 > halves + 1],
	),
)

test_a_band_is_decided_before_rounding if {
	# 139 of 200 half points: 69.5 is shown as 70 and is not yet Strong.
	sums := {"earned": 139, "possible": 200}
	controls := array.concat(
		[["low", "pass"] | some _ in numbers.range(1, 69)],
		array.concat([["low", "partial"]], [["low", "fail"] | some _ in numbers.range(1, 30)]),
	)
	_domain(controls) == object.union(sums, {"score": 70, "capped": false, "band": "Partial"})
}

test_what_is_scored_apart_enters_no_domain_and_not_the_overall if {
	controls := _listed([_control("PSF-1", "low", "pass"), _apart("OPS", "low", "fail"), _apart("PSF-1", "low", "fail")])
	whole := score with data.psfpolicy.dispatch.controls as controls
	{name: sums.effective.score | some name, sums in whole.domains} == {"PSF-1": 100}
	{name: sums.effective.score | some name, sums in whole.apart} == {"OPS": 0, "PSF-1": 0}
	whole.overall.effective == {"score": 100, "band": "Strong"}
}

test_what_is_scored_apart_is_scored_like_a_domain if {
	waived := object.union(_apart("OPS", "low", "fail"), {"effective": "waived"})
	controls := _listed([_apart("OPS", "critical", "fail"), _apart("OPS", "high", "partial"), waived])
	sums := score.apart.OPS with data.psfpolicy.dispatch.controls as controls
	sums == {
		"raw": {"earned": 5, "possible": 28, "score": 18, "capped": true, "band": "Gap"},
		"effective": {"earned": 5, "possible": 26, "score": 19, "capped": true, "band": "Gap"},
		"evidenced": null,
	}
}

test_beside_a_score_stands_how_much_of_what_passes_is_evidenced if {
	finding := {"status": "pass", "assurance": "declared"}
	shown := {"status": "pass", "assurance": "evidenced"}
	failing := {"status": "fail", "assurance": "contradicted"}
	controls := _listed([
		object.union(_control("PSF-1", "low", "pass"), {"findings": [finding, shown]}),
		object.union(_control("PSF-1", "low", "fail"), {"findings": [shown, failing]}),
		object.union(_control("PSF-2", "low", "fail"), {"findings": [failing]}),
	])
	domains := score.domains with data.psfpolicy.dispatch.controls as controls with data.psfpolicy.evidence.given as true
	{name: domain.evidenced | some name, domain in domains} == {
		"PSF-1": {"passes": 3, "evidenced": 2, "share": 67},
		"PSF-2": {"passes": 0, "evidenced": 0, "share": null},
	}
}

test_nothing_but_what_is_scored_apart_is_no_overall if {
	overall := score.overall with data.psfpolicy.dispatch.controls as _listed([_apart("OPS", "low", "pass")])
	overall == {"raw": null, "effective": null}
}

_apart(domain, severity, status) := object.union(_control(domain, severity, status), {"apart": true})

test_domains_are_kept_apart if {
	scores := _scores([_control("PSF-1", "low", "pass"), _control("PSF-2", "low", "fail")])
	[scores["PSF-1"].raw.score, scores["PSF-2"].raw.score] == [100, 0]
	count(scores) == 2
}

test_a_control_without_a_domain_is_in_no_score if _scores([_control(null, "critical", "fail")]) == {}

test_reaches_compares_unrounded if {
	sums := {"earned": 119, "possible": 200, "capped": false}
	not score.reaches(sums, 60)
	score.reaches(object.union(sums, {"earned": 120}), 60)
}

test_reaches_no_threshold_above_the_cap if {
	capped := {"earned": 190, "possible": 200, "capped": true}
	not score.reaches(capped, 40)
	score.reaches(capped, 39)
}

test_an_empty_sum_reaches_each_threshold if score.reaches({"earned": 0, "possible": 0, "capped": false}, 60)

test_a_waived_control_leaves_the_effective_sums_only if {
	scores := _scores([
		_with_waiver("PSF-1", "low", "fail", "waived"),
		_control("PSF-1", "high", "pass"),
	])["PSF-1"]
	[scores.raw.score, scores.effective.score] == [83, 100]
}

test_a_waived_critical_fail_lifts_the_cap_of_the_effective_score if {
	scores := _scores([
		_with_waiver("PSF-1", "critical", "fail", "waived"),
		_control("PSF-1", "high", "pass"),
		_control("PSF-1", "medium", "pass"),
	])["PSF-1"]
	[scores.raw.score, scores.raw.capped, scores.effective.score, scores.effective.capped] == [39, true, 100, false]
}

test_waivers_of_just_half_the_weight_count if {
	scores := _scores([
		_with_waiver("PSF-1", "high", "fail", "waived"),
		_control("PSF-1", "high", "pass"),
	])["PSF-1"]
	[scores.raw.score, scores.effective.score] == [50, 100]
}

test_waivers_of_more_than_half_the_weight_lift_nothing if {
	scores := _scores([
		_with_waiver("PSF-1", "high", "fail", "waived"),
		_with_waiver("PSF-1", "low", "fail", "waived"),
		_control("PSF-1", "high", "pass"),
	])["PSF-1"]
	scores.effective == scores.raw
	scores.raw.score == 45
}

test_waivers_of_all_the_weight_lift_nothing if {
	scores := _scores([_with_waiver("PSF-1", "high", "fail", "waived")])["PSF-1"]
	[scores.raw.score, scores.effective.score] == [0, 0]
}

test_overall_is_the_mean_of_the_domains if {
	overall := _overall([
		_control("PSF-1", "low", "pass"),
		_control("PSF-2", "low", "fail"),
		_control("PSF-2", "high", "fail"),
	])
	overall == {"raw": {"score": 50, "band": "Partial"}, "effective": {"score": 50, "band": "Partial"}}
}

test_overall_leaves_null_domains_out if {
	overall := _overall([_control("PSF-1", "low", "pass"), _control("PSF-2", "low", "not-applicable")])
	overall.effective == {"score": 100, "band": "Strong"}
}

test_overall_of_null_domains_is_null if {
	_overall([_control("PSF-1", "low", "not-applicable")]) == {"raw": null, "effective": null}
	_overall([]) == {"raw": null, "effective": null}
}

test_overall_takes_the_capped_score if {
	overall := _overall([
		_control("PSF-1", "critical", "fail"),
		_control("PSF-1", "high", "pass"),
		_control("PSF-1", "high", "pass"),
		_control("PSF-2", "low", "pass"),
	])
	overall.effective == {"score": 70, "band": "Partial"}
}

test_overall_band_is_decided_before_rounding if {
	# 100 and 39 are 69.5: shown as 70, not yet Strong. Two of 70 are Strong.
	_overall([
		_control("PSF-1", "low", "pass"),
		_control("PSF-2", "critical", "fail"),
		_control("PSF-2", "critical", "pass"),
	]).effective == {"score": 70, "band": "Partial"}
	tenths := array.concat(_tenths(14), [])
	_overall([_control(domain, pair[0], pair[1]) |
		some domain in ["PSF-1", "PSF-2"]
		some pair in tenths
	]).effective == {"score": 70, "band": "Strong"}
}

test_overall_of_the_worst_and_of_the_best if {
	domains := [$"PSF-{number}" | some number in numbers.range(1, 8)]
	_overall([_control(domain, "critical", "fail") | some domain in domains]).raw == {"score": 0, "band": "Gap"}
	_overall([_control(domain, "critical", "pass") | some domain in domains]).raw == {"score": 100, "band": "Strong"}
}
