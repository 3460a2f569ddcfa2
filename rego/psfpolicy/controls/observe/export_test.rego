package psfpolicy.controls.observe.export_test

import data.psfpolicy.controls.observe.export as control
import data.psfpolicy.lib.outcome

_path := ["spec", "observability", "exports"]

_reads := [["spec", "observability", "exports", index, key] |
	some index in [0, 1]
	some key in ["kind", "carries"]
]

_metrics := {"name": "m", "kind": "prometheus", "carries": ["metrics"]}

_traces := {"name": "t", "kind": "otlp", "carries": ["traces", "logs"]}

test_pass_when_one_export_carries_both if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec.observability.exports as [object.union(
		_traces,
		{"carries": ["traces", "metrics"]},
	)]
}

test_pass_when_two_exports_carry_both_together if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "metrics and traces leave by durable exports: `m` and `t`",
		"reads": _reads,
	}} with input.descriptor.spec.observability.exports as [_metrics, _traces]
}

test_partial_when_only_metrics_are_carried if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.observability.exports as [_metrics]
}

test_partial_when_traces_end_in_a_file if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": concat("; ", [
			"no durable export carries `traces` (durable exports: `m`)",
			"wanted: `metrics` and `traces` in the `carries` of exports that are no `file` or `console`",
		]),
		"reads": _reads,
	}} with input.descriptor.spec.observability.exports as [_metrics, object.union(_traces, {"kind": "file"})]
}

test_fail_when_only_traces_are_carried if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.observability.exports as [_traces]
}

test_fail_when_everything_goes_to_the_console if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.observability.exports as [{
		"name": "c",
		"kind": "console",
		"carries": ["metrics", "traces"],
	}]
}

test_fail_when_an_export_does_not_say_what_it_carries if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.observability.exports as [{"name": "t", "kind": "otlp"}]
}

test_fail_when_the_list_is_empty if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.observability.exports as []
}

test_absent_exports_fail_at_the_list if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as {"spec": {}}
}
