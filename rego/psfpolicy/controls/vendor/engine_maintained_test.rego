package psfpolicy.controls.vendor.engine_maintained_test

import data.psfpolicy.controls.vendor.engine_maintained as control
import data.psfpolicy.lib.outcome

_path := ["spec", "serving", "engine", "name"]

_reads := [["spec", "serving", "hosting"], _path]

_run(name) := {"hosting": "on-prem", "engine": {"name": name}}

test_pass_with_an_engine_that_is_maintained if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "vLLM is maintained",
		"reads": _reads,
	}} with input.descriptor.spec.serving as _run("vllm")
}

test_partial_with_tgi_in_maintenance_mode if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": concat("; ", [
			"Hugging Face Text Generation Inference is in maintenance mode since 2025-12-11",
			"wanted: an engine that is maintained, as `sglang` or `vllm`",
		]),
		"reads": _reads,
	}} with input.descriptor.spec.serving as _run("tgi")
}

test_partial_with_an_engine_that_is_not_known if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.serving as _run("other")
}

test_fail_without_an_engine if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.serving as {"hosting": "on-prem"}
}

test_not_applicable_with_someone_elses_engine if {
	outcome.not_applicable(control, _path) with input.descriptor.spec.serving as {"hosting": "hosted-api"}
}

test_absent_serving_fails if outcome.is(control, [[_path, "fail"]]) with input.descriptor as {"spec": {}}
