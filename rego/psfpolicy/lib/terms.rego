# METADATA
# title: Terms
# description: |
#   The words of the control catalogue, as claims about a descriptor.
#   Each is true or undefined; "not" of one is what is not shown to hold. Who runs what is as our own rows of `hosting` say,
#   which no row of a user's replaces.
package psfpolicy.lib.terms

_personal := {"pii", "phi", "health", "financial", "biometric", "children", "criminal"}

_special := {"health", "phi", "biometric"}

_regulated := {
	"healthcare", "finance", "government", "defence",
	"critical-infrastructure", "legal", "employment", "education",
}

_self_run := {kind | some kind, row in data.psfpolicy.catalogue.hosting; row.self_run == true}

_third_party_run := {kind | some kind, row in data.psfpolicy.catalogue.hosting; row.third_party_model == true}

_foreign_machines := {kind | some kind, row in data.psfpolicy.catalogue.hosting; row.engine == "provider"}

_foreign_weights := {kind | some kind, row in data.psfpolicy.catalogue.hosting; row.weights == "provider"}

_own_terms := {kind | some kind, row in data.psfpolicy.catalogue.hosting; row.own_terms == true}

_unconstrained := {"none", "fine-tuned"}

# personal_data is declared.
personal_data(descriptor) if {
	some category in descriptor.spec.data.categories
	_personal[category]
}

# no_personal_data is shown: categories are declared, and none of them is personal. An empty list declares none.
no_personal_data(descriptor) if {
	is_array(descriptor.spec.data.categories)
	not personal_data(descriptor)
}

# special_categories of personal data are declared.
special_categories(descriptor) if {
	some category in descriptor.spec.data.categories
	_special[category]
}

# has_category says that a category of data is declared.
has_category(descriptor, category) if category in descriptor.spec.data.categories

# regulated says that a sector with rules of its own is declared.
regulated(descriptor) if {
	some sector in descriptor.spec.purpose.sectors
	_regulated[sector]
}

# has_task says that a task is declared.
has_task(descriptor, task) if task in descriptor.spec.purpose.tasks

# lacks_task is shown: tasks are declared, and this is none of them.
lacks_task(descriptor, task) if {
	is_array(descriptor.spec.purpose.tasks)
	not has_task(descriptor, task)
}

# has_agents says that agents act: the tasks name them, or the list of agents does.
has_agents(descriptor) if has_task(descriptor, "agents")

has_agents(descriptor) if count(descriptor.spec.oversight.agents) > 0

# lacks_agents is shown: the list of agents is empty, or tasks are declared without them, and nothing says the opposite.
lacks_agents(descriptor) if {
	not has_agents(descriptor)
	descriptor.spec.oversight.agents == []
}

lacks_agents(descriptor) if {
	not has_agents(descriptor)
	lacks_task(descriptor, "agents")
}

# constrained_decoding is declared, with a library that enforces it: a model that is only fine-tuned to answer in a form
# is trained towards it, and nothing holds it there.
constrained_decoding(descriptor) if {
	library := descriptor.spec.outputs.constrainedDecoding.library
	not library in _unconstrained
}

# consequence of a wrong output; one that is not declared counts as high.
consequence(descriptor) := object.get(descriptor, ["spec", "purpose", "consequence"], "high")

# self_run: our own engine, on our own or rented machines.
self_run(descriptor) if _self_run[descriptor.spec.serving.hosting]

# third_party_run: another party runs the model, so prompts leave to it.
third_party_run(descriptor) if _third_party_run[descriptor.spec.serving.hosting]

# foreign_machines: someone else's machines and someone else's engine.
foreign_machines(descriptor) if _foreign_machines[descriptor.spec.serving.hosting]

# foreign_weights: someone else's weights, which nobody here can pin, sign or quantise.
foreign_weights(descriptor) if _foreign_weights[descriptor.spec.serving.hosting]

# hosted_api: the provider's own terms, model and engine.
hosted_api(descriptor) if _own_terms[descriptor.spec.serving.hosting]
