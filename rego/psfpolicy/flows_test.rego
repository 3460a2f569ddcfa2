package psfpolicy.flows_test

import data.psfpolicy.flows

_serving := {"hosting": "self-managed-kubernetes", "operator": "aws", "location": {"region": "aws:eu-central-1"}}

_spec(parts) := {"descriptor": {"spec": object.union(
	{"parties": [{"id": "aws", "jurisdiction": "US"}], "serving": _serving, "model": {"weights": {"source": "image"}}},
	parts,
)}}

_store(store) := _spec({"data": {"stores": [object.union({"name": "a", "kind": "logs"}, store)]}})

_rule(rule) := _spec({"network": {"egress": {"rules": [object.union({"name": "a"}, rule)]}}})

_export(export) := _spec({"observability": {"exports": [object.union({"name": "a", "kind": "otlp"}, export)]}})

_first_store := ["spec", "data", "stores", 0]

_first_rule := ["spec", "network", "egress", "rules", 0]

_first_export := ["spec", "observability", "exports", 0]

_flow(path) := [flow | some flow in flows.all; flow.path == path][0]

_seen(path, keys) := [_flow(path).state[key] | some key in keys]

_whom := ["operator", "role", "country", "inside"]

_third_parties := {flow.path | some flow in flows.all; flow.state.role == "third-party"}

test_no_descriptor_has_no_flow if flows.all == [] with input as {}

test_every_kind_of_flow_is_derived if {
	named := {"name": "a", "kind": "x"}
	found := {[flow.kind, flow.path] | some flow in flows.all} with input as {"descriptor": {"spec": {
		"model": {},
		"serving": {"hosting": "on-prem", "engine": {"name": "vllm"}},
		"inputs": {"guards": [named]},
		"outputs": {"guards": [named], "validators": [named], "sinks": [named]},
		"data": {"pii": {"detector": {}}, "stores": [named], "otherFlows": [named], "transfers": [{"to": "aws"}]},
		"network": {"egress": {"rules": [{"name": "a", "to": {"host": "a.example"}}]}},
		"observability": {"exports": [named]},
		"vendor": {"fallbacks": [named]},
	}}}
	found == {
		["inference", ["spec", "serving"]],
		["weights", ["spec", "model", "weights"]],
		["telemetry", ["spec", "network", "telemetryOptOut"]],
		["guard", ["spec", "inputs", "guards", 0]],
		["guard", ["spec", "outputs", "guards", 0]],
		["validator", ["spec", "outputs", "validators", 0]],
		["sink", ["spec", "outputs", "sinks", 0]],
		["detector", ["spec", "data", "pii", "detector"]],
		["store", ["spec", "data", "stores", 0]],
		["other", ["spec", "data", "otherFlows", 0]],
		["egress", ["spec", "network", "egress", "rules", 0]],
		["export", ["spec", "observability", "exports", 0]],
		["fallback", ["spec", "vendor", "fallbacks", 0]],
	}
}

test_flow_that_says_nothing_carries_prompts_and_responses_to_nobody_known if {
	flow := _flow(_first_rule) with input as _rule({"to": {"host": "a.example"}})
	who := [array.concat(_first_rule, [key]) | some key in ["operator", "hosting", "to", "location", "premises"]]
	flow == {
		"kind": "egress",
		"name": "a",
		"subject": "egress rule `a`",
		"path": _first_rule,
		"state": {
			"carries": ["prompts", "responses"],
			"operator": null,
			"role": null,
			"landlord": null,
			"unsaid": "nobody is said to run it",
			"country": null,
			"region": null,
			"inside": false,
			"premises": "other",
			"served": false,
			"service": "",
		},
		"what": [array.concat(_first_rule, ["carries"])],
		"who": who,
		"where": [["spec", "serving", "hosting"], ["spec", "serving", "location"]],
	}
}

