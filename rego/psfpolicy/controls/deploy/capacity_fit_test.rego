package psfpolicy.controls.deploy.capacity_fit_test

import data.psfpolicy.capacity
import data.psfpolicy.controls.deploy.capacity_fit as control
import data.psfpolicy.lib.outcome
import data.psfpolicy.refit

_section := ["spec", "serving", "accelerators"]

_on(model, accelerators) := {"spec": {
	"model": model,
	"serving": {"hosting": "on-prem", "engine": {"name": "vllm"}, "accelerators": accelerators},
}}

_h100(count) := {"type": "nvidia-h100-80gb", "count": count}

_of(id, quantization, length) := {"id": id, "quantization": quantization, "maxModelLen": length}

_llama(quantization, length) := _of("meta-llama/Llama-3.3-70B-Instruct", quantization, length)

_changed(descriptor, section, changes) := object.union(descriptor, {"spec": {section: changes}})

_is(status, descriptor) if outcome.is(control, [[_section, status]]) with input.descriptor as descriptor

_message := [finding.message | some finding in control.findings][0]

_read := {path | some finding in control.findings; some path in finding.reads}

# The verdicts on what is published, one by one.

test_fail_llama_70b_fp8_on_one_h100 if {
	descriptor := _on(_llama("fp8", 32768), _h100(1))
	_is("fail", descriptor)
	_message == concat("", [
		"`meta-llama/Llama-3.3-70B-Instruct` in `fp8` on 1 × `nvidia-h100-80gb`: ",
		"72 GB of budget (0.9 of 1 × 80 GB) less 70.6 GB of weights and 3.53 GB of overhead (5 %) is 2.13 GB too little, ",
		"and a sequence of 32768 tokens takes 10.737 GB of cache, 327680 bytes a token; ",
		"wanted: `count: 2` and `tensorParallel: 2`",
	]) with input.descriptor as descriptor
}

test_pass_llama_70b_fp8_on_two_h100 if {
	descriptor := _changed(_on(_llama("fp8", 32768), _h100(2)), "serving", {"maxConcurrency": 6})
	_is("pass", descriptor)
	control.findings == {{
		"path": _section,
		"status": "pass",
		"message": concat("", [
			"`meta-llama/Llama-3.3-70B-Instruct` in `fp8` on 2 × `nvidia-h100-80gb`: ",
			"144 GB of budget (0.9 of 2 × 80 GB) less 70.6 GB of weights and 3.53 GB of overhead (5 %) leaves 69.87 GB ",
			"for 6 sequences of 32768 tokens (each 10.737 GB of cache, 327680 bytes a token), `maxConcurrency` needs 6",
		]),
		"reads": [
			["spec", "model", "adapters"],
			["spec", "model", "draft"],
			["spec", "model", "id"],
			["spec", "model", "kvCacheDtype"],
			["spec", "model", "maxModelLen"],
			["spec", "model", "quantization"],
			["spec", "serving", "accelerators", "count"],
			["spec", "serving", "accelerators", "dataParallel"],
			["spec", "serving", "accelerators", "memoryUtilization"],
			["spec", "serving", "accelerators", "pipelineParallel"],
			["spec", "serving", "accelerators", "tensorParallel"],
			["spec", "serving", "accelerators", "type"],
			["spec", "serving", "engine", "name"],
			["spec", "serving", "hosting"],
			["spec", "serving", "maxConcurrency"],
		],
	}} with input.descriptor as descriptor
}

test_fail_llama_70b_bf16_on_two_h100 if {
	descriptor := _on(_llama("bf16", 8192), _h100(2))
	_is("fail", descriptor)
	capacity.weights == 141200000000 with input.descriptor as descriptor
	capacity.budget == 144000000000 with input.descriptor as descriptor
	refit.changes[{"quantization": "fp8"}] with input.descriptor as descriptor
}

test_pass_gemma_27b_bf16_on_one_h100 if {
	descriptor := _on(_of("google/gemma-3-27b-it", "bf16", 8192), _h100(1))
	_is("pass", descriptor)
	capacity.sequence == (1024 * 507904) + (7168 * 81920) with input.descriptor as descriptor
}

