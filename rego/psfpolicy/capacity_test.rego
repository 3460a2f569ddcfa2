package psfpolicy.capacity_test

import data.psfpolicy.capacity
import data.psfpolicy.compatibility
import data.psfpolicy.refit

_on(model, accelerators) := {"spec": {
	"model": model,
	"serving": {"hosting": "on-prem", "engine": {"name": "vllm"}, "accelerators": accelerators},
}}

_llama(quantization, length) := {"id": "meta-llama/Llama-3.3-70B-Instruct", "quantization": quantization, "maxModelLen": length}

_phi(quantization) := {"id": "microsoft/phi-4", "quantization": quantization, "maxModelLen": 16384}

_r1(length) := {"id": "deepseek-ai/DeepSeek-R1", "quantization": "none", "maxModelLen": length}

_h100(count) := {"type": "nvidia-h100-80gb", "count": count}

_a100(count) := {"type": "nvidia-a100-80gb", "count": count}

_changes(model, accelerators) := changes if {
	changes := refit.changes with input.descriptor as _on(model, accelerators)
}

# The weights.

test_the_format_of_weights_as_published_is_that_of_the_catalogue if {
	capacity.format == "bf16" with input.descriptor as _on(_phi("none"), _h100(1))
	capacity.format == "fp8" with input.descriptor as _on(_r1(8192), _h100(1))
}

test_a_fine_tune_is_published_as_its_base_unless_that_is_quantised if {
	tuned := {"id": "acme/x", "quantization": "none", "base": {"id": "microsoft/phi-4"}}
	capacity.format == "bf16" with input.descriptor as _on(tuned, _h100(1))
	of_quantised := {"id": "acme/x", "quantization": "none", "base": {"id": "deepseek-ai/DeepSeek-R1"}}
	not capacity.format with input.descriptor as _on(of_quantised, _h100(1))
	said := object.union(of_quantised, {"quantization": "fp8"})
	capacity.format == "fp8" with input.descriptor as _on(said, _h100(1))
}

test_what_is_said_of_a_fine_tune_comes_before_its_base if {
	grown := {"id": "acme/x", "base": {"id": "microsoft/phi-4"}, "architecture": {"parameters": 20000000000}}
	capacity.model.parameters == 20000000000 with input.descriptor as _on(grown, _h100(1))
	capacity.model.layers == 40 with input.descriptor as _on(grown, _h100(1))
	known := object.union(_phi("none"), {"architecture": {"parameters": 1000}, "base": {"id": "google/gemma-3-1b-it"}})
	capacity.model.parameters == 14700000000 with input.descriptor as _on(known, _h100(1))
}

test_a_repack_is_in_its_own_format_whatever_is_said if {
	repack := {"id": "meta-llama/Meta-Llama-3.1-405B-Instruct-FP8", "quantization": "awq", "base": {"id": "microsoft/phi-4"}}
	capacity.format == "fp8" with input.descriptor as _on(repack, _h100(8))
	capacity.model.id == "llama-3.1-405b" with input.descriptor as _on(repack, _h100(8))
	small := object.union(repack, {"id": "meta-llama/meta-llama-3.1-405b-instruct-fp8"})
	capacity.format == "fp8" with input.descriptor as _on(small, _h100(8))
}

test_a_repack_that_is_not_quantised_can_be_quantised if {
	row := {"repacks": {"acme/x-bf16": "bf16"}, "checkpoint_dtype": "fp8"}
	published := _on({"id": "acme/x-bf16", "quantization": "none"}, _h100(8))
	capacity.format == "bf16" with input.descriptor as published with input.catalogue as {"models": {"acme/x": row}}
	unsaid := _on({"id": "acme/x-bf16"}, _h100(8))
	capacity.format == "bf16" with input.descriptor as unsaid with input.catalogue as {"models": {"acme/x": row}}
	made := _on({"id": "acme/x-bf16", "quantization": "awq"}, _h100(8))
	capacity.format == "awq" with input.descriptor as made with input.catalogue as {"models": {"acme/x": row}}
}

test_a_name_that_two_models_have_for_a_repack_is_of_neither if {
	rows := {"models": {"one": {"repacks": {"acme/x": "fp8"}}, "two": {"repacks": {"acme/x": "fp8"}}}}
	not capacity.format with input.descriptor as _on({"id": "acme/x"}, _h100(1)) with input.catalogue as rows
}

# The cache.

