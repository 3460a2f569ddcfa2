package psfpolicy.lib.terms_test

import data.psfpolicy.lib.terms

_data(categories) := {"spec": {"data": {"categories": categories}}}

_purpose(purpose) := {"spec": {"purpose": purpose}}

_hosting(hosting) := {"spec": {"serving": {"hosting": hosting}}}

_acting(tasks, listed) := {"spec": {"purpose": {"tasks": tasks}, "oversight": {"agents": listed}}}

_decoding(section) := {"spec": {"outputs": {"constrainedDecoding": section}}}

_empty := {"spec": {}}

test_each_personal_category_is_personal_data if {
	every category in ["pii", "phi", "health", "financial", "biometric", "children", "criminal"] {
		terms.personal_data(_data(["none", category]))
	}
}

test_other_categories_are_shown_to_be_no_personal_data if {
	terms.no_personal_data(_data(["none"]))
	terms.no_personal_data(_data([]))
	not terms.personal_data(_data(["none"]))
}

test_undeclared_categories_show_neither if {
	not terms.personal_data(_empty)
	not terms.no_personal_data(_empty)
}

test_special_categories_are_health_phi_and_biometric if {
	every category in ["health", "phi", "biometric"] { terms.special_categories(_data([category])) }
	not terms.special_categories(_data(["pii", "financial"]))
	not terms.special_categories(_empty)
}

test_has_category_names_one if {
	terms.has_category(_data(["phi"]), "phi")
	not terms.has_category(_data(["pii"]), "phi")
	not terms.has_category(_empty, "phi")
}

test_regulated_takes_one_sector_with_rules if {
	terms.regulated(_purpose({"sectors": ["retail", "healthcare"]}))
	not terms.regulated(_purpose({"sectors": ["retail"]}))
	not terms.regulated(_empty)
}

test_tasks_are_lacked_only_when_tasks_are_declared if {
	terms.lacks_task(_purpose({"tasks": ["chat"]}), "rag")
	not terms.lacks_task(_purpose({"tasks": ["rag"]}), "rag")
	not terms.lacks_task(_empty, "rag")
	terms.has_task(_purpose({"tasks": ["rag"]}), "rag")
	not terms.has_task(_empty, "rag")
}

test_agents_are_named_by_a_task_or_by_the_list if {
	terms.has_agents(_acting(["agents"], []))
	terms.has_agents(_acting(["chat"], [{"name": "triage"}]))
	not terms.has_agents(_acting(["chat"], []))
	not terms.has_agents(_empty)
}

test_agents_are_lacked_when_the_list_is_empty_or_the_tasks_leave_them_out if {
	terms.lacks_agents({"spec": {"oversight": {"agents": []}}})
	terms.lacks_agents(_purpose({"tasks": ["chat"]}))
	terms.lacks_agents(_purpose({"tasks": []}))
}

test_agents_are_not_lacked_when_one_statement_contradicts_the_other if {
	not terms.lacks_agents(_acting(["agents"], []))
	not terms.lacks_agents(_acting(["chat"], [{"name": "triage"}]))
	not terms.lacks_agents(_empty)
}

test_a_library_constrains_decoding_and_fine_tuning_does_not if {
	terms.constrained_decoding(_decoding({"library": "outlines"}))
	not terms.constrained_decoding(_decoding({"library": "none"}))
	not terms.constrained_decoding(_decoding({"library": "fine-tuned"}))
	not terms.constrained_decoding(_decoding({"schema": "a.json"}))
	not terms.constrained_decoding(_empty)
}

test_undeclared_consequence_is_high if {
	terms.consequence(_empty) == "high"
	terms.consequence(_purpose({"consequence": "low"})) == "low"
}

test_each_hosting_says_who_runs_what if {
	every hosting in ["on-prem", "self-managed-kubernetes", "self-managed-vm"] {
		terms.self_run(_hosting(hosting))
		not terms.third_party_run(_hosting(hosting))
		not terms.foreign_machines(_hosting(hosting))
		not terms.foreign_weights(_hosting(hosting))
	}
	every hosting in ["cloud-managed", "managed-inference", "provider-hosted", "hosted-api"] {
		terms.foreign_machines(_hosting(hosting))
	}
	every hosting in ["managed-inference", "provider-hosted", "hosted-api"] {
		not terms.self_run(_hosting(hosting))
		terms.third_party_run(_hosting(hosting))
	}
	not terms.foreign_weights(_hosting("managed-inference"))
	every hosting in ["provider-hosted", "hosted-api"] { terms.foreign_weights(_hosting(hosting)) }
	terms.hosted_api(_hosting("hosted-api"))
	not terms.hosted_api(_hosting("provider-hosted"))
}

test_undeclared_hosting_shows_nothing if {
	not terms.self_run(_empty)
	not terms.third_party_run(_empty)
	not terms.foreign_machines(_empty)
	not terms.foreign_weights(_empty)
	not terms.hosted_api(_empty)
}
