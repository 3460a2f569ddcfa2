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

import data.psfpolicy.lib.agents
import data.psfpolicy.lib.text
import data.psfpolicy.lib.wanted

metadata := rego.metadata.chain()

_account_path := ["spec", "security", "leastPrivilege", "serviceAccount"]

_tools_path := ["spec", "security", "leastPrivilege", "tools"]

_tenancy_path := ["spec", "security", "tenancy"]

places contains _account_path

places contains _tools_path

places contains _tenancy_path

findings contains finding if some finding in wanted.findings({_account, _tools, _tenancy})

_account := _thing("the service account", _account_path, {"dedicated"}, [])

_tenancy := _thing("the tenancy", _tenancy_path, {"single", "isolated"}, [])

_tools := _thing("the scope of the tools", _tools_path, _scopes, [
	["spec", "oversight", "agents"],
	["spec", "purpose", "tasks"],
	["spec", "data", "otherFlows"],
])

_scopes contains "scoped"

_scopes contains "none" if not _tooled

# Agents, or a flow to a tool, are declared: some tool is used.
_tooled if agents.declared(input.descriptor)

_tooled if {
	some flow in input.descriptor.spec.data.otherFlows
	flow.kind == "tool"
}

# A thing for lib.wanted: a key that counts when it has one of some values.
_thing(what, path, values, beside) := {"path": path, "met": value in values, "message": message, "reads": reads} if {
	value := object.get(input.descriptor, path, "")
	message := concat("", [what, _seen(value), _wish(value, values)])
	reads := array.concat([path], beside)
}

_seen("") := " is not declared"

_seen(value) := $" is `{value}`" if value != ""

_wish(value, values) := "" if value in values

_wish(value, values) := $"; wanted: {text.either(values)}" if not value in values