test_pass_codestral_on_one_h100 if _is("pass", _on(_of("mistralai/Codestral-22B-v0.1", "none", 32768), _h100(1)))

test_fail_qwen_72b_bf16_on_two_h100_and_pass_fp8 if {
	_is("fail", _on(_of("Qwen/Qwen2.5-72B-Instruct", "bf16", 32768), _h100(2)))
	_is("pass", _on(_of("Qwen/Qwen2.5-72B-Instruct", "fp8", 32768), _h100(2)))
}

test_pass_mistral_large_fp8_on_two_h100_and_bf16_needs_four if {
	_is("pass", _on(_of("mistralai/Mistral-Large-Instruct-2407", "fp8", 8192), _h100(2)))
	two := _on(_of("mistralai/Mistral-Large-Instruct-2407", "bf16", 8192), _h100(2))
	_is("fail", two)
	_is("pass", _on(_of("mistralai/Mistral-Large-Instruct-2407", "bf16", 8192), _h100(4)))
	refit.needed == {"count": 4, "tensorParallel": 4} with input.descriptor as two
}

test_fail_deepseek_r1_on_eight_h100_and_pass_on_eight_h200 if {
	_is("fail", _on(_of("deepseek-ai/DeepSeek-R1", "fp8", 131072), _h100(8)))
	eight := _on(_of("deepseek-ai/DeepSeek-R1", "none", 131072), {"type": "nvidia-h200", "count": 8})
	_is("pass", eight)
	capacity.token == (61 * 576) * 2 with input.descriptor as eight
	capacity.format == "fp8" with input.descriptor as eight
}

test_fail_llama_405b_on_one_h100_at_every_precision if {
	every quantization in ["none", "fp16", "bf16", "fp8", "fp4", "int8", "awq", "gptq", "nf4"] {
		_is("fail", _on(_of("meta-llama/Llama-3.1-405B-Instruct", quantization, 8192), _h100(1)))
	}
}

test_fail_phi_4_on_an_l4_and_pass_on_an_l40s if {
	_is("fail", _on(_of("microsoft/phi-4", "bf16", 16384), {"type": "nvidia-l4", "count": 1}))
	_is("pass", _on(_of("microsoft/phi-4", "bf16", 16384), {"type": "nvidia-l40s", "count": 1}))
}

# The cache.

test_partial_when_the_weights_fit_and_no_sequence_does if {
	descriptor := _on(_of("google/gemma-3-27b-it", "bf16", 131072), {"type": "h100", "count": 1, "memoryUtilization": 0.85})
	_is("partial", descriptor)
	capacity.spare < capacity.sequence with input.descriptor as descriptor
}

test_the_longest_sequence_is_the_limit if {
	at := _on(_llama("fp8", 17913), object.union(_h100(1), {"memoryUtilization": 1}))
	above := _changed(at, "model", {"maxModelLen": 17914})
	capacity.longest == 17913 with input.descriptor as at
	_is("pass", at)
	_is("partial", above)
}

test_a_cache_in_fp8_holds_twice_as_much if {
	descriptor := _changed(_on(_llama("fp8", 32768), _h100(2)), "model", {"kvCacheDtype": "fp8"})
	capacity.token == 163840 with input.descriptor as descriptor
	capacity.concurrent == 13 with input.descriptor as descriptor
}

test_without_a_length_the_model_serves_all_of_its_context if {
	descriptor := _on({"id": "microsoft/phi-4", "quantization": "bf16"}, {"type": "l40s", "count": 1})
	capacity.length == 16384 with input.descriptor as descriptor
	_is("pass", descriptor)
}

# Parallelism.

