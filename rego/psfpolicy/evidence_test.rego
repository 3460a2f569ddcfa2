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

_hosting := ["spec", "serving", "hosting"]

_hosted(id) := {"spec": {"model": {"id": id}, "serving": {"hosting": "hosted-api", "platform": "openai"}}}

_served := [_fact(["spec", "model", "id"], "a/b", {}), _fact(["spec", "serving", "engine", "name"], "vllm", {})]

test_a_model_that_an_engine_of_ours_serves_is_not_with_a_provider if {
	_judged(_reading([_hosting]), _hosted("A/b"), _served).assurance == "contradicted"
	_judged(_reading([_hosting]), _hosted("c/d"), _served).assurance == "declared"
	_judged(_reading([_hosting]), _hosted("a/b"), [_served[0]]).assurance == "declared"
	managed := array.concat(_served, [_fact(_hosting, "hosted-api", {})])
	_judged(_reading([_hosting]), _hosted("a/b"), managed).assurance == "evidenced"
	ours := {"spec": {"model": {"id": "a/b"}, "serving": {"hosting": "on-prem"}}}
	_judged(_reading([_hosting]), ours, _served).assurance == "declared"
}

test_what_a_manifest_shows_contradicts_an_empty_list if {
	stores := ["spec", "data", "stores"]
	shown := _item(stores, {"name": "qdrant", "kind": "vector-store"})
	_judged(_reading([stores]), _with(stores, []), [shown]).assurance == "contradicted"
	_judged(_reading([stores]), _with(stores, [{"name": "other", "kind": "logs"}]), [shown]).assurance == "declared"
	inferred := object.union(shown, {"certainty": "inferred"})
	_judged(_reading([stores]), _with(stores, []), [inferred]).assurance == "inconclusive"
	part := object.union(shown, {"about": "part"})
	_judged(_reading([stores]), _with(stores, []), [part]).assurance == "declared"
}

test_weights_that_the_hub_names_may_be_in_the_image if {
	source := ["spec", "model", "weights", "source"]
	hub := [_fact(source, "hub", {})]
	_judged(_reading([source]), {"spec": {"model": {"weights": {"source": "image"}}}}, hub).assurance == "inconclusive"
	_judged(_reading([source]), {"spec": {"model": {"weights": {"source": "mirror"}}}}, hub).assurance == "contradicted"
	_judged(_reading([source]), {"spec": {"model": {"weights": {"source": "hub"}}}}, hub).assurance == "evidenced"
}

test_images_and_addresses_are_compared_by_what_they_are if {
	image := ["spec", "serving", "engine", "image"]
	declared := {"spec": {"serving": {"engine": {"image": "docker.io/vllm/vllm-openai:v1"}}}}
	_judged(_reading([image]), declared, [_fact(image, "vllm/vllm-openai:v1", {})]).assurance == "evidenced"
	_judged(_reading([image]), declared, [_fact(image, "vllm/vllm-openai:v2", {})]).assurance == "contradicted"
	_undeclared(_with(_exports, [{"name": "a", "endpoint": "http://otel:4317"}]), [_item(_exports, {"endpoint": "OTEL:4317"})]) == {}
}

_exposure := ["spec", "network", "ingress", "exposure"]

_public(changes) := _fact(_exposure, "public", changes)

test_a_way_from_outside_that_nobody_declared_is_undeclared if {
	message := "Deployment llm/vllm opens a way from outside that the descriptor does not mention"
	filled := {"spec": {"network": {"ingress": {"exposure": "public"}}}}
	_undeclared(filled, [_public({"filled": true})]) == {0: {"severity": "high", "message": message}}
	_undeclared({"spec": {}}, [_public({"certainty": "inferred"})]) == {0: {"severity": "medium", "message": message}}
	_undeclared(filled, [_public({"filled": false})]) == {}
	_undeclared({"spec": {}}, [_fact(_exposure, "cluster", {}), _fact(_exposure, null, {"certainty": "inconclusive"})]) == {}
	_undeclared({"spec": {}}, [_public({"about": "other"})]) == {}
}

