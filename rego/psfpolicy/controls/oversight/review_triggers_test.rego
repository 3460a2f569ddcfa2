package psfpolicy.controls.oversight.review_triggers_test

import data.psfpolicy.controls.oversight.review_triggers as control
import data.psfpolicy.lib.outcome

_section := ["spec", "oversight", "decisions"]

_first := array.concat(_section, [0])

_second := array.concat(_section, [1])

_own := [array.concat(_first, [key]) |
	some key in ["autonomy", "reviewTriggers", "reversible", "affectsRights", "legallyRequired", "highValue"]
]

_reads := array.concat(_own, [["spec", "model", "id"], ["spec", "model", "base", "id"], ["spec", "oversight", "confidenceSource"]])

_weak := {"id": "meta-llama/Llama-3.1-70B-Instruct"}

_plain := {
	"name": "note",
	"autonomy": "L1",
	"reversible": true,
	"affectsRights": false,
	"legallyRequired": false,
	"highValue": false,
	"reviewTriggers": ["low-confidence", "novel-input"],
}

_but(changes) := object.union(_plain, changes)

_grave := {"reversible": false, "affectsRights": true, "legallyRequired": true, "highValue": true}

_drafted := {"name": "draft", "autonomy": "L0"}

test_pass_when_a_plain_decision_has_the_two_that_are_always_asked_for if {
	control.findings == {{
		"path": _first,
		"status": "pass",
		"message": "decision `note` goes to review at `low-confidence` and `novel-input`",
		"reads": _reads,
	}} with input.descriptor.spec.oversight.decisions as [_plain]
}

test_pass_when_every_property_has_its_trigger if {
	triggers := ["irreversible", "rights-affecting", "legal", "high-value", "low-confidence", "novel-input"]
	decision := _but(object.union(_grave, {"reviewTriggers": triggers}))
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec.oversight.decisions as [decision]
}

test_pass_at_l0_beside_a_decision_that_acts if {
	outcome.is(control, [[_first, "pass"], [_second, "pass"]]) with input.descriptor.spec.oversight.decisions as [_drafted, _plain]
}

test_partial_when_a_property_lacks_its_trigger if {
	control.findings == {{
		"path": _first,
		"status": "partial",
		"message": "decision `note` lacks the review triggers `rights-affecting`; wanted: `rights-affecting` in `reviewTriggers`",
		"reads": _reads,
	}} with input.descriptor.spec.oversight.decisions as [_but({"affectsRights": true})]
}

test_partial_for_each_property_whose_trigger_is_missing if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.oversight.decisions as [_but({"reversible": false})]
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.oversight.decisions as [_but({"legallyRequired": true})]
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.oversight.decisions as [_but({"highValue": true})]
}

test_partial_when_properties_are_not_said if {
	lacking := "`high-value`, `irreversible`, `legal` and `rights-affecting`"
	statements := "`affectsRights: false`, `highValue: false`, `legallyRequired: false` or `reversible: true`"
	control.findings == {{
		"path": _first,
		"status": "partial",
		"message": $"decision `note` lacks the review triggers {lacking}; wanted: {lacking} in `reviewTriggers`, or {statements} where it is so",
		"reads": _reads,
	}} with input.descriptor.spec.oversight.decisions as [object.filter(_plain, ["name", "autonomy", "reviewTriggers"])]
}

test_partial_when_only_one_of_the_two_that_are_always_asked_for_is_there if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec.oversight.decisions as [
		_but({"reviewTriggers": ["low-confidence"]}),
	]
}

test_partial_without_triggers_beside_a_complete_decision if {
	outcome.is(control, [[_first, "pass"], [_second, "partial"]]) with input.descriptor.spec.oversight.decisions as [
		_plain,
		_but({"reviewTriggers": []}),
	]
}

test_pass_with_an_external_scorer_for_a_weakly_calibrated_model if {
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec as {
		"model": _weak,
		"oversight": {"confidenceSource": "external-scorer", "decisions": [_plain]},
	}
}

test_partial_when_a_weakly_calibrated_model_scores_itself if {
	control.findings == {{
		"path": _first,
		"status": "partial",
		"message": concat("", [
			"decision `note` lacks the review triggers `low-confidence`; wanted: `low-confidence` in `reviewTriggers` ",
			"with `spec.oversight.confidenceSource: external-scorer`, since the model's own confidence says little",
		]),
		"reads": _reads,
	}} with input.descriptor.spec as {"model": _weak, "oversight": {"confidenceSource": "model", "decisions": [_plain]}}
}

test_partial_when_nothing_says_who_scores_a_weakly_calibrated_model if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor.spec as {"model": _weak, "oversight": {"decisions": [_plain]}}
}

test_fail_without_triggers if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.oversight.decisions as [_but({"reviewTriggers": []})]
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.oversight.decisions as [object.remove(_plain, ["reviewTriggers"])]
}

test_fail_when_the_only_trigger_is_one_that_is_not_asked_for if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.oversight.decisions as [_but({"reviewTriggers": ["legal"]})]
}

test_fail_without_triggers_beside_a_decision_at_l0 if {
	outcome.is(control, [[_first, "pass"], [_second, "fail"]]) with input.descriptor.spec.oversight.decisions as [
		_drafted,
		_but({"reviewTriggers": []}),
	]
}

test_fail_without_a_level_is_not_taken_for_l0 if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor.spec.oversight.decisions as [{"name": "note"}]
}

test_fail_with_an_empty_list_of_decisions if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.oversight.decisions as []
}

test_not_applicable_when_every_decision_is_l0 if {
	outcome.not_applicable(control, _first) with input.descriptor.spec.oversight.decisions as [_drafted]
}

test_absent_decisions_fail_at_the_list if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {}}
}
