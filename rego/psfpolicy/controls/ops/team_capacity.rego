# METADATA
# title: People who run it
# description: |
#   An engine that is run by nobody in particular is repaired by nobody in particular, at night least of all.
#   Serving has an owner, and there is a rota of who is on call. An owner without a rota is partial; a rota of nobody's fails.
# custom:
#   provenance: practice
#   severity: medium
#   remediation: |
#     Name who owns serving, and where it says who is on call:
#
#     operations:
#       owner: ml-platform
#       onCall: docs/rota.md
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://pdpspectra.com/blog/open-source-llms-production
#   good: |
#     operations: {owner: ml-platform, onCall: docs/rota.md}
#   bad: |
#     operations: {owner: ml-platform}
package psfpolicy.controls.ops.team_capacity

import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "operations"]

default _operations := {}

_operations := _descriptor.spec.operations

not_applicable := "the machines and the engine are someone else's to run" if terms.foreign_machines(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _path

findings contains parts.answer({
	"path": _path,
	"lacking": union({said.unnamed(_operations, [key]) | some key in ["owner", "onCall"]}),
	"of": _of,
	"met": $"in `spec.operations`, {text.joined({said.at(_operations, [key]) | some key in ["owner", "onCall"]})}",
	"wanted": "an `owner` of serving, and the rota in `onCall`",
	"reads": array.concat([["spec", "serving", "hosting"]], paths.keys(_path, ["owner", "onCall"])),
})

# Without an owner the rota makes up for nothing.
_of := 2 if said.named(_operations, ["owner"])

_of := 1 if not said.named(_operations, ["owner"])
