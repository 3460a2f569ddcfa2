# METADATA
# title: Autonomy
# description: |
#   What stands against a level of autonomy, as sets of clauses for a message; an empty set is what is wanted.
#   The levels are those of the institute's guide: at L2 and above the system acts before a person looks,
#   at L4 nobody looks.
package psfpolicy.lib.autonomy

import data.psfpolicy.lib.decisions
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

# objections to the level of a decision: its stakes from L2 on, what keeps the monitoring from being relied on from L3 on,
# and what the surroundings hold at L4.
objections(decision, _, _) := {"how far it may act is not written down"} if not decisions.levelled(decision)

objections(decision, unwatched, surroundings) := clauses if {
	decisions.levelled(decision)
	against := {"L2": _stakes(decision), "L3": unwatched, "L4": surroundings}
	clauses := union({against[level] | some level in ["L2", "L3", "L4"]; decisions.at_least(decision, level)})
}

# shown is the level of a decision, to follow its name.
shown(decision) := $"is `{decision.autonomy}`" if decisions.levelled(decision)

shown(decision) := "has no `autonomy`" if not decisions.levelled(decision)

# meaning is what a level that stands rests on.
meaning(decision) := "a person takes it" if decision.autonomy == "L0"

meaning(decision) := "a person looks before anything of high risk takes effect" if decision.autonomy == "L1"

meaning(decision) := $"it {text.joined(_grounds(decision))}" if decision.autonomy == "L2"

meaning(decision) := $"it {text.joined(_grounds(decision))}; PSF-4 passes" if decision.autonomy == "L3"

meaning(decision) := $"it {text.joined(_grounds(decision))}; PSF-4 passes; no customer, no personal data, no regulated sector" if {
	decision.autonomy == "L4"
}

# wanted is what to write in the place of a level that does not stand.
wanted(decision) := "`autonomy` of `L0` or `L1` while this holds" if decisions.levelled(decision)

wanted(decision) := "`autonomy` from `L0` to `L4`" if not decisions.levelled(decision)

# reads are the paths that decide on a decision at a path, in one order: from L2 on its stakes, from L3 on what the monitoring
# reads, at L4 the surroundings.
reads(decision, path, watching) := sort(union({
	{array.concat(path, ["autonomy"])},
	{stake | decisions.at_least(decision, "L2"); some stake in paths.keys(path, ["affectsRights", "reversible", "consequence"])},
	{watched | decisions.at_least(decision, "L3"); some watched in watching},
	{surrounding | decisions.at_least(decision, "L4"); some surrounding in _around},
}))

_around := [["spec", "purpose", "audience"], ["spec", "purpose", "sectors"], ["spec", "data", "categories"]]

# What forbids a decision to act before a person has looked.
_stakes(decision) := _rights(decision) | _gravity(decision)

_rights(decision) := set() if decisions.rightless(decision)

_rights(decision) := {"it affects rights"} if decision.affectsRights == true

_rights(decision) := {"it does not say `affectsRights`"} if not decisions.says(decision, "affectsRights")

_gravity(decision) := set() if decisions.reversible(decision)

_gravity(decision) := set() if {
	not decisions.reversible(decision)
	decisions.minor(decision)
}

_gravity(decision) := {_reversibility(decision), _weight(decision)} if {
	not decisions.reversible(decision)
	not decisions.minor(decision)
}

_reversibility(decision) := "it is irreversible" if decision.reversible == false

_reversibility(decision) := "it does not say `reversible`" if not decisions.says(decision, "reversible")

_weight(decision) := "its consequence is high" if decision.consequence

_weight(decision) := "its unsaid `consequence` counts as high" if not decision.consequence

# What a decision states that lets it act before a person has looked.
_grounds(decision) := union({
	{"affects no rights" | decisions.rightless(decision)},
	{"is reversible" | decisions.reversible(decision)},
	{$"is of {decision.consequence} consequence" | decisions.minor(decision)},
})

# surroundings of a deployment that forbid decisions which nobody looks at.
surroundings(descriptor) := union({_audience(descriptor), _data(descriptor), _sectors(descriptor)})

_audience(descriptor) := set() if descriptor.spec.purpose.audience == "internal"

_audience(descriptor) := {$"`spec.purpose.audience` is `{audience}`"} if {
	audience := descriptor.spec.purpose.audience
	audience != "internal"
}

_audience(descriptor) := {"`spec.purpose.audience` is missing"} if not descriptor.spec.purpose.audience

_data(descriptor) := set() if terms.no_personal_data(descriptor)

_data(descriptor) := {"`spec.data.categories` holds personal data"} if terms.personal_data(descriptor)

_data(descriptor) := {"`spec.data.categories` is missing, so that personal data is not ruled out"} if {
	not terms.no_personal_data(descriptor)
	not terms.personal_data(descriptor)
}

_sectors(descriptor) := set() if {
	descriptor.spec.purpose.sectors
	not terms.regulated(descriptor)
}

_sectors(descriptor) := {"`spec.purpose.sectors` holds a regulated sector"} if terms.regulated(descriptor)

_sectors(descriptor) := {"`spec.purpose.sectors` is missing, so that a regulated sector is not ruled out"} if not descriptor.spec.purpose.sectors
