package psfpolicy.lib.standing_test

import data.psfpolicy.lib.standing

_control := {
	"places": {["a"], ["b"]},
	"findings": {{"path": ["a"], "status": "pass"}, {"path": ["b"], "status": "pass"}},
	"reasons": set(),
	"metadata": [{"annotations": {"custom": {"severity": "high"}}}, {"annotations": {}}],
}

_but(changes) := object.union(_control, changes)

_graded(severity) := _but({"metadata": [{"annotations": {"custom": {"severity": severity}}}]})

test_a_control_passes_when_each_place_has_one_finding_that_passes if standing.passes(_control)

test_a_control_that_does_not_apply_passes if standing.passes(_but({"reasons": {"why"}, "findings": set()}))

test_a_reason_that_is_no_text_is_no_pass if {
	not standing.passes(_but({"reasons": {""}}))
	not standing.passes(_but({"reasons": {true}}))
}

test_a_partial_finding_is_no_pass if {
	not standing.passes(_but({"findings": {{"path": ["a"], "status": "pass"}, {"path": ["b"], "status": "partial"}}}))
}

test_a_place_without_a_finding_is_no_pass if {
	not standing.passes(_but({"findings": {{"path": ["a"], "status": "pass"}}}))
}

test_two_findings_for_one_place_are_no_pass if {
	not standing.passes(_but({
		"places": {["a"]},
		"findings": {{"path": ["a"], "status": "pass"}, {"path": ["a"], "status": "pass", "message": "m"}},
	}))
}

test_a_finding_elsewhere_is_no_pass if {
	not standing.passes(_but({"findings": {{"path": ["a"], "status": "pass"}, {"path": ["c"], "status": "pass"}}}))
}

test_no_place_is_no_pass if not standing.passes(_but({"places": set(), "findings": set()}))

test_critical_and_high_are_grave if {
	standing.grave(_graded("critical"))
	standing.grave(_graded("high"))
}

test_medium_and_low_are_not_grave if {
	not standing.grave(_graded("medium"))
	not standing.grave(_graded("low"))
}

test_a_severity_that_is_missing_or_not_known_is_grave if {
	standing.grave(_but({"metadata": []}))
	standing.grave(_graded("mild"))
}

test_reads_are_those_of_the_grave_controls if {
	high := _but({"findings": {{"path": ["a"], "status": "pass", "reads": [["x"], ["b", 1]]}, {"path": ["b"], "status": "fail", "reads": [["x"]]}}})
	medium := object.union(_graded("medium"), {"findings": {{"path": ["a"], "status": "pass", "reads": [["y"]]}}})
	standing.reads({"one": high, "other": medium}) == [["b", 1], ["x"]]
}
