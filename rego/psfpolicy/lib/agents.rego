# METADATA
# title: Agents
# description: |
#   Whether agents act in a deployment. Both claims are true or undefined: where neither is shown, agents may act.
package psfpolicy.lib.agents

import data.psfpolicy.lib.terms

# declared says that agents act: the tasks name them, or the list of agents does.
declared(descriptor) if terms.has_task(descriptor, "agents")

declared(descriptor) if count(descriptor.spec.oversight.agents) > 0

# absent is shown: the list of agents is empty, or tasks are declared without them, and nothing says the opposite.
absent(descriptor) if {
	not declared(descriptor)
	descriptor.spec.oversight.agents == []
}

absent(descriptor) if {
	not declared(descriptor)
	terms.lacks_task(descriptor, "agents")
}
