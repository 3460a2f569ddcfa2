# METADATA
# title: Domain scores
# description: |
#   100 times the weight earned over the weight possible, for each domain of the framework, and for each that is scored apart.
#   Sums are integers: a partial earns half, so earned and possible are counted in half points.
#   Thresholds are compared by cross-multiplication; only what is shown is rounded, half up.
#   Beside each stands how much of what passes in it manifests show, which changes no score.
package psfpolicy.score

import data.psfpolicy.dispatch
import data.psfpolicy.evidence
import data.psfpolicy.lib.numbers

# A critical control that fails caps its domain here.
cap := 39

# Half points by severity and status: twice the weight for a pass, the weight for a partial. A status that is not named leaves both
# sums.
_points := {
	"critical": {"pass": 16, "partial": 8, "fail": 0, "error": 0},
	"high": {"pass": 10, "partial": 5, "fail": 0, "error": 0},
	"medium": {"pass": 6, "partial": 3, "fail": 0, "error": 0},
	"low": {"pass": 2, "partial": 1, "fail": 0, "error": 0},
}

# domains of the framework.
domains := _scored(_members)

# apart are the domains whose folder says `scored: apart`: they are shown, and enter neither the overall score nor the thresholds of a gate.
apart := _scored(_members_apart)

_scored(groups) := {name: {"raw": raw, "effective": _effective(raw, unwaived), "evidenced": _evidenced(members)} |
	some name, members in groups
	declared := [[control.severity, control.status] | some control in members]
	standing := [[control.severity, control.effective] | some control in members]
	raw := _summed(declared)
	unwaived := _unwaived(raw, declared, standing)
}

# Without a waiver the same is not summed twice.
_unwaived(raw, pairs, pairs) := raw

_unwaived(_, declared, standing) := _summed(standing) if declared != standing

# Controls of each domain, with their ids, so that two that weigh and answer alike both count.
_members[control.domain][id] := control if {
	some id, control in dispatch.controls
	is_string(control.domain)
	not control.apart == true
}

_members_apart[control.domain][id] := control if {
	some id, control in dispatch.controls
	is_string(control.domain)
	control.apart == true
}

# How much of what passes manifests show: findings, and the share of them in whole percent; null without evidence, or without a pass.
_evidenced(_) := null if not evidence.given

_evidenced(members) := {"passes": passes, "evidenced": shown, "share": _share(shown, passes)} if {
	evidence.given
	passed := [finding.assurance | some control in members; some finding in control.findings; finding.status == "pass"]
	passes := count(passed)
	shown := count([assurance | some assurance in passed; assurance == "evidenced"])
}

_share(_, 0) := null

_share(shown, passes) := numbers.half_up(100 * shown, passes) if passes > 0

# Where waivers cover more than half of a domain's weight, they no longer lift its score.
_effective(raw, raw) := raw

_effective(raw, unwaived) := raw if {
	unwaived != raw
	unwaived.possible * 2 < raw.possible
} else := unwaived

_summed(pairs) := {"earned": earned, "possible": possible, "score": shown, "capped": capped, "band": band} if {
	earned := sum([points | some [severity, status] in pairs; points := _points[severity][status]])
	possible := sum([points.pass | some [severity, status] in pairs; points := _points[severity]; points[status] >= 0])
	capped := ["critical", "fail"] in pairs
	shown := _shown(earned, possible, capped)
	band := _band(earned, possible, capped)
}

_shown(_, 0, _) := null

_shown(earned, possible, false) := numbers.half_up(100 * earned, possible) if possible > 0

_shown(earned, possible, true) := min([cap, numbers.half_up(100 * earned, possible)]) if possible > 0

_band(earned, possible, capped) := "Strong" if {
	_reaches(earned, possible, capped, 70)
} else := "Partial" if {
	_reaches(earned, possible, capped, 40)
} else := "Gap" if {
	possible > 0
} else := null

# reaches says whether a sum reaches a threshold of 0 to 100, unrounded; an empty sum reaches every one.
reaches(sums, _) if sums.possible == 0

reaches(sums, threshold) if _reaches(sums.earned, sums.possible, sums.capped, threshold)

_reaches(earned, possible, capped, threshold) if {
	possible > 0
	earned * 100 >= threshold * possible
	_uncapped(capped, threshold)
}

_uncapped(false, _)

_uncapped(true, threshold) if threshold <= cap

# Overall is the mean of the domain scores that are not null, computed in millionths of a point.
overall := {"raw": raw, "effective": effective} if {
	declared := [domain.raw | some domain in domains]
	standing := [domain.effective | some domain in domains]
	raw := _mean(declared)
	effective := _mean_unwaived(raw, declared, standing)
}

_mean_unwaived(mean, each, each) := mean

_mean_unwaived(_, declared, standing) := _mean(standing) if declared != standing

_mean(several) := {"score": numbers.half_up(total, 1000000 * count(each)), "band": band} if {
	each := [_millionths(sums) | some sums in several; sums.possible > 0]
	count(each) > 0
	total := sum(each)
	band := _band(total, 100000000 * count(each), false)
} else := null

_millionths(sums) := _limited(numbers.half_up(100000000 * sums.earned, sums.possible), sums.capped)

_limited(millionths, false) := millionths

_limited(millionths, true) := min([cap * 1000000, millionths])
