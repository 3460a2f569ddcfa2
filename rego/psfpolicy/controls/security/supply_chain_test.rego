package psfpolicy.controls.security.supply_chain_test

import data.psfpolicy.controls.security.supply_chain as control
import data.psfpolicy.lib.outcome

_hosting := ["spec", "serving", "hosting"]

_image := ["spec", "serving", "engine", "image"]

_sbom := ["spec", "security", "supplyChain", "sbom"]

_scan := ["spec", "security", "supplyChain", "dependencyScan"]

_digest := "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

_pinned := $"vllm/vllm-openai:v0.33.0@sha256:{_digest}"

_chain := {"sbom": true, "dependencyScan": "weekly"}

_descriptor(image, chain) := {"spec": {
	"serving": {"hosting": "on-prem", "engine": {"image": image}},
	"security": {"supplyChain": chain},
}}

test_pass_when_pinned_listed_and_scanned if {
	{finding | some finding in control.findings} == {
		{"path": _image, "status": "pass", "message": $"`spec.serving.engine.image` is `{_pinned}`", "reads": [_hosting, _image]},
		{"path": _sbom, "status": "pass", "message": "`spec.security.supplyChain.sbom` is `true`", "reads": [_hosting, _sbom]},
		{"path": _scan, "status": "pass", "message": "`spec.security.supplyChain.dependencyScan` is `weekly`", "reads": [_hosting, _scan]},
	} with input.descriptor as _descriptor(_pinned, _chain)
}

test_partial_when_the_image_has_a_tag_only if {
	{finding | some finding in control.findings} == {
		{
			"path": _image,
			"status": "partial",
			"message": "`spec.serving.engine.image` is `vllm/vllm-openai:v0.33.0`; wanted: an `image` with `@sha256:` and its digest",
			"reads": [_hosting, _image],
		},
		{"path": _sbom, "status": "pass", "message": "`spec.security.supplyChain.sbom` is `true`", "reads": [_hosting, _sbom]},
		{"path": _scan, "status": "pass", "message": "`spec.security.supplyChain.dependencyScan` is `weekly`", "reads": [_hosting, _scan]},
	} with input.descriptor as _descriptor("vllm/vllm-openai:v0.33.0", _chain)
}

test_partial_when_the_digest_is_none if {
	statuses := [[_image, "partial"], [_sbom, "pass"], [_scan, "pass"]]
	outcome.is(control, statuses) with input.descriptor as _descriptor("vllm@sha256:latest", _chain)
	outcome.is(control, statuses) with input.descriptor as _descriptor("vllm@sha256:", _chain)
	outcome.is(control, statuses) with input.descriptor as _descriptor($"@sha256:{_digest}", _chain)
	outcome.is(control, statuses) with input.descriptor as _descriptor($"vllm@sha256:{_digest}0", _chain)
}

test_partial_when_the_sbom_is_denied_and_the_scan_is_called_never if {
	{finding | some finding in control.findings} == {
		{"path": _image, "status": "pass", "message": $"`spec.serving.engine.image` is `{_pinned}`", "reads": [_hosting, _image]},
		{
			"path": _sbom,
			"status": "partial",
			"message": "`spec.security.supplyChain.sbom` is `false`; wanted: `sbom: true`",
			"reads": [_hosting, _sbom],
		},
		{
			"path": _scan,
			"status": "partial",
			"message": "`spec.security.supplyChain.dependencyScan` is `never`; wanted: `dependencyScan` saying how often",
			"reads": [_hosting, _scan],
		},
	} with input.descriptor as _descriptor(_pinned, {"sbom": false, "dependencyScan": "never"})
}

test_partial_when_the_scan_is_called_none if {
	outcome.is(control, [[_image, "pass"], [_sbom, "pass"], [_scan, "partial"]]) with input.descriptor as _descriptor(
		_pinned,
		{"sbom": true, "dependencyScan": "none"},
	)
}

test_fail_when_nothing_of_it_holds if {
	outcome.is(control, [[_image, "fail"], [_sbom, "fail"], [_scan, "fail"]]) with input.descriptor as _descriptor("vllm", {})
}

test_applies_when_the_hosting_is_not_said if {
	outcome.is(control, [[_image, "fail"], [_sbom, "fail"], [_scan, "fail"]]) with input.descriptor as {"spec": {"serving": {}}}
}

test_not_applicable_with_the_engine_of_a_provider if {
	reason := "the engine is someone else's"
	control.not_applicable == reason with input.descriptor.spec.serving.hosting as "cloud-managed"
	control.not_applicable == reason with input.descriptor.spec.serving.hosting as "managed-inference"
	control.not_applicable == reason with input.descriptor.spec.serving.hosting as "provider-hosted"
	control.not_applicable == reason with input.descriptor.spec.serving.hosting as "hosted-api"
}

test_absent_sections_fail_at_each_key if {
	{finding | some finding in control.findings} == {
		{
			"path": _image,
			"status": "fail",
			"message": "`spec.serving.engine.image` is missing; wanted: an `image` with `@sha256:` and its digest",
			"reads": [_hosting, _image],
		},
		{
			"path": _sbom,
			"status": "fail",
			"message": "`spec.security.supplyChain.sbom` is missing; wanted: `sbom: true`",
			"reads": [_hosting, _sbom],
		},
		{
			"path": _scan,
			"status": "fail",
			"message": "`spec.security.supplyChain.dependencyScan` is missing; wanted: `dependencyScan` saying how often",
			"reads": [_hosting, _scan],
		},
	} with input.descriptor as {"spec": {}}
}
