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

import data.psfpolicy.lib.paths
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_section := ["spec", "observability", "exports"]

_exports := [export | some export in input.descriptor.spec.observability.exports]

_durable := [export |
	some export in _exports
	kind := export.kind
	not kind in ["file", "console"]
]

_missing := {"metrics", "traces"} - {signal | some export in _durable; some signal in export.carries}

_reads := paths.items(_section, _exports, ["kind", "carries"])

places contains _section

findings contains {"path": _section, "status": "pass", "message": message, "reads": _reads} if {
	count(_missing) == 0
	message := $"metrics and traces leave by durable exports: {_names}"
}

findings contains {"path": _section, "status": _shortfall, "message": message, "reads": _reads} if {
	count(_missing) > 0
	message := $"no durable export carries {text.one_of(_missing)} (durable exports: {_names}); {_wanted}"
}

_names := text.all_of({export.name | some export in _durable})

_wanted := "wanted: `metrics` and `traces` in the `carries` of exports that are no `file` or `console`"

default _shortfall := "fail"

_shortfall := "partial" if _missing == {"traces"}
