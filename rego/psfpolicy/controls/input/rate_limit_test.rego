package psfpolicy.controls.input.rate_limit_test

import data.psfpolicy.controls.input.rate_limit as control
import data.psfpolicy.lib.outcome

_limits := ["spec", "inputs", "rateLimits"]

_first := ["spec", "inputs", "rateLimits", 0]

_second := ["spec", "inputs", "rateLimits", 1]

_alert := ["spec", "inputs", "abuseAlert"]

_tokens := {"scope": "per-client", "unit": "tokens", "limit": 1000, "per": "minute"}

_requests := {"scope": "per-client", "unit": "requests", "limit": 60, "per": "minute"}

_alerts := [{"name": "errors", "signal": "error-rate"}, {"name": "spike", "signal": "abuse"}]

_limited(limits, alert) := {"spec": {
	"inputs": {"rateLimits": limits, "abuseAlert": alert},
	"observability": {"alerts": _alerts},
}}

test_pass_with_a_limit_by_tokens_and_an_alert_on_abuse if {
	limit := {
		"path": _first,
		"status": "pass",
		"message": "a rate limit counts tokens",
		"reads": [array.concat(_first, ["unit"]), array.concat(_first, ["limit"])],
	}
	alert := {
		"path": _alert,
		"status": "pass",
		"message": "abuse raises the alert `spike`",
		"reads": [_alert, ["spec", "observability", "alerts", 1, "name"], ["spec", "observability", "alerts", 1, "signal"]],
	}
	control.findings == {limit, alert} with input.descriptor as _limited([_tokens], "spike")
}

test_pass_when_a_limit_by_requests_stands_beside_one_by_tokens if {
	outcome.is(control, [[_second, "pass"], [_alert, "pass"]]) with input.descriptor as _limited([_requests, _tokens], "spike")
}

test_pass_with_a_limit_of_one_token if {
	limits := [object.union(_tokens, {"limit": 1})]
	outcome.is(control, [[_first, "pass"], [_alert, "pass"]]) with input.descriptor as _limited(limits, "spike")
}

test_partial_when_limits_count_requests_only if {
	outcome.is(control, [[_first, "partial"], [_alert, "pass"]]) with input.descriptor as _limited([_requests], "spike")
}

test_partial_when_the_limit_by_tokens_is_zero_beside_one_by_requests if {
	limits := [object.union(_tokens, {"limit": 0}), _requests]
	outcome.is(control, [[_second, "partial"], [_alert, "pass"]]) with input.descriptor as _limited(limits, "spike")
}

test_partial_when_the_unit_is_not_said if {
	limits := [object.remove(_tokens, ["unit"])]
	outcome.is(control, [[_first, "partial"], [_alert, "pass"]]) with input.descriptor as _limited(limits, "spike")
}

test_partial_reads_every_limit_there_is if {
	reads := [array.concat(_limits, [index, key]) | some index in [0, 1]; some key in ["unit", "limit"]]
	limits := [object.union(_tokens, {"limit": 0}), _requests]
	some finding in control.findings with input.descriptor as _limited(limits, "spike")
	finding == {
		"path": _second,
		"status": "partial",
		"message": "no rate limit counts tokens, and one request may hold a whole context; wanted: one with `unit: tokens`",
		"reads": reads,
	}
}

test_partial_without_an_alert if {
	outcome.is(control, [[_first, "pass"], [_alert, "partial"]]) with input.descriptor.spec.inputs.rateLimits as [_tokens]
}

test_partial_when_the_alert_rings_for_something_else if {
	limit := {
		"path": _first,
		"status": "pass",
		"message": "a rate limit counts tokens",
		"reads": [array.concat(_first, ["unit"]), array.concat(_first, ["limit"])],
	}
	alert := {
		"path": _alert,
		"status": "partial",
		"message": concat("; ", [
			"`spec.inputs.abuseAlert` is `errors`, which is no alert on abuse",
			"wanted: the name of an alert in `spec.observability.alerts` with `signal: abuse`",
		]),
		"reads": [_alert, ["spec", "observability", "alerts", 0, "name"], ["spec", "observability", "alerts", 0, "signal"]],
	}
	control.findings == {limit, alert} with input.descriptor as _limited([_tokens], "errors")
}

test_partial_when_the_alert_does_not_exist if {
	outcome.is(control, [[_first, "pass"], [_alert, "partial"]]) with input.descriptor as _limited([_tokens], "nowhere")
}

test_fail_without_a_limit_although_there_is_an_alert if {
	outcome.is(control, [[_limits, "fail"], [_alert, "pass"]]) with input.descriptor as _limited([], "spike")
}

test_fail_when_the_only_limit_is_zero if {
	limits := [object.union(_tokens, {"limit": 0})]
	outcome.is(control, [[_limits, "fail"], [_alert, "pass"]]) with input.descriptor as _limited(limits, "spike")
}

test_fail_when_the_only_limit_has_no_number if {
	limits := [object.remove(_tokens, ["limit"])]
	outcome.is(control, [[_limits, "fail"], [_alert, "pass"]]) with input.descriptor as _limited(limits, "spike")
}

test_absent_limits_and_alert_each_say_what_to_write if {
	limit := {
		"path": _limits,
		"status": "fail",
		"message": "`spec.inputs.rateLimits` has no limit above 0; wanted: one with `unit: tokens`, `limit`, `per` and `scope`",
		"reads": [_limits],
	}
	alert := {
		"path": _alert,
		"status": "partial",
		"message": concat("; ", [
			"`spec.inputs.abuseAlert` is missing",
			"wanted: the name of an alert in `spec.observability.alerts` with `signal: abuse`",
		]),
		"reads": [_alert],
	}
	control.findings == {limit, alert} with input.descriptor as {"spec": {}}
}
