package psfpolicy.lib.wanted_test

import data.psfpolicy.lib.wanted

_met := {"path": ["a"], "met": true, "message": "a is there", "reads": [["a"]]}

_unmet := {"path": ["b"], "met": false, "message": "b is missing", "reads": [["b"]]}

test_what_is_missing_beside_something_met_is_partial if {
	wanted.findings({_met, _unmet}) == {
		{"path": ["a"], "status": "pass", "message": "a is there", "reads": [["a"]]},
		{"path": ["b"], "status": "partial", "message": "b is missing", "reads": [["b"]]},
	}
}

test_what_is_missing_alone_fails if {
	wanted.findings({_unmet}) == {{"path": ["b"], "status": "fail", "message": "b is missing", "reads": [["b"]]}}
}

test_nothing_wanted_gives_nothing if {
	wanted.findings(set()) == set()
}
