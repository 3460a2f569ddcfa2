package psfpolicy.controls.bank.models_test

import data.psfpolicy.controls.bank.models as control
import data.psfpolicy.lib.outcome

_model := ["spec", "model"]

_commit := "9216db5781bf21249d130ec9da846c4624c16137"

_approved := {"id": "Qwen/Qwen3-32B", "revision": _commit}

_with(more) := {"spec": {"model": object.union(_approved, more)}}

_falling(fallback) := object.union(_with({}), {"spec": {"vendor": {"fallbacks": [object.union({"name": "f"}, fallback)]}}})

test_pass_at_an_approved_commit if {
	every id in ["Qwen/Qwen3-32B", "qwen/qwen3-32b"] {
		outcome.is(control, [[_model, "pass"]]) with input.descriptor as _with({"id": id})
	}
}

test_fail_under_another_name if {
	every id in ["qwen3-32b", "Qwen/Qwen3-32B ", "Qwen/Qwen3-32B-AWQ", "elsewhere/Qwen3-32B", "Qwen/Qwen3-32B/", "https://evil.example/Qwen/Qwen3-32B"] {
		outcome.is(control, [[_model, "fail"]]) with input.descriptor as _with({"id": id})
	}
}

test_fail_at_another_commit if {
	every revision in ["main", "9216db5", "9216DB5781BF21249D130EC9DA846C4624C16137", "c1899de289a04d12100db370d81485cdf75e47ca"] {
		outcome.is(control, [[_model, "fail"]]) with input.descriptor as _with({"revision": revision})
	}
}

test_a_base_that_is_approved_does_not_approve_its_fine_tune if {
	descriptor := _with({"id": "us/tuned", "base": {"id": "Qwen/Qwen3-32B"}})
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as descriptor
}

test_absent_model_id_and_commit_fail if {
	every descriptor in [{}, {"spec": {}}, {"spec": {"model": {}}}, {"spec": {"model": {"id": "Qwen/Qwen3-32B"}}}] {
		outcome.is(control, [[_model, "fail"]]) with input.descriptor as descriptor
	}
}

test_a_draft_model_is_one_of_them if {
	path := array.concat(_model, ["draft"])
	outcome.is(control, [[_model, "pass"], [path, "pass"]]) with input.descriptor as _with({"draft": _approved})
	every draft in [{}, {"id": "Qwen/Qwen3-32B"}, {"id": "us/draft", "revision": _commit}] {
		outcome.is(control, [[_model, "pass"], [path, "fail"]]) with input.descriptor as _with({"draft": draft})
	}
}

test_an_adapter_is_one_of_them if {
	path := array.concat(_model, ["adapters", 0])
	every adapter in [{"name": "a"}, {"name": "a", "source": "us/tone", "revision": _commit}] {
		outcome.is(control, [[_model, "pass"], [path, "fail"]]) with input.descriptor as _with({"adapters": [adapter]})
	}
}

test_a_fallback_is_one_of_them if {
	path := ["spec", "vendor", "fallbacks", 0]
	good := {"kind": "smaller-model", "model": "Qwen/Qwen3-0.6B"}
	outcome.is(control, [[_model, "pass"], [path, "pass"]]) with input.descriptor as _falling(good)
	every bad in [
		{"kind": "smaller-model"},
		{"kind": "previous-version"},
		{"kind": "second-provider", "model": "gpt-4o"},
		{"kind": "degraded-mode", "model": "gpt-4o"},
		{"model": "gpt-4o"},
		{},
	] {
		outcome.is(control, [[_model, "pass"], [path, "fail"]]) with input.descriptor as _falling(bad)
	}
}

test_a_fallback_without_a_model_need_not_be_approved if {
	outcome.is(control, [[_model, "pass"]]) with input.descriptor as _falling({"kind": "degraded-mode"})
}

test_weights_from_elsewhere_are_known_by_their_digest if {
	digest := "c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4"
	every weights in [{}, {"source": "hub"}, {"source": "local", "sha256": digest}, {"uri": "s3://models/qwen", "sha256": "C5D6E7F8091A2B3C4D5E6F708192A3B4C5D6E7F8091A2B3C4D5E6F708192A3B4"}] {
		outcome.is(control, [[_model, "pass"]]) with input.descriptor as _with({"weights": weights})
	}
	every weights in [
		{"source": "local"},
		{"source": "mirror", "uri": "s3://evil/qwen"},
		{"source": "hub", "uri": "hf://evil/qwen"},
		{"source": "image", "sha256": "tbd"},
		{"source": "local", "sha256": replace(digest, "c5", "c6")},
	] {
		outcome.is(control, [[_model, "fail"]]) with input.descriptor as _with({"weights": weights})
	}
}

test_a_model_without_an_approved_copy_comes_from_the_hub if {
	small := {"id": "Qwen/Qwen3-0.6B", "revision": "c1899de289a04d12100db370d81485cdf75e47ca"}
	some finding in control.findings with input.descriptor as _with(object.union(small, {"weights": {"source": "local"}}))
	endswith(finding.message, "; wanted: `source: hub` without `uri`, since no copy is approved")
}

test_nothing_at_all_fails if outcome.is(control, [[_model, "fail"]]) with input as {}