test_each_data_parallel_rank_holds_its_own_weights if {
	accelerators := {"type": "nvidia-h100-80gb", "count": 2, "tensorParallel": 1, "dataParallel": 2}
	_is("fail", _on(_llama("fp8", 8192), accelerators))
	four := {"type": "nvidia-h100-80gb", "count": 4, "tensorParallel": 2, "dataParallel": 2}
	_is("pass", _on(_llama("fp8", 32768), four))
	capacity.concurrent == 12 with input.descriptor as _on(_llama("fp8", 32768), four)
	_is("pass", _on(_llama("fp8", 32768), object.remove(four, ["tensorParallel"])))
}

test_fail_when_tensor_parallelism_does_not_divide_the_heads if {
	descriptor := _on(_llama("fp8", 8192), _h100(3))
	_is("fail", descriptor)
	contains(_message, "tensor parallelism of 3 does not divide 64 attention heads") with input.descriptor as descriptor
}

test_partial_when_tensor_parallelism_keeps_the_cache_twice if {
	_is("pass", _on(_llama("fp8", 8192), _h100(8)))
	_is("partial", _on(_llama("fp8", 8192), _h100(16)))
	pipelined := {"type": "nvidia-h100-80gb", "count": 16, "tensorParallel": 8, "pipelineParallel": 2}
	_is("pass", _on(_llama("fp8", 8192), pipelined))
}

test_more_accelerators_than_heads_can_share_are_named_as_a_pipeline if {
	descriptor := _on(_of("meta-llama/Llama-3.1-405B-Instruct", "bf16", 8192), _h100(8))
	_is("fail", descriptor)
	contains(_message, "`count: 16`, `pipelineParallel: 2` and `tensorParallel: 8`") with input.descriptor as descriptor
}

# What runs where.

test_partial_when_the_format_is_not_native if {
	_is("partial", _on(_of("microsoft/phi-4", "fp8", 16384), {"type": "nvidia-a100-80gb", "count": 1}))
	_is("pass", _on(_of("microsoft/phi-4", "bf16", 16384), {"type": "nvidia-a100-80gb", "count": 1}))
	_is("pass", _on(_of("microsoft/phi-4", "awq", 16384), {"type": "nvidia-a100-80gb", "count": 1}))
}

test_fail_when_the_engine_does_not_run_there if {
	amd := _on(_of("microsoft/phi-4", "bf16", 16384), {"type": "amd-mi300x", "count": 1})
	_is("pass", amd)
	_is("fail", _changed(amd, "serving", {"engine": {"name": "tensorrt-llm"}}))
	_is("fail", _changed(amd, "model", {"quantization": "awq"}))
	_is("partial", _changed(amd, "model", {"quantization": "fp4"}))
}

test_partial_when_it_is_not_known_whether_the_engine_runs_there if {
	descriptor := _on(_of("microsoft/phi-4", "bf16", 16384), {"type": "nvidia-l40s", "count": 1})
	_is("partial", _changed(descriptor, "serving", {"engine": {"name": "llama-cpp"}}))
	_is("partial", _changed(descriptor, "serving", {"engine": {"name": "other"}}))
	_is("partial", object.union(
		object.remove(descriptor, ["spec"]),
		{"spec": {"model": descriptor.spec.model, "serving": object.remove(descriptor.spec.serving, ["engine"])}},
	))
}

test_an_engine_of_the_provider_need_not_be_named if {
	serving := {"hosting": "cloud-managed", "accelerators": {"type": "nvidia-l40s", "count": 1}}
	_is("pass", {"spec": {"model": _of("microsoft/phi-4", "bf16", 16384), "serving": serving}})
}

# What is not known.

_size := {"parameters": 14700000000, "layers": 40, "kvHeads": 10, "attentionHeads": 40, "headDim": 128, "contextLength": 16384}

test_partial_for_an_unknown_model_names_the_facts if {
	descriptor := _on({"id": "acme/x", "quantization": "bf16"}, {"type": "nvidia-l40s", "count": 1})
	_is("partial", descriptor)
	_message == concat("", [
		"`acme/x` in `bf16` on 1 × `nvidia-l40s`: whether it fits is not known; wanted: `headDim`, `kvHeads`, `layers` and `parameters` ",
		"of `acme/x` (`spec.model.architecture`, `spec.model.base`, or a row of `models` in your catalogue) and `spec.model.maxModelLen`",
	]) with input.descriptor as descriptor
	_read[["spec", "model", "architecture", "layers"]] with input.descriptor as descriptor
	_read[["spec", "model", "base", "id"]] with input.descriptor as descriptor
}