test_location_that_is_said_is_held_against_that_of_the_deployment if {
	flow := _flow(_first_rule) with input as _rule({"to": {"host": "a.example"}, "location": {"country": "DE"}})
	array.slice(flow.who, 5, 7) == [["spec", "serving", "location"], ["spec", "serving", "operator"]]
}

test_flows_that_have_everything_in_common_share_a_state if {
	count(flows.all) == 4 with input as _shared
	count(flows.states) == 3 with input as _shared
}

_shared := _spec({"data": {"stores": [{"name": "a", "kind": "logs", "hosting": "self"}, {"name": "b", "kind": "logs", "hosting": "self"}]}})

test_empty_list_of_what_is_carried_counts_as_none_said if {
	["prompts", "responses"] == _flow(_first_rule).state.carries with input as _rule({"to": {"host": "a.example"}, "carries": []})
}

test_store_carries_what_it_is_kept_for if {
	["logs"] == _flow(_first_store).state.carries with input as _store({})
	["prompts", "responses"] == _flow(_first_store).state.carries with input as _store({"kind": "backups"})
	["metrics"] == _flow(_first_store).state.carries with input as _store({"kind": "metrics"})
}

_guard(guard) := _spec({"inputs": {"guards": [object.union({"name": "a"}, guard)]}})

_first_guard := ["spec", "inputs", "guards", 0]

test_what_a_flow_of_a_kind_cannot_do_without_is_carried_whatever_it_says if {
	carries := {path: _flow(path).state.carries |
		some path in [
			_first_guard, ["spec", "outputs", "guards", 0], ["spec", "outputs", "validators", 0], ["spec", "outputs", "sinks", 0],
			["spec", "data", "pii", "detector"], _first_store, ["spec", "vendor", "fallbacks", 0],
			["spec", "data", "otherFlows", 0], ["spec", "data", "otherFlows", 1],
		]
	} with input as _spec({
		"inputs": {"guards": [{"name": "a", "carries": ["metrics"]}]},
		"outputs": {
			"guards": [{"name": "a", "carries": ["metrics"]}],
			"validators": [{"name": "a", "kind": "model", "carries": ["metrics"]}],
			"sinks": [{"name": "a", "kind": "api", "carries": ["metrics"]}],
		},
		"data": {
			"pii": {"detector": {"carries": ["metrics"]}},
			"stores": [{"name": "a", "kind": "logs", "carries": ["metrics"]}],
			"otherFlows": [{"name": "a", "kind": "judge", "carries": ["metrics"]}, {"name": "b", "kind": "support", "carries": ["metrics"]}],
		},
		"vendor": {"fallbacks": [{"name": "a", "kind": "second-provider", "carries": ["prompts"]}]},
	})
	carries == {
		_first_guard: ["metrics", "prompts"],
		["spec", "outputs", "guards", 0]: ["metrics", "responses"],
		["spec", "outputs", "validators", 0]: ["metrics", "responses"],
		["spec", "outputs", "sinks", 0]: ["metrics", "responses"],
		["spec", "data", "pii", "detector"]: ["metrics", "prompts"],
		_first_store: ["metrics", "logs"],
		["spec", "vendor", "fallbacks", 0]: ["prompts", "responses"],
		["spec", "data", "otherFlows", 0]: ["metrics", "responses"],
		["spec", "data", "otherFlows", 1]: ["metrics"],
	}
}

test_private_range_is_inside if {
	_seen(_first_rule, _whom) == ["self", "self", "DE", true] with input as _rule({"to": {"cidr": "10.0.0.0/16"}})
	_seen(_first_export, _whom) == ["self", "self", "DE", true] with input as _export({"endpoint": "https://10.0.0.1:4317"})
}

test_private_range_that_is_a_peered_network_abroad_is_where_it_says if {
	_seen(_first_rule, _whom) == [null, null, "US", false] with input as _rule({
		"to": {"cidr": "10.0.0.0/16"},
		"location": {"country": "US"},
	})
	_seen(_first_rule, _whom) == [null, null, null, false] with input as _rule({
		"to": {"cidr": "10.0.0.0/16"},
		"hosting": "third-party",
	})
}

