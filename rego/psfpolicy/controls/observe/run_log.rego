# METADATA
# title: Run log
# description: |
#   An incident is reconstructed from the log of the runs, so each invocation leaves hashes, the model's version, latency, tokens and cost.
#   Raw text does not belong there: a log is read by many and kept for long, and full text goes to a store with access control.
#   `rawText` that is not said counts as raw text, until `spec.data.categories` show that no personal data is handled.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Log all six fields of every run, and keep the text out:
#
#     observability:
#       runLog: {fields: [inputHash, outputHash, modelVersion, latency, tokens, cost], rawText: false}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-4-observability
#     - https://www.productionai.institute/insights/d4-observability-guide
#   good: |
#     data:
#       categories: [pii]
#     observability:
#       runLog: {fields: [inputHash, outputHash, modelVersion, latency, tokens, cost], rawText: false}
#   bad: |
#     data:
#       categories: [pii]
#     observability:
#       runLog: {fields: [inputHash, outputHash, modelVersion, latency, tokens, cost], rawText: true}
package psfpolicy.controls.observe.run_log

import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_section := ["spec", "observability", "runLog"]

_fields_path := array.concat(_section, ["fields"])

_text_path := array.concat(_section, ["rawText"])

_log := _descriptor.spec.observability.runLog

_wanted := {"inputHash", "outputHash", "modelVersion", "latency", "tokens", "cost"}

_missing := _wanted - {field | some field in _log.fields}

places contains _section if not _log

places contains path if {
	_log
	some path in [_fields_path, _text_path]
}

findings contains {"path": _section, "status": "fail", "message": message, "reads": [_section]} if {
	not _log
	message := $"`spec.observability.runLog` is missing; wanted: `fields` with {text.all_of(_wanted)}, and `rawText: false`"
}

findings contains {"path": _fields_path, "status": _completeness, "message": message, "reads": [_fields_path]} if {
	_log
	message := $"the run log has {text.all_of(_wanted - _missing)}{text.wish(count(_missing) == 0, $"{text.all_of(_missing)} as well")}"
}

findings contains {"path": _text_path, "status": status, "message": message, "reads": [["spec", "data", "categories"], _text_path]} if {
	_log
	[status, message] := _text
}

_completeness := "pass" if count(_missing) == 0

_completeness := "partial" if count(_missing) in [1, 2]

_completeness := "fail" if count(_missing) > 2

_text := ["pass", "raw text is not asked about, since `spec.data.categories` declares no personal data"] if {
	terms.no_personal_data(_descriptor)
}

_text := ["pass", "the run log holds no raw text"] if {
	not terms.no_personal_data(_descriptor)
	_log.rawText == false
}

_text := ["partial", $"{said.at(_descriptor, _text_path)}; wanted: `rawText: false`, or `categories` without personal data"] if {
	not terms.no_personal_data(_descriptor)
	not _log.rawText == false
}
