# METADATA
# title: The model's published baseline
# description: |
#   What the published assessment of the model says that it brings before any control of the deployment.
#   It is shown beside the scores and enters none of them, nor the gate.
package psfpolicy.baseline

import data.psfpolicy.known

default published := null

published := {
	"model": known.model.id,
	"title": known.model.title,
	"ofBase": _of_base,
	"configuration": object.get(assessment, "configuration", null),
	"overall": assessment.overall,
	"domains": {name: {"score": domain.score, "band": domain.band} | some name, domain in assessment.domains},
	"date": assessment.date,
	"source": assessment.source,
} if {
	assessment := known.model.assessment
}

# What was assessed is the model that the served one was made from.
default _of_base := true

_of_base := false if known.id_of("models", input.descriptor.spec.model.id)
