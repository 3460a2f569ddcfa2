package psfpolicy.controls.vendor.deprecation_test

import data.psfpolicy.controls.vendor.deprecation as control
import data.psfpolicy.lib.outcome

_path := ["spec", "vendor", "deprecation"]

_tuning := ["spec", "model", "fineTuning"]

_retrainable := ["spec", "model", "fineTuning", "retrainable"]

_reads := [["spec", "serving", "hosting"], array.concat(_path, ["playbook"]), array.concat(_path, ["tracked"])]

_hosted_reads := [
	["spec", "serving", "hosting"], array.concat(_path, ["noticeDays"]),
	array.concat(_path, ["playbook"]), array.concat(_path, ["tracked"]),
]

_ready := {"tracked": true, "playbook": "docs/migration.md"}

_descriptor(hosting, deprecation, model) := {"spec": {
	"model": model,
	"serving": {"hosting": hosting},
	"vendor": {"deprecation": deprecation},
}}

_own(deprecation) := _descriptor("on-prem", deprecation, {"id": "m"})

_hosted(days) := _descriptor("hosted-api", object.union(_ready, {"noticeDays": days}), {"id": "m"})

_tuned(tuning) := _descriptor("on-prem", _ready, {"id": "m", "fineTuning": tuning})

test_pass_without_notice_for_self_run_weights if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "deprecations are tracked, and `docs/migration.md` says how to migrate",
		"reads": _reads,
	}} with input.descriptor as _own(_ready)
}

test_pass_at_90_days_of_notice if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "deprecations are tracked, and `docs/migration.md` says how to migrate, with 90 days of notice",
		"reads": _hosted_reads,
	}} with input.descriptor as _hosted(90)
}

test_partial_at_89_days_of_notice if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": "in `spec.vendor.deprecation`, `noticeDays` is `89`; wanted: `noticeDays` of at least 90",
		"reads": _hosted_reads,
	}} with input.descriptor as _hosted(89)
}

test_partial_without_notice_where_another_party_runs_the_weights if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _descriptor("managed-inference", _ready, {"id": "m"})
}

test_partial_when_deprecations_are_said_not_to_be_tracked if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _own(object.union(_ready, {"tracked": false}))
}

test_partial_when_the_playbook_is_none if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _own(object.union(_ready, {"playbook": "none"}))
}

test_pass_when_the_fine_tuned_model_can_be_trained_again if {
	control.findings == {
		{
			"path": _path,
			"status": "pass",
			"message": "deprecations are tracked, and `docs/migration.md` says how to migrate",
			"reads": _reads,
		},
		{
			"path": _retrainable,
			"status": "pass",
			"message": "`spec.model.fineTuning.retrainable` is `true`",
			"reads": [array.concat(_tuning, ["datasets"]), _retrainable],
		},
	} with input.descriptor as _tuned({"datasets": [{"name": "notes"}], "retrainable": true})
}

test_pass_when_no_data_set_is_declared_to_exist if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _tuned({"datasets": []})
}

test_partial_when_the_fine_tuned_model_cannot_be_trained_again if {
	some finding in control.findings with input.descriptor as _tuned({"datasets": [{"name": "notes"}], "retrainable": false})
	finding == {
		"path": _retrainable,
		"status": "partial",
		"message": "`spec.model.fineTuning.retrainable` is `false`; wanted: `true`, since the model is fine-tuned",
		"reads": [array.concat(_tuning, ["datasets"]), _retrainable],
	}
}

test_partial_when_retraining_is_not_said if {
	outcome.is(control, [[_path, "pass"], [_retrainable, "partial"]]) with input.descriptor as _tuned({"datasets": [{"name": "notes"}]})
	outcome.is(control, [[_path, "pass"], [_retrainable, "partial"]]) with input.descriptor as _tuned({})
}

test_fail_when_nothing_of_the_section_holds if {
	outcome.is(control, [[_path, "fail"], [_retrainable, "fail"]]) with input.descriptor as _descriptor(
		"hosted-api",
		{"tracked": false, "noticeDays": 30},
		{"id": "m", "fineTuning": {}},
	)
}

test_fail_of_the_section_is_not_mended_by_retraining if {
	outcome.is(control, [[_path, "fail"], [_retrainable, "pass"]]) with input.descriptor as _descriptor(
		"on-prem",
		{"tracked": false, "noticeDays": 365},
		{"id": "m", "fineTuning": {"retrainable": true}},
	)
}

test_absent_section_fails_at_its_key if {
	some finding in control.findings with input.descriptor as {"spec": {}}
	finding.path == _path
	finding.status == "fail"
	finding.message == concat("", [
		"in `spec.vendor.deprecation`, `noticeDays` is missing, `playbook` is missing and `tracked` is missing; ",
		"wanted: `noticeDays` of at least 90, `tracked: true` and a `playbook`",
	])
}
