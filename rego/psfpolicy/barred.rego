# METADATA
# title: Barred
# description: |
#   The flows whose operator a regime bars, whatever is agreed with it, derived once for the controls that ask.
#   The party that rents out the machines of a self-run deployment is barred only where a regime counts it.
package psfpolicy.barred

import data.psfpolicy.flows
import data.psfpolicy.residency

# asking regimes by id: those that object to third parties today.
asking[id] := row.third_parties if {
	some id, row in residency.speaking
	not residency.pending[id]
}

# regimes that bar the operator of a flow, by its state.
regimes[state] := ids if {
	count(asking) > 0
	some state in flows.states
	count(flows.data_of(state)) > 0
	ids := {id |
		some id, asked in asking
		not asked.agreement_helps == true
		residency.spoken[state.carries][id]
		_counted(state.role, asked)
	}
	count(ids) > 0
}

_counted("third-party", _)

_counted("processor", asked) if not asked.processors == "exempt"
