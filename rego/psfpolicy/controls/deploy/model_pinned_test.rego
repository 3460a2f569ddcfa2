package psfpolicy.controls.deploy.model_pinned_test

import data.psfpolicy.controls.deploy.model_pinned as control
import data.psfpolicy.lib.outcome

_hosting := ["spec", "serving", "hosting"]

_revision := ["spec", "model", "revision"]

_digest := ["spec", "model", "weights", "sha256"]

_version := ["spec", "model", "version"]

_id := ["spec", "model", "id"]

_engine := ["spec", "serving", "engine"]

_prompts := ["spec", "release", "prompts"]

_adapters := ["spec", "model", "adapters"]

_commit := "6f6073b423013f6a7d4d9f39144961bfbfbc386b"

_sha256 := "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

_model := {"id": "meta-llama/Llama-3.3-70B-Instruct", "revision": _commit, "adapters": []}

_release := {"name": "vllm", "version": "0.33.0", "image": "vllm/vllm-openai:v0.33.0"}

_served(hosting, model, engine) := {"spec": {
	"model": model,
	"serving": {"hosting": hosting, "engine": engine},
	"release": {"prompts": "versioned"},
}}

_own(model, engine) := _served("on-prem", model, engine)

_hosted(model) := {"spec": {
	"model": model,
	"serving": {"hosting": "hosted-api"},
	"release": {"prompts": "versioned"},
}}

_rest := {[_adapters, "pass"], [_engine, "pass"], [_prompts, "pass"]}

test_pass_when_each_thing_is_pinned if {
	{finding | some finding in control.findings} == {
		{"path": _revision, "status": "pass", "message": "the weights are pinned by a commit", "reads": [_hosting, _revision, _digest]},
		{"path": _adapters, "status": "pass", "message": "every adapter is pinned", "reads": [_hosting, _adapters]},
		{
			"path": _engine,
			"status": "pass",
			"message": "the engine and its image are those of a release",
			"reads": [_hosting, array.concat(_engine, ["version"]), array.concat(_engine, ["image"])],
		},
		{"path": _prompts, "status": "pass", "message": "the prompts are versioned", "reads": [_prompts]},
	} with input.descriptor as _own(_model, _release)
}

test_pass_when_a_digest_stands_for_the_commit if {
	outcome.is(control, {[_revision, "pass"]} | _rest) with input.descriptor as _own(
		object.union(_model, {"revision": "main", "weights": {"sha256": _sha256}}),
		_release,
	)
}

test_pass_says_by_how_much_the_weights_are_pinned if {
	some finding in control.findings with input.descriptor as _own(object.union(_model, {"weights": {"sha256": _sha256}}), _release)
	finding.message == "the weights are pinned by a commit and a digest"
}

test_pass_when_each_adapter_has_a_commit if {
	outcome.is(control, {[_revision, "pass"]} | _rest) with input.descriptor as _own(
		object.union(_model, {"adapters": [{"name": "tone", "revision": _commit}]}),
		_release,
	)
}

test_pass_for_a_hosted_model_with_a_dated_version if {
	{finding | some finding in control.findings} == {
		{
			"path": _version,
			"status": "pass",
			"message": "the model served is `2024-08-06`, a version with a date",
			"reads": [_hosting, _version, _id],
		},
		{"path": _prompts, "status": "pass", "message": "the prompts are versioned", "reads": [_prompts]},
	} with input.descriptor as _hosted({"id": "gpt-4o", "version": "2024-08-06"})
}

test_pass_for_a_hosted_model_whose_id_carries_the_date if {
	outcome.is(control, [[_version, "pass"], [_prompts, "pass"]]) with input.descriptor as _hosted({"id": "gpt-4o-2024-08-06"})
}

test_pass_for_open_weights_of_a_provider_with_a_numbered_version if {
	some finding in control.findings with input.descriptor as _served(
		"provider-hosted",
		{"id": "meta.llama3-3-70b-instruct-v1:0", "version": "v1:0"}, {},
	)
	finding == {
		"path": _version,
		"status": "pass",
		"message": "the model served is `v1:0`, a version with a number",
		"reads": [_hosting, _version, _id],
	}
}

test_partial_for_open_weights_of_a_provider_whose_version_moves_or_is_not_said if {
	every model in [{"id": "meta.llama3-3-70b-instruct-v1:0"}, {"id": "m", "version": "latest"}] {
		outcome.is(control, [[_version, "partial"], [_prompts, "pass"]]) with input.descriptor as _served("provider-hosted", model, {})
	}
}

test_partial_for_a_hosted_api_whose_version_is_a_number if {
	outcome.is(control, [[_version, "partial"], [_prompts, "pass"]]) with input.descriptor as _hosted({"id": "m", "version": "v2"})
}

test_pass_without_an_engine_where_another_party_runs_it if {
	outcome.is(control, [[_revision, "pass"], [_adapters, "pass"], [_prompts, "pass"]]) with input.descriptor as _served(
		"managed-inference",
		_model,
		{"name": "vllm"},
	)
}

