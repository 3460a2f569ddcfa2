# METADATA
# title: Four eyes from L2 on
# description: |
#   From L2 on the system acts before a person looks, so two people of the bank answer for letting it: the label
#   `four-eyes/<decision>` names them by address. The owner of the deployment is neither. A decision that does not say how far
#   it goes counts as one that goes that far.
# custom:
#   provenance: ours
#   severity: critical
#   remediation: |
#     Have two people approve the decision, or let a person take it (`autonomy: L1`):
#
#     metadata:
#       labels: {four-eyes/propose-limit: "risk-desk@bank.example, model-desk@bank.example"}
#   references:
#     - https://www.productionai.institute/certify/framework
#   good: |
#     oversight: {decisions: [{name: propose-limit, autonomy: L1}]}
#   bad: |
#     oversight: {decisions: [{name: propose-limit, autonomy: L2}]}
package psfpolicy.controls.bank.four_eyes

import data.psfpolicy.lib.decisions
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

not_applicable := "no decision rests on outputs, and no agent runs: both lists are empty" if {
	_descriptor.spec.oversight.decisions == []
	_descriptor.spec.oversight.agents == []
}

rests := {decisions.section, ["spec", "oversight", "agents"]}

default _descriptor := {}

_descriptor := input.descriptor

_label(decision) := ["metadata", "labels", $"four-eyes/{decision.name}"]

_contact := ["metadata", "owner", "contact"]

_listed[array.concat(decisions.section, [index])] := decision if some index, decision in _descriptor.spec.oversight.decisions

places := {path | some path, _ in _listed} | {decisions.section | count(_listed) == 0}

findings contains {"path": path, "status": _status(decision), "message": $"decision `{decision.name}` {_told(decision)}", "reads": reads} if {
	some path, decision in _listed
	reads := array.concat([array.concat(path, ["autonomy"])], [read | not _by_people(decision); some read in [_label(decision), _contact]])
}

findings contains {"path": decisions.section, "status": "fail", "message": message, "reads": [decisions.section]} if {
	count(_listed) == 0
	not not_applicable
	message := "`spec.oversight.decisions` names no decision; wanted: each, with its `autonomy`, or `[]` beside `agents: []`"
}

_status(decision) := "pass" if _by_people(decision)

_status(decision) := "pass" if {
	not _by_people(decision)
	count(_approvers(decision)) > 1
}

_status(decision) := "fail" if {
	not _by_people(decision)
	count(_approvers(decision)) < 2
}

_by_people(decision) if decision.autonomy in {"L0", "L1"}

_told(decision) := $"is `{decision.autonomy}`: a person looks first" if _by_people(decision)

_told(decision) := $"{_level(decision)}, approved by {text.all_of(_approvers(decision))}{_wish(decision)}" if not _by_people(decision)

_level(decision) := $"is `{decision.autonomy}`" if decisions.levelled(decision)

_level(decision) := "has no `autonomy`, and counts as `L2`" if not decisions.levelled(decision)

_wish(decision) := text.wish(
	count(_approvers(decision)) > 1,
	$"two addresses `…@bank.example` in `{concat(".", _label(decision))}`, neither of them the owner's",
)

# People of the bank that the label names, each once, however often and in whatever case it names them.
_approvers(decision) := {person |
	some written in split(object.get(_descriptor, _label(decision), ""), ",")
	person := _person(written)
	not person == _owner
}

default _owner := ""

_owner := _person(_descriptor.metadata.owner.contact)

# What stands behind a + is for sorting mail: it makes no second person.
_person(written) := $"{name}@bank.example" if {
	[local, domain] := split(text.lower_case(trim_space(written)), "@")
	domain == "bank.example"
	name := split(local, "+")[0]
	name != ""
	not contains(name, " ")
}
