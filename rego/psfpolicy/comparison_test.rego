package psfpolicy.comparison_test

import data.psfpolicy

_finding := {"fingerprint": "f", "control": "c", "status": "fail", "digest": "d", "domain": "PSF-1"}

_side(findings) := {
	"descriptor": {"spec": {"regimes": ["gdpr"]}},
	"findings": findings,
	"reasons": [],
	"verdict": "fail",
	"apart": ["OPS", "BANK"],
}

_question := {
	"base": _side([_finding]),
	"head": _side([_finding]),
	"accepted": [],
	"then": [_finding],
	"expired": [],
	"waivers": [],
	"gate": "standard",
	"parameters": {"onlyNew": true, "thresholds": {}, "unwaivable": []},
}

_asked(changes) := _without([], changes)

_without(keys, changes) := answer if {
	answer := psfpolicy.change with input as object.remove(object.union(_question, changes), keys)
}

_with(findings) := {"head": {"findings": findings}}

_change(finding) := _asked(_with([object.union(_finding, finding)])).changes.f

_partial := object.union(_finding, {"status": "partial"})

test_a_finding_that_is_as_it_was_is_existing_and_holds_no_gate if {
	answer := _asked({})
	answer.changes == {"f": "existing"}
	answer.verdict == "pass"
	count(answer.reasons) == 0
	count(answer.aged) == 0
	count(answer.fixed) == 0
}

test_another_value_is_new_whatever_the_status if {
	_change({"digest": "e"}) == "new"
	_asked(_with([object.union(_finding, {"digest": "e"})])).verdict == "fail"
}

test_another_finding_is_new_and_the_one_that_is_gone_is_fixed if {
	answer := _asked(_with([object.union(_finding, {"fingerprint": "g"})]))
	answer.changes == {"g": "new"}
	answer.fixed == {"f"}
	answer.verdict == "fail"
}

test_every_finding_of_a_descriptor_that_was_not_there_is_new if {
	answer := _without(["base"], {})
	answer.changes == {"f": "new"}
	answer.reduced == set()
}

test_a_worse_status_is_worsened_and_a_better_one_improved if {
	before := {"base": _side([_partial])}
	worse := _asked(before)
	worse.changes.f == "worsened"
	worse.verdict == "fail"
	better := _asked(_with([_partial]))
	better.changes.f == "improved"
	better.verdict == "pass"
}

test_what_holds_the_gate_without_only_new_is_what_the_policy_said if {
	parameters := {"parameters": {"onlyNew": false}}
	reason := {"kind": "critical-fail", "control": "c"}
	answer := _asked(object.union(parameters, {"head": {"reasons": [reason]}}))
	answer.verdict == "fail"
	answer.reasons == {reason}
	_asked(object.union(parameters, {"head": {"verdict": "pass"}})).verdict == "pass"
	_asked(object.union(parameters, {"head": {"verdict": "advisory"}, "gate": "advisory"})).verdict == "advisory"
}

test_only_new_holds_under_advisory_too if {
	_without(["base"], {"gate": "advisory"}).verdict == "fail"
}

test_an_undecided_head_stays_so if _asked({"head": {"verdict": "undecided"}}).verdict == "undecided"

test_a_waived_finding_does_not_hold_the_gate if {
	waived := object.union(_finding, {"fingerprint": "g", "waiver": "w-1"})
	answer := _asked(_with([waived]))
	answer.changes == {"g": "new"}
	answer.verdict == "pass"
}

test_an_existing_finding_with_an_expired_waiver_does if {
	answer := _asked({"expired": ["f"]})
	answer.reasons == {{"kind": "new-finding", "control": "c"}}
	answer.verdict == "fail"
}

test_what_a_pack_scores_apart_does if {
	_asked(_with([object.union(_finding, {"fingerprint": "g", "domain": "BANK"})])).verdict == "fail"
}

test_what_is_scored_apart_does_not_unless_it_is_asked_for if {
	apart := _with([object.union(_finding, {"fingerprint": "g", "domain": "OPS"})])
	_asked(apart).verdict == "pass"
	_asked(object.union(apart, {"parameters": {"thresholds": {"OPS": 50}}})).verdict == "fail"
}

