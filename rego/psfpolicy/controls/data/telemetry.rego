# METADATA
# title: Engine telemetry off
# description: |
#   An engine that reports its use tells its makers, and whoever listens on the way, what runs here, where and how much.
#   The catalogue says which engines do so by themselves; `orchestrator: ray` counts beside the engine, and so does a guard of one's own
#   that is known to report; one that reports from containers only counts wherever it runs. `telemetryOptOut: true` passes whatever
#   they do. Without it, an engine that the catalogue does not know, or whose telemetry nobody has looked up, is partial; no engine at
#   all fails, since any may run.
# custom:
#   provenance: ours
#   severity: high
#   remediation: |
#     Set the switch of the engine where it is started, and say so:
#
#     network:
#       telemetryOptOut: true
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#   good: |
#     serving:
#       engine: {name: vllm}
#     network:
#       telemetryOptOut: true
#   bad: |
#     serving:
#       engine: {name: vllm}
#     network:
#       telemetryOptOut: false
package psfpolicy.controls.data.telemetry

import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.telemetry

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

not_applicable := "`spec.serving.hosting` is `hosted-api`: the engine is the provider's" if {
	terms.hosted_api(_descriptor)
	count(telemetry.facts) == 0
}

rests := {["spec", "serving", "hosting"]}

places contains telemetry.path

findings contains {"path": telemetry.path, "status": _status, "message": $"{_seen}{_wish}", "reads": telemetry.reads}

_silent := {part | some part, null in telemetry.facts}

_status := "pass" if {
	telemetry.switched_off
} else := "fail" if {
	count(telemetry.reporting) > 0
} else := "fail" if {
	not _descriptor.spec.serving.engine.name
	not terms.foreign_weights(_descriptor)
} else := "partial" if {
	count(_silent) > 0
} else := "pass"

_seen := $"{text.joined(_told)}, and {said.at(_descriptor, telemetry.path)}"

_told contains "`spec.serving.engine.name` is missing" if {
	not _descriptor.spec.serving.engine.name
	not terms.foreign_weights(_descriptor)
}

_told contains $"{text.all_of(telemetry.reporting)} reports its use by default" if count(telemetry.reporting) == 1

_told contains $"{text.all_of(telemetry.reporting)} report their use by default" if count(telemetry.reporting) > 1

_told contains $"whether {text.all_of(_silent)} reports its use is not in the catalogue" if count(_silent) > 0

_told contains $"{text.all_of(quiet)} does not report its use" if {
	quiet := (object.keys(telemetry.facts) - telemetry.reporting) - _silent
	count(quiet) > 0
}

_wish := "" if _status == "pass"

_wish := $"; wanted: `true`, with {text.joined(_switches)}" if {
	_status != "pass"
	count(_switches) > 0
}

_wish := "; wanted: `true`, or a row of `engines` in your catalogue with `telemetry`" if {
	_status == "partial"
}

_wish := "; wanted: `true`, or the name of an engine that does not report its use" if {
	_status == "fail"
	count(_switches) == 0
}

# Any one of these stops a part.
_switches contains $"{text.one_of(telemetry.facts[part].switch)} for `{part}`" if some part in telemetry.reporting
