package psfpolicy.controls.oversight.autonomy_level_test

import data.psfpolicy.controls.oversight.autonomy_level as control
import data.psfpolicy.lib.outcome

_section := ["spec", "oversight", "decisions"]

_first := array.concat(_section, [0])

_second := array.concat(_section, [1])

_decision := {"name": "reply", "autonomy": "L2", "consequence": "medium", "reversible": true, "affectsRights": false}

# What is read of a decision from L2 on.
_stakes := [array.concat(_first, [key]) | some key in ["affectsRights", "autonomy", "consequence", "reversible"]]

_but(changes) := object.union(_decision, changes)

# A deployment in which nothing stands against L4.
_purpose := {"audience": "internal", "sectors": ["general"]}

_descriptor(decision, purpose, categories) := {"spec": {
	"purpose": purpose,
	"data": {"categories": categories},
	"oversight": {"decisions": [decision]},
}}

_internal(decision) := _descriptor(decision, _purpose, ["none"])

_chain(severity) := [
	{"annotations": {"custom": {"severity": severity}}},
	{"annotations": {"custom": {"domain": "PSF-4"}}},
]

_control(severity, status) := {
	"metadata": _chain(severity),
	"places": [["a"]],
	"findings": [{"path": ["a"], "status": status, "message": "m", "reads": [["a"]]}],
}

_watched := {"run_log": _control("high", "pass"), "llm_metrics": _control("medium", "fail")}

test_pass_at_l0_and_l1_whatever_the_stakes if {
	outcome.is(control, [[_first, "pass"], [_second, "pass"]]) with input.descriptor.spec.oversight.decisions as [
		{"name": "a", "autonomy": "L0", "consequence": "high", "reversible": false, "affectsRights": true},
		{"name": "b", "autonomy": "L1", "consequence": "high", "reversible": false, "affectsRights": true},
	]
}

test_pass_at_l2_says_what_allows_it if {
	control.findings == {{
		"path": _first,
		"status": "pass",
		"message": "decision `reply` is `L2`: it affects no rights, is of medium consequence and is reversible",
		"reads": _stakes,
	}} with input.descriptor.spec.oversight.decisions as [_decision]
}

test_pass_at_l2_when_irreversible_and_of_medium_consequence if {
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec.oversight.decisions as [_but({"reversible": false})]
}

test_pass_at_l2_when_reversible_and_of_high_consequence if {
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec.oversight.decisions as [_but({"consequence": "high"})]
}

test_pass_at_l3_when_the_grave_controls_of_observability_pass if {
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec.oversight.decisions as [_but({"autonomy": "L3"})]
		with data.psfpolicy.controls.observe as _watched
}

test_pass_at_l3_when_a_control_of_observability_does_not_apply if {
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec.oversight.decisions as [_but({"autonomy": "L3"})]
		with data.psfpolicy.controls.observe as {"export": {
			"metadata": _chain("high"),
			"places": [["a"]],
			"findings": [],
			"not_applicable": "nothing to export",
		}}
}

test_pass_at_l4_inside_without_personal_data_or_regulated_sector if {
	surroundings := [["spec", "purpose", "audience"], ["spec", "purpose", "sectors"]]
	reads := array.flatten([[["a"], ["spec", "data", "categories"]], _stakes, surroundings])
	grounds := "it affects no rights, is of medium consequence and is reversible"
	control.findings == {{
		"path": _first,
		"status": "pass",
		"message": $"decision `reply` is `L4`: {grounds}; PSF-4 passes; no customer, no personal data, no regulated sector",
		"reads": reads,
	}} with input.descriptor as _internal(_but({"autonomy": "L4"}))
		with data.psfpolicy.controls.observe as _watched
}

test_partial_without_decisions_when_the_consequence_is_low if {
	outcome.is(control, [[_section, "partial"]]) with input.descriptor.spec.purpose.consequence as "low"
}

