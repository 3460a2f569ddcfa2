package psfpolicy.controls.input.untrusted_content_test

import data.psfpolicy.controls.input.untrusted_content as control
import data.psfpolicy.lib.outcome

_section := ["spec", "inputs", "guards"]

_first := ["spec", "inputs", "guards", 0]

_second := ["spec", "inputs", "guards", 1]

_tasks := ["spec", "purpose", "tasks"]

_agents := ["spec", "oversight", "agents"]

_chosen := [array.concat(_first, ["detects"]), array.concat(_first, ["scans"])]

_guard := {
	"name": "g",
	"evaluation": "evals/g",
	"detects": ["injection"],
	"scans": ["retrieved"],
	"action": "block",
	"onPath": true,
	"failClosed": true,
}

_but(changes) := object.union(_guard, changes)

_running(tasks, guards) := {"spec": {"purpose": {"tasks": tasks}, "inputs": {"guards": guards}}}

test_pass_when_the_guard_scans_what_is_retrieved if {
	finding := {
		"path": _first,
		"status": "pass",
		"message": concat(" ", [
			"against injection by `retrieved`: guard `g` detects `injection`",
			"with action `block`, on the path, failing closed",
		]),
		"reads": array.flatten([_chosen, [array.concat(_first, [key]) | some key in ["action", "onPath", "failClosed", "model", "evaluation"]], [_tasks, _agents]]),
	}
	control.findings == {finding} with input.descriptor as _running(["rag"], [_guard])
}

test_pass_when_one_guard_scans_all_that_comes_in if {
	guard := _but({"scans": ["user", "retrieved", "code", "tool"]})
	outcome.is(control, [[_first, "pass"]]) with input.descriptor as _running(["rag", "code", "agents"], [guard])
}

test_pass_when_each_source_has_a_guard if {
	guards := [_guard, _but({"name": "h", "scans": ["tool"]})]
	outcome.is(control, [[_first, "pass"], [_second, "pass"]]) with input.descriptor as _running(["rag", "agents"], guards)
}

test_pass_when_the_guard_redacts if {
	outcome.is(control, [[_first, "pass"]]) with input.descriptor as _running(["rag"], [_but({"action": "redact"})])
}

test_pass_when_a_weaker_guard_stands_beside_a_good_one if {
	guards := [_but({"failClosed": false}), _but({"name": "h"})]
	outcome.is(control, [[_second, "pass"]]) with input.descriptor as _running(["rag"], guards)
}

test_partial_when_the_guard_only_flags if {
	outcome.is(control, [[_first, "partial"]]) with input.descriptor as _running(["rag"], [_but({"action": "flag"})])
}

test_partial_for_what_no_guard_scans_beside_what_one_does if {
	outcome.is(control, [[_first, "pass"], [_section, "partial"]]) with input.descriptor as _running(["rag", "code"], [_guard])
}

test_partial_for_a_guard_off_the_path_beside_a_good_one if {
	guards := [_guard, _but({"name": "h", "scans": ["code"], "onPath": false})]
	outcome.is(control, [[_first, "pass"], [_second, "partial"]]) with input.descriptor as _running(["rag", "code"], guards)
}

test_fail_when_what_is_covered_is_covered_in_part_only if {
	guards := [_but({"action": "flag"})]
	outcome.is(control, [[_first, "partial"], [_section, "fail"]]) with input.descriptor as _running(["rag", "code"], guards)
}

test_fail_says_what_no_guard_scans if {
	finding := {
		"path": _section,
		"status": "fail",
		"message": concat("", [
			"no guard in `spec.inputs.guards` detects `injection` and scans `code` or `tool`; wanted: `code` and `tool` in the `scans` ",
			"of such a guard, with action `block`, `escalate` or `redact`, `onPath: true` and `failClosed: true`",
		]),
		"reads": array.concat(_chosen, [_tasks]),
	}
	control.findings == {finding} with input.descriptor as _running(["agents", "code"], [_guard])
}

test_fail_when_the_guard_reads_only_user_text if {
	guard := object.remove(_guard, ["scans"])
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as _running(["rag"], [guard])
}

test_fail_when_the_guard_detects_only_jailbreaks if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as _running(["rag"], [_but({"detects": ["jailbreak"]})])
}

test_fail_when_the_guard_is_off_the_path if {
	outcome.is(control, [[_first, "fail"]]) with input.descriptor as _running(["rag"], [_but({"onPath": false})])
}

