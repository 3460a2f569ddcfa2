package psfpolicy.lib.duties_test

import data.psfpolicy.lib.duties

_today := "2026-11-21"

_section := ["spec", "operations", "duties"]

_hosting := ["spec", "serving", "hosting"]

_finding(entries) := duties.finding({"spec": {"operations": {"duties": entries}}}, "cost", _today)

_entry(keys) := object.union({"duty": "cost", "owner": "ml-platform"}, keys)

_status(keys) := _finding([_entry(keys)]).status

_wanted := "; wanted: an `owner`, and `cadenceDays` from 1 to 365 that is kept, or a `reviewed` day in the last 365"

test_an_owner_with_a_cadence_passes if {
	_finding([_entry({"cadenceDays": 30})]) == {
		"path": array.concat(_section, [0]),
		"status": "pass",
		"message": "`cost` comes round every 30 days and is owned by `ml-platform`",
		"reads": array.concat(
			[_hosting],
			[array.concat(_section, [0, key]) | some key in ["duty", "owner", "cadenceDays", "reviewed"]],
		),
	}
}

test_a_cadence_is_from_1_to_365_days if {
	[_status({"cadenceDays": days}) | some days in [0, 1, 365, 366]] == ["partial", "pass", "pass", "partial"]
}

test_an_owner_with_a_review_in_the_last_year_passes if {
	_status({"reviewed": "2025-11-21"}) == "pass"
	_status({"reviewed": "2025-11-20"}) == "partial"
	_status({"reviewed": "2026-11-22"}) == "pass"
}

test_a_review_that_lies_ahead_fails if {
	_status({"reviewed": "2026-11-23"}) == "fail"
	_status({"reviewed": "2026-11-23", "cadenceDays": 30}) == "fail"
}

test_a_cadence_that_is_not_kept_is_partial if {
	_status({"reviewed": "2026-10-22", "cadenceDays": 30}) == "pass"
	late := _finding([_entry({"reviewed": "2026-10-21", "cadenceDays": 30})])
	seen := "`cost` comes round every 30 days, is owned by `ml-platform` and was last reviewed on `2026-10-21`, 31 days ago"
	[late.status, late.message] == ["partial", concat("", [seen, _wanted])]
}

test_a_review_counts_where_the_cadence_does_not if {
	_status({"reviewed": "2026-10-01", "cadenceDays": 0}) == "pass"
	_status({"reviewed": "2024-10-01", "cadenceDays": 400}) == "partial"
}

test_a_day_that_cannot_be_read_is_no_review if {
	_status({"reviewed": "soon", "cadenceDays": 30}) == "partial"
	_status({"reviewed": "soon"}) == "partial"
}

test_an_owner_alone_is_partial if {
	found := _finding([_entry({})])
	seen := "`cost` has neither `cadenceDays` nor `reviewed` and is owned by `ml-platform`"
	[found.status, found.message] == ["partial", concat("", [seen, _wanted])]
}

test_nobody_fails if {
	nobody := _finding([{"duty": "cost", "cadenceDays": 30}])
	[nobody.status, nobody.message] == ["fail", concat("", ["`cost` comes round every 30 days and is owned by nobody", _wanted])]
	unnamed := _finding([_entry({"owner": "TBD", "cadenceDays": 30})])
	[unnamed.status, unnamed.message] == [
		"fail",
		concat("", ["`cost` comes round every 30 days and is owned by `TBD`, which names nobody", _wanted]),
	]
}

test_the_best_of_several_entries_decides_and_the_first_of_equals if {
	several := [{"duty": "monitoring", "owner": "a"}, {"duty": "cost"}, _entry({"cadenceDays": 7}), _entry({"cadenceDays": 9})]
	found := _finding(several)
	[found.path, found.status] == [array.concat(_section, [2]), "pass"]
}

test_a_duty_that_is_not_listed_fails_at_the_list if {
	missing := {
		"path": _section,
		"status": "fail",
		"message": concat("", ["no entry of `spec.operations.duties` is `cost`", _wanted]),
		"reads": [_hosting, _section],
	}
	_finding([]) == missing
	_finding([{"duty": "monitoring", "owner": "ml-platform", "cadenceDays": 30}]) == missing
	duties.finding({}, "cost", _today) == missing
}
