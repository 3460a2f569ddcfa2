# METADATA
# title: Processing map
# description: |
#   Who processes which data where, and which role of the EU AI Act the organisation has, decide which duties of law apply.
#   Both are asked while personal data is handled, or the organisation or a user is in the EU; what is not declared counts so.
#   The three other countries of the EEA count as the EU does, since the GDPR holds there, and so do the groups of regions.
#   The role `none` counts only where organisation and users are shown to be elsewhere, and never beside another role.
# custom:
#   provenance: guide
#   severity: medium
#   remediation: |
#     Name the record of processing, and the organisation's role under the EU AI Act:
#
#     data:
#       processingMap: docs/ropa.md
#     purpose:
#       euAiAct: {roles: [deployer], risk: high}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#   good: |
#     purpose:
#       organisation: {principalPlace: DE}
#       userRegions: [EEA]
#       euAiAct: {roles: [deployer]}
#     data:
#       categories: [pii]
#       processingMap: docs/ropa.md
#   bad: |
#     purpose:
#       organisation: {principalPlace: DE}
#       userRegions: [EEA]
#       euAiAct: {roles: [none]}
#     data:
#       categories: [pii]
#       processingMap: docs/ropa.md
package psfpolicy.controls.data.processing_map

import data.psfpolicy.known
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_map_path := ["spec", "data", "processingMap"]

_roles_path := ["spec", "purpose", "euAiAct", "roles"]

_reads := [["spec", "data", "categories"], ["spec", "purpose", "organisation", "principalPlace"], ["spec", "purpose", "userRegions"]]

default _purpose := {}

_purpose := _descriptor.spec.purpose

_roles := {role | some role in _purpose.euAiAct.roles}

not_applicable := "no personal data is declared, and neither the organisation nor a user is in the EU" if {
	count(_data_reasons | _place_reasons) == 0
}

rests := {path | some path in _reads}

places contains _map_path

places contains _roles_path if not not_applicable

findings := parts.findings({_map, _role}, 1)

_map := {"path": _map_path, "met": met, "message": message, "reads": array.concat(_reads, [_map_path])} if {
	met := count(said.unnamed(_descriptor, _map_path)) == 0
	message := $"{said.at(_descriptor, _map_path)}{text.wish(met, $"the record of processing, since {_why}")}"
}

_role := {"path": _roles_path, "met": met, "message": message, "reads": array.concat(_reads, [_roles_path])} if {
	met := count(_standing) > 0
	wanted := $"`provider` or `deployer`, or `none` alone outside the EU, since {_why}"
	message := $"the roles under the EU AI Act are {text.all_of(_roles)}{text.wish(met, wanted)}"
}

# The roles, where they may stand.
default _standing := set()

_standing := _roles if not _roles.none

_standing := _roles if {
	_roles == {"none"}
	count(_place_reasons) == 0
}

# Why the control asks, in words.
_why := text.joined(_data_reasons | _place_reasons)

_data_reasons contains "personal data is declared" if terms.personal_data(_descriptor)

_data_reasons contains "`spec.data.categories` is missing" if not _descriptor.spec.data.categories

_place_reasons contains $"the organisation is in `{country}`" if {
	country := _purpose.organisation.principalPlace
	not _outside(country)
}

_place_reasons contains "`spec.purpose.organisation.principalPlace` is missing" if not _purpose.organisation.principalPlace

_place_reasons contains $"users are in `{region}`" if {
	some region in _purpose.userRegions
	not _outside(region)
}

_place_reasons contains "`spec.purpose.userRegions` is missing" if not _purpose.userRegions

# Shown to be outside: a country of the catalogue, in neither and no part of one that is. A group of countries is not.
_outside(country) if {
	known.rows.countries[country].eu == false
	known.rows.countries[country].eea == false
	not known.rows.countries[country].part_of
}