test_private_range_with_a_location_is_inside_only_where_self_runs_it_at_the_deployment if {
	here := {"to": {"cidr": "10.0.0.0/16"}, "location": {"region": "aws:eu-central-1"}}
	_seen(_first_rule, _whom) == [null, null, "DE", false] with input as _rule(here)
	_seen(_first_rule, _whom) == ["self", "self", "DE", true] with input as _rule(object.union(here, {"operator": "self"}))
}

test_own_names_are_inside_where_self_runs_what_they_lead_to if {
	own := {"endpoint": "http://otel.monitoring.svc.cluster.local:4317", "hosting": "self"}
	_seen(_first_export, ["inside"]) == [true] with input as _export(own)
	_seen(_first_export, ["inside"]) == [true] with input as _export({"endpoint": "http://otel-collector:4317", "hosting": "self"})
	_seen(_first_export, ["inside"]) == [false] with input as _export({"endpoint": "http://otel-collector:4317"})
	_seen(_first_export, ["inside"]) == [false] with input as _export({"endpoint": "http://134744072:4317", "hosting": "self"})
	_seen(_first_export, ["inside"]) == [false] with input as _export({"endpoint": "https://otel.example.com", "hosting": "self"})
}

_service_of(path) := [_flow(path).state[key] | some key in ["operator", "role", "unsaid"]]

test_service_of_another_is_not_run_by_self_because_it_says_so if {
	_service_of(_first_guard) == [null, null, "`google-model-armor` is a service of another party, and which one is not said"] with input as _guard({
		"model": "google-model-armor",
		"hosting": "self",
	})
	_service_of(["spec", "data", "pii", "detector"]) == [
		null, null,
		"`bedrock-guardrails` is a service of another party, and which one is not said",
	] with input as _spec({"data": {"pii": {"detector": {"name": "bedrock-guardrails", "operator": "self"}}}})
	_service_of(["spec", "vendor", "fallbacks", 0]) == [
		null, null,
		"`gpt-4.1` is a service of another party, and which one is not said",
	] with input as _spec({"vendor": {"fallbacks": [{"name": "a", "kind": "second-provider", "model": "gpt-4.1", "hosting": "self"}]}})
	_service_of(_first_export) == [null, null, "`datadog` is a service of another party, and which one is not said"] with input as _export({
		"kind": "datadog",
		"hosting": "self",
	})
	_service_of(_first_rule) == [null, null, "`openai.com` is a service of another party, and which one is not said"] with input as _rule({
		"to": {"host": "API.OpenAI.com."},
		"operator": "self",
	})
}

test_service_of_another_is_what_the_party_that_is_said_runs if {
	_service_of(_first_guard) == ["aws", "third-party", ""] with input as _guard({"model": "bedrock-guardrails", "operator": "aws"})
	_service_of(_first_guard) == ["aws", "third-party", ""] with input as _guard({
		"model": "bedrock-guardrails",
		"operator": "aws",
		"hosting": "self",
	})
}

test_model_that_others_run_is_not_run_by_self_because_it_says_so if {
	_service_of(["spec", "serving"]) == [
		null, null,
		"another party runs `hosted-api`, and which one is not said",
	] with input as {"descriptor": {"spec": {"serving": {"hosting": "hosted-api", "operator": "self"}}}}
}

_landlord(path) := [_flow(path).state[key] | some key in ["operator", "landlord", "unsaid"]]

_unrented := "nobody is said to rent out the machines that it is on"

test_what_self_runs_in_a_region_of_a_cloud_is_on_rented_machines if {
	_landlord(_first_store) == ["self", "aws", ""] with input as _store({"hosting": "self", "location": {"region": "aws:eu-west-1"}})
	_landlord(_first_store) == ["self", null, _unrented] with input as _store({"hosting": "self", "location": {"region": "gcp:europe-west3"}})
	_landlord(["spec", "serving"]) == ["self", null, _unrented] with input as {"descriptor": {"spec": {"serving": {
		"hosting": "on-prem",
		"location": {"region": "aws:eu-central-1"},
	}}}}
	_landlord(["spec", "serving"]) == ["self", null, _unrented] with input as {"descriptor": {"spec": {"serving": {
		"hosting": "self-managed-kubernetes",
		"platform": "eks",
		"operator": "self",
		"location": {"country": "DE"},
	}}}}
}

