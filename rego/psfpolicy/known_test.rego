package psfpolicy.known_test

import data.psfpolicy.known

_rows(rows) := {"catalogue": {"engines": rows}}

test_name_resolves_by_id if {
	found := known.resolve("engines", "vllm").id with input as {}
	found == "vllm"
}

test_name_resolves_by_an_alias_whatever_its_capitals if {
	rows := _rows({"mine": {"aliases": ["Mine-Two"]}})
	found := known.resolve("engines", "Mine-Two").id with input as rows
	other := known.resolve("engines", "mine-TWO").id with input as rows
	[found, other] == ["mine", "mine"]
}

_named(id) := {"descriptor": {"spec": {"model": {"id": id}}}}

test_hub_id_resolves_whatever_its_capitals if {
	known.model.id == "codestral-22b" with input as _named("MistralAI/codestral-22B-V0.1")
	known.model.id == "codestral-22b" with input as _named("Codestral-22B")
	not known.model with input as _named("mistralai/Codestral-22B-v0.1 ")
	not known.model with input as _named("mistralai/Codestral-22B-v0.1\u2019")
}

test_name_of_a_guard_an_adapter_or_a_licence_resolves_whatever_its_capitals if {
	spec := {
		"model": {"licence": {"id": "MIT"}, "adapters": [{"name": "MICROSOFT/phi-4"}]},
		"inputs": {"guards": [{"name": "g", "model": "META-LLAMA/llama-guard-3-8b"}]},
	}
	found := [known.resolve(table, name).id | some [table, name] in [
		["licences", "MIT"], ["models", "MICROSOFT/phi-4"], ["guards", "META-LLAMA/llama-guard-3-8b"], ["models", "META-LLAMA/llama-guard-3-8b"],
	]] with input.descriptor.spec as spec
	found == ["mit", "phi-4", "llama-guard-3-8b", "llama-guard-3-8b"]
}

test_letter_by_letter_comes_before_other_capitals if {
	rows := {"mine": {"aliases": ["Acme/Notes"]}, "other": {"aliases": ["acme/notes"]}}
	known.model.id == "other" with input as object.union(_named("acme/notes"), {"catalogue": {"models": rows}})
	not known.model with input as object.union(_named("ACME/notes"), {"catalogue": {"models": rows}})
}

test_repack_resolves_by_its_whole_name_and_no_other_does if {
	known.model.id == "gemma-3-12b" with input as _named("leon-se/gemma-3-12b-it-FP8-Dynamic")
	known.model.id == "mistral-large-2" with input as _named("mradermacher/mistral-large-instruct-2407-gguf")
	every name in [
		"acme/gemma-3-12b-it-FP8-Dynamic", "mistralai/Codestral-22B-v0.1-AWQ", "mistralai/Codestral-22B-v0.1-FP8",
		"TheBloke/Codestral-22B-v0.1-GGUF", "Codestral", "meta-llama/Llama-3.1-70B-Instruct-AWQ",
	] {
		not known.model with input as _named(name)
	}
}

test_part_of_a_name_resolves_to_nothing if {
	not known.resolve("engines", "vll") with input as {}
}

test_alias_of_two_rows_resolves_to_neither if {
	not known.resolve("engines", "both") with input as _rows({"one": {"aliases": ["both"]}, "two": {"aliases": ["both"]}})
}

test_id_comes_before_an_alias_of_another_row if {
	found := known.resolve("engines", "vllm").id with input as _rows({"mine": {"aliases": ["vllm"]}})
	found == "vllm"
}

test_country_is_said_or_that_of_the_region if {
	said := known.country({"country": "NO"}) with input as {}
	of_region := known.country({"region": "aws:eu-central-2"}) with input as {}
	[said, of_region] == ["NO", "CH"]
	not known.country({"region": "aws:eu-atlantis-1"}) with input as {}
}

test_model_is_its_own_row_or_that_of_its_base if {
	base := known.model.id with input as {"descriptor": {"spec": {"model": {"id": "acme/notes", "base": {"id": "microsoft/phi-4"}}}}}
	own := known.model.id with input as {"descriptor": {"spec": {"model": {"id": "microsoft/phi-4"}}}}
	base == own
	not known.model with input as {"descriptor": {"spec": {"model": {"id": "acme/notes"}}}}
}

test_what_is_served_on_is_known if {
	spec := {"serving": {"hosting": "on-prem", "engine": {"name": "vllm"}, "accelerators": {"type": "nvidia-h100-80gb"}}}
	found := [known.engine.id, known.hosting.self_run, known.accelerator.id] with input as {"descriptor": {"spec": spec}}
	found[0] == "vllm"
	found[1] == true
	found[2] != ""
}
