# METADATA
# title: "@TITLE@"
# description: |
#   Whoever is called at night has to know whom to call.
#   `operations.owner` names who runs the deployment; a word that stands for nothing, such as `tbd`, names nobody.
# custom:
#   provenance: ours
#   severity: medium
#   remediation: |
#     Name who runs the deployment:
#
#     operations:
#       owner: ml-platform
#   references:
#     - https://www.openpolicyagent.org/docs/policy-language
#   good: |
#     operations: {owner: ml-platform}
#   bad: |
#     operations: {owner: tbd}
package psfpolicy.controls.@DOMAIN@.@FILE@

import data.psfpolicy.lib.said

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "operations", "owner"]

places contains _path

findings contains {"path": _path, "status": "pass", "message": said.at(_descriptor, _path), "reads": [_path]} if {
	said.named(_descriptor, _path)
}

findings contains {"path": _path, "status": "fail", "message": message, "reads": [_path]} if {
	not said.named(_descriptor, _path)
	message := $"{said.at(_descriptor, _path)}; wanted: who runs the deployment"
}
