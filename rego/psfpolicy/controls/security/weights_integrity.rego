# METADATA
# title: Integrity of the weights
# description: |
#   Whoever can change the weights, or run code while they load, owns the model and the machine that it runs on.
#   Remote code is declared off, and the format is one without code (safetensors, gguf): pickle runs code, and a format that is not
#   named is not shown to be without, so both fail outright. A TensorRT engine is an executable artefact by its maker's own words, and
#   its builder vouches for it: it is partial at best. The weights carry a SHA-256, and are signed or come from a private mirror
#   (`source: mirror`, not one whose address is a public hub's); a digest that is missing, or neither of the two, is partial.
#   A switch of the engine by which a request runs code, or weights are replaced while it runs, fails at its own place.
#   Where the hub is said to be offline and manifests show that it is not, the weights that are loaded may be others, and it fails.
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

import data.psfpolicy.lib.hosts
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.pins
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.switches

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_hosting := ["spec", "serving", "hosting"]

_code_path := ["spec", "model", "remoteCode"]

_path := ["spec", "model", "weights"]

default _weights := {}

_weights := _descriptor.spec.model.weights

not_applicable := "the weights are someone else's" if terms.foreign_weights(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _path

places contains finding.path if some finding in findings

findings contains finding if some finding in switches.findings["security-weights-integrity"]

findings contains {"path": _code_path, "status": status, "message": message, "reads": [_hosting, _code_path]} if {
	status := parts.all_or_nothing(_closed)
	message := $"{said.at(_descriptor, _code_path)}{text.wish(_closed, "`remoteCode: false`")}"
}

findings contains {"path": _path, "status": _status, "message": _message, "reads": array.concat([_hosting], reads)} if {
	unsettled := sort([path | some path in switches.unsettled["security-weights-integrity"]])
	own := paths.keys(_path, ["format", "sha256", "signature", "source", "uri"])
	reads := array.flatten([own, [_offline | object.get(_descriptor, _offline, false) == true], unsettled])
}

# An engine that may ask the hub may load other weights than those that were looked at, whatever is said of them.
_offline := ["spec", "network", "offlineHub"]

_closed := object.get(_descriptor, _code_path, "unsaid") == false

_codeless if _weights.format in ["safetensors", "gguf"]

# An engine built elsewhere is an executable, which its builder vouches for; no format of Python objects.
_built if _weights.format == "tensorrt-engine"

default _status := "fail"

_status := "pass" if count(_lacking) == 0

_status := "partial" if {
	_codeless
	count(_lacking) > 0
}

_status := "partial" if _built

_message := $"the weights are `{_weights.format}` with a digest, {text.joined(_origins)}" if count(_lacking) == 0

_message := $"in `spec.model.weights`, {text.joined(_lacking)}; wanted: {_format}, `sha256`, and {origin}" if {
	count(_lacking) > 0
	origin := "a `signature` or a private mirror"
}

default _format := "`format: safetensors`"

_format := "`format: safetensors`, from which the plan is built here" if _built

_lacking contains $"{said.at(_weights, ["format"])}{_runs}" if not _codeless

_lacking contains said.at(_weights, ["sha256"]) if not _digested

_digested if pins.digest(_weights.sha256)

_lacking contains "there is neither a `signature` nor a private mirror" if count(_origins) == 0

default _runs := ""

_runs := " (which can run code)" if _weights.format

_origins contains $"signed by `{_weights.signature}`" if _weights.signature in {"cosign", "model-signing", "gpg"}

_origins contains "from a private mirror" if {
	_weights.source == "mirror"
	not _public
}

# A mirror whose address is that of a public hub is no mirror.
_public if hosts.domain(hosts.of_url(_weights.uri), _hubs)

_public if {
	some scheme in ["hf", "huggingface", "modelscope", "ms", "ollama"]
	startswith(text.lower_case(_weights.uri), $"{scheme}://")
}

_hubs := {"hf-mirror.com", "hf.co", "huggingface.co", "modelscope.ai", "modelscope.cn", "ollama.ai", "ollama.com"}
