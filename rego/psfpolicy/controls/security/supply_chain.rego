# METADATA
# title: Supply chain of the server
# description: |
#   The inference server is hundreds of dependencies with a GPU and the data in reach, and a tag can be moved to another image.
#   The image is pinned by a SHA-256 digest, it has an SBOM, and its dependencies are scanned; each is answered at its own place.
#   A scan called `none` or `never` is none.
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

import data.psfpolicy.lib.declared
import data.psfpolicy.lib.hosting
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.pins
import data.psfpolicy.lib.wanted

metadata := rego.metadata.chain()

_image_path := ["spec", "serving", "engine", "image"]

_section := ["spec", "security", "supplyChain"]

_engine := object.get(input.descriptor, ["spec", "serving", "engine"], {})

_chain := object.get(input.descriptor, _section, {})

not_applicable := "the engine is someone else's" if hosting.foreign_machines(input.descriptor)

places contains _image_path

places contains array.concat(_section, ["sbom"])

places contains array.concat(_section, ["dependencyScan"])

findings contains finding if some finding in wanted.findings({_image, _sbom, _scan})

_image := _thing(_image_path, _unpinned, ["the image is pinned by digest", "`image` with `@sha256:` and its digest"])

_sbom := _thing(array.concat(_section, ["sbom"]), parts.untrue(_chain, "sbom"), ["the image has an SBOM", "`sbom: true`"])

_scan := _thing(array.concat(_section, ["dependencyScan"]), _unscanned, ["dependencies are scanned", "`dependencyScan` saying how often"])

default _unpinned := {"`image` is missing"}

_unpinned := {$"`image` is `{_engine.image}`, which is not pinned by digest"} if {
	_engine.image
	not _by_digest
}

_unpinned := set() if _by_digest

_by_digest if {
	[name, digest] := split(_engine.image, "@sha256:")
	name != ""
	pins.digest(digest)
}

_unscanned := set() if _scanned

_unscanned := {parts.seen(_chain, "dependencyScan")} if not _scanned

_scanned if {
	declared.named(_chain.dependencyScan)
	_chain.dependencyScan != "never"
}

# A thing for lib.wanted; words are what to say when nothing is lacking, and what is wanted.
_thing(path, lacking, words) := {"path": path, "met": true, "message": words[0], "reads": [path]} if count(lacking) == 0

_thing(path, lacking, words) := {"path": path, "met": false, "message": message, "reads": [path]} if {
	count(lacking) > 0
	message := $"{parts.phrase(lacking)}; wanted: {words[1]}"
}
