package psfpolicy.evidence_test

import data.psfpolicy.evidence

_code := ["spec", "model", "remoteCode"]

_exports := ["spec", "observability", "exports"]

_fact(path, value, changes) := object.union(
	{"path": path, "value": value, "item": false, "certainty": "certain", "about": "deployment", "subject": "Deployment llm/vllm"},
	changes,
)

_finding := {"path": _code, "status": "pass", "message": "seen", "reads": [_code]}

_declared := {"spec": {
	"model": {"id": "a/b", "remoteCode": false},
	"observability": {"exports": [{"name": "otel", "kind": "otlp", "endpoint": "https://otel.eu"}]},
}}

_assured(facts) := found if {
	found := evidence.assured(_finding) with input as {"descriptor": _declared, "facts": {"evidence": facts}}
}

_undeclared(descriptor, facts) := found if {
	found := evidence.undeclared with input as {"descriptor": descriptor, "facts": {"evidence": facts}}
}

test_a_fact_that_agrees_is_evidence if _assured([_fact(_code, false, {})]) == object.union(
	_finding,
	{"assurance": "evidenced", "evidence": [[0, "confirms"]]},
)

test_a_fact_that_differs_fails_the_finding if _assured([_fact(_code, true, {})]) == object.union(_finding, {
	"assurance": "contradicted",
	"status": "fail",
	"message": "seen; but evidence contradicts what is declared at `spec.model.remoteCode`",
	"evidence": [[0, "contradicts"]],
})

test_the_worst_of_several_workloads_decides if {
	found := _assured([_fact(_code, false, {}), _fact(_code, true, {"subject": "Deployment llm/other"})])
	[found.status, found.assurance, found.evidence] == ["fail", "contradicted", [[0, "confirms"], [1, "contradicts"]]]
}

test_what_is_inferred_or_not_decided_changes_no_status if {
	inferred := _assured([_fact(_code, true, {"certainty": "inferred"})])
	[inferred.status, inferred.assurance] == ["pass", "inconclusive"]
	open := _assured([_fact(_code, null, {"certainty": "inconclusive"})])
	[open.status, open.assurance, open.evidence] == ["pass", "inconclusive", [[0, "open"]]]
}

test_a_fact_about_another_model_does_not_touch_this_one if {
	untouched := object.union(_finding, {"assurance": "declared"})
	_assured([_fact(_code, true, {"about": "other"})]) == untouched
	_assured([_fact(_code, true, {"about": "part"})]) == untouched
}

test_a_provable_value_that_nothing_confirms_leaves_the_finding_declared if {
	finding := object.union(_finding, {"reads": [_code, ["spec", "model", "id"]]})
	found := evidence.assured(finding) with input as {
		"descriptor": _declared,
		"facts": {"evidence": [_fact(_code, false, {})]},
	}
	found.assurance == "declared"
}

test_an_item_is_held_against_the_one_that_it_is if {
	reads := [array.concat(_exports, [0, "endpoint"]), array.concat(_exports, [0, "kind"])]
	finding := {"path": array.concat(_exports, [0]), "status": "pass", "message": "seen", "reads": reads}
	fact := _fact(_exports, {"name": "x", "kind": "datadog", "endpoint": "https://OTEL.eu"}, {"item": true})
	found := evidence.assured(finding) with input as {"descriptor": _declared, "facts": {"evidence": [fact]}}
	[found.status, found.message] == [
		"fail",
		"seen; but evidence contradicts what is declared at `spec.observability.exports.0.kind`",
	]
}

test_an_item_that_is_none_of_the_declared_is_undeclared if {
	fact := _fact(_exports, {"name": "x", "endpoint": "https://other.us"}, {"item": true})
	found := {0: {
		"severity": "high",
		"message": "Deployment llm/vllm has an export `x` that the descriptor does not mention",
	}}
	_undeclared(_declared, [fact]) == found
	_undeclared(object.union(_declared, {"spec": {"observability": {"exports": []}}}), [fact]) == found
}

