# METADATA
# title: Advisories about the engine
# description: |
#   A control that is declared is worth nothing on a version of the engine that walks past it: remote code that runs although it is off,
#   a key that can be passed by, a pinned revision that is not all that is loaded.
#   The version, and the tag of the image where it is the engine's own, are compared with the dated advisories of the catalogue.
#   One that defeats a control and whose condition the descriptor meets fails; one whose condition cannot be read from it, or that
#   rests on a single source, is partial. So is a version that is missing or is no release, and one that the tag contradicts.
#   An advisory that defeats nothing is listed with its severity where the control passes, and changes no status. One whose versions
#   are not known, or are those of an orchestrator, of which a descriptor says none, is about any, and never sure.
#   An engine that the catalogue does not know, or has no advisory about, is partial. The control does not apply to someone else's
#   engine.
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

import data.psfpolicy.exposure
import data.psfpolicy.lib.conditions
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_engine := ["spec", "serving", "engine"]

_path := array.concat(_engine, ["version"])

not_applicable := "the engine is someone else's" if terms.foreign_machines(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _path

findings contains object.union(_answer, {"path": _path, "reads": reads}) if {
	read := {path | some row in exposure.about; count(row.defeats) > 0; some path in conditions.reads(row)}
	reads := array.flatten([[["spec", "serving", "hosting"]], paths.keys(_engine, ["name", "version", "image"]), [["spec", "serving", "orchestrator"]], sort(read)])
}

_answer := {"status": "fail", "message": $"{exposure.subject} is affected by {_listed(met)}; wanted: {_fixed(met)}"} if met := exposure.verdicts.met

else := {"status": "partial", "message": message} if {
	open := exposure.verdicts.undecided
	message := $"{exposure.subject} may be affected by {_listed(open)}; wanted: {_fixed(open)}, or what shows that it is not"
}

else := {"status": "partial", "message": $"{text.joined(_unread)}; wanted: {text.joined(_wanted)}"} if count(_unread) > 0

else := {"status": "pass", "message": $"{exposure.subject} is in no advisory that defeats a control here{_notes}"}

_listed(ids) := text.joined({$"{id}{_remark([row.severity | row.severity])}, which defeats {text.all_of(row.defeats)} ({trim_suffix(row.condition, ".")})" |
	some id in ids
	row := exposure.about[id]
})

_remark(words) := "" if count(words) == 0

_remark(words) := $" ({concat(", ", words)})" if count(words) > 0

_fixed(ids) := $"{exposure.fixed(ids)} or later" if exposure.fixed(ids)

_fixed(ids) := "another engine, since no version without it is known" if not exposure.fixed(ids)

default _notes := ""

_notes := $"; note: {text.joined(notes)}" if {
	notes := {$"{id}{_remark(words)}" |
		some id, row in exposure.about
		count(row.defeats) == 0
		words := array.concat([row.severity | row.severity], ["versions not known" | exposure.anywhere[id]])
	}
	count(notes) > 0
}

# What keeps the version from being compared.
_unread contains $"{said.at(_descriptor, array.concat(_engine, ["name"]))}, whose advisories the catalogue does not know" if {
	not exposure.looked_for
}

_unread contains $"{said.at(_descriptor, _path)}, which no advisory can be compared with" if {
	exposure.looked_for
	not exposure.declared
}

_unread contains $"{said.at(_descriptor, _path)}, and the tag of the image is `{exposure.tag}`" if exposure.differing

_wanted contains "an engine that the catalogue knows, or rows about it in `advisories` of your own catalogue" if not exposure.looked_for

_wanted contains "the version of its release" if {
	exposure.looked_for
	not exposure.declared
}

_wanted contains "the version that the image has" if exposure.differing
