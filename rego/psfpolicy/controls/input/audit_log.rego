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

import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_path := ["spec", "inputs", "log"]

_text_path := ["spec", "observability", "runLog", "rawText"]

_redaction_path := ["spec", "inputs", "log", "piiRedaction"]

_enabled if _descriptor.spec.inputs.log.enabled == true

_raw if _descriptor.spec.observability.runLog.rawText == true

_safeguards contains "with PII redacted" if {
	_descriptor.spec.inputs.log.piiRedaction == true
	not _raw
}

_safeguards contains "without raw text" if _descriptor.spec.observability.runLog.rawText == false

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": reads} if {
	reads := array.concat(paths.keys(_path, ["enabled", "piiRedaction"]), [_text_path, ["spec", "data", "categories"]])
}

default _status := "fail"

_status := "pass" if {
	_enabled
	count(_safeguards) > 0
}

_status := "partial" if {
	_enabled
	count(_safeguards) == 0
	terms.no_personal_data(_descriptor)
}

_message := $"inputs are logged {text.joined(_safeguards)}" if _status == "pass"

_message := $"inputs are not logged: {said.at(_descriptor, array.concat(_path, ["enabled"]))}; {_wanted}" if not _enabled

_message := $"inputs are logged unredacted: {_unsafe}, {_data}; {_wanted}" if {
	_enabled
	_status != "pass"
}

_unsafe := said.at(_descriptor, _text_path) if _raw

_unsafe := said.at(_descriptor, _redaction_path) if not _raw

default _data := "and `spec.data.categories` does not rule out personal data"

_data := "though no personal data is declared" if terms.no_personal_data(_descriptor)

_wanted := "wanted: `enabled: true`, with `piiRedaction: true` or, for hashes only, `spec.observability.runLog.rawText: false`"
