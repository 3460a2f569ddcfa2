# METADATA
# title: psfpolicy report
# description: |
#   The entry points. Everything that a verdict rests on is decided below it:
#   the controls, their findings, the domain scores, the overall score and the gate.
#   The host adds places, titles and masking, and decides nothing.
package psfpolicy

import data.psfpolicy.baseline
import data.psfpolicy.capacity
import data.psfpolicy.comparison
import data.psfpolicy.controls.deploy.capacity_fit
import data.psfpolicy.dispatch
import data.psfpolicy.evidence
import data.psfpolicy.floors
import data.psfpolicy.freshness
import data.psfpolicy.gate
import data.psfpolicy.overview
import data.psfpolicy.score
import data.psfpolicy.served
import data.psfpolicy.waiver

# METADATA
# entrypoint: true
report := {
	"controls": dispatch.controls,
	"domains": score.domains,
	"apart": score.apart,
	"overall": score.overall,
	"gate": gate.decision,
	"baseline": baseline.published,
	"catalogue": freshness.age,
	"flows": overview.shown,
	"served": served.shown,
	"undeclared": waiver.undeclared,
	"reduced": floors.reduced,
}

# METADATA
# description: Whether the model fits its accelerators, as the control says, and the figures; asked for many forms of a deployment.
# entrypoint: true
sizing := {"status": "not-applicable", "message": capacity_fit.not_applicable, "figures": capacity.figures}

sizing := {"status": finding.status, "message": finding.message, "figures": capacity.figures} if {
	not capacity_fit.not_applicable
	some finding in capacity_fit.findings
}

# METADATA
# description: What manifests show beside what the descriptor declares, path by path.
# entrypoint: true
collation := {"rows": evidence.compared}

# METADATA
# description: What has changed since a base, and what the gate says of it; the input is one of its own.
# entrypoint: true
change := {
	"changes": comparison.changes,
	"aged": comparison.aged,
	"accepted": comparison.accepted,
	"fixed": comparison.fixed,
	"reduced": comparison.reduced,
	"verdict": comparison.verdict,
	"reasons": comparison.reasons,
}
