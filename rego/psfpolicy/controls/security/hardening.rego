# METADATA
# title: Hardening
# description: |
#   A container that runs as root on a GPU node makes of one flaw in the engine a way to every workload beside it.
#   The engine runs as non-root on a read-only root file system, and its GPU nodes follow a named benchmark.
#   A benchmark called `none` is none; some of the three are partial.
#   A switch of the engine that opens more of it than its model fails at its own place: its profiler, its tools, the files of its machine.
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

import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.switches

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "security", "hardening"]

default _hardening := {}

_hardening := _descriptor.spec.security.hardening

not_applicable := "the machines are someone else's" if terms.foreign_machines(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _path

places contains finding.path if some finding in findings

findings contains finding if some finding in switches.findings["security-hardening"]

findings contains parts.answer({
	"path": _path,
	"lacking": union({
		said.untrue(_hardening, ["nonRoot"]),
		said.untrue(_hardening, ["readOnlyRootFilesystem"]),
		said.unnamed(_hardening, ["gpuNodeBenchmark"]),
	}),
	"of": 3,
	"met": "the engine runs as non-root on a read-only root file system, and its GPU nodes follow a benchmark",
	"wanted": "`nonRoot: true`, `readOnlyRootFilesystem: true`, and `gpuNodeBenchmark` naming a benchmark",
	"reads": array.flatten([
		[["spec", "serving", "hosting"]],
		paths.keys(_path, ["nonRoot", "readOnlyRootFilesystem", "gpuNodeBenchmark"]),
		sort([path | some path in switches.unsettled["security-hardening"]]),
	]),
})
