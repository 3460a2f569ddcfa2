package psfpolicy.controls.security.engine_advisories_test

import data.psfpolicy.controls.security.engine_advisories as control
import data.psfpolicy.lib.outcome

_path := ["spec", "serving", "engine", "version"]

_image := ["spec", "serving", "engine", "image"]

_always := [["spec", "serving", "hosting"], ["spec", "serving", "engine", "name"], _path, _image, ["spec", "serving", "orchestrator"]]

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
			"(What the server itself checks is all that guards it); wanted: 26.03 or later",
		]),
		"reads": array.concat(_always, [["spec", "network", "ingress", "authentication"], ["spec", "network", "ingress", "gateway"]]),
	}} with input.descriptor.spec as _run("triton", "26.02-py3", _keyed) with input.descriptor.spec.serving.engine.version as "26.02"
}

test_partial_when_the_condition_cannot_be_read if {
	_is("partial", _run("vllm", "0.11.0", {}))
	shared := object.union(_told, {"security": {"tenancy": "isolated"}, "model": {"remoteCode": true}})
	_is("partial", _run("vllm", "0.8.0", object.union(shared, {"purpose": {"tasks": ["chat"]}})))
}

_isolated := object.union(_told, {"security": {"tenancy": "isolated"}, "model": {"weights": {"format": "safetensors"}}})

test_partial_with_what_rests_on_a_single_source if {
	_is("partial", _run("vllm", "0.27.0", _isolated))
	_is("pass", _run("vllm", "0.28.0", _isolated))
}

test_a_model_that_takes_more_than_text_is_exposed_whatever_its_tasks if {
	trusting := object.union(_told, {"model": {"id": "google/gemma-3-27b-it", "remoteCode": true}, "purpose": {"tasks": ["chat"]}})
	_is("partial", _run("vllm", "0.30.0", trusting))
	_is("pass", _run("vllm", "0.31.0", trusting))
	_is("pass", _run("vllm", "0.30.0", object.union(trusting, {"model": {"id": "microsoft/phi-4"}})))
}

test_partial_with_a_socket_of_sglang_that_asks_for_no_key if {
	_is("pass", _run("sglang", "0.5.9", _told))
	_is("partial", _run("sglang", "0.5.9", object.union(_told, {"model": {"id": "google/gemma-3-27b-it"}})))
	_is("pass", _run("sglang", "0.5.10", object.union(_told, {"model": {"id": "google/gemma-3-27b-it"}})))
	_is("partial", _run("sglang", "0.5.23", object.union(_told, {"model": {"id": "acme/notes"}})))
}

test_fail_when_the_gateway_is_a_word_for_nothing if {
	behind := {"network": {"ingress": {"authentication": "api-key", "gateway": "none"}}}
	_is("fail", _run("vllm", "0.21.0", object.union(_told, behind)))
}

_tagged(version, image) := _run("vllm", version, object.union(_told, {"serving": {"engine": {"image": image}}}))

test_fail_with_an_image_of_an_affected_version if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": concat("", [
			"vLLM 0.33.0 in an image of `v0.13.9` is affected by CVE-2026-22807 (high), which defeats `security-weights-integrity` ",
			"(Any model from a hub or from a path that others write to); wanted: 0.14.0 or later",
		]),
		"reads": array.concat(_always, [
			["spec", "model", "base"], ["spec", "model", "id"], ["spec", "model", "remoteCode"], ["spec", "model", "revision"],
			["spec", "model", "weights", "format"], ["spec", "network", "ingress", "authentication"],
			["spec", "network", "ingress", "gateway"], ["spec", "security", "tenancy"],
		]),
	}} with input.descriptor.spec as object.union(_tagged("0.33.0", "vllm/vllm-openai:v0.13.9"), {"model": {"id": "microsoft/phi-4"}})
	_is("fail", _tagged("latest", "mirror.example.com:5000/vllm/vllm-openai:v0.13.9-cu129@sha256:00"))
}