test_what_has_no_domain_does if {
	notice := {"fingerprint": "g", "control": "evidence-undeclared", "status": "fail", "digest": "d"}
	_asked(_with([notice])).verdict == "fail"
}

test_a_lost_threshold_holds_the_gate if {
	reason := {"kind": "domain-threshold", "domain": "PSF-1", "score": 50, "threshold": 60}
	answer := _asked({"head": {"reasons": [reason]}})
	answer.reasons == {reason}
	answer.verdict == "fail"
	lower := object.union(reason, {"score": 55})
	_asked({"head": {"reasons": [reason]}, "base": {"reasons": [lower]}}).verdict == "pass"
	_asked({"head": {"reasons": [{"kind": "critical-fail", "control": "x"}]}}).reasons == set()
}

test_what_was_accepted_is_existing if {
	answer := _without(["base"], {"accepted": [_finding]})
	answer.changes == {"f": "existing"}
	answer.accepted == {"f"}
	answer.verdict == "pass"
}

test_what_was_accepted_with_other_values_is_new if {
	answer := _without(["base"], {"accepted": [object.union(_finding, {"digest": "e"})]})
	answer.changes == {"f": "new"}
	answer.accepted == set()
}

test_what_was_accepted_and_is_worse_is_existing_only_where_the_day_alone_made_it_so if {
	aged := _without(["base"], {"accepted": [_partial], "then": [_partial]})
	aged.changes == {"f": "existing"}
	aged.aged == {"f"}
	worse := _without(["base"], {"accepted": [_partial]})
	worse.changes == {"f": "new"}
}

test_what_was_accepted_and_is_better_is_existing if {
	answer := _without(["base"], {"accepted": [_finding], "head": {"findings": [_partial]}, "then": [_partial]})
	answer.changes == {"f": "existing"}
}

# A descriptor whose gate one accepted finding holds, without a base.
_accepting(reason, findings, changes) := _without(["base"], object.union(
	{
		"accepted": [_finding],
		"parameters": {"onlyNew": false},
		"head": {"findings": findings, "reasons": [reason]},
	},
	changes,
))

_failing := {"kind": "critical-fail", "control": "c"}

_low := {"kind": "domain-threshold", "domain": "PSF-1", "score": 30, "threshold": 60}

_zero := {"kind": "domain-zero", "domain": "PSF-1"}

test_what_only_accepted_findings_hold_is_no_reason if {
	every reason in [_failing, _low, _zero] {
		answer := _accepting(reason, [_finding], {})
		answer.reasons == set()
		answer.verdict == "pass"
	}
}

test_a_new_finding_beside_accepted_ones_keeps_the_reason if {
	other := object.union(_finding, {"fingerprint": "g"})
	every reason in [_failing, _low, _zero] {
		answer := _accepting(reason, [_finding, other], {})
		answer.reasons == {reason}
		answer.verdict == "fail"
	}
	waived := object.union(other, {"waiver": "w"})
	every reason in [_failing, _low, _zero] { _accepting(reason, [_finding, waived], {}).verdict == "pass" }
}

test_a_reason_of_another_control_or_domain_stays if {
	every reason in [object.union(_failing, {"control": "d"}), object.union(_low, {"domain": "PSF-2"}), {"kind": "error", "control": "c"}] {
		_accepting(reason, [_finding], {}).reasons == {reason}
	}
}

test_a_domain_whose_waivers_do_not_lift_it_stays if {
	_accepting(_low, [_finding], {"head": {"findings": [_finding], "reasons": [_low], "unlifted": ["PSF-1"]}}).verdict == "fail"
}

test_what_is_undeclared_and_accepted_holds_no_gate if {
	notice := {"fingerprint": "f", "control": "evidence-undeclared", "status": "fail", "digest": "d"}
	answer := _accepting({"kind": "undeclared"}, [notice], {"accepted": [notice]})
	answer.accepted == {"f"}
	answer.verdict == "pass"
	other := object.union(notice, {"fingerprint": "g"})
	_accepting({"kind": "undeclared"}, [notice, other], {"accepted": [notice]}).verdict == "fail"
}

test_what_no_waiver_covers_is_not_accepted if {
	answer := _accepting(_failing, [_finding], {"parameters": {"onlyNew": false, "unwaivable": ["c"]}})
	answer.accepted == set()
	answer.verdict == "fail"
}

