package psfpolicy.lib.fallbacks_test

import data.psfpolicy.lib.fallbacks

_section := ["spec", "vendor", "fallbacks"]

_asked := {
	"kinds": {"smaller-model", "degraded-mode"},
	"states": {"recent"},
	"wanted": "`lastTested` within 180 days",
	"today": "2026-11-21",
}

_smaller := {"name": "s", "kind": "smaller-model", "model": "small", "lastTested": "2026-11-21"}

_but(changes) := object.union(_smaller, changes)

_descriptor(listed) := {"spec": {"model": {"id": "big"}, "vendor": {"fallbacks": listed}}}

_brief(listed) := [found.path, found.status] if found := fallbacks.answer(_descriptor(listed), _asked)

test_the_best_fallback_decides_and_the_first_of_equals if {
	_brief([_but({"lastTested": "2020-01-01"}), _smaller, _smaller]) == [array.concat(_section, [1]), "pass"]
}

test_a_kind_that_is_not_asked_for_does_not_count if {
	fallbacks.answer(_descriptor([_but({"kind": "previous-version"})]), _asked) == {
		"path": _section,
		"status": "fail",
		"message": concat("; ", [
			"`spec.vendor.fallbacks` lists no fallback of kind `degraded-mode` or `smaller-model`",
			"wanted: one of them, with `lastTested` within 180 days",
		]),
		"reads": [array.concat(_section, [0, "kind"])],
	}
}

test_what_is_compared_is_read if {
	fallbacks.answer(_descriptor([_smaller]), _asked) == {
		"path": array.concat(_section, [0]),
		"status": "pass",
		"message": "fallback `s` (smaller-model `small`) was last tested on `2026-11-21`",
		"reads": array.concat(
			[array.concat(_section, [0, key]) | some key in ["kind", "lastTested", "model"]],
			[["spec", "model", "id"]],
		),
	}
}

test_a_test_that_lies_ahead_fails_though_the_model_is_not_said if {
	_brief([object.remove(_but({"lastTested": "2027-01-01"}), ["model"])]) == [array.concat(_section, [0]), "fail"]
}
