# METADATA
# title: Integrity of the weights
# description: |
#   Whoever can change the weights, or run code while they load, owns the model and the machine that it runs on.
#   Remote code is declared off and the format is one without code (safetensors, gguf): pickle runs code, a TensorRT engine is an
#   executable artefact by its maker's own words, and a format that is not named is not shown to be without; each of these fails outright.
#   The weights carry a SHA-256, and are signed or come from a private mirror (`source: mirror`, not one whose address is the public
#   hub's); a digest that is missing, or neither signature nor mirror, is partial.
# custom:
#   provenance: assessment
#   severity: critical
#   remediation: |
#     Mirror and sign safetensors, state their digest, and switch remote code off:
#
#     model:
#       remoteCode: false
#       weights: {source: mirror, uri: "s3://weights-eu/llama33", format: safetensors, sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08, signature: cosign}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-7-security
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#     - https://docs.nvidia.com/deeplearning/tensorrt/latest/reference/security.html
#   good: |
#     serving: {hosting: on-prem}
#     model:
#       remoteCode: false
#       weights: {source: mirror, format: safetensors, sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08}
#   bad: |
#     serving: {hosting: on-prem}
#     model:
#       remoteCode: true
#       weights: {source: mirror, format: safetensors, sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08}
package psfpolicy.controls.security.weights_integrity

import data.psfpolicy.lib.parts
import data.psfpolicy.lib.pins
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_code_path := ["spec", "model", "remoteCode"]

_path := ["spec", "model", "weights"]

_model := object.get(input.descriptor, ["spec", "model"], {})

_weights := object.get(_model, "weights", {})

not_applicable := "the weights are someone else's" if terms.foreign_weights(input.descriptor)

places contains _code_path

places contains _path

findings contains {"path": _code_path, "status": "pass", "message": message, "reads": [_code_path]} if {
	_model.remoteCode == false
	message := "remote code is off"
}

findings contains {"path": _code_path, "status": "fail", "message": message, "reads": [_code_path]} if {
	not _model.remoteCode == false
	message := $"in `spec.model`, {parts.seen(_model, "remoteCode")}; wanted: `remoteCode: false`"
}

findings contains {"path": _path, "status": _status, "message": _message, "reads": reads} if {
	reads := [array.concat(_path, [key]) | some key in ["format", "sha256", "signature", "source", "uri"]]
}

_codeless if _weights.format in {"safetensors", "gguf"}

_status := "fail" if not _codeless

_status := "partial" if {
	_codeless
	count(_lacking) > 0
}

_status := "pass" if count(_lacking) == 0

_message := $"the weights are `{_weights.format}` with a digest, {text.listing(_origins)}" if count(_lacking) == 0

_message := $"in `spec.model.weights`, {parts.phrase(_lacking)}; wanted: {wanted}" if {
	count(_lacking) > 0
	wanted := "`format: safetensors`, `sha256`, and a `signature` or a private mirror"
}

_lacking contains _seen_format if not _codeless

_lacking contains "`sha256` is missing" if not _weights.sha256

_lacking contains "`sha256` is no digest" if {
	_weights.sha256
	not _digested
}

_lacking contains "there is neither a `signature` nor a private mirror" if count(_origins) == 0

_digested if pins.digest(_weights.sha256)

_seen_format := "`format` is missing" if not _weights.format

_seen_format := $"`format` is `{_weights.format}`, which can run code" if _weights.format

_origins contains $"signed by `{_weights.signature}`" if _weights.signature in {"cosign", "model-signing", "gpg"}

_origins contains "from a private mirror" if {
	_weights.source == "mirror"
	not _public
}

# A mirror whose address is the public hub's is no mirror.
_public if {
	some start in ["https://huggingface.co", "http://huggingface.co", "https://hf.co", "huggingface.co", "hf://"]
	startswith(_weights.uri, start)
}