test_what_a_waiver_covered_that_has_run_out_is_not_accepted if {
	answer := _accepting(_failing, [_finding], {"expired": ["f"]})
	answer.accepted == set()
	answer.verdict == "fail"
}

test_an_error_is_not_accepted if {
	undecided := object.union(_finding, {"status": "error"})
	head := {"head": {"findings": [undecided], "reasons": [_failing], "verdict": "undecided"}, "accepted": [undecided]}
	answer := _accepting(_failing, [undecided], head)
	answer.accepted == set()
	answer.verdict == "undecided"
}

test_advisory_stays_advisory if {
	head := {"gate": "advisory", "head": {"findings": [_finding], "reasons": [_failing], "verdict": "advisory"}}
	answer := _accepting(_failing, [_finding], head)
	answer.verdict == "advisory"
	answer.reasons == set()
}

test_an_existing_finding_that_passed_on_the_day_of_the_base_has_aged if {
	answer := _asked({"then": []})
	answer.changes == {"f": "existing"}
	answer.aged == {"f"}
	answer.verdict == "pass"
}

test_a_scope_that_shrinks_holds_the_gate_and_says_what_is_gone if {
	lost := {"path": ["spec", "regimes", 0], "message": "the regime `gdpr` is not declared any more", "severity": "critical"}
	shrunk := {"head": {"descriptor": {"spec": {"regimes": []}}, "findings": [], "verdict": "pass"}}
	answer := _asked(shrunk)
	answer.reduced == {lost}
	answer.verdict == "fail"
	answer.reasons == {{"kind": "scope-reduced"}}
	_asked(object.union(shrunk, {"parameters": {"onlyNew": false}})).verdict == "fail"
	_asked(object.union(shrunk, {"gate": "advisory", "parameters": {"onlyNew": false}})).verdict == "pass"
	waiver := {"id": "w-1", "control": "scope-reduced", "path": ["spec", "regimes", 0]}
	waived := _asked(object.union(shrunk, {"waivers": [waiver]}))
	waived.reduced == {object.union(lost, {"waiver": "w-1"})}
	waived.verdict == "pass"
	unwaivable := {"waivers": [waiver], "parameters": {"unwaivable": ["scope-reduced"]}}
	_asked(object.union(shrunk, unwaivable)).verdict == "fail"
}

test_a_descriptor_that_is_gone_holds_the_gate if {
	answer := _without(["head"], {})
	answer.reduced == {{"path": [], "message": "the descriptor is not there any more", "severity": "critical"}}
	answer.verdict == "fail"
	answer.fixed == set()
	_without(["head"], {"gate": "advisory", "parameters": {"onlyNew": false}}).verdict == "advisory"
	waivers := [{"id": "w", "control": "scope-reduced", "path": []}]
	_without(["head"], {"waivers": waivers}).verdict == "pass"
	_without(["head"], {"waivers": waivers, "parameters": {"onlyNew": false}}).verdict == "pass"
}

test_passes_that_manifests_showed_are_not_only_told if {
	shown := {
		"base": {"shown": {"a at x": "1", "b at y": "2", "c at z": "3", "e at v": "4"}},
		"head": {"shown": {"c at z": "3"}, "told": {"a at x": "1", "b at y": "2", "d at w": "4", "e at v": "5"}},
	}
	message := "2 passes that manifests showed are shown by none any more, such as `a at x`"
	lost := {"path": ["spec"], "message": message, "severity": "critical", "of": {"a at x", "b at y"}}
	_asked(shown).reduced == {lost}
	_asked(shown).verdict == "fail"
	one := {"base": {"shown": {"a at x": "1"}}, "head": {"told": {"a at x": "1"}}}
	{item.message | some item in _asked(one).reduced} == {"1 pass that manifests showed is shown by none any more, such as `a at x`"}
	_asked(object.union(shown, {"base": {"descriptor": {"spec": {"evidence": ["k8s/*.yaml"]}}}})).verdict == "fail"
	waiver := {"id": "w-1", "control": "scope-reduced", "path": ["spec"]}
	_asked(object.union(shown, {"waivers": [waiver]})).reduced == {object.union(lost, {"waiver": "w-1"})}
	_asked(object.union(shown, {"waivers": [waiver]})).verdict == "pass"
	_asked({"base": {"shown": {"a at x": "1"}}, "head": {"shown": {"a at x": "2"}, "told": {"b at y": "1"}}}).reduced == set()
}

