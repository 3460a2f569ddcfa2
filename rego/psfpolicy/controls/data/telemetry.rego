# METADATA
# title: Engine telemetry off
# description: |
#   An engine that reports its use tells its makers, and whoever listens on the way, what runs here, where and how much.
#   The catalogue says which engines do so by themselves; `orchestrator: ray` counts beside the engine, and one that reports from
#   containers only counts wherever it runs. `telemetryOptOut: true` passes whatever the engine does. Without it, an engine that
#   the catalogue does not know, or whose telemetry nobody has looked up, is partial; no engine at all fails, since any may run.
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

import data.psfpolicy.known
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_path := ["spec", "network", "telemetryOptOut"]

not_applicable := "`spec.serving.hosting` is `hosted-api`: the engine is the provider's" if terms.hosted_api(_descriptor)

places contains _path

findings contains {"path": _path, "status": _status, "message": $"{_seen}{_wish}", "reads": reads} if {
	reads := [_path, ["spec", "serving", "engine", "name"], ["spec", "serving", "orchestrator"]]
}

_switched_off if _descriptor.spec.network.telemetryOptOut == true

# What runs, by the name that is said: the engine, and the orchestrator where it is one that the catalogue has telemetry of.
_parts contains _descriptor.spec.serving.engine.name

_parts contains "ray" if _descriptor.spec.serving.orchestrator == "ray"

# What is known of a part's telemetry.
_fact[part] := known.resolve("engines", part).telemetry if some part in _parts

_talking := {part | some part, fact in _fact; not fact["default"] == "off"}

_silent := {part | some part in _parts; not _fact[part]}

_status := "pass" if _switched_off

_status := _unswitched if not _switched_off

_unswitched := "fail" if _fails

_unswitched := "partial" if {
	not _fails
	count(_silent) > 0
}

_unswitched := "pass" if {
	not _fails
	count(_silent) == 0
}

_fails if count(_talking) > 0

_fails if not _descriptor.spec.serving.engine.name

_seen := $"{text.joined(_told)}, and {said.at(_descriptor, _path)}"

_told contains "`spec.serving.engine.name` is missing" if not _descriptor.spec.serving.engine.name

_told contains $"{text.all_of(_talking)} reports its use by default" if count(_talking) == 1

_told contains $"{text.all_of(_talking)} report their use by default" if count(_talking) > 1

_told contains $"whether {text.all_of(_silent)} reports its use is not in the catalogue" if count(_silent) > 0

_told contains $"{text.all_of(quiet)} does not report its use" if {
	quiet := object.keys(_fact) - _talking
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
_switches contains $"{text.one_of(_fact[part].switch)} for `{part}`" if some part in _talking
