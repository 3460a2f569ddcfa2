package psfpolicy.lib.flowing_test

import data.psfpolicy.lib.flowing

_flow(kind, carries) := {"kind": kind, "name": "x", "carries": carries, "what": [["a"]], "who": [["b"]]}

test_each_kind_has_its_subject if {
	[flowing.subject(_flow(kind, [])) | some kind in ["inference", "weights", "telemetry", "detector", "egress", "other", "guard"]] == [
		"inference", "the download of weights", "the telemetry of the engine",
		"PII detector `x`", "egress rule `x`", "flow `x`", "guard `x`",
	]
}

test_what_is_carried_is_told_in_one_order if {
	flowing.told(_flow("guard", ["responses", "prompts"])) == "guard `x` carries `prompts` and `responses`"
}

test_metrics_and_weights_are_no_data if {
	flowing.data_of(_flow("guard", ["metrics", "weights"])) == set()
	flowing.data_of(_flow("guard", ["metrics", "logs", "prompts", "responses", "traces"])) == {"logs", "prompts", "responses", "traces"}
}

test_reads_are_what_and_who if {
	flowing.reads(_flow("guard", [])) == [["a"], ["b"]]
}
