# METADATA
# title: Supply chain of the server
# description: |
#   The inference server is hundreds of dependencies with a GPU and the data in reach, and a tag can be moved to another image.
#   The image is pinned by a SHA-256 digest, it has an SBOM, and its dependencies are scanned; each is answered at its own place.
#   A scan called `none` or `never` is no scan.
# custom:
#   provenance: assessment
#   severity: high
#   remediation: |
#     Pin the image by digest, and know what is in it:
#
#     serving:
#       engine: {name: vllm, version: 0.33.0, image: "vllm/vllm-openai:v0.33.0@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
#     security:
#       supplyChain: {sbom: true, dependencyScan: weekly}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-7-security
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#   good: |
#     serving:
#       hosting: on-prem
#       engine: {name: vllm, image: "vllm/vllm-openai:v0.33.0@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
#     security:
#       supplyChain: {sbom: true, dependencyScan: weekly}
#   bad: |
#     serving:
#       hosting: on-prem
#       engine: {name: vllm, image: "vllm/vllm-openai:v0.33.0"}
#     security:
#       supplyChain: {sbom: true, dependencyScan: weekly}
package psfpolicy.controls.security.supply_chain

import data.psfpolicy.lib.parts
import data.psfpolicy.lib.pins
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_hosting := ["spec", "serving", "hosting"]

_image_path := ["spec", "serving", "engine", "image"]

_sbom_path := ["spec", "security", "supplyChain", "sbom"]

_scan_path := ["spec", "security", "supplyChain", "dependencyScan"]

not_applicable := "the engine is someone else's" if terms.foreign_machines(_descriptor)

rests := {["spec", "serving", "hosting"]}

places := {_image_path, _sbom_path, _scan_path}

findings := parts.findings({_image, _sbom, _scan}, 1)

_image := _thing(_image_path, _pinned, "an `image` with `@sha256:` and its digest")

_sbom := _thing(_sbom_path, count(said.untrue(_descriptor, _sbom_path)) == 0, "`sbom: true`")

_scan := _thing(_scan_path, count(said.unnamed(_descriptor, _scan_path)) == 0, "`dependencyScan` saying how often")

default _pinned := false

_pinned if pins.digested(_descriptor.spec.serving.engine.image)

# A thing for lib.parts.
_thing(path, met, want) := {"path": path, "met": met, "message": message, "reads": [_hosting, path]} if {
	message := $"{said.at(_descriptor, path)}{text.wish(met, want)}"
}
