package psfpolicy.controls.vendor.licence_use_test

import data.psfpolicy.controls.vendor.licence_use as control
import data.psfpolicy.lib.outcome

_model := ["spec", "model", "id"]

_guard := ["spec", "inputs", "guards", 0]

_named := [_model, ["spec", "model", "licence", "id"], ["spec", "model", "licence", "commercialAgreement"]]

_llama := "meta-llama/Llama-3.1-70B-Instruct"

_codestral := "mistralai/Codestral-22B-v0.1"

_deployed(model, purpose) := _run({"id": model}, purpose)

_run(model, purpose) := {"metadata": {"environment": "production"}, "spec": {"purpose": purpose, "model": model}}

_deciding(model, decisions) := {
	"metadata": {"environment": "production"},
	"spec": {"model": {"id": model}, "oversight": {"decisions": decisions}},
}

test_pass_with_a_licence_that_permits_everything if {
	control.findings == {{
		"path": _model,
		"status": "pass",
		"message": "`microsoft/phi-4` is under MIT License, which permits this use",
		"reads": _named,
	}} with input.descriptor as _deployed("microsoft/phi-4", {"use": "commercial", "sectors": ["defence"]})
}

test_pass_with_llama_in_healthcare if {
	outcome.is(control, [[_model, "pass"]]) with input.descriptor as _deployed(_llama, {"use": "commercial", "sectors": ["healthcare"]})
}

test_fail_with_codestral_in_commercial_use if {
	control.findings == {{
		"path": _model,
		"status": "fail",
		"message": concat("", [
			"`mistralai/Codestral-22B-v0.1` is under Mistral AI Non-Production License 0.1 (MNPL), which does not permit the ",
			"environment `production` and permits the use `evaluation` or `research` and not `commercial`; ",
			"wanted: another model, or an agreement in `spec.model.licence.commercialAgreement`",
		]),
		"reads": array.concat(_named, [
			["metadata", "environment"],
			["spec", "data", "categories"],
			["spec", "oversight", "decisions"],
			["spec", "purpose", "sectors"],
			["spec", "purpose", "use"],
			["spec", "regimes"],
		]),
	}} with input.descriptor as _deployed(_codestral, {"use": "commercial"})
}

test_fail_with_codestral_evaluated_in_production if {
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as _deployed(_codestral, {"use": "evaluation"})
}

test_pass_with_codestral_evaluated_in_staging if {
	outcome.is(control, [[_model, "pass"]]) with input.descriptor as {
		"metadata": {"environment": "staging"},
		"spec": {"purpose": {"use": "evaluation"}, "model": {"id": _codestral}},
	}
}

test_fail_with_mistral_large_2_in_commercial_use if {
	model := "mistralai/Mistral-Large-Instruct-2407"
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as _deployed(model, {"use": "commercial"})
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as _deployed(model, {"use": "internal"})
}

test_pass_with_mistral_large_2_under_an_agreement if {
	model := {"id": "mistralai/Mistral-Large-Instruct-2407", "licence": {"commercialAgreement": "legal/mistral.pdf"}}
	outcome.is(control, [[_model, "pass"]]) with input.descriptor as _run(model, {"use": "commercial"})
}

test_fail_with_an_agreement_that_is_none if {
	model := {"id": _codestral, "licence": {"commercialAgreement": "none"}}
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as _run(model, {"use": "commercial"})
}

test_fail_with_codestral_declared_to_be_under_another_licence if {
	model := {"id": _codestral, "licence": {"id": "mit"}}
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as _run(model, {"use": "commercial"})
}

test_fail_with_llama_for_defence if {
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as _deployed(_llama, {"use": "commercial", "sectors": ["defence"]})
	sectors := ["critical-infrastructure"]
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as _deployed(_llama, {"use": "commercial", "sectors": sectors})
}

test_fail_with_deepseek_v3_for_defence if {
	purpose := {"use": "commercial", "sectors": ["defence"]}
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as _deployed("deepseek-ai/DeepSeek-V3", purpose)
}