test_partial_with_an_empty_list_when_the_consequence_is_low if {
	outcome.is(control, [[_section, "partial"]]) with input.descriptor.spec as {
		"purpose": {"consequence": "low"},
		"oversight": {"decisions": []},
	}
}

test_fail_with_an_empty_list_when_the_consequence_is_medium if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec as {
		"purpose": {"consequence": "medium"},
		"oversight": {"decisions": []},
	}
}

test_fail_without_a_level_beside_a_decision_that_has_one if {
	outcome.is(control, [[_first, "pass"], [_second, "fail"]]) with input.descriptor.spec.oversight.decisions as [
		_decision,
		object.remove(_decision, ["autonomy"]),
	]
}

test_fail_without_a_level_even_when_the_consequence_is_low if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec as {
		"purpose": {"consequence": "low"},
		"oversight": {"decisions": [object.remove(_decision, ["autonomy"])]},
	}
}

test_fail_without_a_level_says_that_it_is_missing if {
	control.findings == {{
		"path": _first,
		"status": "fail",
		"message": "decision `reply` has no `autonomy`: how far it may act is not written down; wanted: `autonomy` from `L0` to `L4`",
		"reads": [array.concat(_first, ["autonomy"])],
	}} with input.descriptor.spec.oversight.decisions as [object.remove(_decision, ["autonomy"])]
}

test_fail_at_l2_says_what_stands_against_it if {
	changes := {"affectsRights": true, "reversible": false, "consequence": "high"}
	objections := "it affects rights, it is irreversible and its consequence is high"
	control.findings == {{
		"path": _first,
		"status": "fail",
		"message": $"decision `reply` is `L2`: {objections}; wanted: `autonomy` of `L0` or `L1` while this holds",
		"reads": _stakes,
	}} with input.descriptor.spec.oversight.decisions as [_but(changes)]
}

test_fail_at_l2_when_the_effect_on_rights_is_not_said if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.oversight.decisions as [object.remove(_decision, ["affectsRights"])]
}

test_fail_at_l2_when_neither_reversibility_nor_consequence_is_said if {
	objections := "it does not say `reversible` and its unsaid `consequence` counts as high"
	control.findings == {{
		"path": _first,
		"status": "fail",
		"message": $"decision `reply` is `L2`: {objections}; wanted: `autonomy` of `L0` or `L1` while this holds",
		"reads": _stakes,
	}} with input.descriptor.spec.oversight.decisions as [object.remove(_decision, ["reversible", "consequence"])]
}

test_fail_at_l2_when_irreversible_and_of_unsaid_consequence if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.oversight.decisions as [
		object.remove(_but({"reversible": false}), ["consequence"]),
	]
}

test_fail_at_l3_for_a_decision_that_affects_rights if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.oversight.decisions as [
		_but({"autonomy": "L3", "affectsRights": true}),
	]
		with data.psfpolicy.controls.observe as _watched
}

test_fail_at_l3_names_the_controls_that_do_not_pass if {
	objections := "`observe-alerts` does not pass and `observe-run-log` does not pass"
	control.findings == {{
		"path": _first,
		"status": "fail",
		"message": $"decision `reply` is `L3`: {objections}; wanted: `autonomy` of `L0` or `L1` while this holds",
		"reads": array.concat([["a"]], _stakes),
	}} with input.descriptor.spec.oversight.decisions as [_but({"autonomy": "L3"})]
		with data.psfpolicy.controls.observe as {
			"run_log": _control("critical", "partial"),
			"alerts": _control("high", "fail"),
			"tracing": _control("high", "pass"),
		}
}

test_fail_at_l3_when_a_control_has_no_finding if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.oversight.decisions as [_but({"autonomy": "L3"})]
		with data.psfpolicy.controls.observe as {"run_log": {"metadata": _chain("high"), "places": [["a"]], "findings": []}}
}

