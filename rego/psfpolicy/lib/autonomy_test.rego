package psfpolicy.lib.autonomy_test

import data.psfpolicy.lib.autonomy

_path := ["spec", "oversight", "decisions", 0]

_monitoring := [["spec", "observability", "metrics"]]

_reads(level) := autonomy.reads({"autonomy": level}, _path, _monitoring)

_stakes := [array.concat(_path, [key]) | some key in ["autonomy", "affectsRights", "reversible", "consequence"]]

test_the_level_alone_is_read_up_to_l1 if {
	_reads("L0") == [array.concat(_path, ["autonomy"])]
	_reads("L1") == [array.concat(_path, ["autonomy"])]
	autonomy.reads({}, _path, _monitoring) == [array.concat(_path, ["autonomy"])]
}

test_the_stakes_are_read_from_l2_and_the_monitoring_from_l3 if {
	_reads("L2") == _stakes
	_reads("L3") == array.concat(_stakes, _monitoring)
}

test_the_surroundings_are_read_at_l4 if {
	_reads("L4") == array.flatten([
		_stakes,
		_monitoring,
		[["spec", "purpose", "audience"], ["spec", "purpose", "sectors"], ["spec", "data", "categories"]],
	])
}

test_a_level_that_is_no_level_is_none if autonomy.shown({"autonomy": "L5"}) == "has no `autonomy`"
