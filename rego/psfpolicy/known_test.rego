package psfpolicy.known_test

import data.psfpolicy.known

_rows(rows) := {"catalogue": {"engines": rows}}

test_name_resolves_by_id if {
	found := known.resolve("engines", "vllm").id with input as {}
	found == "vllm"
}

test_name_resolves_by_an_alias_as_it_is_written if {
	rows := _rows({"mine": {"aliases": ["Mine-Two"]}})
	found := known.resolve("engines", "Mine-Two").id with input as rows
	found == "mine"
	not known.resolve("engines", "mine-two") with input as rows
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