test_a_latent_is_kept_by_each_accelerator_of_a_layer if {
	eight := _on(_r1(131072), {"type": "nvidia-h200", "count": 8})
	capacity.copies == 8 with input.descriptor as eight
	capacity.sequence == (70272 * 131072) * 8 with input.descriptor as eight
	capacity.fits == 4 with input.descriptor as eight
	pipelined := _on(_r1(131072), {"type": "nvidia-h200", "count": 8, "pipelineParallel": 8})
	capacity.copies == 1 with input.descriptor as pipelined
	capacity.fits == 33 with input.descriptor as pipelined
}

test_heads_are_kept_more_than_once_where_there_are_fewer_than_accelerators if {
	capacity.copies == 1 with input.descriptor as _on(_llama("fp8", 8192), _h100(8))
	capacity.copies == 2 with input.descriptor as _on(_llama("fp8", 8192), _h100(16))
}

test_an_expert_that_is_not_active_is_in_memory_too if {
	model := {"id": "Qwen/Qwen3-235B-A22B", "quantization": "none", "maxModelLen": 8192}
	capacity.weights == 470000000000 with input.descriptor as _on(model, _h100(8))
}

test_what_is_not_said_is_not_counted_as_nothing if {
	descriptor := _on({"id": "acme/x", "quantization": "bf16"}, _h100(1))
	not capacity.weights with input.descriptor as descriptor
	not capacity.spare with input.descriptor as descriptor
	not capacity.fits with input.descriptor as descriptor
	refit.changes == set() with input.descriptor as descriptor
	capacity.figures == {
		"format": "bf16", "accelerator": "nvidia-h100-80gb", "accelerators": 1, "ranks": 1, "memory": 80000000000,
		"utilization": 900000, "budget": 72000000000, "changes": set(),
	} with input.descriptor as descriptor
}

test_figures_beyond_a_petabyte_are_bounded if {
	huge := {"id": "acme/x", "quantization": "bf16", "architecture": {
		"parameters": 999999999999999, "layers": 999999999999999, "kvHeads": 999999999999999,
		"attentionHeads": 999999999999999, "headDim": 999999999999999, "contextLength": 999999999999999,
	}}
	accelerators := {"type": "acme-gpu", "memoryGb": 999999999, "count": 999999999999999}
	capacity.memory == 1000000000000000 with input.descriptor as _on(huge, accelerators)
	capacity.budget == 1000000000000000 with input.descriptor as _on(huge, accelerators)
	capacity.weights == 1000000000000000 with input.descriptor as _on(huge, accelerators)
	capacity.sequence == 1000000000000000 with input.descriptor as _on(huge, accelerators)
	capacity.spare == -50000000000000 with input.descriptor as _on(huge, accelerators)
	refit.changes == set() with input.descriptor as _on(huge, accelerators)
}

# What to write instead.

test_nothing_is_to_be_changed_where_it_fits if _changes(_llama("fp8", 32768), _h100(2)) == set()

test_weights_that_do_not_fit_take_a_smaller_format_or_more_accelerators if {
	_changes(_llama("bf16", 8192), _h100(2)) == {{"quantization": "fp8"}, {"count": 4, "tensorParallel": 4}}
}

test_a_sequence_that_does_not_fit_can_also_be_shorter if {
	_changes(_llama("fp8", 131072), {"type": "nvidia-h100-80gb", "count": 2, "memoryUtilization": 0.6}) == {
		{"maxModelLen": 66741},
		{"count": 4, "tensorParallel": 4},
	}
}

test_more_accelerators_are_counted_for_every_rank if {
	accelerators := {"type": "nvidia-h100-80gb", "count": 2, "dataParallel": 2}
	_changes(_llama("fp8", 32768), accelerators) == {{"count": 4, "tensorParallel": 2}}
}

test_a_smaller_format_need_not_be_one_that_the_accelerator_unpacks if {
	_changes(_llama("bf16", 8192), _a100(2)) == {{"count": 4, "tensorParallel": 4}}
}

test_a_format_that_is_not_native_gives_way_to_the_largest_that_is if {
	_changes(_phi("fp8"), _a100(1)) == {{"quantization": "bf16"}}
}

test_where_no_native_format_fits_one_is_unpacked if {
	_changes(_llama("fp8", 8192), _a100(2)) == {{"quantization": "int8"}}
	_changes(_llama("fp8", 8192), _a100(1)) == {{"quantization": "nf4"}}
}

test_where_no_format_fits_it_takes_another_and_more_accelerators if {
	model := {"id": "meta-llama/Llama-3.1-405B-Instruct", "quantization": "fp8", "maxModelLen": 8192}
	_changes(model, _a100(1)) == {{"count": 4, "tensorParallel": 4, "quantization": "awq"}}
}

