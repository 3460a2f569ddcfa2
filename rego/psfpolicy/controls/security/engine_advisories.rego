# METADATA
# title: Advisories about the engine
# description: |
#   A control that is declared is worth nothing on a version of the engine that walks past it: remote code that runs although it is off,
#   a key that can be passed by, a pinned revision that is not all that is loaded.
#   The version is compared with the dated advisories of the catalogue. One that defeats a control and whose condition the descriptor
#   meets fails; one whose condition cannot be read from it is partial, as is a version that is missing or is no release.
#   An advisory that defeats nothing, or that rests on a single source, is listed with its severity and changes no status.
#   An engine that the catalogue does not know is partial. The control does not apply to someone else's engine.
# custom:
#   provenance: ours
#   severity: critical
#   remediation: |
#     Name the version of the engine, and take one that is not affected:
#
#     serving:
#       engine: {name: vllm, version: 0.33.0}
#   references:
#     - https://www.productionai.institute/insights/psf-domain-7-security
#     - https://github.com/vllm-project/vllm/security/advisories
#   good: |
#     model: {remoteCode: false}
#     serving: {hosting: on-prem, engine: {name: vllm, version: 0.33.0}}
#   bad: |
#     model: {remoteCode: false}
#     serving: {hosting: on-prem, engine: {name: vllm, version: 0.11.0}}
package psfpolicy.controls.security.engine_advisories

import data.psfpolicy.known
import data.psfpolicy.lib.conditions
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.lib.versions

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_engine := ["spec", "serving", "engine"]

_path := array.concat(_engine, ["version"])

not_applicable := "the engine is someone else's" if terms.foreign_machines(_descriptor)

places contains _path

findings contains object.union(_answer, {"path": _path, "reads": array.concat(_always, sort(_conditions))})

_always := array.concat([["spec", "serving", "hosting"]], [array.concat(_engine, [key]) | some key in ["name", "version"]])

# What the conditions of the advisories on this version read.
_conditions contains path if {
	some row in _about
	count(row.defeats) > 0
	some path in conditions.reads(row)
}

# The numbers of the version. A container's are its year and month, so a lower one is the server's own and says nothing.
_numbers := numbers if {
	numbers := versions.numbers(_descriptor.spec.serving.engine.version)
	not _another_count(numbers)
}

_another_count(numbers) if {
	known.engine.versions == "year-month"
	numbers[0] < 10
}

# Advisories on this version that rest on more than one excerpt, by id; and all that are about it.
_about[id] := row if {
	some id, row in known.rows.advisories
	row.engine == known.engine.id
	some range in row.ranges
	versions.within(_numbers, range)
}

_defeating[id] := row if {
	some id, row in _about
	count(row.defeats) > 0
	not row.single_source == true
}

_by_verdict[verdict] contains id if {
	some id, row in _defeating
	verdict := conditions.verdict(row, _descriptor, _family)
}

default _family := ""

_family := known.model.family

_notes := {$"{id}{_severity(row)}" |
	some id, row in _about
	not _defeating[id]
}

_severity(row) := $" ({row.severity})" if row.severity

_severity(row) := "" if not row.severity

_answer := {"status": "fail", "message": message} if {
	count(_by_verdict.met) > 0
	message := $"{_name} is affected by {_listed(_by_verdict.met)}; wanted: {_fixed(_by_verdict.met)}"
}

else := {"status": "partial", "message": message} if {
	count(_by_verdict.undecided) > 0
	message := $"{_name} may be affected by {_listed(_by_verdict.undecided)}; wanted: {_fixed(_by_verdict.undecided)}"
}

else := {"status": "pass", "message": $"{_name} is in no advisory that defeats a control here{_noted}"} if {
	known.engine
	_numbers
}

else := {"status": "partial", "message": $"{text.joined(_unread)}; wanted: {_wanted}"}

_name := $"{known.engine.title} {_descriptor.spec.serving.engine.version}"

_listed(ids) := text.joined({$"{id}{_severity(row)}, which defeats {text.all_of(row.defeats)}{_where(row)}" |
	some id in ids
	row := _defeating[id]
})

_where(row) := $" ({trim_suffix(row.condition, ".")})" if row.condition

_where(row) := "" if not row.condition

# The lowest version above all that are listed.
_fixed(ids) := $"{versions.shown(max(_ends(ids)))} or later" if not null in _ends(ids)

_fixed(ids) := "another engine, since no version without it is known" if null in _ends(ids)

_ends(ids) := {range[1] | some id in ids; some range in _defeating[id].ranges; versions.within(_numbers, range)}

_noted := "" if count(_notes) == 0

_noted := $"; note: {text.joined(_notes)}" if count(_notes) > 0

_unread := {$"{said.at(_descriptor, array.concat(_engine, ["name"]))}, whose advisories the catalogue does not know" | not known.engine} | {phrase |
	known.engine
	phrase := $"{said.at(_descriptor, _path)}, which no advisory can be compared with"
}

_wanted := "an engine that the catalogue knows, and the version of its release"
