# METADATA
# title: Gates
# description: |
#   Each gate includes the one before it. A reason names what stands in the way, so that the report can say
#   what would have to change. Effective values decide: what a valid waiver covers does not block.
#   A domain whose folder says `gated: false` stands in the way only of a floor of the settings; what could not be decided in it leaves
#   no verdict. The scores of one that is scored apart stand in the way only there, too, but what fails in it does as anywhere.
#   Profiles of packs add reasons to those of the gate that they extend; what a profile asks of a control by its id, it asks in any domain.
package psfpolicy.gate

import data.psfpolicy.dispatch
import data.psfpolicy.floors
import data.psfpolicy.profiles
import data.psfpolicy.score
import data.psfpolicy.waiver

decision := {"name": profiles.level, "verdict": verdict, "reasons": _all} if count(profiles.named) == 0

decision := {"name": profiles.level, "profiles": profiles.named, "verdict": verdict, "reasons": _all} if count(profiles.named) > 0

# Reasons of the gate that is asked for. What advisory would have said is what standard says.
_reasons := baseline if profiles.level == "baseline"

_reasons := standard if profiles.level in ["advisory", "standard"]

_reasons := strict if profiles.level == "strict"

_all := _reasons | profiled

verdict := "undecided" if _undecided

verdict := "advisory" if {
	not _undecided
	profiles.level == "advisory"
}

verdict := "pass" if {
	not _undecided
	profiles.level != "advisory"
	count(_all) == 0
}

verdict := "fail" if {
	not _undecided
	profiles.level != "advisory"
	count(_all) > 0
}

_undecided if count(_broken) > 0

_undecided if score.overall.effective == null

_undecided if count(profiles.unknown) > 0

# Least domain scores of the PSF's Deployment Safety Assessment, 3.0 and 2.0 of 5, applied to our scores.
_thresholds := {
	"PSF-1": 60, "PSF-2": 60, "PSF-3": 60, "PSF-4": 60,
	"PSF-5": 60, "PSF-6": 60, "PSF-7": 40, "PSF-8": 40,
}

baseline contains {"kind": "error", "control": id} if some id in _broken

_broken contains id if {
	some id, control in dispatch.controls
	control.status == "error"
}

baseline contains {"kind": "critical-fail", "control": id} if some id in _standing.critical.fail

baseline contains {"kind": "undeclared", "fact": index} if {
	some index, thing in waiver.undeclared
	thing.severity == "critical"
	not thing.waiver
}

baseline contains {"kind": "scope-reduced"} if count(floors.holding) > 0

baseline contains {"kind": "domain-threshold", "domain": name, "score": sums.score, "threshold": threshold} if {
	some name, threshold in _floors
	some sums in object.get(_scores, name, {_unscored})
	not score.reaches(sums, threshold)
}

# Least scores by domain that the settings and profiles ask for, under every gate: they add to what it asks, and take nothing away.
_floors := {name: max(asked) | some name, asked in _asked}

_asked[name] contains least if some name, least in input.parameters.thresholds

_asked[name] contains least if {
	some name, scores in profiles.thresholds
	some least in scores
}

_scores[name] contains sums.effective if some name, sums in score.domains

_scores[name] contains sums.effective if some name, sums in score.apart

# What a floor meets where no control is in its domain.
_unscored := {"earned": 0, "possible": 1, "score": 0, "capped": false}

standard contains reason if some reason in baseline

standard contains {"kind": "domain-threshold", "domain": name, "score": sums.score, "threshold": threshold} if {
	some name, threshold in _thresholds
	object.get(_floors, name, 0) <= threshold
	sums := score.domains[name].effective
	not score.reaches(sums, threshold)
}

standard contains {"kind": "domain-zero", "domain": name} if {
	some name, sums in score.domains
	sums.effective.possible > 0
	sums.effective.earned == 0
}

standard contains {"kind": "critical-partial", "control": id} if {
	_grave
	some id in _standing.critical.partial
}

strict contains reason if some reason in standard

strict contains {"kind": "fail", "control": id} if {
	some severity in ["high", "medium", "low"]
	some id in _standing[severity].fail
}

strict contains {"kind": "undeclared", "fact": index} if {
	some index, thing in waiver.undeclared
	not thing.waiver
}

strict contains {"kind": "critical-partial", "control": id} if some id in _standing.critical.partial

# profiled are the reasons that only profiles give.
profiled contains {"kind": "unknown-profile"} if count(profiles.unknown) > 0

profiled contains {"kind": _kind(status, severity), "control": id} if {
	some [status, severity] in profiles.holding
	some id in _standing[severity][status]
}

# What another reason tells to be mended is not told again.
profiled contains {"kind": "must-pass", "control": id} if {
	some id in (profiles.must_pass | profiles.must_be_evidenced)
	_unmet(id)
	not _told[id]
}

profiled contains {"kind": "unevidenced", "control": id} if {
	some id in profiles.must_be_evidenced
	not _unmet(id)
	some finding in dispatch.controls[id].findings
	finding.status == "pass"
	not finding.assurance == "evidenced"
}

_kind(status, severity) := $"critical-{status}" if severity == "critical"

_kind(status, severity) := status if severity != "critical"

# A control that is not there is not shown to pass.
_unmet(id) if not dispatch.controls[id]

_unmet(id) if _below[dispatch.controls[id].effective]

_told contains reason.control if some reason in _reasons

_told contains id if {
	some [status, severity] in profiles.holding
	some id in _standing[severity][status]
}

# Ids of the controls that are not met, by severity and effective status, without those that hold no gate.
_standing[control.severity][control.effective] contains id if {
	some id, control in dispatch.controls
	_below[control.effective]
	not _aside(control)
}

_below := {"fail", "partial"}

_aside(control) if {
	control.apart == true
	dispatch.ungated[control.domain]
}

# High consequence, which is what an undeclared one counts as.
_grave if not input.descriptor.spec.purpose.consequence

_grave if input.descriptor.spec.purpose.consequence == "high"
