# METADATA
# title: Transfers
# description: |
#   By what entry of `data.transfers` a flow may leave the countries of each regime, derived once for the controls that ask.
#   An entry is to the operator of the flow, or to whoever holds the machines that it is on. Of several the best counts.
package psfpolicy.transfers

import data.psfpolicy.known
import data.psfpolicy.lib.dates
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.status
import data.psfpolicy.lib.text
import data.psfpolicy.residency

_entries := [entry | some entry in input.descriptor.spec.data.transfers]

# reads are the keys of all entries.
reads := paths.items(["spec", "data", "transfers"], _entries, ["to", "country", "mechanism", "certified", "assessment"])

_without(null) := "no entry of `spec.data.transfers` can be to an operator that nobody said"

_without("self") := "an entry of `spec.data.transfers` is to another party, and it is run by `self`"

_without(landlord) := $"no entry of `spec.data.transfers` takes it to `{landlord}` there" if not landlord in [null, "self"]

# permitted are the mechanisms that each of some regimes permits.
permitted(ids) := intersection({{name | some name in object.get(residency.speaking[id], "mechanisms", [])} | some id in ids})

# answers give, for a state that leaves and a regime that it leaves, the status of the best entry and what there is to say of it.
answers[state] := {id: _best(_judged(state, id), id, state.landlord) | some id in ids} if some state, ids in residency.leaving

# reached says that an entry takes a flow past a regime; what it still lacks is the entry's own matter.
reached(state, id) if answers[state][id].status != "fail"

_best([], id, landlord) := {"status": "fail", "text": _without(landlord)} if count(permitted({id})) > 0

_best(_, id, _) := {"status": "fail", "text": $"`{id}` permits no transfer"} if count(permitted({id})) == 0

_best(judged, id, _) := [one | some one in judged; one.status == rank][0] if {
	count(permitted({id})) > 0
	count(judged) > 0
	rank := status.best({one.status | some one in judged})
}

_judged(state, id) := [{"status": _grade(flaws, gaps), "text": words} |
	some index, entry in _entries
	entry.to in [state.operator, state.landlord]
	object.get(entry, "country", state.country) == state.country
	mechanism := known.rows.transfers[entry.mechanism]
	flaws := {flaw |
		some kind in ["regime", "standing", "country", "certified"]
		flaw := _flaw(kind, entry, mechanism, {"id": id, "country": state.country})
	}
	gaps := {"no `assessment`" | "assessment" in mechanism.needs; not said.named(entry, ["assessment"])}
	words := $"entry {index} of `spec.data.transfers` (`{entry.mechanism}`) {_shown(flaws | gaps)}"
]

_flaw("regime", entry, _, asked) := $"a mechanism that `{asked.id}` does not permit" if {
	listed := permitted({asked.id})
	name := entry.mechanism
	not listed[name]
}

_flaw("standing", _, mechanism, _) := "a mechanism that cannot carry a flow which is there all the time" if not mechanism.standing == true

_flaw("country", _, mechanism, asked) := "a mechanism for other countries" if {
	listed := mechanism.countries
	country := asked.country
	not country in listed
}

_flaw("certified", entry, mechanism, _) := "no `certified` day that is past" if {
	"certified" in mechanism.needs
	not _certified(entry)
}

_certified(entry) if dates.age(entry.certified, input.today) >= -1

_grade(flaws, gaps) := "fail" if {
	count(flaws) > 0
} else := "partial" if {
	count(gaps) > 0
} else := "pass"

_shown(lacking) := "takes it there" if count(lacking) == 0

_shown(lacking) := $"has {text.joined(lacking)}" if count(lacking) > 0
