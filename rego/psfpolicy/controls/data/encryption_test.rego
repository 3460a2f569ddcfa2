package psfpolicy.controls.data.encryption_test

import data.psfpolicy.controls.data.encryption as control
import data.psfpolicy.lib.outcome

_stores := ["spec", "data", "stores"]

_serving := ["spec", "serving"]

_weights := ["spec", "model", "weights"]

_first(section) := array.concat(section, [0])

# A deployment of one's own whose weights come with it: nothing leaves but what a test adds.
_base := {"spec": {
	"serving": {"hosting": "on-prem"},
	"model": {"weights": {"source": "local"}},
	"data": {"stores": []},
}}

_near := [[_serving, "pass"], [_weights, "pass"]]

_store(changes) := object.union(_base, {"spec": {"data": {"stores": [object.union({"name": "a", "kind": "logs"}, changes)]}}})

_export(changes) := object.union(_base, {"spec": {
	"data": {"stores": [{"name": "a", "kind": "logs", "hosting": "self", "encrypted": true}]},
	"observability": {"exports": [object.union({"name": "x", "kind": "otlp"}, changes)]},
}})

_exported := ["spec", "observability", "exports", 0]

test_pass_when_the_store_is_encrypted_and_reached_over_tls if {
	some finding in control.findings with input.descriptor as _store({"operator": "aws", "encrypted": true, "tls": true})
	finding == {
		"path": _first(_stores),
		"status": "pass",
		"message": "store `a` goes over TLS and is encrypted",
		"reads": array.flatten([
			[array.concat(_first(_stores), [key]) | some key in ["operator", "tls", "carries", "encrypted", "kind"]],
		]),
	}
}

test_pass_when_an_encrypted_store_stays_inside if {
	outcome.is(control, array.concat(_near, [[_first(_stores), "pass"]])) with input.descriptor as _store({
		"hosting": "self",
		"encrypted": true,
	})
}

test_pass_when_the_address_shows_tls if {
	some finding in control.findings with input.descriptor as _export({"endpoint": "https://otel.example.com"})
	finding.path == _exported
	finding.status == "pass"
	finding.message == "export `x` goes over TLS"
}

test_pass_when_a_model_of_others_is_reached_over_tls if {
	hosted := {"serving": {"hosting": "hosted-api", "operator": "acme"}, "network": {"ingress": {"tls": true}}, "data": {"stores": []}}
	{finding | some finding in control.findings} == {{
		"path": _serving,
		"status": "pass",
		"message": "inference goes over TLS",
		"reads": [
			["spec", "serving", "operator"],
			["spec", "network", "ingress", "tls"],
		],
	}} with input.descriptor as {"spec": hosted}
}

test_partial_when_a_store_of_metrics_does_not_say if {
	some finding in control.findings with input.descriptor as _store({"kind": "metrics", "operator": "aws"})
	finding.path == _first(_stores)
	finding.status == "partial"
	finding.message == concat("", [
		"store `a` is not shown to be encrypted: `encrypted` is missing and `tls` is missing; ",
		"wanted: `encrypted: true` and `tls: true`",
	])
}

test_fail_when_a_store_of_metrics_says_that_it_is_not if {
	outcome.is(control, array.concat(_near, [[_first(_stores), "fail"]])) with input.descriptor as _store({
		"kind": "metrics",
		"hosting": "self",
		"encrypted": false,
	})
}

test_fail_when_a_store_of_metrics_carries_prompts_or_one_of_logs_says_metrics if {
	failing := array.concat(_near, [[_first(_stores), "fail"]])
	outcome.is(control, failing) with input.descriptor as _store({"kind": "metrics", "hosting": "self", "carries": ["metrics", "prompts"]})
	outcome.is(control, failing) with input.descriptor as _store({"kind": "logs", "hosting": "self", "carries": ["metrics"]})
}

test_fail_when_a_store_of_text_does_not_say if {
	some finding in control.findings with input.descriptor as _store({"hosting": "self"})
	finding.path == _first(_stores)
	finding.status == "fail"
	finding.message == "store `a` is not shown to be encrypted: `encrypted` is missing; wanted: `encrypted: true`"
}

