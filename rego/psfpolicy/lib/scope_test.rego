package psfpolicy.lib.scope_test

import data.psfpolicy.lib.scope

_before := {
	"metadata": {"environment": "production"},
	"spec": {
		"regimes": ["gdpr", "hipaa"],
		"evidence": ["k8s/*.yaml"],
		"parties": [{"id": "aws"}],
		"purpose": {"sectors": ["healthcare"], "consequence": "high"},
		"data": {"classification": "restricted", "categories": ["phi"], "otherFlows": [{"name": "judge"}]},
		"outputs": {"sinks": [{"name": "ehr"}]},
	},
}

_lost(changes) := scope.lost(_before, object.union(_before, changes))

test_nothing_is_lost_where_nothing_changes if count(scope.lost(_before, _before)) == 0

test_each_list_of_words_is_watched if {
	_lost({"spec": {"regimes": ["hipaa"]}}) == {[["spec", "regimes", 0], "the regime `gdpr` is not declared any more"]}
	_lost({"spec": {"purpose": {"sectors": []}}}) == {[["spec", "purpose", "sectors", 0], "the sector `healthcare` is not declared any more"]}
	_lost({"spec": {"data": {"categories": ["none"]}}}) == {[["spec", "data", "categories", 0], "the category `phi` is not declared any more"]}
	_lost({"spec": {"evidence": ["k8s/a.yaml"]}}) == {[["spec", "evidence", 0], "the evidence `k8s/*.yaml` is not declared any more"]}
}

test_each_list_of_things_is_watched if {
	_lost({"spec": {"parties": []}}) == {[["spec", "parties", 0], "the party `aws` is not declared any more"]}
	_lost({"spec": {"data": {"otherFlows": []}}}) == {[["spec", "data", "otherFlows", 0], "the flow `judge` is not declared any more"]}
	_lost({"spec": {"outputs": {"sinks": [{"name": "x"}]}}}) == {[["spec", "outputs", "sinks", 0], "the sink `ehr` is not declared any more"]}
}

test_a_section_that_is_gone_or_null_is_all_of_it_lost if {
	count(scope.lost(_before, {"metadata": {"environment": "production"}})) == 8
	_lost({"spec": {"regimes": null}}) == _lost({"spec": {"regimes": []}})
}

test_the_order_of_a_list_loses_nothing if count(_lost({"spec": {"regimes": ["hipaa", "gdpr"]}})) == 0

test_each_rank_may_rise_and_not_fall if {
	_lost({"metadata": {"environment": "staging"}}) == {[["metadata", "environment"], "the environment was `production` and is `staging`"]}
	_lost({"spec": {"purpose": {"consequence": "low"}}}) == {[["spec", "purpose", "consequence"], "the consequence was `high` and is `low`"]}
	_lost({"spec": {"data": {"classification": "public"}}}) == {[["spec", "data", "classification"], "the classification was `restricted` and is `public`"]}
	count(scope.lost({"spec": {"purpose": {"consequence": "low"}}}, {"spec": {"purpose": {"consequence": "high"}}})) == 0
}

test_a_rank_that_was_not_said_counted_as_the_highest if {
	message := "the consequence was not declared, which counts as the highest, and is `medium`"
	scope.lost({}, {"spec": {"purpose": {"consequence": "medium"}}}) == {[["spec", "purpose", "consequence"], message]}
	count(scope.lost({"spec": {"purpose": {"consequence": "low"}}}, {})) == 0
}

test_the_highest_that_is_said_first_is_no_fall if {
	count(scope.lost({}, {"spec": {"purpose": {"consequence": "high"}}})) == 0
}

_allowing(areas) := {"spec": {"data": {"residency": {"allowed": areas}}}}

_countries := {"DE": {"eu": true, "eea": true}, "NO": {"eu": false, "eea": true}, "US": {"eu": false, "eea": false}}

_wider(before, after) := scope.wider(_allowing(before), _allowing(after), _countries)

test_where_data_may_be_may_narrow_and_not_widen if {
	_wider(["DE"], ["DE", "US", "NO"]) == {"US", "NO"}
	_wider(["DE"], ["EU"]) == {"EU"}
	_wider(["EU"], ["EEA"]) == {"EEA"}
	_wider(["EU"], ["NO"]) == {"NO"}
	_wider(["EEA"], ["ADEQUATE"]) == {"ADEQUATE"}
	_wider(["ADEQUATE"], ["US"]) == {"US"}
	_wider(["EEA"], ["XX"]) == {"XX"}
	_wider([], ["DE"]) == {"DE"}
	_wider(["EEA"], ["EU", "NO", "DE"]) == set()
	_wider(["EU"], ["DE"]) == set()
	_wider(["DE", "US"], ["US"]) == set()
	_wider(["DE"], []) == set()
}

test_a_promise_that_is_made_first_widens_nothing if {
	scope.wider({}, _allowing(["US"]), _countries) == set()
	scope.wider(_allowing(["DE"]), {}, _countries) == set()
}

test_a_promise_is_not_withdrawn if {
	path := ["spec", "data", "residency", "allowed"]
	scope.lost(_allowing(["DE"]), {}) == {[path, "where data may be is not declared any more"]}
	scope.lost(_allowing([]), {"spec": {"data": {}}}) == {[path, "where data may be is not declared any more"]}
	scope.lost(_allowing(["DE"]), _allowing([])) == set()
	scope.lost({}, _allowing(["DE"])) == set()
}

test_a_floor_asks_for_regimes_and_categories if {
	found := scope.lacking({"regimes": ["gdpr", "pci-dss"], "categories": ["phi", "pii"]}, _before)
	found == {
		[["spec", "regimes", "pci-dss"], "the settings ask for the regime `pci-dss`, which is not declared"],
		[["spec", "data", "categories", "pii"], "the settings ask for the category `pii`, which is not declared"],
	}
	count(scope.lacking({"regimes": ["gdpr"]}, {})) == 1
	count(scope.lacking({}, _before)) == 0
}