test_the_architecture_supplies_what_the_catalogue_lacks if {
	model := {"id": "acme/x", "quantization": "bf16", "architecture": _size}
	_is("pass", _on(model, {"type": "nvidia-l40s", "count": 1}))
	_is("fail", _on(model, {"type": "nvidia-l4", "count": 1}))
}

test_the_architecture_does_not_shrink_a_model_that_is_known if {
	tiny := {"parameters": 1000, "layers": 1, "kvHeads": 1, "headDim": 1}
	_is("fail", _changed(_on(_llama("fp8", 32768), _h100(1)), "model", {"architecture": tiny}))
}

test_memory_that_is_said_does_not_enlarge_an_accelerator_that_is_known if {
	_is("fail", _on(_llama("fp8", 32768), object.union(_h100(1), {"memoryGb": 1000})))
}

test_memory_that_is_said_of_a_part_of_one_counts if {
	descriptor := _on(_of("microsoft/phi-4", "bf16", 16384), object.union(_h100(1), {"memoryGb": 20}))
	_is("fail", descriptor)
	_said(descriptor, "18 GB of budget (0.9 of 1 × 20 GB)")
	_read[["spec", "serving", "accelerators", "memoryGb"]] with input.descriptor as descriptor
}

test_partial_on_an_unknown_accelerator_even_with_memory_that_is_said if {
	descriptor := _on(_of("microsoft/phi-4", "bf16", 16384), {"type": "acme-gpu", "count": 1, "memoryGb": 47.5})
	_is("partial", descriptor)
	capacity.memory == 47500000000 with input.descriptor as descriptor
	contains(_message, "leaves 11.88 GB for 3 sequences") with input.descriptor as descriptor
	_is("fail", _changed(descriptor, "serving", {"accelerators": {"memoryGb": 24}}))
}

test_rows_of_the_user_supply_what_is_not_known if {
	descriptor := _on(_of("microsoft/phi-4", "bf16", 16384), {"type": "acme-gpu", "count": 1})
	_is("partial", descriptor)
	_is("pass", descriptor) with input.catalogue as {"accelerators": {"acme-gpu": {"vendor": "nvidia", "memory_gb": 48}}}
}

test_partial_for_a_format_without_a_figure if {
	descriptor := _on(_of("microsoft/phi-4", "gguf", 16384), {"type": "nvidia-l40s", "count": 1})
	_is("partial", descriptor)
	contains(_message, "the bytes of a weight in `gguf`") with input.descriptor as descriptor
}

test_partial_when_the_format_is_not_said if {
	_is("partial", _on({"id": "microsoft/phi-4", "maxModelLen": 16384}, {"type": "nvidia-l40s", "count": 1}))
}

test_a_repack_brings_its_own_format if {
	repack := "meta-llama/Meta-Llama-3.1-405B-Instruct-FP8"
	descriptor := _on({"id": repack, "maxModelLen": 8192}, {"type": "nvidia-h200", "count": 8})
	capacity.format == "fp8" with input.descriptor as descriptor
	_is("pass", descriptor)
	_is("pass", _changed(descriptor, "model", {"quantization": "none"}))
	_is("partial", _changed(descriptor, "model", {"quantization": "awq"}))
}

test_partial_when_the_accelerators_are_not_said if {
	_is("partial", _on(_llama("fp8", 8192), {"count": 2}))
	_is("partial", _on(_llama("fp8", 8192), {"type": "nvidia-h100-80gb"}))
}

test_numbers_beyond_reason_are_bounded if {
	huge := {"id": "acme/x", "quantization": "bf16", "architecture": {
		"parameters": 100000000000000000, "layers": 1000000000, "kvHeads": 1000000000,
		"attentionHeads": 1000000000, "headDim": 1000000000, "contextLength": 1000000000,
	}}
	_is("fail", _on(huge, _h100(1000000000)))
}

