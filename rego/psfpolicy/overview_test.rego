package psfpolicy.overview_test

import data.psfpolicy.overview

_spec := {
	"parties": [{"id": "aws", "jurisdiction": "US"}, {"id": "acme"}],
	"purpose": {"organisation": {"principalPlace": "DE"}},
	"model": {"weights": {"source": "local"}},
	"serving": {"hosting": "self-managed-vm", "operator": "aws", "location": {"region": "aws:eu-central-1"}},
	"inputs": {"guards": [{"name": "g", "operator": "acme", "location": {"country": "US"}, "carries": ["prompts"]}]},
	"data": {"otherFlows": [{"name": "t", "kind": "tool"}, {"name": "s", "kind": "support", "hosting": "self"}]},
}

_of(kind, spec) := found if {
	found := [one | some one in overview.shown; one.kind == kind] with input.descriptor as {"spec": spec}
}

test_what_is_rented_is_no_third_party_and_stays_in_the_country if {
	_of("inference", _spec) == [{
		"path": ["spec", "serving"],
		"kind": "inference",
		"name": "inference",
		"carries": ["prompts", "responses"],
		"country": "DE",
		"operator": "aws",
		"jurisdiction": "US",
		"thirdParty": false,
		"border": false,
	}]
}

test_a_third_party_abroad_is_marked_and_its_unknown_jurisdiction_is_null if {
	_of("guard", _spec) == [{
		"path": ["spec", "inputs", "guards", 0],
		"kind": "guard",
		"name": "g",
		"carries": ["prompts"],
		"country": "US",
		"operator": "acme",
		"jurisdiction": null,
		"thirdParty": true,
		"border": true,
	}]
}

test_what_nobody_said_is_null if {
	{[one.name, one.country, one.operator, one.jurisdiction, one.thirdParty, one.border] | some one in _of("other", _spec)} == {
		["t", null, null, null, null, null],
		["s", "DE", "self", "DE", false, false],
	}
}

test_a_model_that_others_run_is_seen_from_the_organisation if {
	hosted := object.union(_spec, {"serving": {"hosting": "hosted-api", "operator": "acme", "location": {"country": "US"}}})
	[{"country": "US", "thirdParty": true, "border": true}] == [object.filter(one, ["country", "thirdParty", "border"]) |
		some one in _of("inference", hosted)
	]
}

test_a_brief_answer_has_no_flows if {
	overview.shown == [] with input as {"descriptor": {"spec": _spec}, "parameters": {"brief": true}}
	count(overview.shown) > 0 with input as {"descriptor": {"spec": _spec}, "parameters": {"brief": false}}
}