test_fail_when_a_flow_is_not_over_tls if {
	some finding in control.findings with input.descriptor as _export({"endpoint": "http://otel.example.com", "tls": false})
	finding.path == _exported
	finding.status == "fail"
	finding.message == "export `x` is not shown to be encrypted: `tls` is `false`; wanted: `tls: true`"
}

test_fail_when_the_address_and_the_flag_contradict_each_other if {
	some finding in control.findings with input.descriptor as _export({"endpoint": "https://otel.example.com", "tls": false})
	finding.path == _exported
	finding.status == "fail"
}

test_fail_when_the_flag_and_a_plain_address_contradict_each_other if {
	some finding in control.findings with input.descriptor as _export({"endpoint": "HTTP://otel.example.com", "tls": true})
	finding.path == _exported
	finding.status == "fail"
	finding.message == concat("", [
		"export `x` is not shown to be encrypted: `endpoint` is `HTTP://otel.example.com`; ",
		"wanted: `endpoint: https://…`",
	])
	mirrored := {"source": "mirror", "uri": "http://models.example.com/w", "operator": "acme", "tls": true}
	outcome.is(control, [[_serving, "pass"], [_weights, "fail"]]) with input.descriptor as object.union(_base, {"spec": {"model": {"weights": mirrored}}})
	some inside in control.findings with input.descriptor as _export({"endpoint": "http://otel.monitoring.svc:4317", "hosting": "self"})
	inside.path == _exported
	inside.status == "pass"
}

test_fail_when_a_private_range_is_said_to_be_elsewhere if {
	rule := {"name": "r", "to": {"cidr": "10.0.0.0/8"}}
	path := ["spec", "network", "egress", "rules", 0]
	near := object.union(_base, {"spec": {"network": {"egress": {"rules": [rule]}}}})
	abroad := object.union(_base, {"spec": {"network": {"egress": {"rules": [object.union(rule, {"location": {"country": "US"}})]}}}})
	count(control.findings) == 3 with input.descriptor as near
	every finding in control.findings { finding.status == "pass" } with input.descriptor as near
	outcome.is(control, array.concat(_near, [[path, "fail"]])) with input.descriptor as abroad
}

test_fail_when_a_model_of_others_is_not_reached_over_tls if {
	some finding in control.findings with input.descriptor as {"spec": {"serving": {"hosting": "hosted-api"}, "data": {"stores": []}}}
	finding.path == _serving
	finding.status == "fail"
	finding.message == concat("", [
		"inference is not shown to be encrypted: `spec.network.ingress.tls` is missing; ",
		"wanted: `spec.network.ingress.tls: true`",
	])
}

test_the_telemetry_of_the_engine_is_left_to_its_own_control if {
	control.places == {_serving, _weights} with input.descriptor as object.union(_base, {"spec": {"serving": {"engine": {"name": "vllm"}}}})
}

test_not_applicable_when_nothing_is_kept_and_nothing_leaves if {
	control.not_applicable == "`spec.data.stores` is empty, and no flow leaves the deployment" with input.descriptor as _base
	control.places == {_serving, _weights} with input.descriptor as _base
}

test_applies_when_the_weights_are_fetched if {
	outcome.is(control, [[_serving, "pass"], [_weights, "fail"]]) with input.descriptor as {"spec": {
		"serving": {"hosting": "on-prem"},
		"data": {"stores": []},
	}}
}

test_absent_stores_fail_at_the_list if {
	some finding in control.findings with input.descriptor as {"spec": {"serving": {"hosting": "on-prem"}}}
	finding == {
		"path": _stores,
		"status": "fail",
		"message": "`spec.data.stores` is missing; wanted: each store with `encrypted`, or `[]` where nothing is kept",
		"reads": [_stores],
	}
}

test_what_only_a_manifest_shows_is_judged_by_what_it_shows if {
	shown := {"path": ["spec", "data", "stores"], "item": true, "certainty": "certain", "about": "deployment", "subject": "a bucket"}
	facts := [
		object.union(shown, {"value": {"name": "a", "kind": "logs", "hosting": "self", "encrypted": true}}),
		object.union(shown, {"value": {"name": "b", "kind": "logs", "hosting": "self", "encrypted": false}}),
	]
	found := [[["facts", "evidence", 0], "pass"], [["facts", "evidence", 1], "fail"]]
	outcome.is(control, array.concat(_near, found)) with input as object.union({"descriptor": _base}, {"facts": {"evidence": facts}})
}
