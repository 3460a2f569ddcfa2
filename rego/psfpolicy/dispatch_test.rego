package psfpolicy.dispatch_test

import data.psfpolicy.dispatch

_place := ["spec", "a"]

_chain := [
	{"path": ["input", "sample"], "annotations": {"custom": {"severity": "high"}}},
	{"path": ["input"], "annotations": {"custom": {"domain": "PSF-1"}}},
]

_finding := {"path": _place, "status": "pass", "message": "seen", "reads": [_place]}

_sample := {"metadata": _chain, "places": {_place}, "findings": {_finding}}

# The control as dispatched, with its exports changed.
_dispatched(changes) := _staged(object.union(_sample, changes))

_without(export) := _staged(object.remove(_sample, [export]))

# Findings are given in no order.
_staged(sample) := object.union(control, {"findings": {finding | some finding in control.findings}}) if {
	tree := {"input": {"sample_control": sample}}
	control := dispatch.controls["input-sample-control"] with data.psfpolicy.controls as tree
		with input as {}
}

_error(path, message) := {"path": path, "status": "error", "message": message, "reads": []}

_shown(control) := [control.status, control.effective, control.findings]

test_a_sound_control_is_passed_on if _dispatched({}) == {
	"domain": "PSF-1",
	"apart": false,
	"severity": "high",
	"findings": {_finding},
	"status": "pass",
	"effective": "pass",
}

test_the_worst_finding_is_the_status if {
	other := {"path": ["spec", "b"], "status": "fail", "message": "seen", "reads": []}
	changes := {"places": {_place, ["spec", "b"]}, "findings": {_finding, other}}
	_shown(_dispatched(changes)) == ["fail", "fail", {_finding, other}]
}

test_a_finding_without_reads_gets_none if {
	_dispatched({"findings": {object.remove(_finding, ["reads"])}}).findings == {object.union(_finding, {"reads": []})}
}

test_a_finding_cannot_bring_its_own_waiver if {
	changes := {"findings": {object.union(_finding, {"status": "fail", "waiver": "mine"})}}
	_shown(_dispatched(changes)) == ["fail", "fail", {object.union(_finding, {"status": "fail"})}]
}

test_the_control_says_more_than_its_domain if {
	chain := [{"annotations": {"custom": {"domain": "PSF-3", "severity": "low"}}}, _chain[1]]
	control := _dispatched({"metadata": chain})
	[control.domain, control.severity] == ["PSF-3", "low"]
}

test_a_control_without_metadata_is_an_error if _without("metadata") == {
	"domain": null,
	"apart": false,
	"severity": "critical",
	"findings": {_error([], "the control has no metadata")},
	"status": "error",
	"effective": "error",
}

test_a_control_is_scored_apart_where_its_folder_says_so if {
	_dispatched({"metadata": [_chain[0], _folder({"domain": "OPS", "scored": "apart"})]}).apart == true
	_dispatched({"metadata": [_chain[0], _folder({"domain": "OPS", "scored": "aside"})]}).apart == false
	_dispatched({"metadata": [_chain[0], _folder({"domain": "OPS"})]}).apart == false
}

test_a_control_that_sets_itself_apart_is_not if {
	own := {"annotations": {"scope": "package", "custom": {"severity": "high", "scored": "apart"}}}
	_dispatched({"metadata": [own, _folder({"domain": "PSF-1"})]}).apart == false
}

_folder(custom) := {"annotations": {"scope": "subpackages", "custom": custom}}

test_a_control_without_places_is_an_error if {
	found := {_error([], "the control names no place that it answers for")}
	_shown(_without("places")) == ["error", "error", found]
	_shown(_dispatched({"places": set()})) == ["error", "error", found]
}

test_a_place_that_is_no_path_is_an_error if {
	found := {_error([], "the control answers for a place that is no path")}
	finding := object.union(_finding, {"path": "spec"})
	_shown(_dispatched({"places": {"spec"}, "findings": {finding}})) == ["error", "error", found]
	_shown(_dispatched({"places": {_place, "spec"}, "findings": {_finding, finding}})) == ["error", "error", found]
	_shown(_dispatched({"places": {_place, null}, "not_applicable": "no sink"})) == ["error", "error", found]
}

test_a_place_without_a_finding_is_an_error_there if {
	found := {_error(_place, "the control gave no well-formed finding for this place")}
	_shown(_without("findings")) == ["error", "error", found]
	_shown(_dispatched({"findings": set()})) == ["error", "error", found]
}

test_findings_may_be_an_array if {
	_shown(_dispatched({"findings": [_finding]})) == ["pass", "pass", {_finding}]
	changes := {"findings": [_finding, object.union(_finding, {"status": "fail"})]}
	_shown(_dispatched(changes)) == ["error", "error", {_error(_place, "the control gave more than one finding for this place")}]
}

test_findings_that_are_no_collection_are_an_error if {
	found := {_error(_place, "the control gave no well-formed finding for this place")}
	shown := [_shown(_dispatched({"findings": findings})) | some findings in [true, 1, "x", null]]
	shown == [["error", "error", found] | some _ in [1, 2, 3, 4]]
}

test_two_findings_for_a_place_are_an_error_there if {
	changes := {"findings": {_finding, object.union(_finding, {"status": "fail"})}}
	_shown(_dispatched(changes)) == ["error", "error", {_error(_place, "the control gave more than one finding for this place")}]
}

