# METADATA
# title: Barred
# description: |
#   The flows whose operator a regime bars, whatever is agreed with it, derived once for the controls that ask.
#   The party that rents out the machines of a self-run deployment is barred only where a regime counts it.
package psfpolicy.barred

import data.psfpolicy.flows
import data.psfpolicy.lib.flowing
import data.psfpolicy.lib.terms
import data.psfpolicy.residency

# asking regimes by id: those that object to third parties today.
asking[id] := row.third_parties if {
	some id, row in residency.speaking
	row.third_parties
	not residency.pending[id]
}

# regimes that bar the operator of a flow, by its path.
regimes[flow.path] contains id if {
	some flow in flows.all
	count(flowing.data_of(flow)) > 0
	some id, asked in asking
	residency.spoken[flow.path][id]
	_counted(role(flow), asked)
	not asked.agreement_helps == true
}

# role of an operator: whoever rents out the machines of an engine of one's own is a processor, named or not.
role(flow) := "processor" if unnamed(flow)

role(flow) := flow.role if not unnamed(flow)

# unnamed says that nobody is said to rent out the machines.
unnamed(flow) if {
	flow.kind == "inference"
	flow.role == "unknown"
	terms.self_run(input.descriptor)
}

_counted("third-party", _)

_counted("processor", asked) if not asked.processors == "exempt"