test_fail_with_llama_under_itar if {
	outcome.is(control, [[_model, "fail"]]) with input.descriptor.spec as {
		"regimes": ["itar"],
		"purpose": {"use": "internal", "sectors": ["general"]},
		"model": {"id": _llama},
	}
	outcome.is(control, [[_model, "fail"]]) with input.descriptor.spec as {
		"data": {"categories": ["export-controlled"]},
		"purpose": {"use": "internal", "sectors": ["general"]},
		"model": {"id": _llama},
	}
}

test_fail_with_multimodal_llama_4_and_a_principal_place_in_the_eu if {
	scout := "meta-llama/Llama-4-Scout-17B-16E-Instruct"
	here := {"sectors": ["general"], "organisation": {"principalPlace": "DE"}}
	there := {"sectors": ["general"], "organisation": {"principalPlace": "NO"}}
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as _deployed(scout, here)
	outcome.is(control, [[_model, "pass"]]) with input.descriptor as _deployed(scout, there)
	outcome.is(control, [[_model, "partial"]]) with input.descriptor as _deployed(scout, {"sectors": ["general"]})
}

test_pass_with_llama_3_3_that_takes_text_alone_in_the_eu if {
	purpose := {"sectors": ["general"], "organisation": {"principalPlace": "DE"}}
	outcome.is(control, [[_model, "pass"]]) with input.descriptor as _deployed("meta-llama/Llama-3.3-70B-Instruct", purpose)
}

test_partial_with_a_llama_licence_in_the_eu_and_a_model_that_is_not_known if {
	model := {"id": "acme/eyes", "licence": {"id": "llama-4-community"}}
	purpose := {"sectors": ["general"], "organisation": {"principalPlace": "DE"}}
	outcome.is(control, [[_model, "partial"]]) with input.descriptor as _run(model, purpose)
}

test_fail_with_deepseeks_first_licence_and_automated_adverse_decisions if {
	loan := {"name": "loan", "autonomy": "L2", "affectsRights": true}
	v3 := "deepseek-ai/DeepSeek-V3"
	without := {"name": "loan", "autonomy": "L2"}
	below := {"name": "loan", "autonomy": "L1", "affectsRights": true}
	rightless := {"name": "loan", "autonomy": "L4", "affectsRights": false}
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as object.union(_deciding(v3, [loan]), _general)
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as object.union(_deciding(v3, [without]), _general)
	outcome.is(control, [[_model, "pass"]]) with input.descriptor as object.union(_deciding(v3, [below]), _general)
	outcome.is(control, [[_model, "pass"]]) with input.descriptor as object.union(_deciding(v3, [rightless]), _general)
	outcome.is(control, [[_model, "pass"]]) with input.descriptor as object.union(_deciding(v3, []), _general)
	outcome.is(control, [[_model, "pass"]]) with input.descriptor as _deciding("deepseek-ai/DeepSeek-R1", [loan])
}

_general := {"spec": {"purpose": {"sectors": ["general"]}}}

test_partial_with_deepseeks_first_licence_and_no_decisions if {
	outcome.is(control, [[_model, "partial"]]) with input.descriptor as _deployed("deepseek-ai/DeepSeek-V3", {"sectors": ["general"]})
}

test_partial_when_the_use_is_not_said if {
	outcome.is(control, [[_model, "partial"]]) with input.descriptor as {
		"metadata": {"environment": "staging"},
		"spec": {"model": {"id": _codestral}},
	}
}

test_partial_when_the_sectors_are_not_said if {
	outcome.is(control, [[_model, "partial"]]) with input.descriptor as _deployed(_llama, {"use": "commercial"})
}

test_partial_with_gemma_for_defence_of_which_nothing_is_known if {
	purpose := {"sectors": ["defence"]}
	spec := object.union(_deployed("google/gemma-3-27b-it", purpose), {"spec": {"oversight": {"decisions": []}}})
	outcome.is(control, [[_model, "partial"]]) with input.descriptor as spec
}

test_partial_with_a_licence_that_is_not_known if {
	control.findings == {{
		"path": _model,
		"status": "partial",
		"message": concat("; ", [
			"`acme/notes` is under a licence that the catalogue does not know",
			"wanted: `spec.model.licence.id` or `spec.model.base`, as the catalogue or your own knows them",
		]),
		"reads": _named,
	}} with input.descriptor.spec.model.id as "acme/notes"
}

