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

import data.psfpolicy.lib.hosting
import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.parts

metadata := rego.metadata.chain()

_path := ["spec", "security", "patching"]

_patching := object.get(input.descriptor, _path, {})

_days := object.get(_patching, "slaDays", 0)

not_applicable := "the machines are someone else's" if hosting.foreign_machines(input.descriptor)

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": reads} if {
	reads := [array.concat(_path, [key]) | some key in ["slaDays", "owner"]]
}

_lacking := parts.unnamed(_patching, "owner") | {parts.seen(_patching, "slaDays") | _days <= 0}

_status := "pass" if {
	count(_lacking) == 0
	_days <= 30
}

_status := "partial" if {
	count(_lacking) == 0
	_days > 30
}

_status := "fail" if count(_lacking) > 0

_message := _promise if _status == "pass"

_message := $"{_promise}; {_wanted}" if _status == "partial"

_message := $"in `spec.security.patching`, {parts.phrase(_lacking)}; {_wanted}" if _status == "fail"

_promise := $"`{_patching.owner}` applies security patches within {numbers.shown(_days)} days"

_wanted := "wanted: `slaDays` from 1 to 30, and an `owner`"