_parties := ["spec", "parties"]

_key := _item(_parties, {"id": "openai", "name": "OpenAI"})

test_a_key_of_a_provider_that_nobody_declared_is_undeclared_and_no_flow if {
	_undeclared({"spec": {"parties": [{"id": "aws", "name": "Amazon Web Services"}]}}, [_key]) == {0: {
		"severity": "high",
		"message": "Deployment llm/vllm has a key of the provider `OpenAI` that the descriptor does not mention",
	}}
	_undeclared({"spec": {"parties": [{"id": "openais", "name": "Openaistic"}]}}, [_key])[0].severity == "high"
}

test_a_provider_is_declared_by_its_id_its_name_or_its_platform if {
	_undeclared({"spec": {"parties": [{"id": "OpenAI"}]}}, [_key]) == {}
	_undeclared({"spec": {"parties": [{"id": "openai-ie"}]}}, [_key]) == {}
	_undeclared({"spec": {"parties": [{"id": "azure"}]}}, [_item(_parties, {"id": "azure", "name": "Microsoft"})]) == {}
	_undeclared({"spec": {"parties": [{"id": "x", "name": "OpenAI Ireland Ltd"}]}}, [_key]) == {}
	_undeclared(_hosted("gpt"), [_key]) == {}
}

_store := ["spec", "security", "secrets", "store"]

test_a_secret_in_a_manifest_is_known_from_the_manifest_alone if {
	literal := _fact(_store, "none", {})
	facts := [literal, _fact(_store, "none", {"about": "part"}), _fact(_store, "none", {"about": "other"}), _fact(_store, "vault", {})]
	found := evidence.literals with input as {"descriptor": {"spec": {}}, "facts": {"evidence": facts}}
	object.keys(found) == {["facts", "evidence", 0], ["facts", "evidence", 1]}
	place := _judged(_reading([["facts", "evidence", 0]]), {"spec": {}}, [literal])
	[place.assurance, place.evidence] == ["evidenced", [[0, "confirms"]]]
}

test_what_nobody_declared_brings_more_before_the_model if {
	facts := [
		_item(["spec", "data", "stores"], {"name": "qdrant", "kind": "vector-store"}),
		_item(["spec", "data", "otherFlows"], {"name": "mcp", "kind": "tool"}),
		_item(["spec", "data", "stores"], {"name": "logs", "kind": "logs"}),
	]
	found := evidence.brings with input as {"descriptor": {"spec": {}}, "facts": {"evidence": facts}}
	found == {"retrieved": {["facts", "evidence", 0]}, "tool": {["facts", "evidence", 1]}}
	declared := {"spec": {"data": {"stores": [{"name": "qdrant"}], "otherFlows": [{"name": "mcp"}]}}}
	none := evidence.brings with input as {"descriptor": declared, "facts": {"evidence": facts}}
	none == {}
	filled := evidence.brings with input as {"descriptor": declared, "facts": {"evidence": [object.union(facts[0], {"filled": true})]}}
	filled == {"retrieved": {["facts", "evidence", 0]}}
}

_compared(descriptor, facts) := found if {
	found := evidence.compared with input as {"descriptor": descriptor, "facts": {"evidence": facts}}
}

test_what_is_declared_is_held_against_what_is_shown_path_by_path if {
	facts := [
		_fact(["spec", "model", "id"], "A/b", {}),
		_fact(_code, true, {}),
		_fact(["spec", "serving", "maxConcurrency"], null, {"certainty": "inconclusive"}),
		_fact(["spec", "serving", "replicas", "min"], 2, {"certainty": "inferred"}),
	]
	_compared(_declared, facts) == {
		{"path": ["spec", "model", "id"], "verdict": "confirmed", "facts": [[0, "confirms"]]},
		{"path": _code, "verdict": "contradicted", "facts": [[1, "contradicts"]]},
		{"path": ["spec", "serving", "maxConcurrency"], "verdict": "open", "facts": [[2, "open"]]},
		{"path": ["spec", "serving", "replicas", "min"], "verdict": "undeclared", "facts": [[3, "shows"]]},
		{"path": array.concat(_exports, [0, "endpoint"]), "verdict": "declared", "facts": []},
		{"path": array.concat(_exports, [0, "kind"]), "verdict": "declared", "facts": []},
	}
}

