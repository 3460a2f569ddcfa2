# METADATA
# title: Alerts
# description: |
#   A dashboard that nobody looks at warns nobody: errors, slowness, cost and failing validation must reach a person by themselves.
#   Each wanted signal is answered at the best alert for it, one with an owner before one without; the signals that no alert
#   watches are answered together at the list. Fewer than two of the four signals fail.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Alert on the four signals, each with the rota that is called:
#
#     observability:
#       alerts:
#         - {name: errors, signal: error-rate, owner: ml-oncall}
#         - {name: slow, signal: latency-p99, owner: ml-oncall}
#         - {name: spend, signal: cost-anomaly, owner: ml-oncall}
#         - {name: invalid, signal: validation-failure-rate, owner: ml-oncall}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-4-observability
#     - https://www.productionai.institute/insights/d4-observability-guide
#   good: |
#     observability:
#       alerts:
#         - {name: errors, signal: error-rate, owner: ml-oncall}
#         - {name: slow, signal: latency-p99, owner: ml-oncall}
#         - {name: spend, signal: cost-anomaly, owner: ml-oncall}
#         - {name: invalid, signal: validation-failure-rate, owner: ml-oncall}
#   bad: |
#     observability:
#       alerts:
#         - {name: errors, signal: error-rate, owner: ml-oncall}
#         - {name: slow, signal: latency-p99}
package psfpolicy.controls.observe.alerts

import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_section := ["spec", "observability", "alerts"]

_wanted := {"error-rate", "latency-p99", "cost-anomaly", "validation-failure-rate"}

_alerts := [alert | some alert in input.descriptor.spec.observability.alerts]

_missing := _wanted - {alert.signal | some alert in _alerts}

# Index of the alert that answers for a wanted signal.
_best[signal] := min(owned) if {
	some signal in _wanted
	owned := _watching(signal) & _owned
	count(owned) > 0
}

_best[signal] := min(_watching(signal)) if {
	some signal in _wanted
	count(_watching(signal)) > 0
	count(_watching(signal) & _owned) == 0
}

_watching(signal) := {index | some index, alert in _alerts; alert.signal == signal}

_owned := {index | some index, alert in _alerts; said.named(alert, ["owner"])}

places contains _section if count(_missing) > 0

places contains array.concat(_section, [index]) if some index in _best

findings contains {"path": _section, "status": _coverage, "message": message, "reads": reads} if {
	count(_missing) > 0
	message := $"no alert watches {text.all_of(_missing)}; wanted: an alert with an `owner` for each of {text.all_of(_wanted)}"
	reads := paths.items(_section, _alerts, ["signal"])
}

findings contains {"path": path, "status": "pass", "message": message, "reads": paths.keys(path, ["signal", "owner"])} if {
	some signal, index in _best
	_owned[index]
	path := array.concat(_section, [index])
	message := $"alert `{_alerts[index].name}` on `{signal}` goes to `{_alerts[index].owner}`"
}

findings contains {"path": path, "status": "partial", "message": message, "reads": paths.keys(path, ["signal", "owner"])} if {
	some signal, index in _best
	not _owned[index]
	path := array.concat(_section, [index])
	seen := said.at(_alerts[index], ["owner"])
	message := $"alert `{_alerts[index].name}` on `{signal}` calls nobody, {seen}; wanted: the rota that it calls"
}

_coverage := "fail" if count(_missing) > 2

_coverage := "partial" if count(_missing) in [1, 2]
