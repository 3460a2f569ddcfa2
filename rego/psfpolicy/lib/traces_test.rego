package psfpolicy.lib.traces_test

import data.psfpolicy.lib.traces

_tracing := {"retentionDays": 90}

_retention := {"days": 30}

test_the_store_of_traces_that_keeps_longest_decides if {
	traces.kept({"spec": {
		"data": {
			"stores": [
				{"name": "a", "kind": "logs", "retentionDays": 400},
				{"name": "b", "kind": "traces", "retentionDays": 7},
				{"name": "c", "kind": "traces", "retentionDays": 200},
			],
			"retention": _retention,
		},
		"observability": {"tracing": _tracing},
	}}) == {"path": ["spec", "data", "stores", 2, "retentionDays"], "days": 200}
}

test_tracing_decides_where_the_store_does_not_say if {
	traces.kept({"spec": {
		"data": {"stores": [{"name": "a", "kind": "traces"}], "retention": _retention},
		"observability": {"tracing": _tracing},
	}}) == {"path": ["spec", "observability", "tracing", "retentionDays"], "days": 90}
}

test_the_general_retention_decides_last if {
	traces.kept({"spec": {
		"data": {"stores": [{"name": "a", "kind": "traces"}], "retention": _retention},
		"observability": {},
	}}) == {"path": ["spec", "data", "retention", "days"], "days": 30}
}

test_the_general_retention_keeps_no_traces_where_nothing_traces if {
	not traces.kept({"spec": {"data": {"retention": _retention, "stores": []}}})
}

test_nothing_said_keeps_nothing if {
	not traces.kept({"spec": {}})
}
