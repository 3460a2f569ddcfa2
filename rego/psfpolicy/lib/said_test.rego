package psfpolicy.lib.said_test

import data.psfpolicy.lib.said

_named(name) if said.named({"plan": {"name": name}}, ["plan", "name"])

test_at_shows_the_value_or_that_it_is_missing if {
	said.at({"spec": {"data": {"note": "a"}}}, ["spec", "data", "note"]) == "`spec.data.note` is `a`"
	said.at({"logged": false}, ["logged"]) == "`logged` is `false`"
	said.at({"days": 0}, ["days"]) == "`days` is `0`"
	said.at({"spec": {}}, ["spec", "data", "note"]) == "`spec.data.note` is missing"
	said.at({}, ["note"]) == "`note` is missing"
}

test_named_is_what_names_something if {
	every name in ["docs/exit.md", "nonesuch", "NA", "Nova", "nose", "ops", "Tea", "Todd", "tango", "Nevers", "unKnowN1", "noshing", "litellm", "x", "docs/none/exit.md", "-x-", "#oncall", "@team", "(a)", "n.a.b", "dedicated", "fable", "topic"] { _named(name) }
}

test_words_for_nothing_name_nothing if {
	every name in ["", "  ", "none", " None ", "NONE.", "n/a", "N/A", "-", "--", "–", " — ", "...", "?", "tbd", "TODO", "never", "no", "Unknown", "uNKNOWN", "nEVER", "OFF", "Nil", "TBA", "NOTHING", "Not Applicable", "NO", "N.A.", "disabled", "False", "tbc", "<TBD>", "(none)", "[tbc]", "#", "@", "…", "\"\"", "\u00a0none\u200b"] {
		not _named(name)
	}
}

test_what_is_missing_or_no_text_names_nothing if {
	not said.named({}, ["plan", "name"])
	not said.named({"plan": "docs"}, ["plan", "name"])
	not _named(5)
}

test_unnamed_is_one_phrase_or_none if {
	said.unnamed({"plan": "docs"}, ["plan"]) == set()
	said.unnamed({"plan": "none"}, ["plan"]) == {"`plan` is `none`"}
	said.unnamed({}, ["plan"]) == {"`plan` is missing"}
}

test_untrue_is_one_phrase_or_none if {
	said.untrue({"on": true}, ["on"]) == set()
	said.untrue({"on": false}, ["on"]) == {"`on` is `false`"}
	said.untrue({}, ["on"]) == {"`on` is missing"}
}

test_figure_words_a_decimal_and_what_is_missing if {
	said.figure({"cost": {"gpuHour": 2.5}}, ["cost", "gpuHour"]) == "`cost.gpuHour` is `2.5`"
	said.figure({"cost": {"gpuHour": 3}}, ["cost", "gpuHour"]) == "`cost.gpuHour` is `3`"
	said.figure({}, ["cost", "gpuHour"]) == "`cost.gpuHour` is missing"
}
