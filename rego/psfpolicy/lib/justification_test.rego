package psfpolicy.lib.justification_test

import data.psfpolicy.lib.justification

_whole := {"ref": "docs/j.md", "approver": "dpo", "date": "2026-11-21"}

test_reference_and_approver_are_enough if {
	justification.objections({"ref": "docs/j.md", "approver": "dpo"}, "2026-11-21") == set()
}

test_a_date_one_day_ahead_counts if {
	justification.objections(_whole, "2026-11-20") == set()
}

test_a_date_two_days_ahead_does_not_count if {
	justification.objections(_whole, "2026-11-19") == {"its `date` is in the future"}
}

test_a_date_that_is_none_does_not_count if {
	justification.objections(object.union(_whole, {"date": "soon"}), "2026-11-21") == {"its `date` is in the future"}
}

test_every_missing_part_is_named if {
	justification.objections({"date": "2026-11-21"}, "2026-11-21") == {"it has no `ref`", "it has no `approver`"}
}
