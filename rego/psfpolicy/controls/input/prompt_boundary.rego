# METADATA
# title: Prompt boundary
# description: |
#   A system prompt is a security boundary only while nothing that users send can take its place.
#   It must be versioned, so that a change is seen; kept in a role of its own, so that user text never stands beside it; and tried
#   against injection by a named regression test, so that the boundary is known to hold.
# custom:
#   criterion: PSF-1.5
#   provenance: official
#   severity: high
#   remediation: |
#     Version the system prompt, keep it in its own role, and name the test that attacks it:
#
#     inputs:
#       systemPrompt: {versioned: true, roleSeparation: true, injectionRegression: ci/injection-suite}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-1-input-governance
#   good: |
#     inputs:
#       systemPrompt: {versioned: true, roleSeparation: true, injectionRegression: ci/injection-suite}
#   bad: |
#     inputs:
#       systemPrompt: {versioned: true, roleSeparation: false}
package psfpolicy.controls.input.prompt_boundary

import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said

metadata := rego.metadata.chain()

_path := ["spec", "inputs", "systemPrompt"]

_prompt := {key: value | some key, value in input.descriptor.spec.inputs.systemPrompt}

places contains _path

findings contains parts.answer({
	"path": _path,
	"lacking": union({
		said.untrue(_prompt, ["versioned"]),
		said.untrue(_prompt, ["roleSeparation"]),
		said.unnamed(_prompt, ["injectionRegression"]),
	}),
	"of": 3,
	"met": $"the system prompt is versioned, in a role of its own, and tested by `{object.get(_prompt, "injectionRegression", "")}`",
	"wanted": "`versioned: true`, `roleSeparation: true`, and `injectionRegression` naming a test",
	"reads": paths.keys(_path, ["versioned", "roleSeparation", "injectionRegression"]),
})