test_bf16_gives_way_to_fp16_where_it_is_not_calculated_in if {
	_changes({"id": "google/gemma-3-4b-it", "quantization": "bf16", "maxModelLen": 8192}, {"type": "nvidia-t4", "count": 1}) == {{"quantization": "fp16"}}
	_changes({"id": "google/gemma-3-4b-it", "quantization": "none", "maxModelLen": 8192}, {"type": "nvidia-t4", "count": 1}) == {{"quantization": "fp16"}}
}

test_an_uneven_split_becomes_an_even_one_of_as_many if {
	_changes(_llama("fp8", 8192), _h100(3)) == {{"tensorParallel": 1, "pipelineParallel": 3}}
	_changes(_llama("fp8", 8192), _h100(16)) == {{"tensorParallel": 8, "pipelineParallel": 2}}
	_changes(_phi("bf16"), _h100(4)) == {{"tensorParallel": 2, "pipelineParallel": 2}}
}

test_an_uneven_split_of_a_format_that_is_not_native_changes_both if {
	_changes(_phi("fp8"), _a100(4)) == {{"tensorParallel": 2, "pipelineParallel": 2, "quantization": "bf16"}}
}

test_an_uneven_split_of_more_groups_than_layers_takes_fewer_accelerators if {
	_changes(_phi("bf16"), _h100(43)) == {{"count": 1, "tensorParallel": 1}}
}

test_an_uneven_split_that_does_not_fit_takes_more_accelerators_or_a_smaller_format if {
	_changes(_llama("bf16", 8192), {"type": "nvidia-a100-40gb", "count": 3}) == {{"count": 8, "tensorParallel": 8}}
	_changes(_llama("bf16", 8192), {"type": "nvidia-gh200", "count": 1, "tensorParallel": 1}) == {
		{"quantization": "fp8"},
		{"count": 2, "tensorParallel": 2},
	}
}

test_a_pipeline_has_no_more_groups_than_the_model_has_layers if {
	rows := {"accelerators": {"acme-gpu": {"vendor": "nvidia", "memory_gb": 1}}}
	gpu := {"type": "acme-gpu", "count": 1}
	short := {"id": "google/gemma-3-1b-it", "quantization": "bf16", "maxModelLen": 32768}
	_changes(short, gpu) == {{"count": 3, "tensorParallel": 1, "pipelineParallel": 3}} with input.catalogue as rows
	long := object.union(short, {"maxModelLen": 6000000})
	_changes(long, gpu) == set() with input.catalogue as rows
}

test_a_repack_is_what_it_is if {
	repack := {"id": "meta-llama/Meta-Llama-3.1-405B-Instruct-FP8", "maxModelLen": 8192}
	_changes(repack, _h100(4)) == {{"count": 8, "tensorParallel": 8}}
	_changes(repack, _a100(8)) == set()
}

test_an_engine_that_runs_nothing_there_is_no_matter_of_the_format if {
	descriptor := object.union(_on(_phi("bf16"), {"type": "amd-mi300x", "count": 1}), {"spec": {"serving": {"engine": {"name": "nim"}}}})
	compatibility.elsewhere with input.descriptor as descriptor
	refit.changes == set() with input.descriptor as descriptor
	compatibility.engines == {"sglang", "tgi", "vllm"} with input.descriptor as descriptor
}

test_a_format_that_the_engine_does_not_run_gives_way_to_one_that_it_does if {
	_changes(_phi("awq"), {"type": "amd-mi300x", "count": 1}) == {{"quantization": "bf16"}}
}

test_without_a_budget_nothing_helps if {
	_changes(_phi("bf16"), {"type": "nvidia-h100-80gb", "count": 1, "memoryUtilization": 0}) == set()
}

test_the_figures_are_what_is_known if {
	descriptor := object.union(
		_on({"id": "google/gemma-3-27b-it", "quantization": "none", "maxModelLen": 131072}, {"type": "h100", "count": 2, "dataParallel": 2}),
		{"spec": {"serving": {"maxConcurrency": 3}}},
	)
	capacity.figures == {
		"model": "gemma-3-27b", "format": "bf16", "accelerator": "nvidia-h100-80gb", "accelerators": 1, "ranks": 2,
		"memory": 80000000000, "utilization": 900000, "budget": 72000000000, "parameters": 27400000000,
		"weights": 54800000000, "overhead": 2740000000, "spare": 14460000000, "token": 507904, "beyond": 81920,
		"window": 1024, "copies": 1, "length": 131072, "sequence": 11173625856, "fits": 1, "concurrent": 2,
		"asked": 3, "longest": 171188, "needed": {"count": 2, "tensorParallel": 1}, "changes": set(),
	} with input.descriptor as descriptor
}
