# METADATA
# title: Patching
# description: |
#   Inference engines have had flaws that give the host away to one request, and an engine that nobody updates keeps them.
#   Security patches are applied within 30 days, and somebody owns that. A longer term is partial; a term without an owner binds
#   nobody, and an owner without a term promises nothing, so both fail, as does a term of 0 days.
# custom:
#   provenance: practice
#   severity: medium
#   remediation: |
#     Set a term for security patches, and name who keeps it:
#
#     security:
#       patching: {slaDays: 14, owner: platform-security}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-7-security
#   good: |
#     serving: {hosting: on-prem}
#     security:
#       patching: {slaDays: 30, owner: platform-security}
#   bad: |
#     serving: {hosting: on-prem}
#     security:
#       patching: {slaDays: 90, owner: platform-security}
package psfpolicy.controls.security.patching

import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "security", "patching"]

default _patching := {}

_patching := _descriptor.spec.security.patching

not_applicable := "the machines are someone else's" if terms.foreign_machines(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": reads} if {
	reads := array.concat([["spec", "serving", "hosting"]], paths.keys(_path, ["slaDays", "owner"]))
}

_lacking := said.unnamed(_patching, ["owner"]) | {said.at(_patching, ["slaDays"]) | object.get(_patching, "slaDays", 0) <= 0}

_status := "fail" if count(_lacking) > 0

_status := "pass" if {
	count(_lacking) == 0
	_patching.slaDays <= 30
}

_status := "partial" if {
	count(_lacking) == 0
	_patching.slaDays > 30
}

_message := $"in `spec.security.patching`, {text.joined(_lacking)}; wanted: {_wanted}" if count(_lacking) > 0

_message := $"`{_patching.owner}` applies security patches within {days} days{text.wish(_status == "pass", _wanted)}" if {
	count(_lacking) == 0
	days := numbers.shown(_patching.slaDays)
}

_wanted := "`slaDays` from 1 to 30, and an `owner`"