test_what_self_runs_on_premises_of_others_or_at_a_provider_is_on_rented_machines if {
	_landlord(_first_store) == ["self", null, _unrented] with input as _store({"operator": "self", "premises": "other"})
	_landlord(_first_rule) == ["self", null, _unrented] with input as _rule({
		"to": {"host": "backup.s3.eu-central-1.amazonaws.com"},
		"operator": "self",
	})
}

test_what_self_runs_elsewhere_or_inside_is_on_its_own_machines if {
	_landlord(_first_store) == ["self", "self", ""] with input as _store({"hosting": "self", "location": {"country": "FR"}})
	_landlord(_first_store) == ["self", "self", ""] with input as _store({"hosting": "self"})
	_landlord(["spec", "serving"]) == ["self", "self", ""] with input as {"descriptor": {"spec": {"serving": {"hosting": "on-prem"}}}}
}

test_what_self_runs_on_the_machines_of_the_renter_is_a_processors if {
	_seen(_first_guard, ["role"]) == ["processor"] with input as _guard({"hosting": "self", "operator": "aws"})
}

test_kinds_that_answer_are_known_by_who_runs_them if {
	_seen(_first_guard, ["service"]) == ["aws"] with input as _guard({"operator": "aws"})
	_seen(_first_guard, ["service"]) == [""] with input as _guard({"hosting": "self"})
	_seen(_first_store, ["service"]) == [""] with input as _store({"operator": "aws"})
	_seen(["spec", "serving"], ["service"]) == ["bedrock"] with input as {"descriptor": {"spec": {"serving": {
		"hosting": "provider-hosted",
		"platform": "bedrock",
	}}}}
}

test_operator_puts_a_private_range_elsewhere if {
	_seen(_first_rule, _whom) == ["aws", "third-party", null, false] with input as _rule({
		"to": {"cidr": "10.0.0.0/16"},
		"operator": "aws",
	})
}

test_what_is_run_by_self_is_where_the_deployment_is if {
	_seen(_first_store, _whom) == ["self", "self", "DE", true] with input as _store({"hosting": "self"})
	_seen(_first_store, ["region"]) == ["aws:eu-central-1"] with input as _store({"hosting": "self"})
}

test_file_is_inside_and_one_with_an_address_is_not if {
	_seen(_first_export, ["inside"]) == [true] with input as _export({"kind": "file"})
	_seen(_first_export, ["inside"]) == [true] with input as _export({"kind": "file", "endpoint": "file:///var/log/x"})
	_seen(_first_export, ["inside"]) == [false] with input as _export({"kind": "file", "endpoint": "https://a.example"})
	_seen(_first_export, ["inside"]) == [true] with input as _export({"hosting": "self"})
	_seen(_first_export, ["inside"]) == [true] with input as _export({"kind": "file", "endpoint": "/var/log/x"})
	_seen(_first_export, ["inside"]) == [false] with input as _export({"kind": "file", "endpoint": "//server/share/x"})
	_seen(_first_export, ["inside"]) == [false] with input as _export({"kind": "console", "endpoint": "collector.example.com:4317"})
}

test_region_that_does_not_exist_is_in_no_country if {
	_seen(_first_store, ["country"]) == [null] with input as _store({"location": {"region": "aws:eu-atlantis-1"}})
}

test_renter_of_the_machines_is_a_processor_of_what_is_kept_there if {
	_seen(_first_store, ["role"]) == ["processor"] with input as _store({"operator": "aws"})
	_seen(["spec", "serving"], ["role", "inside"]) == ["processor", true] with input as _store({})
}

