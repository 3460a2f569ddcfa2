package psfpolicy.matching_test

import data.psfpolicy.evidence

_fact(path, value, changes) := object.union(
	{
		"path": path,
		"value": value,
		"item": true,
		"certainty": "certain",
		"about": "deployment",
		"subject": "ConfigMap llm/gateway",
	},
	changes,
)

_item(path, value) := _fact(path, value, {})

_open(path, value) := _fact(path, value, {"certainty": "inconclusive"})

_with(section, items) := {"spec": {section[1]: {section[2]: items}}}

# What becomes of a finding that rests on one key of one declared item.
_assurance(section, items, key, facts) := found.assurance if {
	path := array.flatten([section, key])
	finding := {"path": path, "status": "pass", "message": "seen", "reads": [path]}
	found := evidence.assured(finding) with input as {"descriptor": _with(section, items), "facts": {"evidence": facts}}
}

_undeclared(section, items, facts) := object.keys(found) if {
	found := evidence.undeclared with input as {"descriptor": _with(section, items), "facts": {"evidence": facts}}
}

_exports := ["spec", "observability", "exports"]

_export(carries) := {"name": "otel", "kind": "otlp", "endpoint": "https://otel.eu", "carries": carries}

_carried(declared, shown) := _assurance(
	_exports,
	[_export(declared)],
	[0, "carries"],
	[_item(_exports, _export(words)) | some words in shown],
)

test_more_may_be_declared_to_be_carried_than_is_shown_and_not_less if {
	_carried(["traces"], [["traces"]]) == "evidenced"
	_carried(["traces", "prompts"], [["traces"]]) == "inconclusive"
	_carried(["traces"], [["traces", "logs"]]) == "contradicted"
	_carried(["traces"], [["logs"]]) == "contradicted"
	_carried(["traces", "metrics"], [["traces"], ["metrics"]]) == "evidenced"
	_carried(["traces", "metrics"], [["traces"], ["logs"]]) == "contradicted"
}

test_what_is_carried_to_one_address_may_be_declared_in_parts if {
	declared := [_export(["traces"]), object.union(_export(["metrics"]), {"name": "otel-metrics"})]
	shown := [_item(_exports, object.union(_export(["metrics", "traces"]), {"name": "collector"}))]
	_assurance(_exports, declared, [0, "carries"], shown) == "evidenced"
	_undeclared(_exports, declared, shown) == set()
}

_guards := ["spec", "inputs", "guards"]

_guard(name, model, detects) := {"name": name, "model": model, "detects": detects, "action": "redact"}

test_a_guard_may_detect_more_than_is_declared_and_not_less if {
	shown := [_item(_guards, _guard("x", "presidio", ["pii", "secrets"]))]
	_assurance(_guards, [_guard("a", "presidio", ["pii"])], [0, "detects"], shown) == "evidenced"
	wider := [_guard("a", "presidio", ["pii", "secrets", "toxicity"])]
	_assurance(_guards, wider, [0, "detects"], shown) == "contradicted"
	scanning := [_item(_guards, object.union(_guard("x", "presidio", ["pii"]), {"scans": ["user"]}))]
	retrieved := [object.union(_guard("a", "presidio", ["pii"]), {"scans": ["user", "retrieved"]})]
	_assurance(_guards, retrieved, [0, "scans"], scanning) == "contradicted"
}

test_a_guard_that_is_shown_as_a_whole_may_be_declared_in_parts if {
	declared := [_guard("a", "presidio", ["pii"]), _guard("b", "presidio", ["secrets"])]
	whole := [_item(_guards, _guard("x", "presidio", ["pii", "secrets"]))]
	_assurance(_guards, declared, [0, "detects"], whole) == "evidenced"
	_assurance(_guards, declared, [1, "detects"], whole) == "evidenced"
	flagging := [_item(_guards, object.union(_guard("x", "presidio", ["pii", "secrets"]), {"action": "flag"}))]
	_assurance(_guards, declared, [1, "action"], flagging) == "contradicted"
	half := [_item(_guards, _guard("x", "presidio", ["pii"]))]
	_assurance(_guards, declared, [0, "detects"], half) == "evidenced"
	_assurance(_guards, declared, [1, "detects"], half) == "declared"
}

test_a_guard_that_is_declared_as_a_whole_may_be_shown_in_parts if {
	declared := [_guard("a", "presidio", ["pii", "secrets"])]
	parts := [_item(_guards, _guard("x", "presidio", ["pii"])), _item(_guards, _guard("y", "presidio", ["secrets"]))]
	_assurance(_guards, declared, [0, "detects"], parts) == "evidenced"
	_assurance(_guards, declared, [0, "detects"], [parts[0]]) == "contradicted"
}

test_a_library_is_the_same_by_each_of_its_names_and_a_model_is_not if {
	presidio := [_item(_guards, _guard("x", "microsoft/presidio", ["pii"]))]
	_assurance(_guards, [_guard("a", "presidio", ["pii"])], [0, "model"], presidio) == "evidenced"
	_undeclared(_guards, [_guard("a", "Presidio", ["pii"])], presidio) == set()
	small := [_item(_guards, _guard("x", "meta-llama/Llama-Prompt-Guard-2-22M", ["injection"]))]
	large := [_guard("a", "meta-llama/Llama-Prompt-Guard-2-86M", ["injection"])]
	_assurance(_guards, large, [0, "model"], small) == "contradicted"
}

