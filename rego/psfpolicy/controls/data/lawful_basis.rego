# METADATA
# title: Lawful basis
# description: |
#   Without a lawful basis the processing of personal data is forbidden, however well it is protected, and special categories
#   (health, phi, biometric) need a condition of their own beside it. Weights keep what they were tuned on, so every
#   fine-tuning data set needs a provenance. While `categories` is not declared both basis and condition are asked, and a
#   missing `fineTuning` does not say that there was none: `datasets: []` does.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     State the basis, the condition for special categories, and where each fine-tuning data set comes from:
#
#     data:
#       lawfulBasis: contract
#       specialCategoryCondition: health-care
#     model:
#       fineTuning: {datasets: [{name: notes-2025, provenance: docs/data.md, lawfulBasis: consent}], retrainable: true}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#     - https://productionai.institute/insights/d3-data-protection-guide
#   good: |
#     data:
#       categories: [pii]
#       lawfulBasis: contract
#     model:
#       fineTuning: {datasets: []}
#   bad: |
#     data:
#       categories: [pii, health]
#       lawfulBasis: contract
#     model:
#       fineTuning: {datasets: [{name: notes-2025}]}
package psfpolicy.controls.data.lawful_basis

import data.psfpolicy.lib.parts
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_categories := ["spec", "data", "categories"]

_section := ["spec", "model", "fineTuning", "datasets"]

not_applicable := "`spec.data.categories` declares no personal data, and `spec.model.fineTuning.datasets` is empty" if {
	terms.no_personal_data(_descriptor)
	_descriptor.spec.model.fineTuning.datasets == []
}

rests := {_section, ["spec", "model", "adapters"]}

places contains thing.path if some thing in _things

places contains _section if not_applicable

findings := parts.findings(_things, 1)

# What personal data asks for, by key; special categories ask for more.
_needs["lawfulBasis"] := "personal data" if not terms.no_personal_data(_descriptor)

_needs["specialCategoryCondition"] := "a special category (health, phi, biometric)" if terms.special_categories(_descriptor)

_needs["specialCategoryCondition"] := "a special category (health, phi, biometric)" if not _descriptor.spec.data.categories

_things contains {"path": path, "met": true, "message": message, "reads": [_categories, path]} if {
	some key, subject in _needs
	value := _descriptor.spec.data[key]
	path := ["spec", "data", key]
	message := $"`{key}` for {subject} is `{value}`"
}

_things contains {"path": path, "met": false, "message": message, "reads": [_categories, path]} if {
	some key, subject in _needs
	not _descriptor.spec.data[key]
	path := ["spec", "data", key]
	message := $"{said.at(_descriptor, path)}; wanted: `{key}` for {subject}, or `categories` without it"
}

_things contains {"path": path, "met": true, "message": message, "reads": [array.concat(path, ["provenance"])]} if {
	some index, dataset in _descriptor.spec.model.fineTuning.datasets
	said.named(dataset, ["provenance"])
	path := array.concat(_section, [index])
	message := $"fine-tuning data set `{dataset.name}` comes from `{dataset.provenance}`"
}

_things contains {"path": path, "met": false, "message": message, "reads": [array.concat(path, ["provenance"])]} if {
	some index, dataset in _descriptor.spec.model.fineTuning.datasets
	not said.named(dataset, ["provenance"])
	path := array.concat(_section, [index])
	seen := said.at(dataset, ["provenance"])
	message := $"of fine-tuning data set `{dataset.name}`, {seen}; wanted: the record of where its data comes from"
}

_things contains {"path": _section, "met": false, "message": message, "reads": [_section]} if {
	not _descriptor.spec.model.fineTuning.datasets
	message := $"{said.at(_descriptor, _section)}; wanted: each data set with its `provenance`, or `[]` where nothing was fine-tuned"
}