test_what_is_declared_or_not_decided_is_not_undeclared if {
	same := _fact(_exports, {"name": "otel", "endpoint": "https://otel.eu"}, {"item": true})
	open := _fact(_exports, null, {"item": true, "certainty": "inconclusive"})
	_undeclared(_declared, [same, open]) == {}
}

test_a_second_model_is_undeclared_and_critical if {
	found := _undeclared(_declared, [_fact(["spec", "model", "id"], "c/d", {"about": "other"})])
	found == {0: {
		"severity": "critical",
		"message": "Deployment llm/vllm serves `c/d`, a model that the descriptor does not mention",
	}}
}

test_without_evidence_nothing_is_added if {
	found := evidence.all_assured("some-control", [_finding]) with input as {"descriptor": _declared, "facts": {"evidence": []}}
	found == [_finding]
}

test_a_control_that_the_settings_insist_on_fails_without_evidence if {
	asked := {
		"descriptor": _declared,
		"facts": {"evidence": []},
		"parameters": {"requireEvidence": ["some-control"]},
	}
	found := evidence.all_assured("some-control", [_finding]) with input as asked
	[[one.status, one.message] | some one in found] == [[
		"fail",
		"seen; but the settings ask for evidence, and no manifest shows it",
	]]
	other := evidence.all_assured("other-control", [_finding]) with input as asked
	other == [_finding]
	proved := evidence.all_assured("some-control", [_finding]) with input as object.union(
		asked,
		{"facts": {"evidence": [_fact(_code, false, {})]}},
	)
	[one.status | some one in proved] == ["pass"]
}

_judged(finding, descriptor, facts) := found if {
	found := evidence.assured(finding) with input as {"descriptor": descriptor, "facts": {"evidence": facts}}
}

_reading(reads) := {"path": reads[0], "status": "pass", "message": "seen", "reads": reads}

_item(path, value) := _fact(path, value, {"item": true})

_with(section, items) := {"spec": {section[1]: {section[2]: items}}}

test_what_does_not_apply_and_rests_on_nothing_stays_so if {
	finding := {"path": _code, "status": "not-applicable", "message": "seen", "reads": []}
	_judged(finding, _declared, [_fact(_code, true, {})]) == object.union(finding, {"assurance": "declared"})
}

test_an_error_stays_one if {
	finding := {"path": [], "status": "error", "message": "seen", "reads": []}
	_judged(finding, _declared, [_fact(_code, true, {})]) == object.union(finding, {"assurance": "declared"})
}

test_what_contradicts_outweighs_what_is_left_open if {
	open := _fact(_code, null, {"certainty": "inconclusive"})
	_assured([open, _fact(_code, true, {})]).assurance == "contradicted"
	_assured([open, _fact(_code, false, {})]).assurance == "inconclusive"
}

test_an_inferred_fact_that_agrees_confirms if _assured([_fact(_code, false, {"certainty": "inferred"})]).assurance == "evidenced"

test_manifests_that_disagree_on_what_is_not_declared_fail if {
	revision := ["spec", "model", "revision"]
	found := _judged(_reading([revision]), _declared, [_fact(revision, "a", {}), _fact(revision, "b", {})])
	[found.status, found.message] == ["fail", "seen; but manifests show more than one value of `spec.model.revision`"]
}

test_what_is_not_declared_and_not_settled_stays_open if {
	revision := ["spec", "model", "revision"]
	open := _fact(revision, null, {"certainty": "inconclusive"})
	found := _judged(_reading([revision]), _declared, [_fact(revision, "a", {}), open])
	[found.status, found.assurance] == ["pass", "inconclusive"]
}

test_names_are_the_same_in_whatever_case_and_revisions_are_not if {
	model := _declared.spec.model
	facts := [_fact(["spec", "model", "id"], "A/B", {}), _fact(["spec", "model", "revision"], "Main", {})]
	descriptor := {"spec": {"model": object.union(model, {"revision": "main"})}}
	_judged(_reading([["spec", "model", "id"]]), descriptor, facts).assurance == "evidenced"
	_judged(_reading([["spec", "model", "revision"]]), descriptor, facts).assurance == "contradicted"
}