test_not_applicable_on_machines_of_someone_else if {
	every hosting in ["managed-inference", "provider-hosted", "hosted-api"] {
		outcome.not_applicable(control, _section) with input.descriptor as {"spec": {"serving": {"hosting": hosting}}}
	}
}

test_absent_facts_are_partial if {
	_is("partial", {})
	_is("partial", {"spec": {}})
	_is("partial", {"spec": {"model": {"id": "microsoft/phi-4"}, "serving": {"hosting": "on-prem"}}})
}

test_without_a_count_the_parallelisms_say_how_many if {
	accelerators := {"type": "nvidia-h100-80gb", "tensorParallel": 2, "pipelineParallel": 2}
	descriptor := _on(_llama("fp8", 32768), accelerators)
	_is("pass", descriptor)
	capacity.accelerators == 4 with input.descriptor as descriptor
}

test_fewer_sequences_than_are_wanted_are_said_and_pass if {
	descriptor := _changed(_on(_llama("fp8", 32768), _h100(2)), "serving", {"maxConcurrency": 7})
	_is("pass", descriptor)
	contains(_message, "for 6 sequences of 32768 tokens") with input.descriptor as descriptor
	endswith(_message, ", `maxConcurrency` needs 7") with input.descriptor as descriptor
}

test_partial_when_the_format_as_published_is_not_known if {
	model := {"id": "acme/x", "quantization": "none", "architecture": _size}
	descriptor := _on(model, {"type": "nvidia-l40s", "count": 1})
	_is("partial", descriptor)
	contains(_message, "the format of `acme/x` as published") with input.descriptor as descriptor
}

test_partial_when_it_is_not_known_whether_the_format_is_native if {
	descriptor := _on(_of("microsoft/phi-4", "fp8", 16384), {"type": "acme-gpu", "count": 1})
	rows := {"accelerators": {"acme-gpu": {"vendor": "nvidia", "memory_gb": 48}}}
	_is("partial", descriptor) with input.catalogue as rows
	wanted := "wanted: whether `acme-gpu` calculates in `fp8` (a row of `accelerators` in your catalogue)"
	endswith(_message, wanted) with input.descriptor as descriptor with input.catalogue as rows
}

test_weights_in_32_bits_are_first_shrunk_to_16 if {
	row := {"parameters": 14700000000, "layers": 40, "kv_heads": 10, "attention_heads": 40, "head_dim": 128, "checkpoint_dtype": "fp32"}
	descriptor := _on(_of("acme/x", "none", 16384), {"type": "nvidia-l40s", "count": 1})
	_is("fail", descriptor) with input.catalogue as {"models": {"acme/x": row}}
	refit.changes[{"quantization": "bf16"}] with input.descriptor as descriptor with input.catalogue as {"models": {"acme/x": row}}
}

test_a_model_of_one_head_needs_a_pipeline if {
	descriptor := _on(_of("google/gemma-3-1b-it", "bf16", 512), {"type": "acme-gpu", "count": 1})
	rows := {"accelerators": {"acme-gpu": {"vendor": "nvidia", "memory_gb": 1}}}
	endswith(_message, "wanted: `count: 3`, `pipelineParallel: 3` and `tensorParallel: 1`") with input.descriptor as descriptor with input.catalogue as rows
}

_said(descriptor, phrase) if contains(_message, phrase) with input.descriptor as descriptor

_wanted(descriptor, phrase) if endswith(_message, concat("", ["; wanted: ", phrase])) with input.descriptor as descriptor

test_partial_when_tensor_parallelism_does_not_divide_the_kv_heads if {
	descriptor := _on(_of("microsoft/phi-4", "bf16", 16384), {"type": "nvidia-l40s", "count": 4})
	_is("partial", descriptor)
	_said(descriptor, "tensor parallelism of 4 does not divide 10 KV heads, of which some are then kept more than once")
	_wanted(descriptor, "`pipelineParallel: 2` and `tensorParallel: 2`")
}

