# METADATA
# title: Contracts
# description: The agreements with each party that operates a flow or holds its machines, judged once for the controls that ask.
package psfpolicy.contracts

import data.psfpolicy.flows
import data.psfpolicy.lib.agreements
import data.psfpolicy.lib.dates

# answers by party and kind, as `lib.agreements` gives them.
answers[party] := {kind: agreements.answer(input.descriptor, party, kind, _today) | some kind in ["baa", "dpa", "sla"]} if {
	some party in _parties
}

_parties contains party if {
	some state in flows.states
	some party in [state.operator, state.landlord]
	party != null
	party != "self"
}

_today := dates.day(input.today)

_held[party] := {kind | some kind, answer in of_party; agreements.holding(answer.state)} if some party, of_party in answers

# lacking are those of some kinds that are not in force with a party.
lacking(party, kinds) := kinds - object.get(_held, party, set())

# told is what there is to say of them, in words.
told(party, kinds) := [answers[party][kind].told | some kind in kinds]

reads := agreements.reads(object.get(input, "descriptor", {}))
