# METADATA
# title: What of a decision is logged
# description: |
#   Which deployment it was about, the verdict, the scores, and the status of each control: what psfpolicy's own
#   `--format decisions` writes. Descriptors, manifests, messages and places stay here, since they may hold anything.
#   Whatever is not known is erased.
package system.log

_report if input.path == "psfpolicy/report"

_report if input.path == "/psfpolicy/report"

mask contains "/input" if not _report

mask contains "/result" if not _report

mask contains $"/input/{part}" if {
	_report
	some part, _ in input.input
	not part in {"descriptor", "gate", "today"}
}

mask contains {"op": "upsert", "path": "/input/descriptor", "value": {"metadata": _named}} if _report

mask contains $"/result/{part}" if {
	_report
	some part, _ in input.result
	not part in {"apart", "controls", "domains", "gate", "overall"}
}

mask contains {"op": "upsert", "path": "/result/controls", "value": _statuses} if {
	_report
	input.result.controls
}

_named[key] := value if {
	some key in ["environment", "name"]
	value := input.input.descriptor.metadata[key]
}

_statuses[id] := {"status": control.status, "effective": control.effective} if {
	some id, control in input.result.controls
}
