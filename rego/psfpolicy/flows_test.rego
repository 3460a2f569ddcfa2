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

_seen(path, keys) := [flows.by_path[path][key] | some key in keys]

_whom := ["operator", "role", "country", "inside"]

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
	flow := flows.by_path[_first_rule] with input as _rule({"to": {"host": "a.example"}})
	flow == {
		"kind": "egress",
		"name": "a",
		"path": _first_rule,
		"carries": ["prompts", "responses"],
		"operator": "unknown",
		"role": "unknown",
		"country": "unknown",
		"region": "unknown",
		"inside": false,
		"encrypted": false,
		"premises": "other",
		"what": [array.concat(_first_rule, ["carries"])],
		"who": [array.concat(_first_rule, [key]) | some key in ["operator", "hosting", "to", "location", "premises"]],
		"where": array.concat(
			[array.concat(_first_rule, [key]) | some key in ["operator", "hosting", "to", "location", "premises", "location"]],
			[["spec", "serving", "location"]],
		),
	}
}

test_empty_list_of_what_is_carried_counts_as_none_said if {
	["prompts", "responses"] == flows.by_path[_first_rule].carries with input as _rule({"to": {"host": "a.example"}, "carries": []})
}

test_store_carries_what_it_is_kept_for if {
	["logs"] == flows.by_path[_first_store].carries with input as _store({})
	["prompts", "responses"] == flows.by_path[_first_store].carries with input as _store({"kind": "backups"})
	["metrics"] == flows.by_path[_first_store].carries with input as _store({"kind": "metrics"})
}

test_private_range_is_inside if {
	_seen(_first_rule, _whom) == ["self", "self", "DE", true] with input as _rule({"to": {"cidr": "10.0.0.0/16"}})
	_seen(_first_export, _whom) == ["self", "self", "DE", true] with input as _export({"endpoint": "https://10.0.0.1:4317"})
}

test_private_range_that_is_a_peered_network_abroad_is_where_it_says if {
	_seen(_first_rule, _whom) == ["unknown", "unknown", "US", false] with input as _rule({
		"to": {"cidr": "10.0.0.0/16"},
		"location": {"country": "US"},
	})
	_seen(_first_rule, _whom) == ["unknown", "unknown", "unknown", false] with input as _rule({
		"to": {"cidr": "10.0.0.0/16"},
		"hosting": "third-party",
	})
}

test_operator_puts_a_private_range_elsewhere if {
	_seen(_first_rule, _whom) == ["aws", "third-party", "unknown", false] with input as _rule({
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
}

test_region_that_does_not_exist_is_in_no_country if {
	_seen(_first_store, ["country"]) == ["unknown"] with input as _store({"location": {"region": "aws:eu-atlantis-1"}})
}

test_renter_of_the_machines_is_a_processor_of_what_is_kept_there if {
	_seen(_first_store, ["role"]) == ["processor"] with input as _store({"operator": "aws"})
	_seen(["spec", "serving"], ["role", "inside"]) == ["processor", true] with input as _store({})
}

test_renter_of_the_machines_is_a_third_party_as_a_guard_or_a_fallback if {
	guarded := _spec({"inputs": {"guards": [{"name": "a", "operator": "aws"}]}})
	fallen := _spec({"vendor": {"fallbacks": [{"name": "a", "kind": "second-provider", "operator": "aws"}]}})
	flows.third_parties == {["spec", "inputs", "guards", 0]} with input as guarded
	flows.third_parties == {["spec", "vendor", "fallbacks", 0]} with input as fallen
}

test_egress_to_the_renter_is_a_third_party_unless_it_takes_no_prompts if {
	to_it := {"to": {"host": "a.example"}, "operator": "aws"}
	_seen(_first_rule, ["role"]) == ["third-party"] with input as _rule(to_it)
	_seen(_first_rule, ["role"]) == ["processor"] with input as _rule(object.union(to_it, {"carries": ["logs"]}))
}

test_provider_of_a_model_behind_a_private_link_is_a_third_party if {
	flows.third_parties == {["spec", "serving"]} with input as {"descriptor": {"spec": {
		"serving": {"hosting": "provider-hosted", "platform": "bedrock", "operator": "aws"},
		"network": {"egress": {"default": "deny", "rules": [{"name": "link", "to": {"cidr": "10.0.0.0/24"}}]}},
	}}}
}

test_machines_that_nobody_is_said_to_run_are_unknown_but_on_prem if {
	_seen(["spec", "serving"], ["operator", "premises"]) == ["unknown", "other"] with input as {"descriptor": {"spec": {"serving": {
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
		found := flows.by_path[_first_store].premises with input as {"descriptor": {"spec": object.union(
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
	_seen(["spec", "model", "weights"], ["inside"]) == [true] with input as _spec({})
}

test_weights_of_another_are_no_flow if {
	count([flow | some flow in flows.all; flow.kind == "weights"]) == 0 with input as {"descriptor": {"spec": {"serving": {"hosting": "hosted-api"}}}}
}

test_telemetry_is_a_flow_until_it_is_switched_off if {
	on := _spec({"serving": object.union(_serving, {"orchestrator": "ray"})})
	_seen(["spec", "network", "telemetryOptOut"], ["carries", "operator", "country"]) == [["metrics"], "unknown", "unknown"] with input as on
	off := _spec({"serving": object.union(_serving, {"engine": {"name": "vllm"}}), "network": {"telemetryOptOut": true}})
	count([flow | some flow in flows.all; flow.kind == "telemetry"]) == 0 with input as off
}

test_encrypted_over_tls_or_inside if {
	_seen(_first_store, ["encrypted"]) == [true] with input as _store({"operator": "aws", "tls": true})
	_seen(_first_store, ["encrypted"]) == [true] with input as _store({"hosting": "self"})
	_seen(_first_store, ["encrypted"]) == [false] with input as _store({"operator": "aws"})
	_seen(["spec", "serving"], ["encrypted"]) == [true] with input as {"descriptor": {"spec": {
		"serving": {"hosting": "hosted-api"},
		"network": {"ingress": {"tls": true}},
	}}}
}