test_fail_at_l3_when_a_control_answers_nothing_at_all if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.oversight.decisions as [_but({"autonomy": "L3"})]
		with data.psfpolicy.controls.observe as object.union(_watched, {"tracing": {"metadata": _chain("high")}})
}

test_fail_at_l3_when_a_control_has_findings_without_metadata_or_places if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.oversight.decisions as [_but({"autonomy": "L3"})]
		with data.psfpolicy.controls.observe as {"tracing": object.filter(_control("high", "pass"), ["findings"])}
}

test_fail_at_l3_when_a_control_leaves_a_place_without_an_answer if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.oversight.decisions as [_but({"autonomy": "L3"})]
		with data.psfpolicy.controls.observe as {"run_log": object.union(_control("high", "pass"), {"places": [["a"], ["b"]]})}
}

test_fail_at_l3_when_a_control_that_does_not_pass_has_no_severity if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.oversight.decisions as [_but({"autonomy": "L3"})]
		with data.psfpolicy.controls.observe as {"run_log": object.union(_control("high", "fail"), {"metadata": []})}
}

test_fail_at_l3_when_there_is_no_control_of_observability if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.oversight.decisions as [_but({"autonomy": "L3"})]
		with data.psfpolicy.controls.observe as {}
}

test_fail_at_l3_when_nothing_is_observed if {
	outcome.is(control, [[_first, "fail"]]) with input as {
		"today": "2026-11-21",
		"descriptor": {"spec": {"oversight": {"decisions": [_but({"autonomy": "L3"})]}}},
	}
}

test_fail_at_l4_when_the_monitoring_does_not_pass if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor as _internal(_but({"autonomy": "L4"}))
		with data.psfpolicy.controls.observe as {"run_log": _control("high", "fail")}
}

test_fail_at_l4_for_customers_personal_data_and_a_regulated_sector if {
	purpose := "`spec.purpose.audience` is `customer` and `spec.purpose.sectors` holds a regulated sector"
	objections := $"`spec.data.categories` holds personal data, {purpose}"
	messages := {finding.message | some finding in control.findings} with data.psfpolicy.controls.observe as _watched
		with input.descriptor as _descriptor(_but({"autonomy": "L4"}), {"audience": "customer", "sectors": ["finance"]}, ["pii"])
	messages == {$"decision `reply` is `L4`: {objections}; wanted: `autonomy` of `L0` or `L1` while this holds"}
}

test_fail_at_l4_for_each_thing_that_is_not_ruled_out if {
	data_objection := "`spec.data.categories` is missing, so that personal data is not ruled out"
	sector_objection := "`spec.purpose.sectors` is missing, so that a regulated sector is not ruled out"
	objections := $"{data_objection}, `spec.purpose.audience` is missing and {sector_objection}"
	messages := {finding.message | some finding in control.findings} with data.psfpolicy.controls.observe as _watched
		with input.descriptor as {"spec": {"oversight": {"decisions": [_but({"autonomy": "L4"})]}}}
	messages == {$"decision `reply` is `L4`: {objections}; wanted: `autonomy` of `L0` or `L1` while this holds"}
}

test_fail_at_l4_for_the_public if {
	outcome.is(control, [[_first, "fail"]]) with data.psfpolicy.controls.observe as _watched
		with input.descriptor as _descriptor(_but({"autonomy": "L4"}), object.union(_purpose, {"audience": "public"}), ["none"])
}

test_fail_at_l4_when_none_stands_beside_personal_data if {
	outcome.is(control, [[_first, "fail"]]) with data.psfpolicy.controls.observe as _watched
		with input.descriptor as _descriptor(_but({"autonomy": "L4"}), _purpose, ["none", "health"])
}

test_absent_decisions_fail_at_the_list if {
	control.findings == {{
		"path": _section,
		"status": "fail",
		"message": "`spec.oversight.decisions` lists no decision; wanted: each decision with its `autonomy`, from `L0` to `L4`",
		"reads": [_section, ["spec", "purpose", "consequence"]],
	}} with input.descriptor as {"spec": {}}
}
