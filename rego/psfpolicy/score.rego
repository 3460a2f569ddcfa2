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

# Half points by severity and status, earned and possible: twice the weight for a pass, the weight for a partial; and whether it caps
# the domain. A status that is not named leaves both sums.
_points := {
	"critical": {"pass": [16, 16, false], "partial": [8, 16, false], "fail": [0, 16, true], "error": [0, 16, false]},
	"high": {"pass": [10, 10, false], "partial": [5, 10, false], "fail": [0, 10, false], "error": [0, 10, false]},
	"medium": {"pass": [6, 6, false], "partial": [3, 6, false], "fail": [0, 6, false], "error": [0, 6, false]},
	"low": {"pass": [2, 2, false], "partial": [1, 2, false], "fail": [0, 2, false], "error": [0, 2, false]},
}

# domains of the framework.
domains := _scored(object.get(_members, false, {}))

# apart are the domains whose folder says `scored: apart`: they are shown, and enter neither the overall score nor the thresholds of a gate.
apart := _scored(object.get(_members, true, {}))

_scored(groups) := {name: {"raw": raw, "effective": _effective(raw, unwaived), "evidenced": _evidenced(members)} |
	some name, members in groups
	raw := _summed([_points[control.severity][control.status] | some control in members])
	unwaived := _unwaived(raw, members)
}

# Without a waiver the same is not summed twice.
_unwaived(raw, members) := raw if {
	every control in members { control.status == control.effective }
} else := _summed([_points[control.severity][control.effective] | some control in members])

# Controls by whether they are scored apart and by domain, with their ids, so that two that weigh and answer alike both count.
_members[apart][domain][id] := control if {
	some id, control in dispatch.controls
	apart := object.get(control, "apart", false)
	domain := control.domain
	is_string(domain)
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

_share(shown, passes) := _of(100, shown, passes) if passes > 0

# What a part is of a whole that counts as so many.
_of(many, part, whole) := many if {
	part == whole
} else := numbers.half_up(many * part, whole)

# Where waivers cover more than half of a domain's weight, they no longer lift its score.
_effective(raw, raw) := raw

_effective(raw, unwaived) := raw if {
	unwaived != raw
	unwaived.possible * 2 < raw.possible
} else := unwaived

_summed(points) := {"earned": earned, "possible": possible, "score": shown, "capped": capped, "band": band} if {
	earned := sum([one[0] | some one in points])
	possible := sum([one[1] | some one in points])
	capped := true in [one[2] | some one in points]
	shown := _shown(earned, possible, capped)
	band := _band(earned, possible, capped)
}

_shown(_, 0, _) := null

_shown(earned, possible, false) := _of(100, earned, possible) if possible > 0

_shown(earned, possible, true) := min([cap, _of(100, earned, possible)]) if possible > 0

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

_millionths(sums) := _limited(_of(100000000, sums.earned, sums.possible), sums.capped)

_limited(millionths, false) := millionths

_limited(millionths, true) := min([cap * 1000000, millionths])
