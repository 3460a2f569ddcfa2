# METADATA
# title: Secrets
# description: |
#   A key that stands in a file is known to everyone who ever reads the file, and one that never changes is known for ever.
#   Secrets are kept in a store and rotate at least every 90 days; a rotation of 0 days is none.
#   A literal secret in the descriptor, or in a manifest, fails at its own place, whatever the rest says; its value is never shown.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Keep secrets in a store, rotate them, and write only references to them:
#
#     security:
#       secrets: {store: vault, rotationDays: 90}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-7-security
#   good: |
#     security:
#       secrets: {store: vault, rotationDays: 90}
#   bad: |
#     security:
#       secrets: {store: vault, rotationDays: 365}
package psfpolicy.controls.security.secrets

import data.psfpolicy.evidence
import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_path := ["spec", "security", "secrets"]

default _secrets := {}

_secrets := input.descriptor.spec.security.secrets

_literals := {path | some path in input.facts.secrets}

places contains _path

places contains path if some path in _literals

places contains path if some path, _ in evidence.literals

# The store's name is not shown: it could be the secret.
findings contains {"path": _path, "status": _status, "message": _message, "reads": paths.keys(_path, ["store", "rotationDays"])} if {
	not _literals[_path]
}

findings contains {"path": path, "status": "fail", "message": message, "reads": [path]} if {
	some path in _literals
	message := "the value here is a secret in plain text; wanted: a reference to a secret store, and this secret revoked"
}

findings contains {"path": path, "status": "fail", "message": message, "reads": [path]} if {
	some path, fact in evidence.literals
	message := $"{fact.subject} holds a secret in plain text; wanted: a reference to a secret store, and this secret revoked"
}

default _status := "fail"

_status := "pass" if {
	_stored
	_rotated
}

_status := "partial" if {
	_stored
	not _rotated
}

_stored if said.named(_secrets, ["store"])

_rotated if {
	_secrets.rotationDays > 0
	_secrets.rotationDays <= 90
}

_message := "`spec.security.secrets` names no store; wanted: `store`, and `rotationDays` from 1 to 90" if not _stored

_message := $"secrets are in a store and {_rotation}{text.wish(_status == "pass", "`rotationDays` from 1 to 90")}" if _stored

_rotation := $"rotate every {numbers.shown(_secrets.rotationDays)} days" if _secrets.rotationDays > 0

_rotation := "never rotate" if object.get(_secrets, "rotationDays", 0) <= 0