test_two_findings_for_one_of_two_places_leave_the_other if {
	other := {"path": ["spec", "b"], "status": "pass", "message": "seen", "reads": []}
	changes := {
		"places": {_place, ["spec", "b"]},
		"findings": {_finding, object.union(_finding, {"message": "seen twice"}), other},
	}
	_dispatched(changes).findings == {_error(_place, "the control gave more than one finding for this place"), other}
}

test_a_finding_for_an_undeclared_place_is_an_error if {
	changes := {"findings": {_finding, object.union(_finding, {"path": ["spec", "elsewhere"]})}}
	message := "the control gave a finding for a place that it does not answer for"
	_shown(_dispatched(changes)) == ["error", "error", {_finding, _error([], message)}]
}

test_a_finding_without_a_path_is_an_error if {
	message := "the control gave a finding for a place that it does not answer for"
	others := [object.remove(_finding, ["path"]), "text", null]
	shown := [_shown(_dispatched({"findings": {_finding, other}})) | some other in others]
	shown == [["error", "error", {_finding, _error([], message)}] | some _ in others]
}

test_an_ill_formed_finding_is_an_error_at_its_place if {
	found := {_error(_place, "the control gave no well-formed finding for this place")}
	changes := [
		{"status": "ok"},
		{"status": "not-applicable"},
		{"status": true},
		{"message": ""},
		{"message": 7},
		{"message": null},
	]
	shown := [_shown(_dispatched({"findings": {object.union(_finding, change)}})) | some change in changes]
	shown == [["error", "error", found] | some _ in changes]
}

test_an_unknown_severity_is_an_error if {
	found := {_error([], "the severity of the control is not known")}
	customs := [{"severity": "severe"}, {"severity": null}, {}]
	controls := [_dispatched({"metadata": [{"annotations": {"custom": custom}}, _chain[1]]}) | some custom in customs]
	[[control.severity, control.findings] | some control in controls] == [["critical", found] | some _ in customs]
}

test_not_applicable_answers_at_each_place if {
	_shown(_dispatched({"not_applicable": "no sink", "findings": set()})) == [
		"not-applicable",
		"not-applicable",
		{{"path": _place, "status": "not-applicable", "message": "no sink", "reads": []}},
	]
}

test_not_applicable_names_what_its_reason_rests_on if {
	path := ["spec", "data", "stores"]
	control := _dispatched({"not_applicable": "nothing is kept", "rests": {path}})
	{finding.reads | some finding in control.findings} == {[path]}
}

test_not_applicable_without_a_reason_is_an_error if {
	found := {_error([], "the control does not apply for a reason that is no text")}
	reasons := [true, false, "", null, 7]
	shown := [_shown(_dispatched({"not_applicable": reason})) | some reason in reasons]
	shown == [["error", "error", found] | some _ in reasons]
}

test_each_control_of_the_tree_is_dispatched if {
	ids := {id | some id, _ in dispatch.controls} with data.psfpolicy.controls as {"input": {"one": _sample, "two_words": _sample}, "output": {"one": _sample}}
		with input as {}
	ids == {"input-one", "input-two-words", "output-one"}
}

test_the_reason_why_a_control_does_not_apply_is_held_against_manifests if {
	path := ["spec", "data", "stores"]
	fact := {
		"path": path, "value": {"name": "logs", "kind": "logs"}, "item": true, "certainty": "certain", "about": "deployment",
		"subject": "StatefulSet llm/logs",
	}
	tree := {"input": {"sample_control": object.union(_sample, {"not_applicable": "nothing is kept", "rests": {path}})}}
	asked := {"descriptor": {"spec": {"data": {"stores": []}}}, "facts": {"evidence": [fact]}}
	control := dispatch.controls["input-sample-control"] with data.psfpolicy.controls as tree with input as asked
	[[finding.status, finding.assurance, finding.message] | some finding in control.findings] == [[
		"fail",
		"contradicted",
		"nothing is kept; but evidence contradicts what is declared at `spec.data.stores`",
	]]
}

test_a_brief_answer_has_the_status_of_what_passes_and_all_of_what_does_not if {
	partial := {"path": ["spec", "b"], "status": "partial", "message": "seen", "reads": [["spec", "b"]]}
	fail := object.union(partial, {"path": ["spec", "c"], "status": "fail"})
	control := dispatch.controls["input-sample-control"] with input as {"parameters": {"brief": true}}
		with data.psfpolicy.controls as {"input": {"sample_control": object.union(_sample, {
			"places": {_place, ["spec", "b"], ["spec", "c"]},
			"findings": [_finding, partial, fail],
		})}}
	_shown(control) == ["fail", "fail", [{"status": "pass"}, partial, fail]]
}

test_a_brief_answer_says_how_what_passes_is_known if {
	fact := {"path": _place, "value": 1, "item": false, "certainty": "certain", "about": "deployment", "subject": "s"}
	control := dispatch.controls["input-sample-control"] with data.psfpolicy.controls as {"input": {"sample_control": _sample}}
		with input as {"descriptor": {"spec": {"a": 1}}, "facts": {"evidence": [fact]}, "parameters": {"brief": true}}
	control.findings == [{"status": "pass", "assurance": "evidenced"}]
}

test_a_brief_answer_does_not_say_why_a_control_does_not_apply if {
	sample := object.union(object.remove(_sample, ["findings"]), {"not_applicable": "there is none"})
	control := dispatch.controls["input-sample-control"] with data.psfpolicy.controls as {"input": {"sample_control": sample}}
		with input as {"parameters": {"brief": true}}
	_shown(control) == ["not-applicable", "not-applicable", [{"status": "not-applicable"}]]
}
