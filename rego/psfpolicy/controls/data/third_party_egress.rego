# METADATA
# title: No data to third parties
# description: |
#   What has gone to another company is kept, read and handed over by its rules; a contract limits that, and takes nothing back.
#   Each flow that carries prompts, responses, logs or traces is judged. One that a third party operates is partial with a DPA in
#   force, and a BAA as well where `phi` is declared, and fails without. Under a regime such as `no-third-party-egress` or
#   `on-prem-only` no agreement helps, and under the second the party that rents out the machines counts, which is otherwise a
#   processor of what it stores and carries. A flow that nobody is said to run fails: leaving a key out must not be worth more than
#   saying who it is. A regime that the catalogue does not know may object, so the control then applies.
# custom:
#   provenance: assessment
#   severity: critical
#   remediation: |
#     Run it yourself, or say who runs it and agree on how the data is processed:
#
#     inputs:
#       guards: [{name: injection, detects: [injection], hosting: self}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#   good: |
#     inputs:
#       guards: [{name: injection, detects: [injection], hosting: self}]
#   bad: |
#     inputs:
#       guards: [{name: injection, detects: [injection], hosting: third-party}]
package psfpolicy.controls.data.third_party_egress

import data.psfpolicy.barred
import data.psfpolicy.flows
import data.psfpolicy.lib.agreements
import data.psfpolicy.lib.flowing
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.residency

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_asked := [flow | some flow in flows.all; count(flowing.data_of(flow)) > 0]

not_applicable := "the data is `public` and not personal, and no declared regime objects to third parties" if {
	_descriptor.spec.data.classification == "public"
	terms.no_personal_data(_descriptor)
	count(residency.unknown) == 0
	count(barred.asking) == 0
}

places contains ["spec", "serving"] if count(_asked) == 0

places contains flow.path if some flow in _asked

findings contains {"path": ["spec", "serving"], "status": "fail", "message": message, "reads": [["spec", "serving"]]} if {
	count(_asked) == 0
	message := "`spec.serving` is missing, so that no flow is known; wanted: who runs the model"
}

findings contains {"path": flow.path, "status": answer.status, "message": message, "reads": reads} if {
	some flow in _asked
	answer := _answer(flow, object.get(barred.regimes, [flow.path], set()))
	message := $"{flowing.told(flow)}{answer.told}"
	reads := array.flatten([flowing.reads(flow), _general, answer.reads])
}

_general := [
	["spec", "data", "classification"], ["spec", "data", "categories"],
	["spec", "regimes"], ["spec", "serving", "hosting"], ["spec", "serving", "operator"],
]

_answer(flow, _) := {"status": "pass", "told": " and is run by `self`", "reads": []} if flow.role == "self"

_answer(flow, _) := {"status": "fail", "told": told, "reads": []} if {
	barred.role(flow) == "unknown"
	told := ", and nobody is said to run it; wanted: `hosting: self`, or its `operator`"
}

_answer(flow, objecting) := {"status": "pass", "told": told, "reads": []} if {
	barred.role(flow) == "processor"
	count(objecting) == 0
	told := $" and is run on machines of {_landlord(flow)}"
}

_answer(flow, objecting) := {"status": "fail", "told": told, "reads": []} if {
	count(objecting) > 0
	told := $" to {_landlord(flow)}, and under {text.all_of(objecting)} no agreement mends that; wanted: one's own"
}

_landlord(flow) := $"`{flow.operator}`" if not barred.unnamed(flow)

_landlord(flow) := "a party that is not said" if barred.unnamed(flow)

_answer(flow, objecting) := {"status": status, "told": told, "reads": agreements.reads(_descriptor)} if {
	flow.role == "third-party"
	count(objecting) == 0
	lacking := {kind | some kind in _kinds; not _held(flow.operator, kind)}
	status := _status(lacking)
	held := text.joined({agreements.told(_descriptor, flow.operator, kind, input.today) | some kind in _kinds})
	told := $" to the third party `{flow.operator}`: {held}; wanted: `hosting: self`{_or(lacking)}"
}

_kinds := {"dpa"} | {"baa" | terms.has_category(_descriptor, "phi")}

_held(party, kind) if agreements.in_force(_descriptor, party, kind, input.today) in {"in-force", "expiring"}

_status(lacking) := "partial" if count(lacking) == 0

_status(lacking) := "fail" if count(lacking) > 0

_or(lacking) := "" if count(lacking) == 0

_or(lacking) := $", or at least {text.all_of(lacking)} in force" if count(lacking) > 0
