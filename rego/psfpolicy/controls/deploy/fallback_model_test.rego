package psfpolicy.controls.deploy.fallback_model_test

import data.psfpolicy.controls.deploy.fallback_model as control
import data.psfpolicy.lib.outcome

_section := ["spec", "vendor", "fallbacks"]

_first := ["spec", "vendor", "fallbacks", 0]

_small := {"name": "small", "kind": "smaller-model", "model": "small/8B", "lastTested": "2020-01-01"}

_mode := {"name": "canned", "kind": "degraded-mode"}

_input(fallbacks) := {
	"today": "2026-11-21",
	"descriptor": {"spec": {"model": {"id": "big/70B"}, "vendor": {"fallbacks": fallbacks}}},
}

test_pass_when_a_smaller_model_was_tested if {
	control.findings == {{
		"path": _first,
		"status": "pass",
		"message": "fallback `small` (smaller-model `small/8B`) was last tested on `2020-01-01`, 2516 days ago",
		"reads": [
			array.concat(_first, ["kind"]), array.concat(_first, ["lastTested"]),
			array.concat(_first, ["model"]), ["spec", "model", "id"],
		],
	}} with input as _input([_small])
}

test_pass_for_a_previous_version_and_a_degraded_mode if {
	outcome.is(control, [[_first, "pass"]]) with input as _input([{"name": "old", "kind": "previous-version", "lastTested": "2026-11-01"}])
	outcome.is(control, [[_first, "pass"]]) with input as _input([object.union(_mode, {"lastTested": "2026-11-01"})])
}

test_pass_when_an_untested_one_stands_before_a_tested_one if {
	outcome.is(control, [[["spec", "vendor", "fallbacks", 1], "pass"]]) with input as _input([_mode, _small])
}

test_partial_when_it_was_never_tested if {
	control.findings == {{
		"path": _first,
		"status": "partial",
		"message": "fallback `canned` (degraded-mode) was never tested; wanted: `lastTested` giving the day on which it was tried out",
		"reads": [array.concat(_first, ["kind"]), array.concat(_first, ["lastTested"]), array.concat(_first, ["model"])],
	}} with input as _input([_mode])
}

test_fail_when_the_test_lies_in_the_future if {
	outcome.is(control, [[_first, "pass"]]) with input as _input([object.union(_small, {"lastTested": "2026-11-22"})])
	outcome.is(control, [[_first, "fail"]]) with input as _input([object.union(_small, {"lastTested": "2026-11-23"})])
}

test_fail_when_the_smaller_model_is_the_model_served if {
	outcome.is(control, [[_first, "fail"]]) with input as _input([object.union(_small, {"model": "big/70B"})])
}

_llama := {"today": "2026-11-21", "descriptor": {"spec": {"model": {"id": "meta-llama/Llama-3.1-70B-Instruct"}}}}

_beside(model) := object.union(_llama, {"descriptor": {"spec": {"vendor": {"fallbacks": [object.union(_small, {"model": model})]}}}})

test_fail_when_the_smaller_model_is_the_model_served_by_another_name if {
	every name in ["meta-llama/Meta-Llama-3.1-70B-Instruct", "LLAMA-3.1-70b"] {
		outcome.is(control, [[_first, "fail"]]) with input as _beside(name)
	}
	some finding in control.findings with input as _beside("llama-3.1-70b")
	endswith(finding.message, ", and is the model served by another name; wanted: something else to fall back to")
}

test_fail_when_the_smaller_model_is_no_smaller if {
	outcome.is(control, [[_first, "fail"]]) with input as _beside("meta-llama/Llama-3.1-405B-Instruct")
	some finding in control.findings with input as _beside("Qwen/Qwen2.5-72B-Instruct")
	endswith(finding.message, ", and has no fewer parameters than the model served; wanted: a smaller model")
	outcome.is(control, [[_first, "pass"]]) with input as _beside("meta-llama/Llama-3.1-8B-Instruct")
	outcome.is(control, [[_first, "pass"]]) with input as _beside("acme/unknown")
}

test_pass_when_the_smaller_model_is_the_model_served_in_another_format if {
	served := {"descriptor": {"spec": {"model": {"id": "google/gemma-3-12b-it"}}}}
	outcome.is(control, [[_first, "pass"]]) with input as object.union(_beside("leon-se/gemma-3-12b-it-FP8-Dynamic"), served)
	outcome.is(control, [[_first, "fail"]]) with input as object.union(_beside("gemma-3-12b"), served)
}

test_fail_when_the_smaller_model_is_the_base_of_the_model_served if {
	fallbacks := [object.union(_small, {"model": "microsoft/phi-4"})]
	tuned := {"model": {"id": "acme/notes", "base": {"id": "microsoft/phi-4"}}, "vendor": {"fallbacks": fallbacks}}
	some finding in control.findings with input as {"today": "2026-11-21", "descriptor": {"spec": tuned}}
	[finding.status, finding.reads[count(finding.reads) - 1]] == ["fail", ["spec", "model", "base", "id"]]
}

test_a_larger_model_counts_as_a_previous_version if {
	larger := {"model": "meta-llama/Llama-3.1-405B-Instruct", "kind": "previous-version"}
	fallbacks := [object.union(_small, larger)]
	outcome.is(control, [[_first, "pass"]]) with input as object.union(_llama, {"descriptor": {"spec": {"vendor": {"fallbacks": fallbacks}}}})
}

test_fail_when_there_is_a_second_provider_only if {
	outcome.is(control, [[_section, "fail"]]) with input as _input([{"name": "b", "kind": "second-provider", "lastTested": "2026-11-01"}])
}

test_fail_when_the_list_is_declared_empty if {
	outcome.is(control, [[_section, "fail"]]) with input as _input([])
}

test_absent_fallbacks_fail_at_the_list if {
	control.findings == {{
		"path": _section,
		"status": "fail",
		"message": concat("", [
			"`spec.vendor.fallbacks` lists no fallback of kind `degraded-mode`, `previous-version` or `smaller-model`; ",
			"wanted: one of them, with `lastTested` giving the day on which it was tried out",
		]),
		"reads": [_section],
	}} with input as {"today": "2026-11-21", "descriptor": {"spec": {}}}
}
