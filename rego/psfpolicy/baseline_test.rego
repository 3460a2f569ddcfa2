package psfpolicy.baseline_test

import data.psfpolicy.baseline

_row := {
	"title": "Small One",
	"aliases": ["acme/Small-One"],
	"assessment": {
		"configuration": "behind no guard",
		"overall": 60,
		"domains": {"PSF-1": {"name": "Input Governance", "score": 41, "band": "partial"}},
		"date": "2026-05",
		"source": "https://example.org/small-one",
	},
}

_asked(model) := {"descriptor": {"spec": {"model": model}}, "catalogue": {"models": {
	"small-one": _row,
	"small-two": {"title": "Small Two", "aliases": []},
}}}

test_published_assessment_of_the_model_is_told if {
	baseline.published == {
		"model": "small-one",
		"title": "Small One",
		"ofBase": false,
		"configuration": "behind no guard",
		"overall": 60,
		"domains": {"PSF-1": {"score": 41, "band": "partial"}},
		"date": "2026-05",
		"source": "https://example.org/small-one",
	} with input as _asked({"id": "acme/Small-One"})
}

test_assessment_of_the_base_says_that_it_is_the_base if {
	told := baseline.published with input as _asked({"id": "acme/tuned", "base": {"id": "small-one"}})
	told.model == "small-one"
	told.ofBase == true
}

test_model_that_is_known_and_was_not_assessed_has_none if {
	baseline.published == null with input as _asked({"id": "small-two", "base": {"id": "small-one"}})
}

test_model_that_is_not_known_has_none if {
	baseline.published == null with input as _asked({"id": "acme/other"})
}

test_descriptor_without_a_model_has_none if {
	baseline.published == null with input as {"descriptor": {"spec": {}}}
}