test_a_section_is_evidenced_where_all_of_it_that_can_be_shown_is if {
	finding := _reading([["spec", "model"]])
	id := _fact(["spec", "model", "id"], "a/b", {})
	_judged(finding, _declared, [id]).assurance == "declared"
	_judged(finding, _declared, [id, _fact(_code, false, {})]).assurance == "evidenced"
	_judged(finding, _declared, [id, _fact(_code, true, {})]).assurance == "contradicted"
}

test_an_item_that_nobody_can_tell_leaves_its_whole_list_open if {
	open := _fact(_exports, null, {"item": true, "certainty": "inconclusive"})
	found := _judged(_reading([array.concat(_exports, [0, "endpoint"])]), _declared, [open])
	[found.status, found.assurance, found.evidence] == ["pass", "inconclusive", [[0, "open"]]]
	_judged(_reading([_exports]), _declared, [open]).assurance == "inconclusive"
	_judged(_reading([_code]), _declared, [open]).assurance == "declared"
}

test_an_item_proves_the_keys_that_it_shows_and_no_other if {
	endpoint := _reading([array.concat(_exports, [0, "endpoint"])])
	kind := _reading([array.concat(_exports, [0, "kind"])])
	fact := _item(_exports, {"name": "collector", "endpoint": "https://otel.eu"})
	_judged(endpoint, _declared, [fact]).assurance == "evidenced"
	_judged(kind, _declared, [fact]).assurance == "declared"
	_judged(_reading([_exports]), _declared, [fact]).assurance == "declared"
}

test_an_export_is_the_one_of_its_endpoint_before_that_of_its_name if {
	declared := _with(_exports, [
		{"name": "a", "kind": "otlp", "endpoint": "https://a.eu"},
		{"name": "b", "kind": "otlp", "endpoint": "https://b.eu"},
	])
	fact := _item(_exports, {"name": "a", "kind": "otlp", "endpoint": "https://b.eu"})
	_judged(_reading([array.concat(_exports, [0, "endpoint"])]), declared, [fact]).assurance == "declared"
	_judged(_reading([array.concat(_exports, [1, "endpoint"])]), declared, [fact]).assurance == "evidenced"
	moved := _item(_exports, {"name": "a", "endpoint": "https://c.us"})
	_judged(_reading([array.concat(_exports, [0, "endpoint"])]), declared, [moved]).assurance == "contradicted"
}

test_guards_of_one_model_are_told_apart_by_name if {
	guards := ["spec", "inputs", "guards"]
	declared := _with(guards, [
		{"name": "a", "model": "m", "action": "block"},
		{"name": "b", "model": "m", "action": "flag"},
	])
	found := _item(guards, {"name": "b", "model": "M", "action": "flag"})
	_judged(_reading([array.concat(guards, [1, "action"])]), declared, [found]).assurance == "evidenced"
	unnamed := _item(guards, {"name": "x", "model": "m", "action": "flag"})
	_judged(_reading([array.concat(guards, [0, "action"])]), declared, [unnamed]).assurance == "contradicted"
	named := _item(guards, {"name": "b", "action": "block"})
	_judged(_reading([array.concat(guards, [1, "action"])]), declared, [named]).assurance == "contradicted"
}

_rules := ["spec", "network", "egress", "rules"]

_opened(rules) := {"spec": {"network": {"egress": {"rules": rules}}}}

