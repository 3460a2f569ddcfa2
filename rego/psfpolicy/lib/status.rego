# METADATA
# title: Order of statuses
# description: error > fail > partial > pass > not-applicable; the folds are total, and the empty set is an error.
package psfpolicy.lib.status

# Rank of each status, worst first.
known := {"error": 0, "fail": 1, "partial": 2, "pass": 3, "not-applicable": 4}

_by_rank := ["error", "fail", "partial", "pass", "not-applicable"]

# worst of a set of statuses; a status that is not known counts as an error.
worst(statuses) := [name | some name in _by_rank; statuses[name]][0] if {
	count(statuses) > 0
	every name in statuses { known[name] }
} else := "error"

# better of a set of statuses: what an existential control reports of its candidates.
best(statuses) := "error" if count(statuses) == 0

best(statuses) := "error" if {
	some name in statuses
	not known[name]
}

best(statuses) := _by_rank[max({known[name] | some name in statuses})] if {
	count(statuses) > 0
	every name in statuses { known[name] >= 0 }
}

# effective status of marked findings: waived ones are left out;
# "waived" where every finding that is not a pass is waived, so that the control leaves both sums of the score.
effective(findings) := "waived" if {
	_some_waived(findings)
	every finding in findings { _excused(finding) }
}

else := worst({finding.status | some finding in findings; not finding.waiver})

_some_waived(findings) if {
	some finding in findings
	finding.waiver
}

_excused(finding) if finding.waiver

_excused(finding) if finding.status in ["pass", "not-applicable"]
