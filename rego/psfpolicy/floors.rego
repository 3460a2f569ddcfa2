# METADATA
# title: Floors
# description: |
#   What the settings ask every descriptor to be judged by. Without one of these a verdict is easier, and nothing is safer:
#   each that a descriptor does not declare is critical. A path ends with the word that is asked for.
package psfpolicy.floors

import data.psfpolicy.lib.scope
import data.psfpolicy.waiver as waivers

# reduced is what the settings ask for and the descriptor does not declare.
reduced contains _marked(path, message) if {
	some [path, message] in scope.lacking(object.get(input, ["parameters", "floors"], {}), input.descriptor)
}

# holding are those that no waiver covers.
holding contains thing if {
	some thing in reduced
	object.get(thing, "waiver", null) == null
}

_marked(path, message) := {"path": path, "message": message, "severity": "critical", "waiver": min(ids)} if {
	ids := _waiving(path)
	count(ids) > 0
}

_marked(path, message) := {"path": path, "message": message, "severity": "critical"} if count(_waiving(path)) == 0

_waiving(path) := {waiver.id |
	not waivers.unwaivable["scope-reduced"]
	some waiver in input.waivers
	waiver.control == "scope-reduced"
	waiver.path == path
}
