package psfpolicy.controls.bank.images_test

import data.psfpolicy.controls.bank.images as control
import data.psfpolicy.lib.outcome

_engine := ["spec", "serving", "engine", "image"]

_in := ["spec", "inputs", "guards"]

_out := ["spec", "outputs", "guards"]

_first := array.concat(_in, [0])

_last := array.concat(_out, [0])

_good := "registry.bank.example/any@sha256:b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2"

# A deployment with a guard on each side: its engine's image, the label of the guard of inputs, and what that guard is.
_with(engine, label, guard) := {
	"metadata": {"labels": {"image/in": label, "image/out": _good}},
	"spec": {
		"serving": {"hosting": "on-prem", "location": {"country": "CH"}, "engine": {"name": "vllm", "image": engine}},
		"inputs": {"guards": [object.union({"name": "in", "detects": ["injection"]}, guard)]},
		"outputs": {"guards": [{"name": "out", "detects": ["pii"], "hosting": "self"}]},
	},
}

test_pass_with_images_of_the_registry if {
	outcome.is(control, [[_engine, "pass"], [_first, "pass"], [_last, "pass"]]) with input.descriptor as _with(_good, _good, {"hosting": "self"})
}

test_fail_with_an_image_of_another_registry if {
	image := replace(_good, "bank.example", "bank.example.evil.com")
	outcome.is(control, [[_engine, "fail"], [_first, "fail"], [_last, "pass"]]) with input.descriptor as _with(image, image, {"hosting": "self"})
}

test_the_label_of_another_guard_is_none_for_this_one if {
	descriptor := _with(_good, _good, {"name": "In", "hosting": "self"})
	outcome.is(control, [[_engine, "pass"], [_first, "fail"], [_last, "pass"]]) with input.descriptor as descriptor
}

test_a_guard_that_others_run_fails_whatever_its_label_says if {
	every guard in [{}, {"hosting": "third-party"}, {"operator": "vendor"}, {"hosting": "self", "model": "openai-moderation"}] {
		outcome.is(control, [[_engine, "pass"], [_first, "fail"], [_last, "pass"]]) with input.descriptor as _with(_good, _good, guard)
	}
}

test_absent_sections_and_empty_lists_fail if {
	every spec in [{}, {"inputs": {}, "outputs": {}}, {"inputs": {"guards": []}, "outputs": {"guards": []}}] {
		outcome.is(control, [[_engine, "fail"], [_in, "fail"], [_out, "fail"]]) with input.descriptor as {"spec": spec}
	}
}

test_a_model_of_another_party_has_no_image_of_ours if {
	outcome.is(control, [[_in, "fail"], [_out, "fail"]]) with input.descriptor as {"spec": {"serving": {"hosting": "hosted-api"}}}
}

test_nothing_at_all_fails if outcome.is(control, [[_engine, "fail"], [_in, "fail"], [_out, "fail"]]) with input as {}
