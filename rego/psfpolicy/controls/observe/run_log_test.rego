package psfpolicy.controls.observe.run_log_test

import data.psfpolicy.controls.observe.run_log as control
import data.psfpolicy.lib.outcome

_section := ["spec", "observability", "runLog"]

_fields := ["spec", "observability", "runLog", "fields"]

_text := ["spec", "observability", "runLog", "rawText"]

_all := ["inputHash", "outputHash", "modelVersion", "latency", "tokens", "cost"]

_descriptor(run_log) := {"spec": {"data": {"categories": ["pii"]}, "observability": {"runLog": run_log}}}

test_pass_when_all_six_fields_are_logged_without_raw_text if {
	descriptor := _descriptor({"fields": _all, "rawText": false})
	control.findings == {
		{
			"path": _fields,
			"status": "pass",
			"message": "the run log has `cost`, `inputHash`, `latency`, `modelVersion`, `outputHash` and `tokens`",
			"reads": [_fields],
		},
		{
			"path": _text,
			"status": "pass",
			"message": "the run log holds no raw text",
			"reads": [["spec", "data", "categories"], _text],
		},
	} with input.descriptor as descriptor
	outcome.is(control, [[_fields, "pass"], [_text, "pass"]]) with input.descriptor as descriptor
}

test_pass_when_raw_text_is_of_no_person if {
	outcome.is(control, [[_fields, "pass"], [_text, "pass"]]) with input.descriptor as {"spec": {
		"data": {"categories": ["none"]},
		"observability": {"runLog": {"fields": _all, "rawText": true}},
	}}
}

test_partial_when_raw_text_is_logged if {
	outcome.is(control, [[_fields, "pass"], [_text, "partial"]]) with input.descriptor as _descriptor({"fields": _all, "rawText": true})
}

test_partial_when_raw_text_is_not_said if {
	outcome.is(control, [[_fields, "pass"], [_text, "partial"]]) with input.descriptor as _descriptor({"fields": _all})
}

test_partial_when_raw_text_may_be_of_persons if {
	outcome.is(control, [[_fields, "pass"], [_text, "partial"]]) with input.descriptor as {"spec": {"observability": {"runLog": {
		"fields": _all,
		"rawText": true,
	}}}}
}

test_partial_when_four_fields_are_logged if {
	outcome.is(control, [[_fields, "partial"], [_text, "pass"]]) with input.descriptor as _descriptor({
		"fields": ["inputHash", "outputHash", "modelVersion", "latency", "user"],
		"rawText": false,
	})
}

test_fail_when_three_fields_are_logged if {
	outcome.is(control, [[_fields, "fail"], [_text, "pass"]]) with input.descriptor as _descriptor({
		"fields": ["latency", "tokens", "cost", "promptVersion", "guardVerdicts"],
		"rawText": false,
	})
}

test_fail_when_one_field_is_listed_often if {
	outcome.is(control, [[_fields, "fail"], [_text, "pass"]]) with input.descriptor as _descriptor({
		"fields": ["latency", "latency", "latency", "latency", "latency", "latency"],
		"rawText": false,
	})
}

test_absent_fields_fail if {
	outcome.is(control, [[_fields, "fail"], [_text, "pass"]]) with input.descriptor as _descriptor({"rawText": false})
}

test_absent_run_log_fails_at_the_section if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {}}
}
