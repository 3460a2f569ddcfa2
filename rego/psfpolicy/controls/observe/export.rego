# METADATA
# title: Durable export
# description: |
#   Metrics and traces that end in a file or on the console of the process are gone with it, most of all after a crash.
#   Durable exports, which are all kinds but `file` and `console`, must together carry metrics and traces.
#   An export that does not say what it carries counts for neither, as a flow that says nothing carries prompts and responses.
# custom:
#   provenance: ours
#   severity: high
#   remediation: |
#     Export metrics and traces to a backend, and say so in `carries`:
#
#     observability:
#       exports: [{name: prod-traces, kind: otlp, endpoint: "https://otel.eu.example.com:4317", carries: [traces, metrics], operator: self, tls: true}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-4-observability
#   good: |
#     observability:
#       exports: [{name: prod-traces, kind: otlp, carries: [traces, metrics]}]
#   bad: |
#     observability:
#       exports: [{name: scrape, kind: prometheus, carries: [metrics]}, {name: traces, kind: file, carries: [traces]}]
package psfpolicy.controls.observe.export

import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_section := ["spec", "observability", "exports"]

_fleeting := {"file", "console"}

_exports := [export | some export in input.descriptor.spec.observability.exports]

_durable := [export | some export in _exports; not _fleeting[export.kind]]

_carried := {signal | some export in _durable; some signal in export.carries}

_reads := array.concat([_section], [array.concat(_section, [index, key]) | some index, _ in _exports; some key in ["kind", "carries"]])

_missing := {"metrics", "traces"} - _carried

places contains _section

findings contains {"path": _section, "status": "pass", "message": message, "reads": _reads} if {
	count(_missing) == 0
	message := $"durable exports ({_names}) carry {text.listing(_carried)}; wanted: metrics, traces"
}

findings contains {"path": _section, "status": _shortfall, "message": message, "reads": _reads} if {
	count(_missing) > 0
	message := $"durable exports ({_names}) carry {text.listing(_carried)}; missing: {text.listing(_missing)}"
}

_names := text.listing({export.name | some export in _durable})

default _shortfall := "fail"

_shortfall := "partial" if _missing == {"traces"}
