package psfpolicy.controls.security.weights_integrity_test

import data.psfpolicy.controls.security.weights_integrity as control
import data.psfpolicy.lib.outcome

_path := ["spec", "model", "weights"]

_code := ["spec", "model", "remoteCode"]

_hosting := ["spec", "serving", "hosting"]

_reads := array.concat([_hosting], [array.concat(_path, [key]) | some key in ["format", "sha256", "signature", "source", "uri"]])

_wanted := "wanted: `format: safetensors`, `sha256`, and a `signature` or a private mirror"

_digest := "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

_weights := {"source": "mirror", "uri": "s3://weights-eu/llama33", "format": "safetensors", "sha256": _digest, "signature": "cosign"}

_model(weights) := {"spec": {"serving": {"hosting": "on-prem"}, "model": {"remoteCode": false, "weights": weights}}}

_but(changes) := _model(object.union(_weights, changes))

_without(keys) := _model(object.remove(_weights, keys))

_off := {"path": _code, "status": "pass", "message": "`spec.model.remoteCode` is `false`", "reads": [_hosting, _code]}

test_pass_when_signed_and_mirrored if {
	control.findings == {
		_off,
		{
			"path": _path,
			"status": "pass",
			"message": "the weights are `safetensors` with a digest, from a private mirror and signed by `cosign`",
			"reads": _reads,
		},
	} with input.descriptor as _but({})
}

# Where manifests contradict it, the weights that are loaded may be others.
test_what_is_said_of_the_hub_is_read if {
	some finding in control.findings with input.descriptor as object.union(_but({}), {"spec": {"network": {"offlineHub": true}}})
	finding.path == _path
	["spec", "network", "offlineHub"] in finding.reads
}

test_pass_when_signed_and_loaded_from_the_hub if {
	outcome.is(control, [[_code, "pass"], [_path, "pass"]]) with input.descriptor as _but({"source": "hub"})
}

test_pass_when_mirrored_and_not_signed if {
	outcome.is(control, [[_code, "pass"], [_path, "pass"]]) with input.descriptor as _but({"signature": "none"})
	outcome.is(control, [[_code, "pass"], [_path, "pass"]]) with input.descriptor as _without(["signature", "uri"])
}

test_pass_for_another_format_without_code if {
	outcome.is(control, [[_code, "pass"], [_path, "pass"]]) with input.descriptor as _but({"format": "gguf"})
}

test_partial_without_a_digest if {
	control.findings == {
		_off,
		{
			"path": _path,
			"status": "partial",
			"message": $"in `spec.model.weights`, `sha256` is missing; {_wanted}",
			"reads": _reads,
		},
	} with input.descriptor as _without(["sha256"])
}

test_partial_with_a_digest_of_zeros if {
	outcome.is(control, [[_code, "pass"], [_path, "partial"]]) with input.descriptor as _but({
		"sha256": "0000000000000000000000000000000000000000000000000000000000000000",
	})
}

test_partial_without_signature_or_mirror if {
	control.findings == {
		_off,
		{
			"path": _path,
			"status": "partial",
			"message": $"in `spec.model.weights`, there is neither a `signature` nor a private mirror; {_wanted}",
			"reads": _reads,
		},
	} with input.descriptor as _but({"source": "hub", "signature": "none"})
}

test_partial_from_a_local_copy_or_an_image_that_is_not_signed if {
	outcome.is(control, [[_code, "pass"], [_path, "partial"]]) with input.descriptor as _but({"source": "local", "signature": "none"})
	outcome.is(control, [[_code, "pass"], [_path, "partial"]]) with input.descriptor as _but({"source": "image", "signature": "none"})
}

test_partial_from_a_mirror_that_is_the_public_hub if {
	outcome.is(control, [[_code, "pass"], [_path, "partial"]]) with input.descriptor as _but({
		"uri": "https://huggingface.co/meta-llama/Llama-3.3-70B-Instruct",
		"signature": "none",
	})
}

test_partial_from_a_mirror_whose_address_is_a_public_hub_by_another_name if {
	addresses := [
		"hf://meta-llama/Llama-3.3-70B-Instruct", "huggingface.co/meta-llama/Llama-3.3-70B-Instruct",
		"HTTPS://HuggingFace.co:443/meta-llama", "https://hf.co/meta-llama", "https://cdn-lfs.huggingface.co/a",
		"https://hf-mirror.com/meta-llama", "https://www.modelscope.cn/models/a", "https://huggingface.co./meta-llama",
		"https://reader:pass@huggingface.co/meta-llama", "https://huggingface.co?model=a", "https://huggingface.co\\meta-llama",
		"https://modelscope.ai/models/a", "ms://a/b", "Ollama://a",
	]
	every address in addresses {
		outcome.is(control, [[_code, "pass"], [_path, "partial"]]) with input.descriptor as _but({"uri": address, "signature": "none"})
	}
}

