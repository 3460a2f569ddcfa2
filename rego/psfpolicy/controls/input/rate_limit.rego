# METADATA
# title: Rate limit
# description: |
#   One request can hold a whole context, so a limit that counts requests alone leaves cost and capacity open to abuse.
#   A limit above 0 must count tokens, and `abuseAlert` must name an alert whose signal is `abuse`: one on another signal does not
#   ring for abuse. One finding for the limit, which fails where there is none, and one for the alert, which is partial.
# custom:
#   criterion: PSF-1.4
#   provenance: official
#   severity: high
#   remediation: |
#     Limit tokens for each client, and alert on abuse:
#
#     inputs:
#       rateLimits: [{scope: per-client, unit: tokens, limit: 200000, per: minute}]
#       abuseAlert: abuse-spike
#     observability:
#       alerts: [{name: abuse-spike, signal: abuse, owner: security}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-1-input-governance
#   good: |
#     inputs:
#       rateLimits: [{scope: per-client, unit: tokens, limit: 200000, per: minute}]
#       abuseAlert: abuse-spike
#     observability:
#       alerts: [{name: abuse-spike, signal: abuse, owner: security}]
#   bad: |
#     inputs:
#       rateLimits: [{scope: per-client, unit: requests, limit: 60, per: minute}]
package psfpolicy.controls.input.rate_limit

import data.psfpolicy.lib.paths

metadata := rego.metadata.chain()

_limits := ["spec", "inputs", "rateLimits"]

_alert := ["spec", "inputs", "abuseAlert"]

_alerts := ["spec", "observability", "alerts"]

_listed := [limit | some limit in input.descriptor.spec.inputs.rateLimits]

# Indexes of the limits that limit anything, by what they count.
_counting[object.get(limit, "unit", "unsaid")] contains index if {
	some index, limit in _listed
	limit.limit > 0
}

_kept := union({indexes | some indexes in _counting})

places contains _limit.path

places contains _alert

findings contains _limit

_limit := {"path": path, "status": "pass", "message": message, "reads": paths.keys(path, ["unit", "limit"])} if {
	path := array.concat(_limits, [min(_counting.tokens)])
	message := "a rate limit counts tokens"
}

_limit := {"path": path, "status": "partial", "message": message, "reads": paths.items(_limits, _listed, ["unit", "limit"])} if {
	not _counting.tokens
	path := array.concat(_limits, [min(_kept)])
	message := "no rate limit counts tokens, and one request may hold a whole context; wanted: one with `unit: tokens`"
}

_limit := {"path": _limits, "status": "fail", "message": message, "reads": paths.items(_limits, _listed, ["unit", "limit"])} if {
	count(_kept) == 0
	message := "`spec.inputs.rateLimits` has no limit above 0; wanted: one with `unit: tokens`, `limit`, `per` and `scope`"
}

# Indexes of the alerts that bear the name; the schema refuses a second one.
_named contains index if {
	some index, alert in input.descriptor.spec.observability.alerts
	alert.name == input.descriptor.spec.inputs.abuseAlert
}

_rings if {
	some index in _named
	input.descriptor.spec.observability.alerts[index].signal == "abuse"
}

findings contains {"path": _alert, "status": status, "message": message, "reads": array.concat([_alert], signals)} if {
	some status, message in _alarm
	signals := [array.concat(_alerts, [index, key]) | some index in _named; some key in ["name", "signal"]]
}

_alarm.pass := $"abuse raises the alert `{input.descriptor.spec.inputs.abuseAlert}`" if _rings

_alarm.partial := $"{_silence}; wanted: the name of an alert in `spec.observability.alerts` with `signal: abuse`" if not _rings

_silence := "`spec.inputs.abuseAlert` is missing" if not input.descriptor.spec.inputs.abuseAlert

_silence := $"`spec.inputs.abuseAlert` is `{name}`, which is no alert on abuse" if name := input.descriptor.spec.inputs.abuseAlert
