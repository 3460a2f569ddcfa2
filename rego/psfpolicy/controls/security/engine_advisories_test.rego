package psfpolicy.controls.security.engine_advisories_test

import data.psfpolicy.controls.security.engine_advisories as control
import data.psfpolicy.lib.outcome

_path := ["spec", "serving", "engine", "version"]

_always := [["spec", "serving", "hosting"], ["spec", "serving", "engine", "name"], _path]

_run(engine, version, rest) := object.union(rest, {"serving": {"hosting": "on-prem", "engine": {"name": engine, "version": version}}})

_safe := {"model": {"remoteCode": false}}

_keyed := {"network": {"ingress": {"authentication": "api-key"}}}

_is(status, spec) if outcome.is(control, [[_path, status]]) with input.descriptor.spec as spec

test_pass_with_a_version_that_nothing_is_known_against if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "vLLM 0.33.0 is in no advisory that defeats a control here",
		"reads": _always,
	}} with input.descriptor.spec as _run("vllm", "0.33.0", {})
}

test_pass_lists_what_defeats_nothing_as_a_note if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "Hugging Face Text Generation Inference 3.3.6 is in no advisory that defeats a control here; note: CVE-2026-0599 (high)",
		"reads": _always,
	}} with input.descriptor.spec as _run("tgi", "3.3.6", {})
}

test_fail_when_remote_code_runs_although_it_is_off if {
	_is("fail", _run("vllm", "0.13.9", _told))
	_is("pass", _run("vllm", "0.18.0", object.union(_told, {"security": {"tenancy": "single"}})))
}

_told := {
	"model": {"id": "microsoft/phi-4", "remoteCode": false},
	"network": {"ingress": {"authentication": "oidc"}},
	"security": {"tenancy": "single"},
}

test_fail_when_the_key_of_the_engine_can_be_passed_by if {
	_is("fail", _run("vllm", "0.21.0", object.union(_told, _keyed)))
	_is("pass", _run("vllm", "0.22.0", object.union(_told, _keyed)))
	behind := {"network": {"ingress": {"authentication": "api-key", "gateway": "envoy"}}}
	_is("pass", _run("vllm", "0.21.0", object.union(_told, behind)))
}

test_fail_when_a_pinned_revision_does_not_pin if {
	_is("fail", _run("vllm", "0.21.0", object.union(_told, {"model": {"revision": "main"}})))
	_is("pass", _run("vllm", "0.21.0", _told))
}

test_fail_names_the_advisory_and_the_version_that_ends_it if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": concat("", [
			"NVIDIA Triton Inference Server 26.02 is affected by CVE-2026-24206 (high), which defeats `security-endpoint-auth` ",
			"(What the server itself checks is all that guards it) and CVE-2026-24207 (critical), which defeats `security-endpoint-auth` ",
			"(What the server itself checks is all that guards it); wanted: 26.3 or later",
		]),
		"reads": array.concat(_always, [["spec", "network", "ingress", "authentication"], ["spec", "network", "ingress", "gateway"]]),
	}} with input.descriptor.spec as _run("triton", "26.02-py3", _keyed) with input.descriptor.spec.serving.engine.version as "26.02"
}

test_partial_when_the_condition_cannot_be_read if {
	_is("partial", _run("vllm", "0.11.0", {}))
	shared := object.union(_told, {"security": {"tenancy": "isolated"}, "model": {"remoteCode": true}})
	_is("partial", _run("vllm", "0.8.0", object.union(shared, {"purpose": {"tasks": ["chat"]}})))
}

test_pass_with_what_rests_on_a_single_source if {
	isolated := {"security": {"tenancy": "isolated"}, "model": {"weights": {"format": "safetensors"}}}
	_is("pass", _run("vllm", "0.27.0", object.union(_told, isolated)))
}

test_partial_with_a_version_that_cannot_be_compared if {
	_is("partial", _run("vllm", "latest", _told))
	_is("partial", _run("vllm", "0.33.0rc1", _told))
	_is("partial", _run("triton", "2.60.0", _told))
}

test_partial_with_an_engine_that_is_not_known if _is("partial", _run("other", "1.0.0", _told))

test_not_applicable_with_someone_elses_engine if {
	outcome.not_applicable(control, _path) with input.descriptor.spec.serving.hosting as "managed-inference"
}

test_absent_version_is_partial if {
	_is("partial", {"serving": {"hosting": "on-prem", "engine": {"name": "vllm"}}})
	_is("partial", {})
}
