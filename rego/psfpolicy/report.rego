# METADATA
# title: psfpolicy report
# description: |
#   The one entry point. Everything that a verdict rests on is decided below it:
#   the controls, their findings, the domain scores, the overall score and the gate.
#   The host adds places, titles and masking, and decides nothing.
package psfpolicy

import data.psfpolicy.baseline
import data.psfpolicy.capacity
import data.psfpolicy.dispatch
import data.psfpolicy.freshness
import data.psfpolicy.gate
import data.psfpolicy.overview
import data.psfpolicy.score

# METADATA
# entrypoint: true
report := {
	"controls": dispatch.controls,
	"domains": score.domains,
	"overall": score.overall,
	"gate": gate.decision,
	"baseline": baseline.published,
	"catalogue": freshness.age,
	"capacity": capacity.figures,
	"flows": overview.shown,
	"notAssessed": not_assessed,
}

# Areas of the framework and of the regimes that no control decides yet, in the words of a verdict line.
not_assessed := ["residency", "licences"]
