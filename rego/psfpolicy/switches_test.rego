package psfpolicy.switches_test

import data.psfpolicy.switches

_path(key) := ["spec", "security", "hardening", key]

_declaring(hardening) := {"descriptor": {"spec": {"security": {"hardening": hardening}}}, "facts": {"evidence": []}}

test_a_switch_that_is_on_fails_under_its_control if {
	found := switches.findings with input as _declaring({"devEndpoints": true, "requestCode": true, "localMediaPath": true})
	{control: [finding.path | some finding in findings; finding.status == "fail"] | some control, findings in found} == {
		"security-endpoint-auth": [_path("devEndpoints")],
		"security-weights-integrity": [_path("requestCode")],
		"security-hardening": [_path("localMediaPath")],
	}
}

test_a_switch_that_is_off_passes if {
	found := switches.findings with input as _declaring({"devEndpoints": false})
	found == {"security-endpoint-auth": {{
		"path": _path("devEndpoints"),
		"status": "pass",
		"message": "`devEndpoints` is off",
		"reads": [_path("devEndpoints")],
	}}}
}

test_what_nobody_says_is_not_asked_for if {
	found := switches.findings with input as _declaring({})
	found == {}
	open := switches.unsettled with input as _declaring({})
	open == {}
}

test_a_switch_that_one_manifest_shows_on_fails_though_another_leaves_it_open if {
	on := {"path": _path("devEndpoints"), "value": true, "item": false, "certainty": "certain", "about": "deployment", "subject": "x"}
	open := object.union(on, {"value": null, "certainty": "inconclusive", "subject": "y"})
	found := switches.findings with input as {"descriptor": {"spec": {}}, "facts": {"evidence": [on, open]}}
	{[finding.path, finding.status] | some finding in found["security-endpoint-auth"]} == {[_path("devEndpoints"), "fail"]}
}

test_a_switch_that_manifests_leave_open_is_unsettled if {
	fact := {"path": _path("devEndpoints"), "value": null, "item": false, "certainty": "inconclusive", "about": "deployment", "subject": "x"}
	open := switches.unsettled with input as {"descriptor": {"spec": {}}, "facts": {"evidence": [fact]}}
	open == {"security-endpoint-auth": {_path("devEndpoints")}}
	said := switches.unsettled with input as object.union(_declaring({"devEndpoints": false}), {"facts": {"evidence": [fact]}})
	said == {}
}
