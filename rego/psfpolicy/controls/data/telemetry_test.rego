package psfpolicy.controls.data.telemetry_test

import data.psfpolicy.controls.data.telemetry as control
import data.psfpolicy.lib.outcome

_path := ["spec", "network", "telemetryOptOut"]

_reads := [_path, ["spec", "serving", "engine", "name"], ["spec", "serving", "orchestrator"]]

_on(engine, changes) := {"spec": {
	"serving": object.union({"hosting": "self-managed-kubernetes", "engine": {"name": engine}}, changes),
	"network": {},
}}

_off(descriptor) := object.union(descriptor, {"spec": {"network": {"telemetryOptOut": true}}})

test_pass_when_it_is_switched_off if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "`vllm` reports its use by default, and `spec.network.telemetryOptOut` is `true`",
		"reads": _reads,
	}} with input.descriptor as _off(_on("vllm", {}))
}

test_pass_when_the_engine_does_not_report if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "`sglang` does not report its use, and `spec.network.telemetryOptOut` is missing",
		"reads": _reads,
	}} with input.descriptor as _on("sglang", {})
}

test_pass_when_an_engine_that_is_not_known_is_switched_off if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _off(_on("other", {}))
}

test_pass_when_a_row_of_the_user_says_that_it_does_not_report if {
	rows := {"engines": {"other": {"aliases": [], "telemetry": {"default": "off"}}}}
	outcome.is(control, [[_path, "pass"]]) with input as {"catalogue": rows, "descriptor": _on("other", {})}
}

test_partial_when_the_engine_is_not_known if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": concat("", [
			"whether `other` reports its use is not in the catalogue, and `spec.network.telemetryOptOut` is missing; ",
			"wanted: `true`, or a row of `engines` in your catalogue with `telemetry`",
		]),
		"reads": _reads,
	}} with input.descriptor as _on("other", {})
}

test_fail_when_it_reports_by_default if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": concat("", [
			"`vllm` reports its use by default, and `spec.network.telemetryOptOut` is missing; ",
			"wanted: `true`, with `DO_NOT_TRACK=1` or `VLLM_NO_USAGE_STATS=1` for `vllm`",
		]),
		"reads": _reads,
	}} with input.descriptor as _on("vllm", {})
}

test_fail_when_the_orchestrator_reports_beside_a_silent_engine if {
	some finding in control.findings with input.descriptor as _on("sglang", {"orchestrator": "ray"})
	finding.status == "fail"
	finding.message == concat("", [
		"`ray` reports its use by default and `sglang` does not report its use, and `spec.network.telemetryOptOut` is missing; ",
		"wanted: `true`, with `--disable-usage-stats` or `RAY_USAGE_STATS_ENABLED=0` for `ray`",
	])
}

test_fail_when_engine_and_orchestrator_report if {
	some finding in control.findings with input.descriptor as _on("tgi", {"orchestrator": "ray"})
	finding.status == "fail"
	finding.message == concat("", [
		"`ray` and `tgi` report their use by default, and `spec.network.telemetryOptOut` is missing; ",
		"wanted: `true`, with `--disable-usage-stats` or `RAY_USAGE_STATS_ENABLED=0` for `ray` ",
		"and `--usage-stats=off` or `USAGE_STATS=off` for `tgi`",
	])
}

test_fail_when_it_is_said_to_be_on if {
	descriptor := object.union(_on("vllm", {}), {"spec": {"network": {"telemetryOptOut": false}}})
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as descriptor
}

test_fail_when_a_guard_reports_beside_a_silent_engine if {
	guarded := object.union(_on("sglang", {}), {"spec": {"inputs": {"guards": [{"name": "g", "model": "NVIDIA/NeMo-Guardrails", "hosting": "self"}]}}})
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": concat("", [
			"`NVIDIA/NeMo-Guardrails` reports its use by default and `sglang` does not report its use, ",
			"and `spec.network.telemetryOptOut` is missing; wanted: `true`, ",
			"with `DO_NOT_TRACK=1` or `NEMO_GUARDRAILS_NO_USAGE_STATS=1` for `NVIDIA/NeMo-Guardrails`",
		]),
		"reads": array.concat(_reads, [["spec", "inputs", "guards", 0, "model"]]),
	}} with input.descriptor as guarded
}

test_guard_that_another_party_runs_reports_for_itself if {
	guarded := object.union(_on("sglang", {}), {"spec": {"inputs": {"guards": [{"name": "g", "model": "nemo-guardrails", "operator": "acme"}]}}})
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as guarded
}

test_not_applicable_to_a_hosted_api if {
	outcome.not_applicable(control, _path) with input.descriptor as {"spec": {"serving": {"hosting": "hosted-api"}}}
}

test_applies_to_a_guard_that_reports_beside_a_hosted_api if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as {"spec": {
		"serving": {"hosting": "hosted-api"},
		"inputs": {"guards": [{"name": "g", "model": "nemo-guardrails", "hosting": "self"}]},
	}}
}

test_absent_engine_fails_without_the_switch if {
	some finding in control.findings with input.descriptor as {"spec": {"serving": {"hosting": "on-prem"}}}
	finding.status == "fail"
	finding.message == concat("", [
		"`spec.serving.engine.name` is missing, and `spec.network.telemetryOptOut` is missing; ",
		"wanted: `true`, or the name of an engine that does not report its use",
	])
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as {"spec": {}}
}