test_a_guard_that_is_named_and_not_decided_leaves_the_others_as_they_are if {
	declared := [_guard("a", "presidio", ["pii"]), _guard("b", "llm-guard", ["secrets"])]
	sure := _item(_guards, _guard("b", "llm-guard", ["secrets"]))
	named := [sure, _open(_guards, {"name": "x", "model": "presidio"})]
	_assurance(_guards, declared, [0, "detects"], named) == "inconclusive"
	_assurance(_guards, declared, [1, "detects"], named) == "evidenced"
	nobody := [sure, _open(_guards, {"name": "x"})]
	_assurance(_guards, declared, [1, "detects"], nobody) == "inconclusive"
	unsaid := [sure, _open(_guards, null)]
	_assurance(_guards, declared, [1, "detects"], unsaid) == "inconclusive"
	_undeclared(_guards, declared, named) == set()
}

_limits := ["spec", "inputs", "rateLimits"]

test_limits_of_a_unit_are_told_apart_by_their_time if {
	declared := [{"unit": "tokens", "limit": 100, "per": "minute"}, {"unit": "tokens", "limit": 5000, "per": "day"}]
	shown := [_item(_limits, {"unit": "tokens", "limit": 5000, "per": "day"}), _item(_limits, declared[0])]
	_assurance(_limits, declared, [1, "limit"], shown) == "evidenced"
	_assurance(_limits, declared, [0, "limit"], shown) == "evidenced"
	_assurance(_limits, [declared[0]], [0, "limit"], shown) == "evidenced"
	_assurance(_limits, [declared[0]], [0, "per"], [shown[0]]) == "contradicted"
	looser := [shown[1], _item(_limits, {"unit": "tokens", "limit": 900, "per": "minute"})]
	_assurance(_limits, declared, [0, "limit"], looser) == "contradicted"
}

_alerts := ["spec", "observability", "alerts"]

test_another_alert_on_a_signal_is_another_alert if {
	declared := [{"name": "errors", "signal": "error-rate", "owner": "ml"}]
	ours := _item(_alerts, {"name": "HighErrors", "signal": "error-rate", "owner": "ml"})
	theirs := _item(_alerts, {"name": "AllErrors", "signal": "error-rate", "owner": "web"})
	_assurance(_alerts, declared, [0, "owner"], [ours, theirs]) == "evidenced"
	_assurance(_alerts, declared, [0, "owner"], [theirs]) == "contradicted"
	guessed := object.union(ours, {"certainty": "inferred"})
	_assurance(_alerts, declared, [0, "owner"], [guessed, theirs]) == "contradicted"
	unowned := _item(_alerts, {"name": "AnyErrors", "signal": "error-rate"})
	_assurance(_alerts, declared, [0, "owner"], [unowned, theirs]) == "contradicted"
	both := array.concat(declared, [{"name": "web", "signal": "error-rate", "owner": "web"}])
	_assurance(_alerts, both, [1, "owner"], [ours, theirs]) == "evidenced"
}

_ruled(declared, key, facts) := found.assurance if {
	path := array.concat(["spec", "network", "egress", "rules"], key)
	finding := {"path": path, "status": "pass", "message": "seen", "reads": [path]}
	found := evidence.assured(finding) with input as {
		"descriptor": {"spec": {"network": {"egress": {"rules": declared}}}},
		"facts": {"evidence": facts},
	}
}

_strange(declared, facts) := object.keys(found) if {
	found := evidence.undeclared with input as {
		"descriptor": {"spec": {"network": {"egress": {"rules": declared}}}},
		"facts": {"evidence": facts},
	}
}

_rule(name, ports) := {"name": name, "to": {"host": "hf.co"}, "ports": ports}

_opening(ports) := _item(["spec", "network", "egress", "rules"], _rule("net", ports))

test_an_opening_for_other_ports_is_another_one if {
	_strange([_rule("a", [443])], [_opening([22])]) == {0}
	_strange([_rule("a", [443])], [_opening([443]), _opening([22])]) == {1}
	_strange([_rule("a", [443]), _rule("b", [22])], [_opening([443]), _opening([22])]) == set()
	_strange([{"name": "a", "to": {"host": "hf.co"}}], [_opening([22])]) == set()
}

test_ports_of_one_host_may_be_declared_in_parts_and_shown_in_parts if {
	parts := [_rule("a", [443]), _rule("b", [22])]
	_ruled(parts, [0, "ports"], [_opening([443]), _opening([22])]) == "evidenced"
	_ruled(parts, [1, "ports"], [_opening([443, 22])]) == "evidenced"
	_ruled([_rule("a", [443, 22])], [0, "ports"], [_opening([443]), _opening([22])]) == "evidenced"
	_ruled([_rule("a", [443, 22])], [0, "ports"], [_opening([443])]) == "inconclusive"
	_ruled([_rule("a", [443])], [0, "ports"], [_opening([443, 22])]) == "contradicted"
}