test_an_egress_rule_is_the_one_of_its_target_whatever_its_name if {
	declared := _opened([{"name": "hub", "to": {"host": "hf.co"}}])
	same := _item(_rules, {"name": "allow-1", "to": {"host": "HF.co"}})
	_judged(_reading([array.concat(_rules, [0, "to"])]), declared, [same]).assurance == "evidenced"
	_undeclared(declared, [same]) == {}
	other := _item(_rules, {"name": "hub", "to": {"cidr": "0.0.0.0/0"}})
	_judged(_reading([array.concat(_rules, [0, "to"])]), declared, [other]).assurance == "declared"
	_undeclared(declared, [same, other]) == {1: {
		"severity": "high",
		"message": "Deployment llm/vllm has an opening for egress `hub` that the descriptor does not mention",
	}}
	_undeclared(_opened([]), [same])[0].severity == "high"
}

test_words_of_a_list_are_proved_one_by_one if {
	criteria := ["spec", "release", "canary", "criteria"]
	declared := {"spec": {"release": {"canary": {"criteria": ["quality", "cost"]}}}}
	finding := _reading([criteria])
	_judged(finding, declared, [_item(criteria, "quality")]).assurance == "declared"
	_judged(finding, declared, [_item(criteria, "cost"), _item(criteria, "quality")]).assurance == "evidenced"
	_judged(finding, declared, [_fact(criteria, ["cost", "quality"], {})]).assurance == "evidenced"
	_judged(finding, declared, [_fact(criteria, ["cost"], {})]).assurance == "contradicted"
}

test_undeclared_things_have_the_severity_of_what_they_are if {
	severities := {path: found[index].severity |
		found := _undeclared({"spec": {}}, _strange)
		some index, _ in found
		path := concat(".", _strange[index].path)
	}
	severities == {
		"spec.data.otherFlows": "high",
		"spec.data.stores": "high",
		"spec.inputs.guards": "medium",
		"spec.model.adapters": "high",
		"spec.network.egress.rules": "high",
		"spec.observability.exports": "high",
		"spec.outputs.guards": "medium",
		"spec.outputs.sinks": "medium",
		"spec.outputs.validators": "medium",
		"spec.vendor.fallbacks": "high",
	}
}

_strange := [_item(split(path, "."), {"name": "x"}) |
	some path in [
		"spec.data.otherFlows", "spec.data.stores", "spec.inputs.guards", "spec.inputs.rateLimits", "spec.model.adapters",
		"spec.network.egress.rules", "spec.observability.alerts", "spec.observability.exports", "spec.outputs.guards",
		"spec.outputs.sinks", "spec.outputs.validators", "spec.vendor.fallbacks",
	]
]

test_of_a_second_model_only_the_model_is_undeclared_and_of_a_part_each_thing if {
	export := {"name": "x", "endpoint": "https://other.us"}
	_undeclared(_declared, [_fact(_exports, export, {"item": true, "about": "other"})]) == {}
	_undeclared(_declared, [_fact(_exports, export, {"item": true, "about": "part"})])[0].severity == "high"
}

test_an_item_of_a_part_confirms_nothing_of_the_deployment if {
	fact := _fact(_exports, {"name": "otel", "kind": "datadog", "endpoint": "https://otel.eu"}, {"item": true, "about": "part"})
	_undeclared(_declared, [fact]) == {}
	_judged(_reading([array.concat(_exports, [0, "kind"])]), _declared, [fact]).assurance == "declared"
}

test_a_finding_on_what_is_undeclared_rests_on_the_manifest if {
	place := ["facts", "evidence", 0]
	found := _judged(_reading([place]), _declared, [_item(_exports, {"name": "x", "endpoint": "https://other.us"})])
	[found.assurance, found.evidence] == ["evidenced", [[0, "confirms"]]]
}

test_a_pass_that_evidence_leaves_open_is_not_enough_where_the_settings_insist if {
	found := evidence.all_assured("some-control", [_finding]) with input as {
		"descriptor": _declared,
		"facts": {"evidence": [_fact(_code, null, {"certainty": "inconclusive"})]},
		"parameters": {"requireEvidence": ["some-control"]},
	}
	[[one.status, one.assurance] | some one in found] == [["fail", "inconclusive"]]
}
