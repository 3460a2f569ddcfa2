package psfpolicy.controls.security.endpoint_auth_test

import data.psfpolicy.controls.security.endpoint_auth as control
import data.psfpolicy.lib.outcome

_path := ["spec", "network", "ingress"]

_reads := [array.concat(_path, ["authentication"]), array.concat(_path, ["tls"])]

_gated := array.concat(_reads, [array.concat(_path, ["gateway"])])

# What is read where there is no TLS.
_sheltered := array.concat(_reads, [array.concat(_path, ["exposure"]), ["spec", "data", "categories"]])

_wanted := "wanted: `tls: true`, and `authentication` of `oidc`, `mtls` or `iam`, or of `api-key` behind a `gateway`"

_ingress := {"tls": true, "authentication": "oidc", "exposure": "public"}

_but(changes) := object.union(_ingress, changes)

_descriptor(ingress, categories) := {"spec": {"network": {"ingress": ingress}, "data": {"categories": categories}}}

test_pass_over_tls_with_oidc if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "callers authenticate by `oidc`, over TLS",
		"reads": _reads,
	}} with input.descriptor.spec.network.ingress as _ingress
}

test_pass_over_tls_with_mtls_or_iam if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec.network.ingress as _but({"authentication": "mtls"})
	outcome.is(control, [[_path, "pass"]]) with input.descriptor.spec.network.ingress as _but({"authentication": "iam"})
}

test_pass_over_tls_inside_the_cluster_without_personal_data if {
	outcome.is(control, [[_path, "pass"]]) with input.descriptor as _descriptor(_but({"exposure": "cluster"}), ["none"])
}

test_pass_with_an_api_key_behind_a_gateway if {
	control.findings == {{
		"path": _path,
		"status": "pass",
		"message": "callers authenticate by `api-key` behind `envoy`, over TLS",
		"reads": _gated,
	}} with input.descriptor.spec.network.ingress as _but({"authentication": "api-key", "gateway": "envoy"})
}

test_partial_without_tls_inside_the_cluster_without_personal_data if {
	control.findings == {{
		"path": _path,
		"status": "partial",
		"message": $"in `spec.network.ingress`, `tls` is `false`; {_wanted}",
		"reads": _sheltered,
	}} with input.descriptor as _descriptor(_but({"tls": false, "exposure": "cluster"}), ["none"])
}

test_partial_when_tls_is_not_said_inside_the_cluster_without_personal_data if {
	outcome.is(control, [[_path, "partial"]]) with input.descriptor as _descriptor(
		{"authentication": "oidc", "exposure": "cluster"},
		[],
	)
}

test_fail_without_tls_inside_the_cluster_when_personal_data_is_not_ruled_out if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.network.ingress as _but({"tls": false, "exposure": "cluster"})
}

test_fail_without_tls_inside_the_cluster_with_personal_data if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _descriptor(_but({"tls": false, "exposure": "cluster"}), ["pii"])
}

test_fail_without_tls_outside_the_cluster if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _descriptor(_but({"tls": false, "exposure": "private"}), ["none"])
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _descriptor(_but({"tls": false, "exposure": "public"}), ["none"])
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _descriptor({"authentication": "oidc"}, ["none"])
}

test_fail_with_mtls_that_says_it_has_no_tls if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.network.ingress as _but({"authentication": "mtls", "tls": false})
}

test_fail_without_authentication if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": $"in `spec.network.ingress`, `authentication` is `none`; {_wanted}",
		"reads": _reads,
	}} with input.descriptor.spec.network.ingress as _but({"authentication": "none"})
}

test_fail_without_authentication_inside_the_cluster_without_personal_data if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _descriptor(
		_but({"authentication": "none", "exposure": "cluster"}),
		["none"],
	)
}

test_fail_without_authentication_or_tls_inside_the_cluster if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor as _descriptor({"exposure": "cluster"}, ["none"])
}

test_fail_when_authentication_is_not_said if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.network.ingress as {"tls": true, "gateway": "envoy"}
}

test_fail_with_an_api_key_alone if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": $"in `spec.network.ingress`, `authentication` is `api-key` without a `gateway`; {_wanted}",
		"reads": _gated,
	}} with input.descriptor.spec.network.ingress as _but({"authentication": "api-key"})
}

test_fail_with_an_api_key_behind_a_gateway_called_none if {
	outcome.is(control, [[_path, "fail"]]) with input.descriptor.spec.network.ingress as _but({
		"authentication": "api-key",
		"gateway": "none",
	})
}

test_absent_ingress_fails_at_its_key if {
	control.findings == {{
		"path": _path,
		"status": "fail",
		"message": $"in `spec.network.ingress`, `authentication` is missing and `tls` is missing; {_wanted}",
		"reads": _sheltered,
	}} with input.descriptor as {"spec": {}}
}

_switch := ["spec", "security", "hardening", "devEndpoints"]

test_fail_for_a_switch_that_lets_callers_past if {
	descriptor := {"spec": {"network": {"ingress": _ingress}, "security": {"hardening": {"devEndpoints": true}}}}
	outcome.is(control, [[_path, "pass"], [_switch, "fail"]]) with input.descriptor as descriptor
}

test_what_manifests_show_of_exposure_and_switches_is_read if {
	fact := {"path": array.concat(_path, ["exposure"]), "value": "public", "item": false, "certainty": "certain", "about": "deployment", "subject": "x"}
	open := object.union(fact, {"path": _switch, "value": null, "certainty": "inconclusive"})
	findings := control.findings with input as {"descriptor": _descriptor(_ingress, ["none"]), "facts": {"evidence": [fact, open]}}
	[finding.reads | some finding in findings] == [array.concat(_reads, [fact.path, _switch])]
}
