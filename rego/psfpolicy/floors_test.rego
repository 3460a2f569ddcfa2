package psfpolicy.floors_test

import data.psfpolicy.floors

_descriptor := {"spec": {"regimes": ["gdpr"], "data": {"categories": ["phi"]}}}

_pci := {
	"path": ["spec", "regimes", "pci-dss"],
	"message": "the settings ask for the regime `pci-dss`, which is not declared",
	"severity": "critical",
}

_input(parameters, waivers) := {
	"descriptor": _descriptor,
	"parameters": object.union({"floors": {"regimes": ["gdpr", "pci-dss"]}}, parameters),
	"waivers": waivers,
}

_waiver(path) := {"id": "w", "control": "scope-reduced", "path": path}

test_what_is_asked_for_and_not_declared_is_critical_and_holds if {
	floors.reduced == {_pci} with input as _input({}, [])
	floors.holding == {_pci} with input as _input({}, [])
}

test_what_is_declared_is_no_finding if {
	count(floors.reduced) == 0 with input as _input({"floors": {"regimes": ["gdpr"], "categories": ["phi"]}}, [])
	count(floors.reduced) == 0 with input as {"descriptor": _descriptor}
}

test_a_descriptor_without_the_section_lacks_all_of_it if {
	count(floors.reduced) == 2 with input as object.union(_input({}, []), {"descriptor": {"spec": {"regimes": null}}})
}

test_a_waiver_of_the_word_covers_it if {
	floors.reduced == {object.union(_pci, {"waiver": "w"})} with input as _input({}, [_waiver(_pci.path)])
	count(floors.holding) == 0 with input as _input({}, [_waiver(_pci.path)])
}

test_a_waiver_of_the_whole_list_or_of_another_control_covers_nothing if {
	others := [_waiver(["spec", "regimes"]), _waiver([]), {"id": "v", "control": "evidence-undeclared", "path": _pci.path}]
	floors.reduced == {_pci} with input as _input({}, others)
}

test_what_the_settings_call_unwaivable_is_not_waived if {
	floors.holding == {_pci} with input as _input({"unwaivable": ["scope-reduced"]}, [_waiver(_pci.path)])
}
