# METADATA
# title: Permissions
# description: |
#   What each licence says of this use of this deployment: clauses {status, message, wanted, reads}, as far as the licence has them.
#   A clause that the licence does not have reads nothing. Clauses are worked out from a row of the licences and what its model takes.
package psfpolicy.permissions

import data.psfpolicy.known
import data.psfpolicy.lib.decisions
import data.psfpolicy.lib.text

_descriptor := object.get(input, "descriptor", {})

_spec := _descriptor.spec

_use := ["spec", "purpose", "use"]

_environment := ["metadata", "environment"]

_sectors_path := ["spec", "purpose", "sectors"]

_place_path := ["spec", "purpose", "organisation", "principalPlace"]

clauses(row, taken) := union({_uses(row), _production(row), _sectors(row), _itar(row), _territory(row, taken), _adverse(row), _plain})

# So that a licence without any clause has a status: it permits.
_plain := {{"status": "pass", "message": "", "wanted": "", "reads": []}}

_uses(row) := set() if not _choosy(row)

_uses(row) := {clause | clause := _use_clause(row)} if _choosy(row)

_choosy(row) if count(_permitted(row) & {"commercial", "internal", "research", "evaluation"}) < 4

_permitted(row) := {use | some use in row.uses}

_use_clause(row) := {"status": "pass", "message": "", "wanted": "", "reads": [_use]} if _spec.purpose.use in row.uses

_use_clause(row) := {"status": "fail", "message": $"permits the use {text.one_of(_permitted(row))} and not `{_spec.purpose.use}`", "wanted": "", "reads": [_use]} if {
	_spec.purpose.use
	not _permitted(row)[_spec.purpose.use]
}

_use_clause(row) := {"status": "partial", "message": message, "wanted": "`spec.purpose.use`", "reads": [_use]} if {
	not _spec.purpose.use
	message := $"permits the use {text.one_of(_permitted(row))} alone, while `spec.purpose.use` is missing"
}

_production(row) := set() if not row.production_use == false

_production(row) := {{"status": "pass", "message": "", "wanted": "", "reads": [_environment]}} if {
	row.production_use == false
	_before_production
}

_production(row) := {{"status": "fail", "message": "does not permit the environment `production`", "wanted": "", "reads": [_environment]}} if {
	row.production_use == false
	not _before_production
}

_before_production if _descriptor.metadata.environment in {"development", "staging"}

# Sectors that a licence forbids, and those that some licence of the catalogue forbids.
_forbidden(row) := {sector | some sector in row.forbidden_sectors} | {"defence" | row.forbids_military == true}

_delicate contains sector if {
	some row in known.rows.licences
	some sector in _forbidden(row)
}

_declared := {sector | some sector in _spec.purpose.sectors}

_sectors(row) := {{"status": "fail", "message": $"forbids the sectors {text.all_of(hit)}", "wanted": "", "reads": [_sectors_path]}} if {
	hit := _forbidden(row) & _declared
	count(hit) > 0
}

else := {{"status": "partial", "message": message, "wanted": "`spec.purpose.sectors`", "reads": [_sectors_path]}} if {
	count(_forbidden(row)) > 0
	not _spec.purpose.sectors
	message := $"forbids the sectors {text.all_of(_forbidden(row))}, while `spec.purpose.sectors` is missing"
}

else := {{"status": "partial", "message": message, "wanted": wanted, "reads": [_sectors_path]}} if {
	not row.forbidden_sectors
	open := _declared & _delicate
	count(open) > 0
	message := $"is not known to permit the sectors {text.all_of(open)}"
	wanted := $"`forbidden_sectors` in the row of `{row.id}` in your own catalogue"
}

else := {{"status": "pass", "message": "", "wanted": "", "reads": [_sectors_path]}} if _says_sectors(row)

else := set()

_says_sectors(row) if count(_forbidden(row)) > 0

_says_sectors(row) if not row.forbidden_sectors

_exported if "itar" in _spec.regimes

_exported if "export-controlled" in _spec.data.categories

_export_paths := [["spec", "regimes"], ["spec", "data", "categories"]]

_itar(row) := set() if row.forbids_itar == false

else := {{"status": "pass", "message": "", "wanted": "", "reads": _export_paths}} if not _exported