test_renter_of_the_machines_is_a_third_party_as_a_guard_or_a_fallback if {
	guarded := _spec({"inputs": {"guards": [{"name": "a", "operator": "aws"}]}})
	fallen := _spec({"vendor": {"fallbacks": [{"name": "a", "kind": "second-provider", "operator": "aws"}]}})
	_third_parties == {["spec", "inputs", "guards", 0]} with input as guarded
	_third_parties == {["spec", "vendor", "fallbacks", 0]} with input as fallen
}

test_egress_to_the_renter_is_a_third_party_unless_it_takes_no_prompts if {
	to_it := {"to": {"host": "a.example"}, "operator": "aws"}
	_seen(_first_rule, ["role"]) == ["third-party"] with input as _rule(to_it)
	_seen(_first_rule, ["role"]) == ["processor"] with input as _rule(object.union(to_it, {"carries": ["logs"]}))
}

test_provider_of_a_model_behind_a_private_link_is_a_third_party if {
	_third_parties == {["spec", "serving"]} with input as {"descriptor": {"spec": {
		"serving": {"hosting": "provider-hosted", "platform": "bedrock", "operator": "aws"},
		"network": {"egress": {"default": "deny", "rules": [{"name": "link", "to": {"cidr": "10.0.0.0/24"}}]}},
	}}}
}

test_machines_that_nobody_is_said_to_run_are_unknown_but_on_prem if {
	_seen(["spec", "serving"], ["operator", "premises"]) == [null, "other"] with input as {"descriptor": {"spec": {"serving": {
		"hosting": "self-managed-vm",
		"location": {"country": "DE"},
	}}}}
	_seen(["spec", "serving"], ["operator", "premises"]) == ["self", "own"] with input as {"descriptor": {"spec": {"serving": {"hosting": "on-prem"}}}}
}

test_own_premises_are_those_on_prem_that_are_nowhere_else if {
	on_prem := {"serving": {"hosting": "on-prem", "location": {"country": "DE"}}}
	store := {"name": "a", "kind": "logs", "operator": "self"}
	premises := {name: found |
		some name, part in {
			"same": {},
			"said": {"premises": "other"},
			"abroad": {"location": {"country": "US"}},
			"cloud": {"premises": "own", "location": {"region": "aws:eu-central-1"}},
		}
		found := _flow(_first_store).state.premises with input as {"descriptor": {"spec": object.union(
			on_prem,
			{"data": {"stores": [object.union(store, part)]}},
		)}}
	}
	premises == {"same": "own", "said": "other", "abroad": "other", "cloud": "other"}
}

test_degraded_mode_without_a_model_stays_inside if {
	_seen(["spec", "vendor", "fallbacks", 0], _whom) == ["self", "self", "DE", true] with input as _spec({"vendor": {"fallbacks": [{
		"name": "a",
		"kind": "degraded-mode",
	}]}})
}

test_weights_from_the_hub_leave_and_those_of_an_own_mirror_do_not if {
	_seen(["spec", "model", "weights"], ["inside", "carries"]) == [false, ["weights"]] with input as _spec({"model": {"weights": {"source": "hub"}}})
	_seen(["spec", "model", "weights"], ["inside"]) == [true] with input as _spec({"model": {"weights": {
		"source": "mirror",
		"hosting": "self",
	}}})
	_seen(["spec", "model", "weights"], ["inside"]) == [false] with input as _spec({"model": {"weights": {"source": "hub", "hosting": "self"}}})
	_seen(["spec", "model", "weights"], ["inside"]) == [true] with input as _spec({"model": {"weights": {
		"source": "mirror",
		"uri": "https://10.0.0.7/phi-4",
	}}})
	_seen(["spec", "model", "weights"], ["inside"]) == [false] with input as _spec({"model": {"weights": {
		"source": "mirror",
		"uri": "http://models.example.com/phi-4",
		"hosting": "self",
	}}})
	_seen(["spec", "model", "weights"], ["inside"]) == [true] with input as _spec({})
}

