# METADATA
# title: Permissions
# description: |
#   What each licence in play says of this use of this deployment.
package psfpolicy.permissions

import data.psfpolicy.known
import data.psfpolicy.lib.decisions
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.status
import data.psfpolicy.lib.text
import data.psfpolicy.licences

default _descriptor := {}

_descriptor := input.descriptor

_spec := object.get(_descriptor, "spec", {})

# verdicts are {status, told, wanted, reads, replaced}, by what the weights take and the id of the licence.
verdicts[taken][id] := {"status": worst, "told": $"which {_told(against)}", "wanted": wanted, "reads": reads, "replaced": "which"} if {
	some taken in {item.input | some item in licences.items}
	some id, row in licences.rows
	against := object.get(_against, id, set()) | {one | one := _outside(row, taken)}
	worst := status.worst({"pass"} | {one.status | some one in against})
	wanted := union({one.wanted | some one in against})
	reads := object.get(_read, id, set()) | {_place | _bounded(row.territorial, taken)}
}

_told(against) := "permits this use" if count(against) == 0

_told(against) := text.joined({one.told | some one in against}) if count(against) > 0

_no(told) := {"status": "fail", "told": told, "wanted": set()}

_maybe(told, wanted) := {"status": "partial", "told": told, "wanted": {wanted}}

_says(row, key) if is_boolean(row[key])

_own_row(id, key) := $"`{key}` in the row of `{id}` in your own catalogue"

# The use, where a licence does not permit every one, and production.
_choosy[id] := uses if {
	some id, row in licences.rows
	uses := {use | some use in row.uses}
	count(uses) < 4
}

_against[id] contains _no($"permits the use {text.one_of(uses)} and not `{use}`") if {
	use := _spec.purpose.use
	some id, uses in _choosy
	not uses[use]
}

_against[id] contains _maybe($"permits the use {text.one_of(uses)} alone, while `spec.purpose.use` is missing", "`spec.purpose.use`") if {
	some id, uses in _choosy
	not _spec.purpose.use
}

_against[id] contains _no("does not permit the environment `production`") if {
	some id, row in licences.rows
	row.production_use == false
	not _before_production
}

_before_production if _descriptor.metadata.environment in ["development", "staging"]

# Sectors that a licence forbids, and those that some licence of the catalogue forbids.
_forbidden(row) := {sector | some sector in row.forbidden_sectors} | {"defence" | row.forbids_military == true}

_sectors := {sector | some sector in _spec.purpose.sectors}

_against[id] contains _no($"forbids the sectors {text.all_of(hit)}") if {
	some id, row in licences.rows
	hit := _forbidden(row) & _sectors
	count(hit) > 0
}

_against[id] contains _maybe($"forbids the sectors {text.all_of(hit)}, while `spec.purpose.sectors` is missing", "`spec.purpose.sectors`") if {
	not _spec.purpose.sectors
	some id, row in licences.rows
	hit := _forbidden(row)
	count(hit) > 0
}

_against[id] contains _maybe($"is not known to permit the sectors {text.all_of(open)}", _own_row(id, "forbidden_sectors")) if {
	some id, row in licences.rows
	not row.forbidden_sectors
	open := {sector | some sector in _sectors; _delicate[sector]} - _forbidden(row)
	count(open) > 0
}

_delicate contains sector if {
	some row in known.rows.licences
	some sector in _forbidden(row)
}

# Material under ITAR.
_exported if "itar" in _spec.regimes

_exported if "export-controlled" in _spec.data.categories

_against[id] contains _no("forbids what falls under ITAR") if {
	_exported
	some id, row in licences.rows
	row.forbids_itar == true
}

_against[id] contains _maybe("is not known to permit what falls under ITAR", _own_row(id, "forbids_itar")) if {
	_exported
	some id, row in licences.rows
	not _says(row, "forbids_itar")
}

