package psfpolicy.controls.data.processing_map_test

import data.psfpolicy.controls.data.processing_map as control
import data.psfpolicy.lib.outcome

_map := ["spec", "data", "processingMap"]

_roles := ["spec", "purpose", "euAiAct", "roles"]

_countries := {
	"DE": {"eu": true, "eea": true},
	"NO": {"eu": false, "eea": true},
	"US": {"eu": false, "eea": false},
	"GB": {"eu": false, "eea": false},
	"RE": {"eu": false, "eea": false, "part_of": "FR"},
}

_elsewhere := {"organisation": {"principalPlace": "US"}, "userRegions": ["US", "GB"]}

_descriptor(purpose, data_section) := {"spec": {"purpose": purpose, "data": data_section}}

_mapped := {"categories": ["pii"], "processingMap": "docs/ropa.md"}

_acting(roles) := object.union(_elsewhere, {"euAiAct": {"roles": roles}})

_in(purpose) := object.union({"euAiAct": {"roles": ["none"]}}, object.union(_elsewhere, purpose))

test_pass_when_map_and_role_are_stated if {
	descriptor := _descriptor(
		{"organisation": {"principalPlace": "DE"}, "userRegions": ["EEA", "US"], "euAiAct": {"roles": ["deployer"]}},
		_mapped,
	)
	reads := [["spec", "data", "categories"], ["spec", "purpose", "organisation", "principalPlace"], ["spec", "purpose", "userRegions"]]
	{finding | some finding in control.findings} == {
		{
			"path": _map,
			"status": "pass",
			"message": "`spec.data.processingMap` is `docs/ropa.md`",
			"reads": array.concat(reads, [_map]),
		},
		{
			"path": _roles,
			"status": "pass",
			"message": "the roles under the EU AI Act are `deployer`",
			"reads": array.concat(reads, [_roles]),
		},
	} with input.descriptor as descriptor with data.psfpolicy.catalogue.countries as _countries
	outcome.is(control, [[_map, "pass"], [_roles, "pass"]]) with input.descriptor as descriptor
		with data.psfpolicy.catalogue.countries as _countries
}

test_pass_when_the_role_is_none_outside_the_eu if {
	outcome.is(control, [[_map, "pass"], [_roles, "pass"]]) with input.descriptor as _descriptor(_acting(["none"]), _mapped)
		with data.psfpolicy.catalogue.countries as _countries
}

test_partial_when_the_role_is_none_for_an_organisation_in_the_eu if {
	outcome.is(control, [[_map, "pass"], [_roles, "partial"]]) with input.descriptor as _descriptor(
		_in({"organisation": {"principalPlace": "DE"}}),
		_mapped,
	)
		with data.psfpolicy.catalogue.countries as _countries
}

test_partial_when_the_role_is_none_for_users_in_the_rest_of_the_eea if {
	outcome.is(control, [[_map, "pass"], [_roles, "partial"]]) with input.descriptor as _descriptor(
		_in({"userRegions": ["US", "NO"]}),
		_mapped,
	)
		with data.psfpolicy.catalogue.countries as _countries
}

test_partial_when_the_role_is_none_for_a_group_of_regions if {
	outcome.is(control, [[_map, "pass"], [_roles, "partial"]]) with input.descriptor as _descriptor(
		_in({"userRegions": ["ADEQUATE"]}),
		_mapped,
	)
		with data.psfpolicy.catalogue.countries as _countries
}

test_partial_when_none_stands_beside_a_role if {
	outcome.is(control, [[_map, "pass"], [_roles, "partial"]]) with input.descriptor as _descriptor(_acting(["none", "deployer"]), _mapped)
		with data.psfpolicy.catalogue.countries as _countries
}

test_partial_when_the_roles_are_an_empty_list if {
	outcome.is(control, [[_map, "pass"], [_roles, "partial"]]) with input.descriptor as _descriptor(_acting([]), _mapped)
		with data.psfpolicy.catalogue.countries as _countries
}

test_partial_when_there_is_a_role_and_no_map if {
	outcome.is(control, [[_map, "partial"], [_roles, "pass"]]) with input.descriptor as _descriptor(
		_acting(["provider"]),
		{"categories": ["pii"]},
	)
		with data.psfpolicy.catalogue.countries as _countries
}

test_partial_says_what_is_wanted_and_why if {
	descriptor := _descriptor({"organisation": {"principalPlace": "DE"}, "userRegions": ["US", "EEA"], "euAiAct": {"roles": ["none"]}}, {
		"categories": ["none"],
		"processingMap": "docs/ropa.md",
	})
	messages := {finding.message | some finding in control.findings; finding.status != "pass"} with input.descriptor as descriptor
		with data.psfpolicy.catalogue.countries as _countries
	messages == {concat("; ", [
		"the roles under the EU AI Act are `none`",
		"wanted: `provider` or `deployer`, or `none` alone outside the EU, since the organisation is in `DE` and users are in `EEA`",
	])}
}

test_partial_when_the_map_is_called_none if {
	outcome.is(control, [[_map, "partial"], [_roles, "pass"]]) with input.descriptor as _descriptor(
		_acting(["provider"]),
		{"categories": ["pii"], "processingMap": "n/a"},
	)
		with data.psfpolicy.catalogue.countries as _countries
}

test_fail_when_there_is_neither if {
	outcome.is(control, [[_map, "fail"], [_roles, "fail"]]) with input.descriptor as _descriptor(_elsewhere, {"categories": ["pii"]})
		with data.psfpolicy.catalogue.countries as _countries
}

test_fail_when_users_are_in_the_eu_without_personal_data if {
	outcome.is(control, [[_map, "fail"], [_roles, "fail"]]) with input.descriptor as _descriptor(
		object.union(_elsewhere, {"userRegions": ["DE"]}),
		{"categories": ["none"]},
	)
		with data.psfpolicy.catalogue.countries as _countries
}

test_fail_when_the_country_is_not_in_the_catalogue if {
	outcome.is(control, [[_map, "fail"], [_roles, "fail"]]) with input.descriptor as _descriptor(
		object.union(_elsewhere, {"organisation": {"principalPlace": "XX"}}),
		{"categories": ["none"]},
	)
		with data.psfpolicy.catalogue.countries as _countries
}

test_fail_in_a_part_of_a_member_where_its_law_holds if {
	outcome.is(control, [[_map, "fail"], [_roles, "fail"]]) with input.descriptor as _descriptor(
		object.union(_elsewhere, {"userRegions": ["RE"]}),
		{"categories": ["none"]},
	)
		with data.psfpolicy.catalogue.countries as _countries
}

test_not_applicable_without_personal_data_outside_the_eu if {
	outcome.not_applicable(control, _map) with input.descriptor as _descriptor(_elsewhere, {"categories": ["none"]})
		with data.psfpolicy.catalogue.countries as _countries
}

test_not_applicable_without_users if {
	outcome.not_applicable(control, _map) with input.descriptor as _descriptor(
		object.union(_elsewhere, {"userRegions": []}),
		{"categories": []},
	)
		with data.psfpolicy.catalogue.countries as _countries
}

test_absent_regions_keep_the_control_applicable if {
	outcome.is(control, [[_map, "fail"], [_roles, "fail"]]) with input.descriptor as _descriptor(
		{"organisation": {"principalPlace": "US"}},
		{"categories": ["none"]},
	)
		with data.psfpolicy.catalogue.countries as _countries
}

test_absent_sections_fail_at_both if {
	outcome.is(control, [[_map, "fail"], [_roles, "fail"]]) with input.descriptor as {"spec": {}}
		with data.psfpolicy.catalogue.countries as _countries
}
