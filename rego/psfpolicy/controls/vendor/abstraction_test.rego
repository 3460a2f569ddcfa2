package psfpolicy.controls.vendor.abstraction_test

import data.psfpolicy.controls.vendor.abstraction as control
import data.psfpolicy.lib.outcome

_path := ["spec", "vendor", "abstractionLayer"]

_reads := [_path, ["spec", "serving", "hosting"], ["spec", "serving", "engine", "name"]]

_run(hosting, engine) := {"hosting": hosting, "engine": {"name": engine}}

test_pass_when_a_layer_is_named if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "`spec.vendor.abstractionLayer` is `litellm`",
		"reads": [_path],
	}} with input.descriptor.spec.vendor.abstractionLayer as "litellm"
}

test_fail_when_the_layer_is_none if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": "`spec.vendor.abstractionLayer` is `none`; wanted: the name of the layer that all calls to a model go through",
		"reads": _reads,
	}} with input.descriptor.spec.vendor.abstractionLayer as "none"
}

test_fail_when_the_layer_is_blank if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.vendor.abstractionLayer as " "
}

test_absent_layer_fails_at_its_key if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": "`spec.vendor.abstractionLayer` is missing; wanted: the name of the layer that all calls to a model go through",
		"reads": _reads,
	}} with input.descriptor as {"spec": {}}
}

test_pass_with_a_self_run_engine_that_serves_openais_interface if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "vLLM is self-run and serves OpenAI's interface",
		"reads": _reads,
	}} with input.descriptor.spec.serving as _run("on-prem", "vllm")
}

test_partial_with_a_self_run_engine_that_is_not_known if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.serving as _run("on-prem", "other")
}

test_fail_with_someone_elses_engine if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.serving as _run("managed-inference", "vllm")
}

test_fail_self_run_without_an_engine if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.serving.hosting as "on-prem"
}