test_pass_with_a_licence_of_the_users_own_catalogue if {
	row := {
		"title": "Acme", "uses": ["commercial", "internal", "research", "evaluation"], "forbidden_sectors": [],
		"forbids_itar": false, "forbids_automated_adverse_decisions": false,
	}
	outcome.is(control, [[_model, "pass"]]) with input as {
		"descriptor": {"spec": {"model": {"id": "acme/notes", "licence": {"id": "acme"}}}},
		"catalogue": {"licences": {"acme": row}},
	}
}

test_fail_with_a_fine_tune_of_codestral if {
	path := ["spec", "model", "base", "id"]
	model := {"id": "acme/code", "base": {"id": _codestral}}
	outcome.is(control, [[path, "fail"]]) with input.descriptor as _run(model, {"use": "commercial"})
	declared := object.union(model, {"licence": {"id": "mit"}})
	outcome.is(control, [[_model, "pass"], [path, "fail"]]) with input.descriptor as _run(declared, {"use": "commercial"})
}

test_fail_with_a_distill_of_llama_for_defence if {
	model := "deepseek-ai/DeepSeek-R1-Distill-Llama-70B"
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as _deployed(model, {"sectors": ["defence"]})
}

test_fail_with_a_guard_whose_licence_forbids_the_sector if {
	outcome.is(control, [[_model, "pass"], [_guard, "fail"]]) with input.descriptor.spec as {
		"purpose": {"sectors": ["defence"]},
		"model": {"id": "microsoft/phi-4"},
		"inputs": {"guards": [{"name": "g", "model": "meta-llama/Llama-Guard-3-8B"}]},
	}
}

test_fail_with_a_fallback_whose_licence_forbids_the_use if {
	outcome.is(control, [[_model, "pass"], [["spec", "vendor", "fallbacks", 0], "fail"]]) with input.descriptor.spec as {
		"purpose": {"use": "commercial"},
		"model": {"id": "microsoft/phi-4"},
		"vendor": {"fallbacks": [{"name": "f", "model": _codestral}, {"name": "g", "model": "gpt-5"}, {"name": "h"}]},
	}
}

test_fail_with_a_guard_under_a_licence_that_no_agreement_replaces if {
	outcome.is(control, [[_model, "pass"], [_guard, "fail"]]) with input.descriptor.spec as {
		"purpose": {"sectors": ["defence"]},
		"model": {"id": _llama, "licence": {"commercialAgreement": "legal/meta.pdf"}},
		"inputs": {"guards": [{"name": "g", "model": "meta-llama/Llama-Prompt-Guard-2-86M"}]},
	}
}

test_partial_with_an_adapter_of_which_nothing_is_known if {
	path := ["spec", "model", "adapters", 0]
	model := {"id": "microsoft/phi-4", "adapters": [{"name": "notes", "source": "acme/notes-lora"}]}
	outcome.is(control, [[_model, "pass"], [path, "partial"]]) with input.descriptor.spec.model as model
}

test_pass_with_a_guard_that_is_a_library if {
	outcome.is(control, [[_model, "pass"]]) with input.descriptor.spec as {
		"model": {"id": "microsoft/phi-4"},
		"inputs": {"guards": [{"name": "g", "model": "presidio"}]},
	}
}

test_fail_with_a_guard_before_a_hosted_api if {
	outcome.is(control, [[_guard, "fail"]]) with input.descriptor.spec as {
		"purpose": {"sectors": ["defence"]},
		"model": {"id": "gpt-5"},
		"serving": {"hosting": "hosted-api"},
		"inputs": {"guards": [{"name": "g", "model": "meta-llama/Llama-Guard-3-8B"}]},
	}
}

test_not_applicable_behind_a_hosted_api if {
	outcome.not_applicable(control, _model) with input.descriptor.spec as {
		"model": {"id": _codestral},
		"serving": {"hosting": "hosted-api"},
	}
}

test_absent_model_is_partial_by_its_name if {
	outcome.is(control, [[_model, "partial"]]) with input.descriptor.spec.model as {"id": "acme/notes"}
}