test_partial_for_an_engine_of_another_party_declared_with_a_moving_image if {
	outcome.is(control, [[_revision, "pass"], [_adapters, "pass"], [_prompts, "pass"], [_engine, "partial"]]) with input.descriptor as _served(
		"cloud-managed",
		_model,
		{"name": "vllm", "version": "0.33.0", "image": "vllm/vllm-openai:latest"},
	)
}

test_partial_when_the_revision_is_a_branch if {
	some finding in control.findings with input.descriptor as _own(object.union(_model, {"revision": "main"}), _release)
	finding == {
		"path": _revision,
		"status": "partial",
		"message": "`spec.model.revision` is `main`; wanted: a commit of 40 hexadecimal digits, or a digest as `spec.model.weights.sha256`",
		"reads": [_hosting, _revision, _digest],
	}
}

test_partial_when_an_adapter_has_no_commit if {
	some finding in control.findings with input.descriptor as _own(
		object.union(_model, {"adapters": [
			{"name": "tone", "revision": _commit}, {"name": "style"},
			{"name": "legal", "revision": "main"},
		]}),
		_release,
	)
	finding == {
		"path": _adapters,
		"status": "partial",
		"message": concat("", [
			"adapter `legal` is not pinned and adapter `style` is not pinned",
			"; wanted: a commit or digest as the `revision` of each adapter, or `[]`",
		]),
		"reads": array.concat([_hosting], [array.concat(_adapters, [index, "revision"]) | some index in [0, 1, 2]]),
	}
}

test_partial_when_adapters_are_not_said if {
	outcome.is(control, {[_revision, "pass"], [_adapters, "partial"], [_engine, "pass"], [_prompts, "pass"]}) with input.descriptor as _own(
		object.remove(_model, ["adapters"]),
		_release,
	)
}

test_partial_when_the_engine_lacks_its_image if {
	some finding in control.findings with input.descriptor as _own(_model, object.remove(_release, ["image"]))
	finding == {
		"path": _engine,
		"status": "partial",
		"message": concat("", [
			"`spec.serving.engine.image` is missing",
			"; wanted: a release as `version`, and an `image` with a digest or the tag of a release",
		]),
		"reads": [_hosting, array.concat(_engine, ["version"]), array.concat(_engine, ["image"])],
	}
}

test_partial_when_two_of_four_are_pinned if {
	outcome.is(control, [
		[_revision, "partial"], [_adapters, "partial"],
		[_engine, "pass"], [_prompts, "pass"],
	]) with input.descriptor as _own({"id": "m"}, _release)
}

test_partial_for_a_hosted_model_behind_an_alias if {
	outcome.is(control, [[_version, "partial"], [_prompts, "pass"]]) with input.descriptor as _hosted({
		"id": "gpt-4o-2024-08-06",
		"version": "latest",
	})
}

test_fail_when_one_of_four_is_pinned if {
	outcome.is(control, [
		[_revision, "fail"], [_adapters, "fail"],
		[_engine, "fail"], [_prompts, "pass"],
	]) with input.descriptor as _own({"id": "m"}, {"name": "vllm", "version": "0.33.0"})
}

test_fail_for_a_hosted_model_with_an_adapter_that_nothing_pins if {
	outcome.is(control, [[_version, "fail"], [_prompts, "pass"], [_adapters, "fail"]]) with input.descriptor as _hosted({
		"id": "gpt-4o",
		"adapters": [{"name": "tone"}],
	})
}

test_absent_sections_fail_at_each_place if {
	outcome.is(control, [
		[_revision, "fail"], [_adapters, "fail"],
		[_engine, "fail"], [_prompts, "fail"],
	]) with input.descriptor as {"spec": {}}
}

test_absent_revision_is_said_to_be_missing if {
	some finding in control.findings with input.descriptor as {"spec": {}}
	finding.message == concat("", [
		"`spec.model.revision` is missing",
		"; wanted: a commit of 40 hexadecimal digits, or a digest as `spec.model.weights.sha256`",
	])
}

_draft := ["spec", "model", "draft"]

test_a_model_that_drafts_is_pinned_too if {
	pinned := object.union(_model, {"draft": {"id": "a/small", "revision": _commit}})
	outcome.is(control, {[_revision, "pass"], [array.concat(_draft, ["id"]), "pass"]} | _rest) with input.descriptor as _own(pinned, _release)
	moving := object.union(_model, {"draft": {"id": "a/small"}})
	outcome.is(control, {[_revision, "pass"], [array.concat(_draft, ["id"]), "partial"]} | _rest) with input.descriptor as _own(moving, _release)
	[found] := [one | some one in control.findings; one.path == array.concat(_draft, ["id"])] with input.descriptor as _own(moving, _release)
	found.message == "in `spec.model.draft`, `revision` is missing; wanted: a commit or digest as its `revision`"
	found.reads == [array.concat(_draft, ["id"]), array.concat(_draft, ["revision"])]
}
