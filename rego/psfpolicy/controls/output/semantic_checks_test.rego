package psfpolicy.controls.output.semantic_checks_test

import data.psfpolicy.controls.output.semantic_checks as control
import data.psfpolicy.lib.outcome

_path := ["spec", "outputs", "semanticChecks"]

_reads := [_path, ["spec", "purpose", "consequence"]]

_checking(checks, consequence) := {"spec": {"purpose": {"consequence": consequence}, "outputs": {"semanticChecks": checks}}}

test_pass_with_two_checks_where_consequence_is_high if {
	finding := {"path": _path, "status": "pass", "message": "output is checked for `consistency` and `grounding`", "reads": _reads}
	control.findings == {finding} with input.descriptor as _checking(["grounding", "consistency"], "high")
}

test_pass_with_one_check_where_consequence_is_medium if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _checking(["judge"], "medium")
}

test_pass_with_one_check_where_consequence_is_low if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _checking(["range"], "low")
}

test_partial_with_one_check_where_consequence_is_high if {
	finding := {
		"path": _path,
		"status": "partial",
		"message": concat("; ", [
			"output is checked for `grounding`",
			concat(" ", [
				"wanted: at least 2 of `completeness`, `consistency`, `grounding`, `judge` and `range`,",
				"since `spec.purpose.consequence` is `high`",
			]),
		]),
		"reads": _reads,
	}
	control.findings == {finding} with input.descriptor as _checking(["grounding"], "high")
}

test_partial_when_one_check_is_listed_twice if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _checking(["grounding", "grounding"], "high")
}

test_partial_with_one_check_where_consequence_is_not_declared if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.outputs.semanticChecks as ["grounding"]
}

test_fail_with_an_empty_list if {
	finding := {
		"path": _path,
		"status": "fail",
		"message": concat("; ", [
			"output is checked for none",
			"wanted: at least 1 of `completeness`, `consistency`, `grounding`, `judge` and `range`",
		]),
		"reads": _reads,
	}
	control.findings == {finding} with input.descriptor as _checking([], "low")
}

test_absent_checks_fail_at_the_list if {
	finding := {
		"path": _path,
		"status": "fail",
		"message": concat("; ", [
			"output is checked for none",
			concat(" ", [
				"wanted: at least 2 of `completeness`, `consistency`, `grounding`, `judge` and `range`,",
				"since `spec.purpose.consequence` is missing and counts as `high`",
			]),
		]),
		"reads": _reads,
	}
	control.findings == {finding} with input.descriptor as {"spec": {}}
}
