# METADATA
# title: Input audit log
# description: |
#   Without a record of what the model received, no incident can be reconstructed; with a raw one, the log is the next leak.
#   Inputs must be logged with PII redacted, or as hashes only. A run log that keeps raw text undoes the redaction, whatever
#   `inputs.log` says. Unredacted logging is partial where the declared categories hold no personal data, and fails where
#   they do or are not declared.
# custom:
#   criterion: PSF-1.3
#   provenance: official
#   severity: high
#   remediation: |
#     Log inputs, and redact personal data before the log:
#
#     inputs:
#       log: {enabled: true, piiRedaction: true}
#     observability:
#       runLog: {rawText: false}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-1-input-governance
#   good: |
#     inputs:
#       log: {enabled: true, piiRedaction: true}
#   bad: |
#     inputs:
#       log: {enabled: true, piiRedaction: false}
package psfpolicy.controls.input.audit_log

import data.psfpolicy.lib.parts
import data.psfpolicy.lib.terms

metadata := rego.metadata.chain()

_path := ["spec", "inputs", "log"]

_log := {key: value | some key, value in input.descriptor.spec.inputs.log}

_wanted := "wanted: `enabled: true`, with `piiRedaction: true` or, for hashes only, `spec.observability.runLog.rawText: false`"

_enabled if _log.enabled == true

_raw if input.descriptor.spec.observability.runLog.rawText == true

_safeguards contains "with PII redacted" if {
	_log.piiRedaction == true
	not _raw
}

_safeguards contains "without raw text" if input.descriptor.spec.observability.runLog.rawText == false

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": reads} if {
	log := [array.concat(_path, [key]) | some key in ["enabled", "piiRedaction"]]
	reads := array.concat(log, [["spec", "observability", "runLog", "rawText"], ["spec", "data", "categories"]])
}

default _status := "fail"

_status := "pass" if {
	_enabled
	count(_safeguards) > 0
}

_status := "partial" if {
	_enabled
	count(_safeguards) == 0
	terms.no_personal_data(input.descriptor)
}

_message := $"inputs are not logged: in `spec.inputs.log`, {parts.seen(_log, "enabled")}; {_wanted}" if not _enabled

_message := $"inputs are logged {parts.phrase(_safeguards)}" if _status == "pass"

_message := $"inputs are logged unredacted: {_unsafe}, {_data}; {_wanted}" if {
	_enabled
	_status != "pass"
}

_unsafe := "`spec.observability.runLog.rawText` is `true`" if _raw

_unsafe := $"in `spec.inputs.log`, {parts.seen(_log, "piiRedaction")}" if not _raw

default _data := "and personal data is not ruled out by `spec.data.categories`"

_data := "though no personal data is declared" if terms.no_personal_data(input.descriptor)
