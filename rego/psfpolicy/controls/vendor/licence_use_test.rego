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
	{finding | some finding in control.findings} == {{
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
	{finding | some finding in control.findings} == {{
		"path": _model,
		"status": "fail",
		"message": concat("", [
			"`mistralai/Codestral-22B-v0.1` is under Mistral AI Non-Production License 0.1 (MNPL), which does not permit the ",
			"environment `production` and permits the use `evaluation` or `research` and not `commercial`; ",
			"wanted: another model, or an agreement in force with Mistral AI in `spec.model.licence.commercialAgreement`",
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

_large := "mistralai/Mistral-Large-Instruct-2407"

# Mistral Large 2 in commercial use, with an agreement that is named, and the parties and agreements of kind `licence`.
_agreed(parties, listed) := {
	"metadata": {"environment": "production"},
	"spec": {
		"parties": parties,
		"purpose": {"use": "commercial"},
		"model": {"id": _large, "licence": {"commercialAgreement": "legal/mistral.pdf"}},
		"vendor": {"agreements": [object.union({"kind": "licence", "ref": "legal/mistral.pdf"}, one) | some one in listed]},
	},
}

_on(day, status, descriptor) if outcome.is(control, [[_model, status]]) with input.today as day with input.descriptor as descriptor

test_pass_to_the_last_day_of_an_agreement_with_the_licensor if {
	listed := [{"with": "mistral", "expires": "2026-11-21"}]
	_on("2026-11-20", "pass", _agreed([], listed))
	_on("2026-11-21", "pass", _agreed([], listed))
	_on("2026-11-22", "fail", _agreed([], listed))
	_on("2026-11-22", "pass", _agreed([], [{"with": "mistral"}]))
}

test_fail_says_when_the_agreement_ended if {
	[finding] := [one | some one in control.findings] with input.today as "2026-11-22"
		with input.descriptor as _agreed([], [{"with": "mistral", "expires": "2026-11-21"}])
	finding.message == concat("", [
		"`mistralai/Mistral-Large-Instruct-2407` is under Mistral AI Research License 0.1 (MRL), which does not permit the ",
		"environment `production` and permits the use `research` and not `commercial`; the `licence` with `mistral` ended yesterday; ",
		"wanted: another model, or an agreement in force with Mistral AI in `spec.model.licence.commercialAgreement`",
	])
}

test_fail_with_an_agreement_with_another_licensor if {
	today := "2026-11-21"
	_on(today, "fail", _agreed([{"id": "meta", "name": "Meta Platforms, Inc."}], [{"with": "meta"}]))
	_on(today, "fail", _agreed([{"id": "m", "name": "Mistralis GmbH"}], [{"with": "m"}]))
	_on(today, "fail", _agreed([{"id": "other", "name": "Mistral AI SAS"}], [{"with": "m"}]))
}

test_pass_with_a_licensor_by_the_name_of_its_party if {
	_on("2026-11-21", "pass", _agreed([{"id": "m", "name": "MISTRAL AI SAS"}], [{"with": "m"}]))
	_on("2026-11-21", "pass", _agreed([{"id": "mistral-ai"}], [{"with": "mistral-ai"}]))
}

test_fail_with_an_agreement_without_a_reference if {
	_on("2026-11-21", "fail", _agreed([], [{"with": "mistral", "ref": "tbd"}]))
}

test_fail_with_an_agreement_that_is_listed_and_not_named if {
	descriptor := object.union(_agreed([], [{"with": "mistral"}]), {"spec": {"model": {"licence": {"commercialAgreement": "none"}}}})
	_on("2026-11-21", "fail", descriptor)
}

test_an_agreement_with_one_licensor_leaves_the_licence_of_another if {
	base := ["spec", "model", "base", "id"]
	purpose := {"use": "commercial", "sectors": ["defence"]}
	model := {"id": "acme/merge", "base": {"id": _llama}, "licence": {"id": "mrl", "commercialAgreement": "legal/mistral.pdf"}}
	outcome.is(control, [[_model, "fail"], [base, "fail"]]) with input.descriptor as _run(model, purpose)
	listed := {"spec": {"vendor": {"agreements": [{"kind": "licence", "with": "mistral", "ref": "legal/mistral.pdf"}]}}}
	outcome.is(control, [[_model, "pass"], [base, "fail"]]) with input.today as "2026-11-21"
		with input.descriptor as object.union(_run(model, purpose), listed)
}

test_an_agreement_stands_in_the_place_of_a_licence_that_is_not_known if {
	model := {"id": "acme/notes", "licence": {"commercialAgreement": "legal/acme.pdf"}}
	outcome.is(control, [[_model, "pass"]]) with input.descriptor as _run(model, {})
	ended := {"agreements": [{"kind": "licence", "with": "acme", "ref": "legal/acme.pdf", "expires": "2026-11-20"}]}
	outcome.is(control, [[_model, "partial"]]) with input.today as "2026-11-21"
		with input.descriptor as object.union(_run(model, {}), {"spec": {"vendor": ended}})
}

test_fail_with_other_capitals if {
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as _deployed("MistralAI/codestral-22b-v0.1", {"use": "commercial"})
}

test_partial_with_a_repack_that_is_only_similar if {
	repack := "acme/Codestral-22B-v0.1-AWQ"
	outcome.is(control, [[_model, "partial"]]) with input.descriptor as _deployed(repack, {"use": "commercial"})
	based := {"id": repack, "base": {"id": _codestral}}
	outcome.is(control, [[["spec", "model", "base", "id"], "fail"]]) with input.descriptor as _run(based, {"use": "commercial"})
}

test_fail_with_a_repack_that_is_known if {
	repack := "bartowski/Mistral-Large-Instruct-2407-GGUF"
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as _deployed(repack, {"use": "commercial"})
}

test_partial_with_a_smaller_model_that_nobody_names if {
	fallback := ["spec", "vendor", "fallbacks", 0]
	outcome.is(control, [[_model, "pass"], [fallback, "partial"]]) with input.descriptor.spec as {
		"model": {"id": "microsoft/phi-4"},
		"vendor": {"fallbacks": [{"name": "f", "kind": "smaller-model"}, {"name": "g", "kind": "degraded-mode"}]},
	}
}

test_partial_with_a_model_that_its_maker_alone_offers_and_that_is_said_to_run_here if {
	spec := {"model": {"id": "gpt-5"}, "serving": {"hosting": "on-prem"}}
	outcome.is(control, [[_model, "partial"]]) with input.descriptor.spec as spec
	outcome.not_applicable(control, _model) with input.descriptor.spec as object.union(spec, {"serving": {"hosting": "provider-hosted"}})
}

test_not_applicable_to_a_fine_tune_of_a_model_that_its_maker_alone_offers if {
	spec := {"model": {"id": "acme/gpt", "base": {"id": "gpt-4.1"}}, "serving": {"hosting": "provider-hosted"}}
	outcome.not_applicable(control, _model) with input.descriptor.spec as spec
}

test_pass_with_guards_of_llama_4_that_read_text_alone_in_the_eu if {
	purpose := {"sectors": ["general"], "organisation": {"principalPlace": "FR"}}
	every name in ["prompt-guard", "meta-llama/Llama-Prompt-Guard-2-86M"] {
		outcome.is(control, [[_model, "pass"], [_guard, "pass"]]) with input.descriptor.spec as {
			"purpose": purpose,
			"model": {"id": "microsoft/phi-4"},
			"inputs": {"guards": [{"name": "g", "model": name}]},
		}
	}
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
	overseas := {"sectors": ["general"], "organisation": {"principalPlace": "RE"}}
	outcome.is(control, [[_model, "fail"]]) with input.descriptor as _deployed(scout, overseas)
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

test_partial_with_a_licence_of_which_it_is_not_known_what_it_forbids if {
	purpose := {"use": "research", "sectors": ["general"]}
	staged := object.union(_deployed(_codestral, purpose), {"metadata": {"environment": "staging"}})
	outcome.is(control, [[_model, "pass"]]) with input.descriptor as staged
	outcome.is(control, [[_model, "partial"]]) with input.descriptor as object.union(staged, {"spec": {"regimes": ["itar"]}})
	loan := {"name": "loan", "autonomy": "L3"}
	[finding] := [one | some one in control.findings] with input.descriptor as object.union(staged, {"spec": {"oversight": {"decisions": [loan]}}})
	[finding.status, finding.message] == ["partial", concat("", [
		"`mistralai/Codestral-22B-v0.1` is under Mistral AI Non-Production License 0.1 (MNPL), which is not known to permit decisions ",
		"that affect rights and that no person takes, as `loan`; wanted: `forbids_automated_adverse_decisions` in the row of ",
		"`mistral-non-production` in your own catalogue",
	])]
}

test_partial_with_a_licence_that_is_not_known if {
	{finding | some finding in control.findings} == {{
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

test_fail_with_a_draft_whose_licence_forbids_the_use if {
	path := ["spec", "model", "draft", "id"]
	spec := {"purpose": {"use": "commercial"}, "model": {"id": "microsoft/phi-4", "draft": {"id": _codestral}}}
	outcome.is(control, [[_model, "pass"], [path, "fail"]]) with input.descriptor.spec as spec
	hosted := object.union(spec, {"serving": {"hosting": "hosted-api"}})
	outcome.not_applicable(control, _model) with input.descriptor.spec as hosted
}

test_partial_with_a_draft_of_which_nothing_is_known if {
	path := ["spec", "model", "draft", "id"]
	model := {"id": "microsoft/phi-4", "draft": {"id": "acme/small"}}
	outcome.is(control, [[_model, "pass"], [path, "partial"]]) with input.descriptor.spec.model as model
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

test_fail_with_a_model_that_drafts_under_a_licence_that_forbids_it if {
	draft := ["spec", "model", "draft", "id"]
	model := {"id": "microsoft/phi-4", "draft": {"id": _codestral}}
	outcome.is(control, [[_model, "pass"], [draft, "fail"]]) with input.descriptor as object.union(
		_deployed("microsoft/phi-4", {"use": "commercial"}),
		{"spec": {"model": model}},
	)
}
