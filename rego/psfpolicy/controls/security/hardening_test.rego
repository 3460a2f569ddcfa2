package psfpolicy.controls.security.hardening_test

import data.psfpolicy.controls.security.hardening as control
import data.psfpolicy.lib.outcome

_path := ["spec", "security", "hardening"]

_reads := array.concat(
	[["spec", "serving", "hosting"]],
	[array.concat(_path, [key]) | some key in ["nonRoot", "readOnlyRootFilesystem", "gpuNodeBenchmark"]],
)

_wanted := "wanted: `nonRoot: true`, `readOnlyRootFilesystem: true`, and `gpuNodeBenchmark` naming a benchmark"

_hard := {"nonRoot": true, "readOnlyRootFilesystem": true, "gpuNodeBenchmark": "cis"}

_but(changes) := object.union(_hard, changes)

test_pass_when_all_three_hold if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "the engine runs as non-root on a read-only root file system, and its GPU nodes follow a benchmark",
		"reads": _reads,
	}} with input.descriptor.spec.security.hardening as _hard
}

test_partial_when_the_root_is_writable if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": $"in `spec.security.hardening`, `readOnlyRootFilesystem` is `false`; {_wanted}",
		"reads": _reads,
	}} with input.descriptor.spec.security.hardening as _but({"readOnlyRootFilesystem": false})
}

test_partial_when_run_as_root if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.security.hardening as _but({"nonRoot": false})
}

test_partial_when_the_benchmark_is_called_none if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.security.hardening as _but({"gpuNodeBenchmark": "none"})
}

test_partial_when_only_one_holds if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor.spec.security.hardening as {"nonRoot": true}
}

test_fail_when_none_holds if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.security.hardening as {
		"nonRoot": false,
		"readOnlyRootFilesystem": false,
		"gpuNodeBenchmark": "none",
	}
}

test_not_applicable_on_the_machines_of_a_provider if {
	outcome.not_applicable(control, _path) with input.descriptor.spec.serving.hosting as "cloud-managed"
	outcome.not_applicable(control, _path) with input.descriptor.spec.serving.hosting as "managed-inference"
	outcome.not_applicable(control, _path) with input.descriptor.spec.serving.hosting as "provider-hosted"
	outcome.not_applicable(control, _path) with input.descriptor.spec.serving.hosting as "hosted-api"
}

test_absent_section_fails_at_its_key if {
	lacking := "`gpuNodeBenchmark` is missing, `nonRoot` is missing and `readOnlyRootFilesystem` is missing"
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": $"in `spec.security.hardening`, {lacking}; {_wanted}",
		"reads": _reads,
	}} with input.descriptor as {"spec": {}}
}

test_fail_for_a_switch_that_opens_more_than_the_model if {
	path := ["spec", "security", "hardening", "profilerEndpoints"]
	findings := control.findings with input.descriptor as {"spec": {"security": {"hardening": {"profilerEndpoints": true}}}}
	[finding.status | some finding in findings; finding.path == path] == ["fail"]
}
