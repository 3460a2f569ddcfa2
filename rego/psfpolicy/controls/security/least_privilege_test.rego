package psfpolicy.controls.security.least_privilege_test

import data.psfpolicy.controls.security.least_privilege as control
import data.psfpolicy.lib.outcome

_account := ["spec", "security", "leastPrivilege", "serviceAccount"]

_tools := ["spec", "security", "leastPrivilege", "tools"]

_tenancy := ["spec", "security", "tenancy"]

_named := ["spec", "oversight", "agents", 0, "name"]

_security(account, tools, tenancy) := {
	"tenancy": tenancy,
	"leastPrivilege": {"serviceAccount": account, "tools": tools},
}

_toolless := _security("dedicated", "none", "single")

test_pass_when_dedicated_scoped_and_single if {
	{finding | some finding in control.findings} == {
		{"path": _account, "status": "pass", "message": "`spec.security.leastPrivilege.serviceAccount` is `dedicated`", "reads": [_account]},
		{"path": _tools, "status": "pass", "message": "`spec.security.leastPrivilege.tools` is `scoped`", "reads": [_tools]},
		{"path": _tenancy, "status": "pass", "message": "`spec.security.tenancy` is `single`", "reads": [_tenancy]},
	} with input.descriptor.spec.security as _security("dedicated", "scoped", "single")
}

test_pass_when_isolated_without_tools if {
	outcome.is(control, [[_account, "pass"], [_tools, "pass"], [_tenancy, "pass"]]) with input.descriptor.spec as {
		"oversight": {"agents": []},
		"purpose": {"tasks": ["chat"]},
		"data": {"otherFlows": [{"name": "embed", "kind": "embedding"}]},
		"security": _security("dedicated", "none", "isolated"),
	}
}

test_partial_for_what_is_not_scoped if {
	{finding | some finding in control.findings} == {
		{
			"path": _account,
			"status": "partial",
			"message": "`spec.security.leastPrivilege.serviceAccount` is `default`; wanted: `dedicated`",
			"reads": [_account],
		},
		{
			"path": _tools,
			"status": "partial",
			"message": "`spec.security.leastPrivilege.tools` is `broad`; wanted: `none` or `scoped`",
			"reads": [_tools],
		},
		{"path": _tenancy, "status": "pass", "message": "`spec.security.tenancy` is `isolated`", "reads": [_tenancy]},
	} with input.descriptor.spec.security as _security("default", "broad", "isolated")
}

test_partial_when_no_tools_contradicts_the_agents if {
	{finding | some finding in control.findings} == {
		{"path": _account, "status": "pass", "message": "`spec.security.leastPrivilege.serviceAccount` is `dedicated`", "reads": [_account]},
		{
			"path": _tools,
			"status": "partial",
			"message": "`spec.security.leastPrivilege.tools` is `none`; wanted: `scoped`",
			"reads": [_tools, ["spec", "purpose", "tasks"], _named, ["spec", "data", "otherFlows"]],
		},
		{"path": _tenancy, "status": "pass", "message": "`spec.security.tenancy` is `single`", "reads": [_tenancy]},
	} with input.descriptor.spec as {"oversight": {"agents": [{"name": "triage"}]}, "security": _toolless}
}

test_partial_when_no_tools_contradicts_the_tasks_or_a_flow if {
	outcome.is(control, [[_account, "pass"], [_tools, "partial"], [_tenancy, "pass"]]) with input.descriptor.spec as {
		"purpose": {"tasks": ["agents"]},
		"security": _toolless,
	}
	outcome.is(control, [[_account, "pass"], [_tools, "partial"], [_tenancy, "pass"]]) with input.descriptor.spec as {
		"data": {"otherFlows": [{"name": "search", "kind": "tool"}]},
		"security": _toolless,
	}
}

test_fail_when_shared_by_everyone if {
	outcome.is(control, [[_account, "fail"], [_tools, "fail"], [_tenancy, "fail"]]) with input.descriptor.spec.security as _security(
		"shared",
		"broad",
		"shared",
	)
}

test_absent_section_fails_at_each_key if {
	{finding | some finding in control.findings} == {
		{
			"path": _account,
			"status": "fail",
			"message": "`spec.security.leastPrivilege.serviceAccount` is missing; wanted: `dedicated`",
			"reads": [_account],
		},
		{
			"path": _tools,
			"status": "fail",
			"message": "`spec.security.leastPrivilege.tools` is missing; wanted: `none` or `scoped`",
			"reads": [_tools],
		},
		{
			"path": _tenancy,
			"status": "fail",
			"message": "`spec.security.tenancy` is missing; wanted: `isolated` or `single`",
			"reads": [_tenancy],
		},
	} with input.descriptor as {"spec": {}}
}

test_no_tools_are_contradicted_by_one_that_a_manifest_shows if {
	fact := {
		"path": ["spec", "data", "otherFlows"], "value": {"name": "mcp", "kind": "tool"}, "item": true, "certainty": "certain",
		"about": "deployment", "subject": "x",
	}
	path := ["spec", "security", "leastPrivilege", "tools"]
	asked := {"descriptor": {"spec": {"security": {"leastPrivilege": {"tools": "none"}}}}, "facts": {"evidence": [fact]}}
	findings := control.findings with input as asked
	[finding] := [finding | some finding in findings; finding.path == path]
	finding.status == "fail"
	finding.reads[count(finding.reads) - 1] == ["facts", "evidence", 0]
}