test_partial_with_an_image_of_another_version if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": "`spec.serving.engine.version` is `0.33.0`, and the tag of the image is `v0.32.0`; wanted: the version that the image has",
		"reads": _always,
	}} with input.descriptor.spec as _tagged("0.33.0", "vllm/vllm-openai:v0.32.0")
}

test_pass_with_an_image_that_says_the_same_or_nothing if {
	every image in [
		"vllm/vllm-openai:v0.33.0", "docker.io/VLLM/vllm-openai:v0.33.0-cu129@sha256:00", "vllm/vllm-openai:latest", "vllm/vllm-openai",
		"vllm/vllm-openai@sha256:00", "lmcache/vllm-openai:v0.3.1", "acme/vllm:v0.1.0", "acme-vllm/vllm-openai:v0.1.0",
	] {
		_is("pass", _tagged("0.33.0", image))
	}
	_is("pass", _run("triton", "26.07", object.union(_told, {"serving": {"engine": {"image": "nvcr.io/nvidia/tritonserver:26.07-py3"}}})))
	_is("pass", _run("triton", "26.07", object.union(_told, {"serving": {"engine": {"image": "acme/tritonserver:2.60.0"}}})))
}

test_pass_notes_what_may_be_about_any_version if {
	some finding in control.findings with input.descriptor.spec as _run("sglang", "0.5.23", object.union(
		_told,
		{"serving": {"orchestrator": "ray"}},
	))
	finding.message == concat("", [
		"SGLang 0.5.23 is in no advisory that defeats a control here; note: CVE-2026-32981 (high, versions not known) ",
		"and CVE-2026-5760 (versions not known)",
	])
}

test_partial_with_an_advisory_of_any_version_that_defeats_a_control if {
	row := {"engine": "vllm", "title": "x", "aliases": [], "defeats": ["security-endpoint-auth"], "condition": "Any."}
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec as _run("vllm", "0.33.0", _told)
		with input.catalogue.advisories as {"CVE-2026-1": row}
}

test_partial_with_an_engine_that_no_advisory_is_about if {
	_is("partial", _run("nim", "1.6.0", _told))
	row := {"engine": "nim", "title": "x", "aliases": [], "ranges": [[[], [1, 5]]], "defeats": []}
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec as _run("nim", "1.6.0", _told)
		with input.catalogue.advisories as {"CVE-2026-1": row}
}

test_partial_with_a_version_that_cannot_be_compared if {
	_is("partial", _run("vllm", "latest", _told))
	_is("partial", _run("vllm", "0.33.0rc1", _told))
	_is("partial", _run("vllm", "0.33.0.dev7", _told))
	_is("partial", _run("vllm", "0.33.0+acme.8", _told))
	_is("pass", _run("vllm", "v0.33.0.post1", _told))
	_is("partial", _run("triton", "2.60.0", _told))
}

# NVIDIA's container 25.10 holds vLLM 0.10.2: docs.nvidia.com, vLLM Release 25.10.
test_partial_with_the_year_of_a_container_where_the_engine_numbers_its_releases if {
	_is("partial", _run("vllm", "25.10", _told))
	_is("partial", _tagged("25.10-py3", "nvcr.io/nvidia/vllm:25.10-py3"))
	_is("partial", _run("sglang", "26.05", _told))
	_is("fail", _tagged("25.10", "vllm/vllm-openai:v0.10.2"))
	_is("pass", _run("triton", "26.07", _told))
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec as _run("vllm", "25.10", _told)
		with input.catalogue.engines as {"vllm": {"title": "vLLM"}}
}

test_partial_with_an_engine_that_is_not_known if _is("partial", _run("other", "1.0.0", _told))

test_not_applicable_with_someone_elses_engine if {
	outcome.not_applicable(control, _path) with input.descriptor.spec.serving.hosting as "managed-inference"
}

test_absent_version_is_partial if {
	_is("partial", {"serving": {"hosting": "on-prem", "engine": {"name": "vllm"}}})
	_is("partial", {})
}
