# METADATA
# title: Images of the bank's registry
# description: |
#   What reads the bank's prompts and answers was scanned and signed by the bank: the engine, and every guard.
#   Each is run by the bank itself, from its registry and by digest. A descriptor has no key for the image of a guard,
#   so the label `image/<guard>` names it. Inputs and outputs each need a guard.
# custom:
#   provenance: ours
#   severity: critical
#   remediation: |
#     Have the image brought into the registry, and name it by digest:
#
#     metadata:
#       labels: {image/scanner: "registry.bank.example/guards/llm-guard@sha256:…"}
#   references:
#     - https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
#   good: |
#     # Beside `metadata.labels` with `image/scanner` and `image/pii-out`.
#     serving: {hosting: on-prem, engine: {name: vllm, image: "registry.bank.example/vllm@sha256:b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2"}}
#     inputs: {guards: [{name: scanner, detects: [injection], hosting: self}]}
#     outputs: {guards: [{name: pii-out, detects: [pii], hosting: self}]}
#   bad: |
#     serving: {hosting: on-prem, engine: {name: vllm, image: "docker.io/vllm/vllm-openai:latest"}}
package psfpolicy.controls.bank.images

import data.psfpolicy.flows
import data.psfpolicy.lib.terms
import data.psfpolicy.packs.bank.registry

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_engine := ["spec", "serving", "engine", "image"]

_sides := [["spec", side, "guards"] | some side in ["inputs", "outputs"]]

_guards[array.concat(side, [index])] := guard if {
	some side in _sides
	some index, guard in object.get(_descriptor, side, [])
}

_asked[_engine] := {"name": "the engine", "label": _engine} if not terms.third_party_run(_descriptor)

_asked[path] := {"name": $"guard `{guard.name}`", "label": ["metadata", "labels", $"image/{guard.name}"]} if {
	some path, guard in _guards
}

places := {path | some path, _ in _asked} | _unguarded

_unguarded := {side | some side in _sides; count(object.get(_descriptor, side, [])) == 0}

findings contains {"path": path, "status": "pass", "message": message, "reads": _reads[path]} if {
	some path, asked in _asked
	not _objections[path]
	message := $"{asked.name} runs `{_image(asked)}`"
}

findings contains {"path": path, "status": "fail", "message": message, "reads": _reads[path]} if {
	some path, objection in _objections
	message := $"{_asked[path].name} {objection}"
}

findings contains {"path": side, "status": "fail", "message": message, "reads": [side]} if {
	some side in _unguarded
	message := $"`{concat(".", side)}` names no guard; wanted: one with {registry.wanted}"
}

_reads[path] := array.concat([asked.label], [array.concat(path, [key]) | _guards[path]; some key in ["hosting", "operator"]]) if {
	some path, asked in _asked
}

_objections[path] := objection if {
	some path, asked in _asked
	objection := _objection(path, asked)
}

_objection(path, _) := "is not shown to be run by the bank; wanted: `hosting: self`, and nothing that only another party serves" if {
	_foreign[path]
}

_objection(path, asked) := $"has no image in `{concat(".", asked.label)}`; wanted: {registry.wanted}" if {
	not _foreign[path]
	not _image(asked)
}

_objection(path, asked) := $"runs {objection}; wanted: {registry.wanted}" if {
	not _foreign[path]
	objection := registry.objection(_image(asked))
}

_image(asked) := object.get(_descriptor, asked.label, "") if object.get(_descriptor, asked.label, "") != ""

# A guard that another party runs, or whose runner nobody said.
_foreign contains path if {
	some path, _ in _guards
	not _own[path]
}

_own contains flow.path if {
	some flow in flows.all
	flow.state.operator == "self"
}