test_pass_from_a_mirror_whose_address_only_mentions_the_hub if {
	every uri in ["s3://weights-eu/huggingface.co/meta-llama", "https://nothuggingface.co/a", "https://huggingface.co.example.com/a"] {
		outcome.is(control, [[_code, "pass"], [_path, "pass"]]) with input.descriptor as _but({"uri": uri, "signature": "none"})
	}
}

test_partial_for_an_engine_that_somebody_built if {
	seen := "in `spec.model.weights`, `format` is `tensorrt-engine` (which can run code)"
	wanted := "`format: safetensors`, from which the plan is built here, `sha256`, and a `signature` or a private mirror"
	control.findings == {
		_off,
		{"path": _path, "status": "partial", "message": $"{seen}; wanted: {wanted}", "reads": _reads},
	} with input.descriptor as _but({"format": "tensorrt-engine"})
	bare := _model({"format": "tensorrt-engine"})
	outcome.is(control, [[_code, "pass"], [_path, "partial"]]) with input.descriptor as bare
}

test_partial_with_nothing_but_a_format_without_code if {
	outcome.is(control, [[_code, "pass"], [_path, "partial"]]) with input.descriptor as _model({"format": "safetensors"})
}

test_fail_for_a_format_that_runs_code if {
	control.findings == {
		_off,
		{
			"path": _path,
			"status": "fail",
			"message": $"in `spec.model.weights`, `format` is `pytorch-bin` (which can run code); {_wanted}",
			"reads": _reads,
		},
	} with input.descriptor as _but({"format": "pytorch-bin"})
}

test_fail_for_a_format_not_shown_to_be_without_code if {
	outcome.is(control, [[_code, "pass"], [_path, "fail"]]) with input.descriptor as _but({"format": "other"})
	outcome.is(control, [[_code, "pass"], [_path, "fail"]]) with input.descriptor as _without(["format"])
}

test_fail_when_remote_code_is_on if {
	descriptor := {"spec": {"model": {"remoteCode": true, "weights": _weights}}}
	outcome.is(control, [[_code, "fail"], [_path, "pass"]]) with input.descriptor as descriptor
	messages := {finding.message | some finding in control.findings; finding.path == _code} with input.descriptor as descriptor
	messages == {"`spec.model.remoteCode` is `true`; wanted: `remoteCode: false`"}
}

test_fail_when_remote_code_is_not_said if {
	outcome.is(control, [[_code, "fail"], [_path, "pass"]]) with input.descriptor as {"spec": {"model": {"weights": _weights}}}
}

test_applies_to_own_weights_on_managed_inference if {
	outcome.is(control, [[_code, "fail"], [_path, "fail"]]) with input.descriptor.spec.serving.hosting as "managed-inference"
}

test_not_applicable_with_the_weights_of_a_provider if {
	control.not_applicable == "the weights are someone else's" with input.descriptor.spec.serving.hosting as "provider-hosted"
	control.not_applicable == "the weights are someone else's" with input.descriptor.spec.serving.hosting as "hosted-api"
}

test_absent_model_section_fails_at_both_keys if {
	lacking := "`format` is missing, `sha256` is missing and there is neither a `signature` nor a private mirror"
	control.findings == {
		{
			"path": _code,
			"status": "fail",
			"message": "`spec.model.remoteCode` is missing; wanted: `remoteCode: false`",
			"reads": [_hosting, _code],
		},
		{
			"path": _path,
			"status": "fail",
			"message": $"in `spec.model.weights`, {lacking}; {_wanted}",
			"reads": _reads,
		},
	} with input.descriptor as {"spec": {}}
}

test_fail_for_a_switch_by_which_a_request_runs_code if {
	path := ["spec", "security", "hardening", "requestCode"]
	findings := control.findings with input.descriptor as {"spec": {"security": {"hardening": {"requestCode": true}}}}
	[finding.status | some finding in findings; finding.path == path] == ["fail"]
	places := control.places with input.descriptor as {"spec": {"security": {"hardening": {"requestCode": true}}}}
	path in places
}