test_weights_of_another_are_no_flow if {
	count([flow | some flow in flows.all; flow.kind == "weights"]) == 0 with input as {"descriptor": {"spec": {"serving": {"hosting": "hosted-api"}}}}
}

test_telemetry_is_a_flow_until_it_is_switched_off if {
	on := _spec({"serving": object.union(_serving, {"orchestrator": "ray"})})
	_seen(["spec", "network", "telemetryOptOut"], ["carries", "operator", "country"]) == [["metrics"], null, null] with input as on
	off := _spec({"serving": object.union(_serving, {"engine": {"name": "vllm"}}), "network": {"telemetryOptOut": true}})
	count([flow | some flow in flows.all; flow.kind == "telemetry"]) == 0 with input as off
}

test_guard_that_reports_makes_a_flow_of_telemetry if {
	path := ["spec", "network", "telemetryOptOut"]
	[path] == [flow.path | some flow in flows.all; flow.kind == "telemetry"] with input as _guard({"model": "nemo-guardrails", "hosting": "self"})
	[] == [flow | some flow in flows.all; flow.kind == "telemetry"] with input as _guard({"model": "nemo-guardrails", "operator": "aws"})
}

_shown(path, value) := {
	"path": path,
	"value": value,
	"item": true,
	"certainty": "certain",
	"about": "deployment",
	"subject": "Deployment llm/vllm",
}

_manifest(facts) := object.union(_spec({}), {"facts": {"evidence": facts}})

test_what_only_a_manifest_shows_is_a_flow_at_its_fact if {
	named := {"name": "a"}
	lists := [
		["inputs", "guards"], ["outputs", "guards"], ["outputs", "validators"], ["outputs", "sinks"], ["data", "stores"],
		["data", "otherFlows"], ["network", "egress", "rules"], ["observability", "exports"], ["vendor", "fallbacks"],
		["model", "adapters"],
	]
	found := {flow.path[2]: [flow.subject, flow.what] | some flow in flows.all; flow.path[0] == "facts"} with input as _manifest([fact |
		some list in lists
		fact := _shown(array.concat(["spec"], list), named)
	])
	found == {index: [$"undeclared {subject} `a`", [["facts", "evidence", index]]] |
		some index, subject in ["guard", "guard", "validator", "sink", "store", "flow", "egress rule", "export", "fallback"]
	}
}

test_what_a_manifest_shows_is_judged_like_what_is_declared if {
	facts := [
		_shown(["spec", "outputs", "guards"], {"name": "a", "carries": ["metrics"]}),
		_shown(["spec", "observability", "exports"], {"name": "a", "kind": "datadog", "endpoint": "https://api.datadoghq.com"}),
		_shown(["spec", "network", "egress", "rules"], {"name": "a", "to": {"cidr": "10.0.0.0/8"}}),
	]
	_flow(["facts", "evidence", 0]).state.carries == ["metrics", "responses"] with input as _manifest(facts)
	_flow(["facts", "evidence", 1]).state.unsaid == flows.nobody with input as _manifest(facts)
	_flow(["facts", "evidence", 1]).state.inside == false with input as _manifest(facts)
	_flow(["facts", "evidence", 2]).state.inside == true with input as _manifest(facts)
}

test_what_is_declared_and_shown_is_one_flow if {
	export := {"name": "a", "kind": "otlp", "endpoint": "https://otel.eu"}
	fact := _shown(["spec", "observability", "exports"], export)
	paths := [flow.path | some flow in flows.all; flow.kind == "export"] with input as object.union(
		_export(export),
		{"facts": {"evidence": [fact]}},
	)
	paths == [_first_export]
}

test_a_store_of_text_carries_it_whatever_it_says if {
	every kind in ["datasets", "vector-store"] {
		["weights", "prompts"] == _flow(_first_store).state.carries with input as _store({"kind": kind, "carries": ["weights"]})
	}
}
