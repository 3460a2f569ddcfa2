# METADATA
# title: Comparison
# description: |
#   What has changed since a base, and what the gate says of it. The question is one of its own: `input.base` and `input.head`
#   are a descriptor as it was and as it is, each {descriptor, findings, reasons}; left out where it was not there, or is not any more.
#   A finding is {fingerprint, control, status, digest, domain, waiver}, and none that passes is among them: its fingerprint says which one
#   it is, its digest what it was decided by. `input.accepted` are findings that were accepted; `input.then` are those of the head
#   as of the day of the base, or of the acceptance. `input.head.unlifted` are the domains whose waivers cover too much to lift its score.
#   `gate`, `profiles` and `thresholds` of a side are what it is held against, `shown` the digests of its passes that manifests show,
#   `told` those of its other passes.
package psfpolicy.comparison

import data.psfpolicy.dispatch
import data.psfpolicy.lib.scope
import data.psfpolicy.waiver

# changes are the findings of the head, by fingerprint: how each compares with the base, or with what was accepted.
changes[fingerprint] := "existing" if some fingerprint, _ in _accepted

changes[fingerprint] := _compared(finding, object.get(_was, fingerprint, null)) if {
	some fingerprint, finding in _is
	not _accepted[fingerprint]
}

_compared(_, before) := "new" if before == null

_compared(finding, before) := "existing" if {
	finding.status == before.status
	finding.digest == before.digest
}

_compared(finding, before) := "new" if {
	finding.status == before.status
	finding.digest != before.digest
}

_compared(finding, before) := ["improved", "worsened"][_worse(before.status, finding.status)] if finding.status != before.status

_worse("partial", "fail") := 1

_worse("fail", "partial") := 0

# accepted are the findings that were accepted before.
accepted contains fingerprint if some fingerprint, _ in _accepted

# A finding that was accepted: as it is, or with nothing changed since but the day. What no waiver covers is not accepted either,
# nor is what a waiver covered that has run out.
_accepted[fingerprint] := entry if {
	some entry in input.accepted
	fingerprint := entry.fingerprint
	not _lapsed[fingerprint]
	finding := _is[fingerprint]
	control := finding.control
	not waiver.unwaivable[control]
	finding.status in {"fail", "partial"}
	finding.digest == entry.digest
	_stands(finding, entry)
}

_lapsed contains fingerprint if some fingerprint in input.expired

_stands(finding, entry) if finding.status == entry.status

_stands(finding, entry) if _worse(entry.status, finding.status) == 0

_stands(finding, entry) if {
	_worse(entry.status, finding.status) == 1
	_then[finding.fingerprint].status == entry.status
}

# aged are the findings that were there before and were better on that day: only a date has moved.
aged contains fingerprint if {
	some fingerprint, change in changes
	change == "existing"
	object.get(_then, [fingerprint, "status"], "pass") != _is[fingerprint].status
}

# fixed are the findings of the base that are none any more.
fixed contains fingerprint if {
	input.head
	some fingerprint, _ in _was
	not _is[fingerprint]
}

_is := {finding.fingerprint: finding | some finding in object.get(input, ["head", "findings"], [])}

_was := {finding.fingerprint: finding | some finding in object.get(input, ["base", "findings"], [])}

_then := {finding.fingerprint: finding | some finding in object.get(input, "then", [])}

# reduced is what the base was judged by and the head is not.
reduced contains _waived(path, message) if {
	input.base
	input.head
	some [path, message] in scope.lost(input.base.descriptor, input.head.descriptor)
}

reduced contains object.union(_waived(scope.promised, message), {"of": _wider}) if {
	count(_wider) > 0
	areas := concat("`, `", sort(_wider))
	message := $"data may be in `{areas}` now, where the base did not allow it"
}

_wider := scope.wider(input.base.descriptor, input.head.descriptor, data.psfpolicy.catalogue.countries)

reduced contains _waived([], "the descriptor is not there any more") if not input.head

reduced contains object.union(_waived(_where_evidence_is, message), {"of": _unshown}) if {
	count(_unshown) > 0
	message := $"{_counted} shown by none any more, such as `{min(_unshown)}`"
}

_counted := "1 pass that manifests showed is" if count(_unshown) == 1

_counted := $"{count(_unshown)} passes that manifests showed are" if count(_unshown) > 1

# What manifests showed and the descriptor only says now, with the same values: a manifest left the evidence, or cannot be
# read as it was. Where the descriptor says something else, nobody has taken anything away.
_unshown := {pass |
	some pass, digest in object.get(input, ["base", "shown"], {})
	object.get(input, ["head", "told", pass], "") == digest
}

default _where_evidence_is := ["spec"]

_where_evidence_is := ["spec", "evidence"] if count(object.get(input, ["base", "descriptor", "spec", "evidence"], [])) > 0

# A file that moves can leave the floors of the settings that are for its old place.
reduced contains _waived(["metadata"], message) if {
	count(_eased) > 0
	message := $"the settings ask for less than at the base: {min(_eased)}; floors are for paths and environments"
}

_eased contains $"gate `{now}`, which was `{was}`" if {
	_same_environment
	was := input.base.gate
	now := input.head.gate
	_gates[now] < _gates[was]
}

_eased contains $"`{domain}` of {now}, which was {was}" if {
	_same_environment
	some domain, was in input.base.thresholds
	now := object.get(input, ["head", "thresholds", domain], 0)
	now < was
}