else := {{"status": "fail", "message": "forbids what falls under ITAR", "wanted": "", "reads": _export_paths}} if row.forbids_itar == true

else := {{"status": "partial", "message": "is not known to permit what falls under ITAR", "wanted": wanted, "reads": _export_paths}} if {
	wanted := $"`forbids_itar` in the row of `{row.id}` in your own catalogue"
}

_territory(row, taken) := set() if not _bounded(row, taken)

else := {{"status": "partial", "message": message, "wanted": "`spec.purpose.organisation.principalPlace`", "reads": [_place_path]}} if {
	not _spec.purpose.organisation.principalPlace
	message := $"{_no_rights(row)}, while `spec.purpose.organisation.principalPlace` is missing"
}

else := {{"status": "pass", "message": "", "wanted": "", "reads": [_place_path]}} if not _excluded(row.territorial.excludes)

else := {{"status": "fail", "message": message, "wanted": "", "reads": [_place_path]}} if {
	_certain(row, taken)
	message := $"{_no_rights(row)}: `spec.purpose.organisation.principalPlace` is `{_spec.purpose.organisation.principalPlace}`"
}

else := {{"status": "partial", "message": message, "wanted": "a row with the `modalities` of the model in your own catalogue", "reads": [_place_path]}} if {
	message := $"{_no_rights(row)}, while it is not known what the model takes"
}

_bounded(row, taken) if {
	row.territorial
	not _certain_text(row, taken)
}

_certain_text(row, "text") if row.territorial.multimodal_only == true

_certain(row, _) if row.territorial.multimodal_only == false

_certain(_, "more")

_no_rights(row) := $"gives {_in_what(row)}no rights to those whose principal place is in {text.one_of(row.territorial.excludes)}"

_in_what(row) := "in models that take more than text " if row.territorial.multimodal_only == true

_in_what(row) := "" if not row.territorial.multimodal_only == true

_excluded(excludes) if _spec.purpose.organisation.principalPlace in excludes

_excluded(excludes) if {
	country := known.rows.countries[_spec.purpose.organisation.principalPlace]
	some group, key in {"EU": "eu", "EEA": "eea"}
	group in excludes
	country[key] == true
}

_decision_paths := [array.concat(["spec", "oversight", "decisions"], tail) |
	some tail in array.concat(
		[[] | count(_decisions) == 0],
		[[index, key] | some index, _ in _decisions; some key in ["autonomy", "affectsRights"]],
	)
]

_decisions := decisions.listed(_descriptor)

# Decisions that affect rights and that nobody looks at first; one that does not say counts as such.
_automated := {decision.name |
	some decision in _decisions
	decisions.at_least(decision, "L2")
	not decisions.rightless(decision)
}

_undecided contains "`spec.oversight.decisions` is missing" if not _spec.oversight.decisions

_undecided contains $"decision `{decision.name}` has no `autonomy`" if {
	some decision in _decisions
	not decisions.levelled(decision)
	not decisions.rightless(decision)
}

_adverse(row) := set() if row.forbids_automated_adverse_decisions == false

else := {{"status": "fail", "message": message, "wanted": "", "reads": _decision_paths}} if {
	row.forbids_automated_adverse_decisions == true
	count(_automated) > 0
	message := $"forbids decisions that affect rights and that no person takes, as {text.all_of(_automated)} at `L2` or above"
}

else := {{"status": "partial", "message": message, "wanted": "`autonomy` and `affectsRights` of each decision", "reads": _decision_paths}} if {
	row.forbids_automated_adverse_decisions == true
	count(_undecided) > 0
	message := $"forbids decisions that affect rights and that no person takes, while {text.joined(_undecided)}"
}

else := {{"status": "partial", "message": message, "wanted": wanted, "reads": _decision_paths}} if {
	not row.forbids_automated_adverse_decisions
	count(_automated) > 0
	message := $"is not known to permit decisions that affect rights and that no person takes, as {text.all_of(_automated)}"
	wanted := $"`forbids_automated_adverse_decisions` in the row of `{row.id}` in your own catalogue"
}

else := {{"status": "pass", "message": "", "wanted": "", "reads": _decision_paths}}
