package psfpolicy.controls.ops.team_capacity_test

import data.psfpolicy.controls.ops.team_capacity as control
import data.psfpolicy.lib.outcome

_path := ["spec", "operations"]

_reads := [["spec", "serving", "hosting"], ["spec", "operations", "owner"], ["spec", "operations", "onCall"]]

_descriptor(operations) := {"spec": {"serving": {"hosting": "self-managed-vm"}, "operations": operations}}

test_pass_with_an_owner_and_a_rota if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "in `spec.operations`, `onCall` is `docs/rota.md` and `owner` is `ml-platform`",
		"reads": _reads,
	}} with input.descriptor as _descriptor({"owner": "ml-platform", "onCall": "docs/rota.md"})
}

test_partial_with_an_owner_only if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": "in `spec.operations`, `onCall` is missing; wanted: an `owner` of serving, and the rota in `onCall`",
		"reads": _reads,
	}} with input.descriptor as _descriptor({"owner": "ml-platform"})
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _descriptor({"owner": "ml-platform", "onCall": "none"})
}

test_fail_with_a_rota_of_nobodys if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _descriptor({"onCall": "docs/rota.md"})
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _descriptor({"owner": "TBD", "onCall": "docs/rota.md"})
}

test_not_applicable_on_machines_of_someone_else if {
	every hosting in ["cloud-managed", "managed-inference", "provider-hosted", "hosted-api"] {
		outcome.not_applicable(control, _path) with input.descriptor as {"spec": {"serving": {"hosting": hosting}}}
	}
}

test_absent_section_fails if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _descriptor({})
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as {"spec": {}}
}