test_fail_names_the_engines_that_run_there if {
	serving := {"engine": {"name": "nim"}}
	descriptor := _changed(_on(_of("microsoft/phi-4", "bf16", 16384), {"type": "amd-mi300x", "count": 1}), "serving", serving)
	_is("fail", descriptor)
	_wanted(descriptor, "an engine that runs there, `sglang`, `tgi` or `vllm`")
}

test_fail_where_no_engine_that_is_known_runs_the_format_there if {
	serving := {"engine": {"name": "nim"}}
	descriptor := _changed(_on(_of("microsoft/phi-4", "gguf", 16384), {"type": "intel-gaudi-3", "count": 1}), "serving", serving)
	_is("fail", descriptor)
	_said(descriptor, "wanted: other weights, or other accelerators and the bytes of a weight in `gguf`")
}

test_fail_where_more_accelerators_would_not_help_the_engine if {
	serving := {"engine": {"name": "tensorrt-llm"}}
	descriptor := _changed(_on(_of("microsoft/phi-4", "nf4", 16384), {"type": "amd-mi300a", "count": 3}), "serving", serving)
	_is("fail", descriptor)
	_wanted(descriptor, "other weights, or other accelerators")
}

test_partial_for_a_repack_that_the_accelerator_does_not_calculate_in if {
	descriptor := _on({"id": "meta-llama/Meta-Llama-3.1-405B-Instruct-FP8", "maxModelLen": 8192}, {"type": "a100-80gb", "count": 8})
	_is("partial", descriptor)
	_wanted(descriptor, "other weights, or other accelerators")
}

test_fail_without_a_budget if {
	descriptor := _on(_of("microsoft/phi-4", "bf16", 16384), object.union(_h100(1), {"memoryUtilization": 0}))
	_is("fail", descriptor)
	_wanted(descriptor, "a budget above 0 (`memoryUtilization`, `memoryGb`)")
}

test_pass_with_all_of_the_memory if {
	_is("pass", _on(_llama("fp8", 8192), object.union(_h100(1), {"memoryUtilization": 1})))
	_is("fail", _on(_llama("fp8", 8192), object.union(_h100(1), {"memoryUtilization": 0.9})))
}

test_adapters_are_noted_and_pass if {
	descriptor := _changed(_on(_llama("fp8", 8192), _h100(2)), "model", {"adapters": [{"name": "a"}, {"name": "b"}]})
	_is("pass", descriptor)
	_said(descriptor, "; note: the weights of the adapters (2) are not counted")
	_is("pass", _changed(descriptor, "model", {"adapters": []}))
	not _said(_changed(descriptor, "model", {"adapters": []}), "note")
}

test_a_model_that_drafts_is_noted_and_passes if {
	descriptor := _changed(_on(_llama("fp8", 8192), _h100(2)), "model", {"draft": {"id": "meta-llama/Llama-3.1-8B-Instruct"}})
	_is("pass", descriptor)
	_said(descriptor, "; note: the weights of `meta-llama/Llama-3.1-8B-Instruct`, which drafts for it, are not counted")
}

test_the_message_counts_in_each_rank_and_in_all if {
	accelerators := {"type": "nvidia-h100-80gb", "count": 4, "tensorParallel": 2, "dataParallel": 2}
	descriptor := _on(_llama("fp8", 131072), accelerators)
	_is("pass", descriptor)
	_message == concat("", [
		"`meta-llama/Llama-3.3-70B-Instruct` in `fp8` on 2 × `nvidia-h100-80gb` in each of 2 ranks: ",
		"144 GB of budget (0.9 of 2 × 80 GB) less 70.6 GB of weights and 3.53 GB of overhead (5 %) leaves 69.87 GB ",
		"for 1 sequence of 131072 tokens (each 42.95 GB of cache, 327680 bytes a token), 2 in all ranks",
	]) with input.descriptor as descriptor
}

