# METADATA
# title: Capacity that follows the traffic
# description: |
#   A peak that finds no replica to serve it ends in a queue that never empties, and a new replica takes minutes to load its weights.
#   Steady traffic passes, whatever peak it has. Any other, and one that is not declared, asks for three things with a finding each:
#   `replicas.max` of at least `peakToBase` times `replicas.min`, a queue that is bounded, and how many seconds a further replica takes
#   (from 1). What is lacking is partial beside one that is there.
# custom:
#   provenance: practice
#   severity: medium
#   remediation: |
#     Leave room for the peak, refuse what the queue cannot hold, and know how long a replica takes to start:
#
#     purpose:
#       usage: {traffic: spiky, peakToBase: 3}
#     serving:
#       replicas: {min: 2, max: 6}
#       queue: {bounded: true}
#       autoscaling: {scaleUpSeconds: 120}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://pdpspectra.com/blog/open-source-llms-production
#   good: |
#     purpose: {usage: {traffic: spiky, peakToBase: 3}}
#     serving: {replicas: {min: 2, max: 6}, queue: {bounded: true}, autoscaling: {scaleUpSeconds: 120}}
#   bad: |
#     purpose: {usage: {traffic: spiky, peakToBase: 3}}
#     serving: {replicas: {min: 2, max: 5}, queue: {bounded: true}, autoscaling: {scaleUpSeconds: 120}}
package psfpolicy.controls.ops.traffic_fit

import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.said
import data.psfpolicy.lib.sizes
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_traffic := ["spec", "purpose", "usage", "traffic"]

_peak := ["spec", "purpose", "usage", "peakToBase"]

_least := ["spec", "serving", "replicas", "min"]

_most := ["spec", "serving", "replicas", "max"]

_bounded := ["spec", "serving", "queue", "bounded"]

_seconds := ["spec", "serving", "autoscaling", "scaleUpSeconds"]

_general := [["spec", "serving", "hosting"], _traffic]

not_applicable := "the provider of a hosted model scales it" if terms.foreign_weights(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _traffic if _steady

places contains thing.path if some thing in _things

findings contains {"path": _traffic, "status": "pass", "message": said.at(_descriptor, _traffic), "reads": _general} if _steady

findings contains finding if some finding in parts.findings(_things, 1)

_steady if _descriptor.spec.purpose.usage.traffic == "steady"

_things contains _thing(_most, _room, message, [_least, _peak]) if {
	not _steady
	seen := text.joined({said.at(_descriptor, _most), said.at(_descriptor, _least), said.figure(_descriptor, _peak)})
	message := $"{seen}{text.wish(_room, "`max` of at least `peakToBase` times `min`")}"
}

_things contains _thing(_bounded, _holds, message, []) if {
	not _steady
	message := $"{said.at(_descriptor, _bounded)}{text.wish(_holds, "`true`, so that the queue refuses what it cannot hold")}"
}

_things contains _thing(_seconds, _known, message, []) if {
	not _steady
	message := $"{said.at(_descriptor, _seconds)}{text.wish(_known, "the seconds that a further replica takes")}"
}

_thing(path, met, message, more) := {"path": path, "met": met, "message": message, "reads": array.flatten([_general, [path], more])}

_holds := object.get(_descriptor, _bounded, false) == true

_known := object.get(_descriptor, _seconds, 0) >= 1

default _room := false

_room if {
	peak := numbers.millionths(_descriptor.spec.purpose.usage.peakToBase)
	replicas := _descriptor.spec.serving.replicas
	sizes.bounded(replicas.max * 1000000) >= sizes.bounded(replicas.min * peak)
}
