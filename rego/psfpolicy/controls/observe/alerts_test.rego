package psfpolicy.controls.observe.alerts_test

import data.psfpolicy.controls.observe.alerts as control
import data.psfpolicy.lib.outcome

_section := ["spec", "observability", "alerts"]

_at(index) := ["spec", "observability", "alerts", index]

_errors := {"name": "errors", "signal": "error-rate", "owner": "ml-oncall"}

_slow := {"name": "slow", "signal": "latency-p99", "owner": "ml-oncall"}

_spend := {"name": "spend", "signal": "cost-anomaly", "owner": "ml-oncall"}

_invalid := {"name": "invalid", "signal": "validation-failure-rate", "owner": "ml-oncall"}

_unowned := {"name": "errors", "signal": "error-rate"}

test_pass_when_all_four_signals_have_an_owner if {
	outcome.is(control, [
		[_at(0), "pass"],
		[_at(1), "pass"],
		[_at(2), "pass"],
		[_at(3), "pass"],
	]) with input.descriptor.spec.observability.alerts as [_errors, _slow, _spend, _invalid]
}

test_pass_when_another_alert_has_no_owner if {
	outcome.is(control, [
		[_at(1), "pass"],
		[_at(2), "pass"],
		[_at(3), "pass"],
		[_at(4), "pass"],
	]) with input.descriptor.spec.observability.alerts as [{"name": "abuse", "signal": "abuse"}, _errors, _slow, _spend, _invalid]
}

test_pass_when_an_alert_without_owner_stands_beside_one_with if {
	outcome.is(control, [
		[_at(1), "pass"],
		[_at(2), "pass"],
		[_at(3), "pass"],
		[_at(4), "pass"],
	]) with input.descriptor.spec.observability.alerts as [_unowned, _errors, _slow, _spend, _invalid]
}

test_partial_when_one_has_no_owner if {
	outcome.is(control, [
		[_at(0), "partial"],
		[_at(1), "pass"],
		[_at(2), "pass"],
		[_at(3), "pass"],
	]) with input.descriptor.spec.observability.alerts as [_unowned, _slow, _spend, _invalid]
}

test_partial_when_the_owner_is_called_none if {
	outcome.is(control, [
		[_at(0), "partial"],
		[_at(1), "pass"],
		[_at(2), "pass"],
		[_at(3), "pass"],
	]) with input.descriptor.spec.observability.alerts as [object.union(_errors, {"owner": "none"}), _slow, _spend, _invalid]
}

test_partial_at_the_first_of_two_alerts_without_owner if {
	outcome.is(control, [
		[_at(0), "partial"],
		[_at(2), "pass"],
		[_at(3), "pass"],
		[_at(4), "pass"],
	]) with input.descriptor.spec.observability.alerts as [_unowned, _unowned, _slow, _spend, _invalid]
}

test_partial_when_three_signals_are_watched if {
	outcome.is(control, [
		[_section, "partial"],
		[_at(0), "pass"],
		[_at(1), "pass"],
		[_at(2), "pass"],
	]) with input.descriptor.spec.observability.alerts as [_errors, _slow, _spend]
}

test_partial_when_two_signals_are_watched if {
	control.findings == {
		{
			"path": _section,
			"status": "partial",
			"message": concat("; ", [
				"no alert watches `cost-anomaly` and `validation-failure-rate`",
				"wanted: an alert with an `owner` for each of `cost-anomaly`, `error-rate`, `latency-p99` and `validation-failure-rate`",
			]),
			"reads": [array.concat(_at(index), ["signal"]) | some index in [0, 1]],
		},
		{
			"path": _at(0),
			"status": "partial",
			"message": "alert `errors` on `error-rate` calls nobody, `owner` is missing; wanted: the rota that it calls",
			"reads": [array.concat(_at(0), ["signal"]), array.concat(_at(0), ["owner"])],
		},
		{
			"path": _at(1),
			"status": "pass",
			"message": "alert `slow` on `latency-p99` goes to `ml-oncall`",
			"reads": [array.concat(_at(1), ["signal"]), array.concat(_at(1), ["owner"])],
		},
	} with input.descriptor.spec.observability.alerts as [_unowned, _slow]
}

test_fail_when_one_signal_is_watched if {
	outcome.is(control, [[_section, "fail"], [_at(0), "pass"]]) with input.descriptor.spec.observability.alerts as [_errors]
}

test_fail_when_one_signal_is_watched_four_times if {
	outcome.is(control, [[_section, "fail"], [_at(0), "pass"]]) with input.descriptor.spec.observability.alerts as [
		_errors,
		_errors,
		_errors,
		_errors,
	]
}

test_fail_when_the_list_is_empty if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor.spec.observability.alerts as []
}

test_absent_alerts_fail_at_the_list if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {}}
}