test_without_facts_everything_that_could_be_shown_is_declared_only if {
	{row.verdict | some row in _compared(_declared, [])} == {"declared"}
	count(_compared(_declared, [])) == 4
}

test_what_an_inferred_fact_says_otherwise_is_open if {
	some row in _compared(_declared, [_fact(_code, true, {"certainty": "inferred"})])
	row == {"path": _code, "verdict": "open", "facts": [[0, "open"]]}
}

test_manifests_that_disagree_about_what_nobody_declared_contradict_each_other if {
	path := ["spec", "serving", "replicas", "min"]
	some row in _compared(_declared, [_fact(path, 1, {}), _fact(path, 2, {})])
	row == {"path": path, "verdict": "contradicted", "facts": [[0, "contradicts"], [1, "contradicts"]]}
}

test_an_item_is_compared_key_by_key_and_a_stranger_is_undeclared if {
	facts := [
		_fact(_exports, {"name": "x", "kind": "console", "endpoint": "https://otel.eu"}, {"item": true}),
		_fact(_exports, {"name": "y", "kind": "otlp", "endpoint": "https://otel.us"}, {"item": true}),
	]
	found := {row | some row in _compared(_declared, facts); array.slice(row.path, 0, 3) == _exports}
	found == {
		{"path": array.concat(_exports, [0]), "verdict": "confirmed", "facts": [[0, "confirms"]]},
		{"path": array.concat(_exports, [0, "endpoint"]), "verdict": "confirmed", "facts": [[0, "confirms"]]},
		{"path": array.concat(_exports, [0, "kind"]), "verdict": "contradicted", "facts": [[0, "contradicts"]]},
		{"path": _exports, "verdict": "undeclared", "facts": [[1, "shows"]]},
	}
}

test_another_model_that_is_served_is_undeclared if {
	id := ["spec", "model", "id"]
	rows := _compared(_declared, [_fact(id, "a/b", {}), _fact(id, "c/d", {"about": "other"})])
	{row | some row in rows; row.path == id} == {
		{"path": id, "verdict": "confirmed", "facts": [[0, "confirms"]]},
		{"path": id, "verdict": "undeclared", "facts": [[1, "shows"]]},
	}
}

test_a_model_that_drafts_and_that_nobody_declared_is_undeclared if {
	draft := _fact(["spec", "model", "draft", "id"], "c/d", {})
	message := "Deployment llm/vllm has `c/d` draft for the model, which the descriptor does not mention"
	_undeclared(_declared, [draft]) == {0: {"severity": "high", "message": message}}
	filled := {"spec": {"model": {"id": "a/b", "draft": {"id": "c/d"}}}}
	_undeclared(filled, [object.union(draft, {"filled": true})])[0].severity == "high"
	_undeclared(filled, [draft]) == {}
	_undeclared(_declared, [object.union(draft, {"about": "other"})]) == {}
	_undeclared(_declared, [object.union(draft, {"value": null, "certainty": "inconclusive"})]) == {}
}

test_that_a_thing_is_there_proves_nothing_of_what_it_is_like if {
	stores := ["spec", "data", "stores"]
	declared := _with(stores, [{"name": "notes", "kind": "logs", "encrypted": true, "premises": "own"}])
	shown := [_item(stores, {"name": "notes", "kind": "logs"})]
	_judged(_reading([array.concat(stores, [0, "encrypted"])]), declared, shown).assurance == "declared"
	_judged(_reading([array.concat(stores, [0, "premises"])]), declared, shown).assurance == "declared"
	_judged(_reading([array.concat(stores, [0, "kind"])]), declared, shown).assurance == "evidenced"
	encrypted := [_item(stores, {"name": "notes", "encrypted": true})]
	_judged(_reading([array.concat(stores, [0, "encrypted"])]), declared, encrypted).assurance == "evidenced"
}
