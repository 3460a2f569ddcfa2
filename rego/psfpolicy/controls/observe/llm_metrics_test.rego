package psfpolicy.controls.observe.llm_metrics_test

import data.psfpolicy.controls.observe.llm_metrics as control
import data.psfpolicy.lib.outcome

_path := ["spec", "observability", "metrics"]

_hosting := ["spec", "serving", "hosting"]

_served(hosting, metrics) := {"spec": {"serving": {"hosting": hosting}, "observability": {"metrics": metrics}}}

test_pass_when_all_three_are_recorded if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec.observability.metrics as [
		"requests", "token-usage-per-client",
		"stop-reasons", "queue-depth",
	]
}

test_pass_without_the_queue_where_another_party_runs_the_model if {
	every hosting in ["managed-inference", "provider-hosted", "hosted-api"] {
		outcome.is(control, [[_path, "pass"]]) with input.descriptor as _served(hosting, ["token-usage-per-client", "stop-reasons"])
	}
	some finding in control.findings with input.descriptor as _served("hosted-api", ["token-usage-per-client", "stop-reasons"])
	finding.message == "the metrics hold `stop-reasons` and `token-usage-per-client`; the queue is the provider's"
}

test_partial_without_the_queue_where_the_instances_are_chosen if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _served("cloud-managed", ["token-usage-per-client", "stop-reasons"])
}

test_partial_when_two_are_recorded if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": "the metrics are `queue-depth`, `requests` and `stop-reasons`; wanted: `token-usage-per-client` as well",
		"reads": [_path, _hosting],
	}} with input.descriptor.spec.observability.metrics as ["requests", "stop-reasons", "queue-depth"]
}

test_partial_when_one_is_recorded if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.observability.metrics as ["queue-depth"]
}

test_partial_when_tokens_are_not_told_apart_by_client if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.observability.metrics as [
		"token-usage", "stop-reasons",
		"queue-depth",
	]
}

test_fail_when_only_the_service_is_measured if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.observability.metrics as ["requests", "latency", "errors"]
}

test_fail_when_the_list_is_empty if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.observability.metrics as []
}

test_absent_metrics_fail_at_the_list if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as {"spec": {}}
}
