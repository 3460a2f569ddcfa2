package psfpolicy.controls.data.lawful_basis_test

import data.psfpolicy.controls.data.lawful_basis as control
import data.psfpolicy.lib.outcome

_basis := ["spec", "data", "lawfulBasis"]

_condition := ["spec", "data", "specialCategoryCondition"]

_section := ["spec", "model", "fineTuning", "datasets"]

_dataset(index) := ["spec", "model", "fineTuning", "datasets", index]

_descriptor(data_section, datasets) := {"spec": {"data": data_section, "model": {"fineTuning": {"datasets": datasets}}}}

_known := {"name": "notes", "provenance": "docs/data.md"}

_unknown := {"name": "scraped"}

test_pass_when_a_basis_is_stated_and_nothing_was_tuned if {
	outcome.is(control, [[_basis, "pass"]]) with input.descriptor as _descriptor({"categories": ["pii"], "lawfulBasis": "contract"}, [])
}

test_pass_when_special_categories_have_a_condition_and_data_sets_a_provenance if {
	descriptor := _descriptor(
		{"categories": ["health"], "lawfulBasis": "contract", "specialCategoryCondition": "health-care"},
		[_known],
	)
	{finding | some finding in control.findings} == {
		{
			"path": _basis,
			"status": "pass",
			"message": "`lawfulBasis` for personal data is `contract`",
			"reads": [["spec", "data", "categories"], _basis],
		},
		{
			"path": _condition,
			"status": "pass",
			"message": "`specialCategoryCondition` for a special category (health, phi, biometric) is `health-care`",
			"reads": [["spec", "data", "categories"], _condition],
		},
		{
			"path": _dataset(0),
			"status": "pass",
			"message": "fine-tuning data set `notes` comes from `docs/data.md`",
			"reads": [["spec", "model", "fineTuning", "datasets", 0, "provenance"]],
		},
	} with input.descriptor as descriptor
	outcome.is(control, [[_basis, "pass"], [_condition, "pass"], [_dataset(0), "pass"]]) with input.descriptor as descriptor
}

test_pass_when_only_data_sets_are_asked_about if {
	outcome.is(control, [[_dataset(0), "pass"]]) with input.descriptor as _descriptor({"categories": ["none"]}, [_known])
}

test_partial_when_the_condition_is_missing if {
	outcome.is(control, [[_basis, "pass"], [_condition, "partial"]]) with input.descriptor as _descriptor(
		{"categories": ["phi"], "lawfulBasis": "contract"},
		[],
	)
}

test_partial_when_the_basis_is_missing_beside_a_known_data_set if {
	outcome.is(control, [[_basis, "partial"], [_dataset(0), "pass"]]) with input.descriptor as _descriptor({"categories": ["pii"]}, [_known])
}

test_partial_when_one_data_set_has_no_provenance if {
	outcome.is(control, [[_dataset(0), "pass"], [_dataset(1), "partial"]]) with input.descriptor as _descriptor(
		{"categories": []},
		[_known, _unknown],
	)
}

test_partial_when_fine_tuning_is_not_said if {
	outcome.is(control, [[_basis, "pass"], [_section, "partial"]]) with input.descriptor as {"spec": {"data": {
		"categories": ["pii"],
		"lawfulBasis": "contract",
	}}}
}

test_fail_when_the_only_data_set_has_no_provenance if {
	{finding | some finding in control.findings} == {{
		"path": _dataset(0),
		"status": "fail",
		"message": "of fine-tuning data set `scraped`, `provenance` is missing; wanted: the record of where its data comes from",
		"reads": [["spec", "model", "fineTuning", "datasets", 0, "provenance"]],
	}} with input.descriptor as _descriptor({"categories": ["none"]}, [_unknown])
}

test_fail_when_the_provenance_of_the_only_data_set_is_unknown if {
	outcome.is(control, [[_dataset(0), "fail"]]) with input.descriptor as _descriptor(
		{"categories": ["none"]},
		[object.union(_unknown, {"provenance": "unknown"})],
	)
}

test_fail_when_there_is_no_basis if {
	outcome.is(control, [[_basis, "fail"]]) with input.descriptor as _descriptor({"categories": ["pii"]}, [])
}

test_fail_when_fine_tuning_does_not_list_its_data_sets if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {
		"data": {"categories": ["none"]},
		"model": {"fineTuning": {"retrainable": true}},
	}}
}

test_partial_when_the_categories_are_unknown_and_no_condition_is_stated if {
	outcome.is(control, [[_basis, "pass"], [_condition, "partial"]]) with input.descriptor as _descriptor({"lawfulBasis": "contract"}, [])
}

test_not_applicable_without_personal_data_and_fine_tuning if {
	outcome.not_applicable(control, _section) with input.descriptor as _descriptor({"categories": ["none"]}, [])
}

test_absent_sections_fail_at_everything_that_is_asked if {
	outcome.is(control, [[_basis, "fail"], [_condition, "fail"], [_section, "fail"]]) with input.descriptor as {"spec": {}}
}