_eased contains $"the gate profile `{profile}` no more" if {
	_same_environment
	held := {profile | some profile in input.head.profiles}
	some profile in input.base.profiles
	not held[profile]
}

# A lower environment has left the scope already.
_same_environment if _environment(input.base) == _environment(input.head)

_environment(side) := object.get(side, ["descriptor", "metadata", "environment"], null)

_gates := {"advisory": 0, "baseline": 1, "standard": 2, "strict": 3}

_waived(path, message) := {"path": path, "message": message, "severity": "critical", "waiver": min(ids)} if {
	ids := _waiving(path)
	count(ids) > 0
}

_waived(path, message) := {"path": path, "message": message, "severity": "critical"} if count(_waiving(path)) == 0

_waiving(path) := {granted.id |
	some granted in input.waivers
	granted.control == "scope-reduced"
	granted.path == path
	not waiver.unwaivable["scope-reduced"]
}

# blocking are the findings that hold the gate where only what is new does: new, worse, or with a waiver that has run out.
blocking contains fingerprint if {
	some fingerprint, change in changes
	change in {"new", "worsened"}
	_counts(_is[fingerprint])
}

blocking contains fingerprint if {
	some fingerprint in input.expired
	_counts(_is[fingerprint])
}

_counts(finding) if {
	object.get(finding, "waiver", null) == null
	object.get(finding, "domain", null) in _gated
}

# Every domain but those that hold no gate and that no least score is asked of; null for what has none.
_gated := {object.get(finding, "domain", null) |
	some finding in _is
	domain := object.get(finding, "domain", null)
	not _apart[domain]
}

_apart contains domain if {
	some domain in input.head.apart
	dispatch.ungated[domain]
	not _asked[domain]
}

_asked contains domain if some domain, _ in input.parameters.thresholds

# lost are the least scores that the base reached and the head does not, and the passes that nobody asked to be shown there.
lost contains reason if {
	some reason in object.get(input, ["head", "reasons"], [])
	key := [reason.kind, reason[_lasting[reason.kind]]]
	not _held[key]
}

_held contains [reason.kind, reason[_lasting[reason.kind]]] if some reason in object.get(input, ["base", "reasons"], [])

# Reasons that no finding gives as it stands, and what they are about.
_lasting := {"domain-threshold": "domain", "domain-zero": "domain", "unevidenced": "control"}

# What stood in the way of the head and is not accepted. Where only what was accepted gives a reason, it holds no gate.
_left contains reason if {
	some reason in object.get(input, ["head", "reasons"], [])
	count(_giving(reason) & _accepted_ones) == 0
}

_left contains reason if {
	some reason in object.get(input, ["head", "reasons"], [])
	count(_giving(reason) - _accepted_ones) > 0
}

_left contains reason if {
	some reason in object.get(input, ["head", "reasons"], [])
	some domain in input.head.unlifted
	object.get(reason, "domain", null) == domain
}

_accepted_ones := {fingerprint | some fingerprint, _ in _accepted}

# The findings that give a reason, as far as no waiver covers them; those of a lower severity too, so that nothing slips through.
_giving(reason) := {fingerprint |
	some fingerprint, finding in _is
	object.get(finding, "waiver", null) == null
	some key, of in _about
	reason.kind in of.kinds
	object.get(finding, key, null) == object.get(reason, of.key, of.otherwise)
}

_about := {
	"domain": {"kinds": {"domain-threshold", "domain-zero"}, "key": "domain", "otherwise": ""},
	"control": {"kinds": {"critical-fail", "critical-partial", "fail", "must-pass", "partial", "undeclared"}, "key": "control", "otherwise": "evidence-undeclared"},
}

# reasons are what stands in the way in the end.
reasons contains reason if {
	not _decides
	some reason in _left
}

reasons contains {"kind": "scope-reduced"} if _reduces

reasons contains {"kind": "new-finding", "control": _is[fingerprint].control} if {
	_decides
	some fingerprint in blocking
}

reasons contains reason if {
	_decides
	some reason in lost
}

_decides if {
	_judging
	not input.head.verdict == "undecided"
}

# verdict is what the gate says, in the end.
verdict := "undecided" if input.head.verdict == "undecided"

verdict := _told if not input.head.verdict == "undecided"

_told := "fail" if _reduces

_told := _of_what_is_new if {
	not _reduces
	_judging
}

_told := input.head.verdict if {
	not _reduces
	not _judging
	not _forgiven
}

_told := "pass" if {
	not _reduces
	not _judging
	_forgiven
}

_told := _gone if {
	not _reduces
	not _judging
	not input.head
}

_gone := "advisory" if input.gate == "advisory"

_gone := "pass" if input.gate != "advisory"

_of_what_is_new := "fail" if count(blocking) + count(lost) > 0

_of_what_is_new := "pass" if count(blocking) + count(lost) == 0

# Everything that failed the gate was accepted.
_forgiven if {
	input.head.verdict == "fail"
	count(_left) == 0
}

_reduces if {
	some gate in {input.gate, object.get(input, ["base", "gate"], "advisory")}
	gate != "advisory"
	some thing in reduced
	object.get(thing, "waiver", null) == null
}

# Whether only what is new holds the gate.
_judging if input.parameters.onlyNew == true