# Decisions that affect rights and that nobody looks at first; one that does not say counts as such.
_automated := {decision.name |
	some decision in decisions.listed(_descriptor)
	decisions.at_least(decision, "L2")
	not decisions.rightless(decision)
}

_undecided contains "`spec.oversight.decisions` is missing" if not _spec.oversight.decisions

_undecided contains $"decision `{decision.name}` has no `autonomy`" if {
	some decision in decisions.listed(_descriptor)
	not decisions.levelled(decision)
	not decisions.rightless(decision)
}

_against[id] contains _no($"forbids decisions that affect rights and that no person takes, as {text.all_of(_automated)} at `L2` or above") if {
	count(_automated) > 0
	some id, row in licences.rows
	row.forbids_automated_adverse_decisions == true
}

_against[id] contains _maybe(told, "`autonomy` and `affectsRights` of each decision") if {
	count(_undecided) > 0
	some id, row in licences.rows
	row.forbids_automated_adverse_decisions == true
	told := $"forbids decisions that affect rights and that no person takes, while {text.joined(_undecided)}"
}

_against[id] contains _maybe(told, _own_row(id, "forbids_automated_adverse_decisions")) if {
	count(_automated) > 0
	some id, row in licences.rows
	not _says(row, "forbids_automated_adverse_decisions")
	told := $"is not known to permit decisions that affect rights and that no person takes, as {text.all_of(_automated)}"
}

# Where the principal place is, which may matter to models that take more than text alone.
_place := ["spec", "purpose", "organisation", "principalPlace"]

_outside(row, taken) := _maybe($"{_no_rights(row)}, while `{concat(".", _place)}` is missing", $"`{concat(".", _place)}`") if {
	_bounded(row.territorial, taken)
	object.get(_descriptor, _place, "") == ""
}

_outside(row, taken) := _no($"{_no_rights(row)}: `{concat(".", _place)}` is `{object.get(_descriptor, _place, "")}`") if {
	_excluded(row.territorial.excludes)
	_certain(row.territorial, taken)
}

_outside(row, "unknown") := _maybe($"{_no_rights(row)}, while it is not known what the model takes", supply) if {
	row.territorial.multimodal_only == true
	_excluded(row.territorial.excludes)
	supply := "a row with the `modalities` of the model in your own catalogue"
}

_bounded(territorial, taken) if _certain(territorial, taken)

_bounded(territorial, "unknown") if territorial.multimodal_only == true

_certain(territorial, _) if territorial.multimodal_only == false

_certain(territorial, "more") if territorial.multimodal_only == true

_no_rights(row) := $"gives {_in_what(row)}no rights to those whose principal place is in {text.one_of(row.territorial.excludes)}"

_in_what(row) := "in models that take more than text " if row.territorial.multimodal_only == true

_in_what(row) := "" if not row.territorial.multimodal_only == true

_excluded(excludes) if {
	some code in _places
	code in excludes
}

_excluded(excludes) if {
	some code in _places
	some group, key in {"EU": "eu", "EEA": "eea"}
	group in excludes
	known.rows.countries[code][key] == true
}

# The principal place, and the country that it is a part of.
_places contains code if code := object.get(_descriptor, _place, "")

_places contains known.rows.countries[object.get(_descriptor, _place, "")].part_of

# Keys that each licence makes matter.
_read[id] contains ["spec", "purpose", "use"] if some id, _ in _choosy

_read[id] contains ["metadata", "environment"] if {
	some id, row in licences.rows
	row.production_use == false
}

_read[id] contains ["spec", "purpose", "sectors"] if {
	some id, row in licences.rows
	not row.forbidden_sectors == []
}

_read[id] contains path if {
	some id, row in licences.rows
	not row.forbids_itar == false
	some path in [["spec", "regimes"], ["spec", "data", "categories"]]
}

_read[id] contains path if {
	some id, row in licences.rows
	not row.forbids_automated_adverse_decisions == false
	some path in _decision_paths
}

_decision_paths := paths.items(decisions.section, decisions.listed(_descriptor), ["autonomy", "affectsRights"])
