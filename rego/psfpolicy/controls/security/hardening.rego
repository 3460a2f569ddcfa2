# METADATA
# title: Hardening
# description: |
#   A container that runs as root on a GPU node makes of one flaw in the engine a way to every workload beside it.
#   The engine runs as non-root on a read-only root file system, and its GPU nodes follow a named benchmark.
#   A benchmark called `none` is none; some of the three are partial.
# custom:
#   provenance: assessment
#   severity: medium
#   remediation: |
#     Take root and the writable root away, and name the benchmark that the nodes follow:
#
#     security:
#       hardening: {nonRoot: true, readOnlyRootFilesystem: true, gpuNodeBenchmark: cis}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-7-security
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#   good: |
#     serving: {hosting: on-prem}
#     security:
#       hardening: {nonRoot: true, readOnlyRootFilesystem: true, gpuNodeBenchmark: cis}
#   bad: |
#     serving: {hosting: on-prem}
#     security:
#       hardening: {nonRoot: true, readOnlyRootFilesystem: false}
package psfpolicy.controls.security.hardening

import data.psfpolicy.lib.hosting
import data.psfpolicy.lib.parts

metadata := rego.metadata.chain()

_path := ["spec", "security", "hardening"]

_hardening := object.get(input.descriptor, _path, {})

not_applicable := "the machines are someone else's" if hosting.foreign_machines(input.descriptor)

_lacking := union({
	parts.untrue(_hardening, "nonRoot"),
	parts.untrue(_hardening, "readOnlyRootFilesystem"),
	parts.unnamed(_hardening, "gpuNodeBenchmark"),
})

places contains _path

findings contains {"path": _path, "status": parts.status(_lacking, 3), "message": _message, "reads": reads} if {
	reads := [array.concat(_path, [key]) | some key in ["nonRoot", "readOnlyRootFilesystem", "gpuNodeBenchmark"]]
}

_message := "the engine runs as non-root on a read-only root file system, and its GPU nodes follow a benchmark" if count(_lacking) == 0

_message := $"in `spec.security.hardening`, {parts.phrase(_lacking)}; wanted: {wanted}" if {
	count(_lacking) > 0
	wanted := "`nonRoot: true`, `readOnlyRootFilesystem: true`, and `gpuNodeBenchmark` naming a benchmark"
}
