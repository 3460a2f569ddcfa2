# METADATA
# title: Canary judged on quality
# description: |
#   A new model can answer faster, without an error, and worse: only a canary that is judged on quality sees it.
#   It takes a share of the traffic above 0 and below 100 percent. One that is judged on errors, invalid outputs or latency
#   without `quality` is partial; one that is judged on nothing, or on cost alone, fails.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Send a share of the traffic to the new version first, and promote it on quality as well:
#
#     release:
#       canary: {percent: 5, criteria: [error-rate, latency-p99, quality]}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-5-deployment-safety
#   good: |
#     release:
#       canary: {percent: 5, criteria: [error-rate, latency-p99, quality]}
#   bad: |
#     release:
#       canary: {percent: 5, criteria: [error-rate, latency-p99]}
package psfpolicy.controls.deploy.canary

import data.psfpolicy.lib.numbers
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_path := ["spec", "release", "canary"]

_canary := {key: value | some key, value in input.descriptor.spec.release.canary}

_percent := object.get(_canary, "percent", 0)

_criteria := {name | some name in _canary.criteria}

_reads := paths.keys(_path, ["percent", "criteria"])

_wanted := "wanted: `percent` above 0 and below 100, and `criteria` with `quality`"

places contains _path

findings contains {"path": _path, "status": "fail", "message": $"`spec.release.canary` is missing; {_wanted}", "reads": _reads} if {
	count(_canary) == 0
}

findings contains {"path": _path, "status": "fail", "message": message, "reads": _reads} if {
	count(_canary) > 0
	not _partway
	message := $"the canary takes {numbers.shown(_percent)} percent of the traffic; {_wanted}"
}

findings contains {"path": _path, "status": _status, "message": message, "reads": _reads} if {
	_partway
	wish := text.wish(_status == "pass", "`quality` in `criteria`")
	message := $"a canary of {numbers.shown(_percent)} percent is judged on {text.all_of(_criteria)}{wish}"
}

_partway if {
	_percent > 0
	_percent < 100
}

default _status := "fail"

_status := "pass" if "quality" in _criteria

_status := "partial" if {
	not "quality" in _criteria
	count(_criteria & {"error-rate", "latency-p99", "validation-failure-rate"}) > 0
}
