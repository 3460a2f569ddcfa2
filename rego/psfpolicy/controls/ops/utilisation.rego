# METADATA
# title: Target utilisation
# description: |
#   Accelerators that idle most of the time cost as much as busy ones, and are the first reason why self-hosting does not pay.
#   The share of the time in which they are meant to be busy is set, and is at least 0.3; one that is not set fails.
# custom:
#   provenance: practice
#   severity: low
#   remediation: |
#     Set a target, and size the replicas at their least for it:
#
#     cost: {targetUtilization: 0.6}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://pdpspectra.com/blog/open-source-llms-production
#   good: |
#     cost: {targetUtilization: 0.3}
#   bad: |
#     cost: {targetUtilization: 0.29}
package psfpolicy.controls.ops.utilisation

import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "cost", "targetUtilization"]

not_applicable := "another party runs the model on its own accelerators" if terms.third_party_run(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _path

findings contains {"path": _path, "status": parts.all_or_nothing(_enough), "message": message, "reads": reads} if {
	message := $"{said.figure(_descriptor, _path)}{text.wish(_enough, "at least 0.3")}"
	reads := [["spec", "serving", "hosting"], _path]
}

_enough := numbers.millionths(object.get(_descriptor, _path, 0)) >= 300000