test_the_message_counts_the_copies_of_the_cache if {
	descriptor := _on(_of("deepseek-ai/DeepSeek-R1", "none", 131072), {"type": "nvidia-h200", "count": 8})
	_said(descriptor, "for 4 sequences of 131072 tokens (each 73.686 GB of cache, 8 × 70272 bytes a token)")
}

test_the_message_counts_within_a_window_and_beyond if {
	descriptor := _on(_of("google/gemma-3-27b-it", "bf16", 8192), _h100(1))
	_said(descriptor, "(each 1.107 GB of cache, 507904 bytes a token and 81920 beyond 1024)")
	_said(_on(_of("google/gemma-3-27b-it", "bf16", 1024), _h100(1)), "(each 0.52 GB of cache, 507904 bytes a token)")
}

test_partial_says_that_no_sequence_fits if {
	descriptor := _on(_of("google/gemma-3-27b-it", "bf16", 131072), object.union(_h100(1), {"memoryUtilization": 0.8}))
	_is("partial", descriptor)
	_said(descriptor, "leaves 6.46 GB for no sequence of 131072 tokens")
	_wanted(descriptor, "`count: 2` and `tensorParallel: 2`, or `maxModelLen: 73532`, or `quantization: fp8`")
}

test_a_row_of_the_user_is_a_slice_of_an_accelerator if {
	descriptor := _on(_of("google/gemma-3-4b-it", "bf16", 8192), {"type": "nvidia-h100-mig-2g-20gb", "count": 1})
	_is("partial", descriptor)
	rows := {"accelerators": {"nvidia-h100-mig-2g-20gb": {"vendor": "nvidia", "memory_gb": 20, "fp8_native": true, "fp4_native": false}}}
	_is("pass", descriptor) with input.catalogue as rows
}

test_partial_on_an_accelerator_that_does_not_calculate_in_bf16 if {
	descriptor := _on(_of("google/gemma-3-4b-it", "none", 8192), {"type": "nvidia-t4", "count": 1})
	_is("partial", descriptor)
	_said(descriptor, "`nvidia-t4` does not calculate in `bf16`")
	_is("pass", _changed(descriptor, "model", {"quantization": "fp16"}))
}

test_partial_for_a_fine_tune_of_quantised_weights_that_does_not_say_its_format if {
	tuned := {"id": "acme/x", "base": {"id": "deepseek-ai/DeepSeek-R1"}, "quantization": "none", "maxModelLen": 8192}
	descriptor := _on(tuned, {"type": "nvidia-h200", "count": 8})
	_is("partial", descriptor)
	_wanted(descriptor, "the format of `acme/x` as published (another `spec.model.quantization` than `none`)")
	_is("pass", _changed(descriptor, "model", {"quantization": "fp8"}))
}

# Longer than the model itself.

test_a_length_beyond_what_the_model_takes_is_noted if {
	descriptor := _on(_llama("fp8", 131073), _h100(4))
	_is("pass", descriptor)
	_said(descriptor, "; note: the model takes 131072 tokens, and engines refuse a longer `maxModelLen` unless told otherwise")
	not _said(_changed(descriptor, "model", {"maxModelLen": 131072}), "note")
}

test_the_scaling_that_its_maker_documents_is_noted if {
	descriptor := _on(_of("Qwen/Qwen2.5-72B-Instruct", "fp8", 131072), _h100(2))
	_is("pass", descriptor)
	_said(descriptor, "; note: beyond 32768 tokens it needs the scaling that the model's maker documents")
	_said(_changed(descriptor, "model", {"maxModelLen": 131073}), "; note: the model takes 131072 tokens")
	not _said(_changed(descriptor, "model", {"maxModelLen": 32768}), "note")
}

test_a_shorter_length_is_never_advised_beyond_what_the_model_takes if {
	descriptor := _on(_of("microsoft/phi-4", "bf16", 1000000), {"type": "nvidia-l40s", "count": 1})
	_is("partial", descriptor)
	refit.changes[{"maxModelLen": 16384}] with input.descriptor as descriptor
}