_allowing(areas) := {"descriptor": {"spec": {"data": {"residency": {"allowed": areas}}}}, "findings": [], "verdict": "pass"}

test_where_data_may_be_does_not_widen_quietly if {
	path := ["spec", "data", "residency", "allowed"]
	message := "data may be in `GB`, `US` now, where the base did not allow it"
	lost := {"path": path, "message": message, "severity": "critical", "of": {"GB", "US"}}
	widened := {"base": _allowing(["EEA"]), "head": _allowing(["DE", "US", "GB"])}
	_asked(widened).reduced == {lost}
	_asked(widened).verdict == "fail"
	waiver := {"waivers": [{"id": "w-1", "control": "scope-reduced", "path": path}]}
	_asked(object.union(widened, waiver)).reduced == {object.union(lost, {"waiver": "w-1"})}
	_asked(object.union(widened, waiver)).verdict == "pass"
	_asked({"base": _allowing(["EEA"]), "head": _allowing(["DE", "NO"])}).reduced == set()
}

test_a_descriptor_does_not_leave_its_floors if {
	moved := {"base": {"gate": "strict"}, "head": {"gate": "standard"}}
	message := "the settings ask for less than at the base: gate `standard`, which was `strict`; floors are for paths and environments"
	_asked(moved).reduced == {{"path": ["metadata"], "message": message, "severity": "critical"}}
	_asked(moved).verdict == "fail"
	lowest := object.union(moved, {"head": {"gate": "advisory"}, "gate": "advisory"})
	_asked(lowest).verdict == "fail"
	_asked({"base": {"gate": "standard"}, "head": {"gate": "strict"}}).reduced == set()
	thresholds := {"base": {"thresholds": {"PSF-3": 70}}, "head": {"thresholds": {"PSF-4": 80}}}
	count(_asked(thresholds).reduced) == 1
	_asked({"base": {"thresholds": {"PSF-3": 70}}, "head": {"thresholds": {"PSF-3": 80}}}).reduced == set()
}

test_a_descriptor_does_not_leave_a_profile_of_its_gate if {
	message := "the settings ask for less than at the base: the gate profile `bank` no more; floors are for paths and environments"
	lost := {{"path": ["metadata"], "message": message, "severity": "critical"}}
	_asked({"base": {"gate": "strict", "profiles": ["bank"]}, "head": {"gate": "strict"}}).reduced == lost
	_asked({"base": {"profiles": ["bank"]}, "head": {"profiles": ["cards"]}}).reduced == lost
	_asked({"base": {"profiles": ["bank"]}, "head": {"profiles": ["bank", "cards"]}}).reduced == set()
}

test_what_no_manifest_shows_holds_where_only_what_is_new_does_unless_none_did if {
	reason := {"kind": "unevidenced", "control": "x"}
	answer := _asked({"head": {"reasons": [reason]}})
	answer.verdict == "fail"
	answer.reasons == {reason}
	_asked({"base": {"reasons": [reason]}, "head": {"reasons": [reason]}}).verdict == "pass"
	_asked({"base": {"reasons": [{"kind": "unevidenced", "control": "y"}]}, "head": {"reasons": [reason]}}).verdict == "fail"
}

test_what_must_pass_is_forgiven_where_it_was_accepted_and_may_be_waived if {
	reason := {"kind": "must-pass", "control": "x"}
	finding := object.union(_finding, {"control": "x"})
	asked := {
		"head": {"reasons": [reason], "findings": [finding], "verdict": "fail"},
		"accepted": [{"fingerprint": finding.fingerprint, "status": finding.status, "digest": finding.digest}],
		"parameters": {"onlyNew": false, "profiles": ["bank"]},
	}
	_asked(asked).verdict == "pass"
	barred := _asked(asked) with data.psfpolicy.catalogue.gates as {"bank": {"extends": "strict", "unwaivable": ["x"]}}
	barred.verdict == "fail"
}
