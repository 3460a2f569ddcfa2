package psfpolicy.controls.observe.tracing_test

import data.psfpolicy.controls.observe.tracing as control
import data.psfpolicy.lib.outcome

_section := ["spec", "observability", "tracing"]

_propagation := array.concat(_section, ["propagation"])

_covers := array.concat(_section, ["covers"])

_sampling := array.concat(_section, ["sampling"])

_tracing := {"propagation": "w3c", "covers": ["gateway", "guards", "model"], "sampling": 1}

_with(tasks, tracing) := {"spec": {"purpose": {"tasks": tasks}, "observability": {"tracing": tracing}}}

_but(changes) := _with(["chat"], object.union(_tracing, changes))

_without(key) := _with(["chat"], object.remove(_tracing, [key]))

test_pass_when_one_trace_covers_every_part_of_every_request if {
	control.findings == {
		{
			"path": _propagation,
			"status": "pass",
			"message": "traces are propagated by `w3c`",
			"reads": [_propagation],
		},
		{
			"path": _covers,
			"status": "pass",
			"message": "traces cover `gateway`, `guards` and `model`",
			"reads": [_covers, ["spec", "purpose", "tasks"], ["spec", "oversight", "agents"]],
		},
		{
			"path": _sampling,
			"status": "pass",
			"message": "every request is traced",
			"reads": [_sampling],
		},
	} with input.descriptor as _but({})
	outcome.is(control, [[_propagation, "pass"], [_covers, "pass"], [_sampling, "pass"]]) with input.descriptor as _but({})
}

test_pass_when_agents_have_their_tools_traced if {
	outcome.is(control, [[_propagation, "pass"], [_covers, "pass"], [_sampling, "pass"]]) with input.descriptor as _with(
		["agents"],
		object.union(_tracing, {"covers": ["gateway", "guards", "model", "tools"]}),
	)
}

test_partial_when_agents_do_not_have_their_tools_traced if {
	outcome.is(control, [[_propagation, "pass"], [_covers, "partial"], [_sampling, "pass"]]) with input.descriptor as _with(
		["chat", "agents"],
		_tracing,
	)
}

test_partial_when_the_tasks_are_unknown_and_tools_are_not_traced if {
	descriptor := {"spec": {"observability": {"tracing": _tracing}}}
	outcome.is(control, [[_propagation, "pass"], [_covers, "partial"], [_sampling, "pass"]]) with input.descriptor as descriptor
}

test_partial_when_some_parts_are_covered if {
	descriptor := _but({"covers": ["model"]})
	outcome.is(control, [[_propagation, "pass"], [_covers, "partial"], [_sampling, "pass"]]) with input.descriptor as descriptor
}

test_partial_when_just_below_every_request_is_sampled if {
	descriptor := _but({"sampling": 0.999999})
	control.findings[{
		"path": _sampling,
		"status": "partial",
		"message": "requests are sampled at 0.999999; wanted: `sampling: 1.0`",
		"reads": [_sampling],
	}] with input.descriptor as descriptor
	outcome.is(control, [[_propagation, "pass"], [_covers, "pass"], [_sampling, "partial"]]) with input.descriptor as descriptor
}

test_partial_when_sampling_is_not_said if {
	outcome.is(control, [[_propagation, "pass"], [_covers, "pass"], [_sampling, "partial"]]) with input.descriptor as _without("sampling")
}

test_partial_when_propagation_is_not_said if {
	outcome.is(control, [[_propagation, "partial"], [_covers, "pass"], [_sampling, "pass"]]) with input.descriptor as _without("propagation")
}

test_fail_when_nothing_is_sampled if {
	outcome.is(control, [[_propagation, "pass"], [_covers, "pass"], [_sampling, "fail"]]) with input.descriptor as _but({"sampling": 0})
}

test_fail_when_no_wanted_part_is_covered if {
	outcome.is(control, [[_propagation, "pass"], [_covers, "fail"], [_sampling, "pass"]]) with input.descriptor as _but({"covers": ["sinks"]})
}

test_absent_covers_fails if {
	outcome.is(control, [[_propagation, "pass"], [_covers, "fail"], [_sampling, "pass"]]) with input.descriptor as _without("covers")
}

test_absent_tracing_fails_at_the_section if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as {"spec": {}}
}
