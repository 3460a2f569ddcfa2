# METADATA
# title: Quality trend
# description: |
#   Quality goes down without an error: a provider changes the model, the questions change, a prompt is edited.
#   A share of the responses above 0 must be scored, and the scores followed over time.
#   One of the two is partial; a sample rate of 0 samples nothing.
# custom:
#   criterion: PSF-2.5
#   provenance: official
#   severity: medium
#   remediation: |
#     Score a sample of the responses, and keep the trend:
#
#     outputs:
#       quality: {metric: judge-score, sampleRate: 0.05, trend: true}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-2-output-validation
#   good: |
#     outputs:
#       quality: {metric: judge-score, sampleRate: 0.05, trend: true}
#   bad: |
#     outputs:
#       quality: {metric: judge-score, sampleRate: 0, trend: true}
package psfpolicy.controls.output.quality_trend

import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said

metadata := rego.metadata.chain()

_path := ["spec", "outputs", "quality"]

_quality := {key: value | some key, value in input.descriptor.spec.outputs.quality}

# A rule of its own, since "not" of a comparison with an absent key is undefined.
_sampled if _quality.sampleRate > 0

# What is not above 0 is missing or 0, so no decimal is printed.
_lacking contains said.at(_quality, ["sampleRate"]) if not _sampled

_lacking contains phrase if some phrase in said.untrue(_quality, ["trend"])

places contains _path

findings contains parts.answer({
	"path": _path,
	"lacking": _lacking,
	"of": 2,
	"met": "output is scored on a sample, and the scores are trended",
	"wanted": "`sampleRate` above 0, and `trend: true`",
	"reads": paths.keys(_path, ["sampleRate", "trend"]),
})
