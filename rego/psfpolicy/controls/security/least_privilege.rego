# METADATA
# title: Least privilege
# description: |
#   What a model is talked into doing is limited by what its process may do.
#   The service account is dedicated, tools are scoped, and the tenancy is single or isolated; each is answered at its own place.
#   `tools: none` counts as scoped, since there is nothing to scope, unless agents or a flow of kind tool are declared:
#   then it contradicts them.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Give the deployment an account, tools and a tenancy of its own:
#
#     security:
#       tenancy: single
#       leastPrivilege: {serviceAccount: dedicated, tools: scoped}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-7-security
#   good: |
#     security:
#       tenancy: isolated
#       leastPrivilege: {serviceAccount: dedicated, tools: scoped}
#   bad: |
#     security:
#       tenancy: shared
#       leastPrivilege: {serviceAccount: default, tools: broad}
package psfpolicy.controls.security.least_privilege

import data.psfpolicy.evidence
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_account_path := ["spec", "security", "leastPrivilege", "serviceAccount"]

_tools_path := ["spec", "security", "leastPrivilege", "tools"]

_tenancy_path := ["spec", "security", "tenancy"]

_flows := [flow | some flow in _descriptor.spec.data.otherFlows]

places := {_account_path, _tools_path, _tenancy_path}

findings := parts.findings({_account, _tools, _tenancy}, 1)

_account := _thing(_account_path, {"dedicated"}, [])

_tenancy := _thing(_tenancy_path, {"single", "isolated"}, [])

_tools := _thing(_tools_path, _scopes, _beside)

_scopes contains "scoped"

_scopes contains "none" if not _tooled

# Agents, or a flow to a tool, are declared: some tool is used.
_tooled if terms.has_agents(_descriptor)

_tooled if evidence.brings.tool

_tooled if {
	some flow in _flows
	flow.kind == "tool"
}

# What contradicts that there is no tool.
_beside := [path |
	_descriptor.spec.security.leastPrivilege.tools == "none"
	some path in array.flatten([
		[["spec", "purpose", "tasks"]],
		paths.items(["spec", "oversight", "agents"], [agent | some agent in _descriptor.spec.oversight.agents], ["name"]),
		paths.items(["spec", "data", "otherFlows"], _flows, ["kind"]),
		sort([path | some path in evidence.brings.tool]),
	])
]

# A thing for lib.parts: a key that counts when it has one of some values.
_thing(path, values, beside) := {"path": path, "met": met, "message": message, "reads": array.concat([path], beside)} if {
	met := object.get(_descriptor, path, "") in values
	message := $"{said.at(_descriptor, path)}{text.wish(met, text.one_of(values))}"
}