test_fail_when_agents_have_tools_that_only_retrieval_is_scanned_for if {
	outcome.is(control, [[_section, "fail"]]) with input.descriptor as _running(["agents"], [_guard])
}

test_fail_when_agents_are_listed_that_the_tasks_leave_out if {
	finding := {
		"path": _section,
		"status": "fail",
		"message": concat("; ", [
			"no guard in `spec.inputs.guards` detects `injection` and scans `tool`",
			"wanted: `tool` in the `scans` of such a guard, with action `block`, `escalate` or `redact`, `onPath: true` and `failClosed: true`",
		]),
		"reads": array.concat(_chosen, [_tasks, array.concat(_agents, [0, "name"])]),
	}
	control.findings == {finding} with input.descriptor.spec as {
		"purpose": {"tasks": ["chat"]},
		"inputs": {"guards": [_guard]},
		"oversight": {"agents": [{"name": "triage"}]},
	}
}

test_not_applicable_when_no_task_brings_content_in if {
	outcome.not_applicable(control, _section) with input.descriptor as _running(["chat", "summarisation"], [])
}

test_fail_when_the_data_declares_what_the_tasks_leave_out if {
	finding := {
		"path": _section,
		"status": "fail",
		"message": concat("", [
			"no guard in `spec.inputs.guards` detects `injection` and scans `retrieved` or `tool` ",
			"(`spec.data` declares tools and what is retrieved from); wanted: `retrieved` and `tool` in the `scans` ",
			"of such a guard, with action `block`, `escalate` or `redact`, `onPath: true` and `failClosed: true`",
		]),
		"reads": [_section, _tasks, _agents, ["spec", "data", "otherFlows", 1, "kind"], ["spec", "data", "stores", 0, "kind"]],
	}
	control.findings == {finding} with input.descriptor.spec as {
		"purpose": {"tasks": ["chat"]},
		"data": {
			"stores": [{"name": "notes", "kind": "vector-store"}, {"name": "logs", "kind": "logs"}],
			"otherFlows": [{"name": "help", "kind": "support"}, {"name": "search", "kind": "tool"}],
		},
	}
}

test_pass_when_a_guard_scans_what_the_data_declares if {
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec as {
		"purpose": {"tasks": ["chat"]},
		"inputs": {"guards": [_guard]},
		"data": {"otherFlows": [{"name": "embeddings", "kind": "embedding"}]},
	}
}

test_not_applicable_when_the_data_declares_nothing_that_comes_in if {
	outcome.not_applicable(control, _section) with input.descriptor.spec as {
		"purpose": {"tasks": ["chat"]},
		"data": {"stores": [{"name": "logs", "kind": "logs"}], "otherFlows": [{"name": "help", "kind": "support"}]},
	}
}

test_absent_tasks_ask_for_all_sources if {
	guard := _but({"scans": ["retrieved", "code", "tool"]})
	outcome.is(control, [[_first, "pass"]]) with input.descriptor.spec.inputs.guards as [guard]
}

test_absent_tasks_and_guards_fail_and_ask_for_the_tasks if {
	finding := {
		"path": _section,
		"status": "fail",
		"message": concat("", [
			"no guard in `spec.inputs.guards` detects `injection` and scans `code`, `retrieved` or `tool` ",
			"(`spec.purpose.tasks` is missing, so that all are asked for); wanted: `code`, `retrieved` and `tool` in the `scans` ",
			"of such a guard, with action `block`, `escalate` or `redact`, `onPath: true` and `failClosed: true`",
		]),
		"reads": [_section, _tasks],
	}
	control.findings == {finding} with input.descriptor as {"spec": {}}
}

test_what_a_manifest_brings_before_the_model_is_asked_for if {
	fact := {
		"path": ["spec", "data", "stores"], "value": {"name": "qdrant", "kind": "vector-store"}, "item": true,
		"certainty": "certain", "about": "deployment", "subject": "x",
	}
	asked := {"descriptor": {"spec": {"purpose": {"tasks": ["chat"]}}}, "facts": {"evidence": [fact]}}
	not control.not_applicable with input as asked
	findings := control.findings with input as asked
	[[finding.status, contains(finding.message, "(manifests show what is retrieved from)")] | some finding in findings] == [["fail", true]]
	some finding in findings
	some path in finding.reads
	path == ["facts", "evidence", 0]
}
