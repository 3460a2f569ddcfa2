package psfpolicy.controls.residency.egress_closed_test

import data.psfpolicy.controls.residency.egress_closed as control
import data.psfpolicy.lib.outcome

_default := ["spec", "network", "egress", "default"]

_rule(index) := ["spec", "network", "egress", "rules", index]

_given(targets) := {"today": "2026-11-21", "descriptor": {"spec": {"network": {"egress": {
	"default": "deny",
	"rules": [{"name": "a", "to": target} | some target in targets],
}}}}}

_ranges(cidrs) := _given([{"cidr": cidr} | some cidr in cidrs])

_hosts(hosts) := _given([{"host": host} | some host in hosts])

_statuses := [finding.status | some path in sort([finding.path | some finding in control.findings]); some finding in control.findings; finding.path == path]

test_pass_when_denied_with_narrow_rules if {
	{finding | some finding in control.findings} == {
		{"path": _default, "status": "pass", "message": "egress is denied by default", "reads": [_default]},
		{
			"path": _rule(0),
			"status": "pass",
			"message": "egress rule `a` opens `10.0.0.0/8`, which is not wide",
			"reads": [array.concat(_rule(0), ["to"])],
		},
	} with input as _ranges(["10.0.0.0/8"])
}

test_pass_when_denied_without_rules if {
	outcome.is(control, [[_default, "pass"]]) with input.descriptor as {"spec": {"network": {"egress": {"default": "deny"}}}}
}

test_pass_up_to_a_sum_of_a_8 if {
	_statuses == ["pass", "pass", "pass"] with input as _ranges(["8.0.0.0/9", "8.128.0.0/9"])
	_statuses == ["pass", "pass"] with input as _ranges(["2001::/16"])
}

test_fail_above_a_sum_of_a_8 if {
	outcome.is(control, [[_default, "pass"], [_rule(0), "fail"], [_rule(1), "fail"], [_rule(2), "pass"]]) with input as _ranges([
		"8.0.0.0/8",
		"9.9.9.9/32",
		"192.168.0.0/16",
	])
	some finding in control.findings with input as _ranges(["8.0.0.0/8", "9.9.9.9/32"])
	finding == {
		"path": _rule(1),
		"status": "fail",
		"message": concat("", [
			"egress rule `a` opens `9.9.9.9/32`, and with the other public ranges that is 16777217 addresses; ",
			"wanted: at most 16777216 public addresses in all, a /8",
		]),
		"reads": [array.concat(_rule(0), ["to"]), array.concat(_rule(1), ["to"])],
	}
}

test_fail_alone_when_too_wide_by_itself if {
	_statuses == ["pass", "fail", "pass"] with input as _ranges(["0.0.0.0/0", "9.9.9.9/32"])
	some finding in control.findings with input as _ranges(["0.0.0.0/0", "9.9.9.9/32"])
	finding.message == concat("", [
		"egress rule `a` opens `0.0.0.0/0`, and that is 4294967296 addresses; ",
		"wanted: at most 16777216 public addresses in all, a /8",
	])
}

test_fail_when_many_small_ranges_sum_up if {
	sixteenths := [$"{first}.0.0.0/12" | some first in numbers.range(20, 36)]
	count(sixteenths) == 17
	count([finding | some finding in control.findings; finding.status == "fail"]) == 17 with input as _ranges(sixteenths)
	count([finding | some finding in control.findings; finding.status == "fail"]) == 0 with input as _ranges(array.slice(sixteenths, 0, 16))
}

test_pass_when_what_is_said_twice_or_inside_another_counts_once if {
	_statuses == ["pass", "pass", "pass", "pass"] with input as _ranges(["8.0.0.0/8", "8.0.0.0/8", "8.8.0.0/16"])
}

test_fail_when_a_translator_reaches_all_of_ipv4 if {
	_statuses == ["pass", "fail"] with input as _ranges(["64:ff9b::/96"])
}

test_fail_when_everything_is_open if {
	_statuses == ["pass", "fail"] with input as _ranges(["0.0.0.0/0"])
	_statuses == ["pass", "fail"] with input as _ranges(["::/0"])
	_statuses == ["pass", "fail"] with input as _ranges(["2000::/15"])
	_statuses == ["pass", "fail"] with input as _hosts(["*"])
	_statuses == ["pass", "fail"] with input as _hosts(["*.com"])
	_statuses == ["pass", "fail"] with input as _hosts(["*.co.uk"])
	_statuses == ["pass", "fail", "fail"] with input as _ranges(["0.0.0.0/1", "128.0.0.0/1"])
	_statuses == ["pass", "fail", "fail"] with input as _ranges(["2001::/16", "2002::/64"])
}

test_fail_when_a_wildcard_stands_over_a_shared_domain if {
	_statuses == ["pass", "fail", "pass"] with input as _hosts(["*.amazonaws.com", "s3.eu-central-1.amazonaws.com"])
	_statuses == ["pass", "fail"] with input as _hosts(["*.S3.AMAZONAWS.com."])
	_statuses == ["pass", "pass"] with input as _hosts(["*.openai.com"])
}

test_shared_domain_of_the_users_own_counts if {
	given := object.union(_hosts(["*.tenants.example"]), {"catalogue": {"domains": {"tenants.example": {"provider": "Example"}}}})
	_statuses == ["pass", "fail"] with input as given
}

test_fail_when_allowed_by_default if {
	outcome.is(control, [[_default, "fail"]]) with input.descriptor as {"spec": {"network": {"egress": {"default": "allow"}}}}
}

test_absent_default_fails_at_the_key if {
	outcome.is(control, [[_default, "fail"]]) with input.descriptor as {"spec": {"network": {"egress": {"rules": []}}}}
}

test_absent_network_fails_at_the_key if {
	{finding | some finding in control.findings} == {{
		"path": _default,
		"status": "fail",
		"message": "`default` of `spec.network.egress` is `not declared`; wanted: `deny`, with a rule for each target",
		"reads": [_default],
	}} with input.descriptor as {"spec": {}}
	outcome.is(control, [[_default, "fail"]]) with input as {}
}

_gapped(parts) := {"today": "2026-11-21", "descriptor": {"spec": object.union(
	{
		"regimes": ["air-gapped"],
		"model": {"weights": {"source": "image"}},
		"serving": {"hosting": "on-prem", "engine": {"name": "vllm"}},
		"network": {"egress": {"default": "deny", "rules": []}, "telemetryOptOut": true, "offlineHub": true},
		"vendor": {"weightsMirrored": true},
	},
	parts,
)}}

_failing := {finding.path | some finding in control.findings; finding.status == "fail"}

test_pass_when_nothing_leaves_an_air_gap if {
	outcome.is(control, [
		[_default, "pass"],
		[["spec", "serving"], "pass"],
		[["spec", "model", "weights"], "pass"],
		[["spec", "model", "weights", "source"], "pass"],
		[["spec", "network", "offlineHub"], "pass"],
		[["spec", "network", "telemetryOptOut"], "pass"],
		[["spec", "vendor", "weightsMirrored"], "pass"],
	]) with input as _gapped({})
}

test_fail_when_weights_are_pulled_from_the_hub_across_an_air_gap if {
	_failing == {["spec", "model", "weights"], ["spec", "model", "weights", "source"]} with input as _gapped({"model": {"weights": {"source": "hub"}}})
}

test_fail_when_telemetry_is_on_across_an_air_gap if {
	_failing == {["spec", "network", "telemetryOptOut"]} with input as _gapped({"network": {"telemetryOptOut": false}})
}

test_fail_when_a_flow_leaves_an_air_gap if {
	_failing == {_rule(0)} with input as _gapped({"network": {"egress": {"rules": [{"name": "a", "to": {"host": "a.example"}}]}}})
	_failing == set() with input as _gapped({"network": {"egress": {"rules": [{"name": "a", "to": {"cidr": "10.0.0.0/24"}}]}}})
}

test_air_gap_that_does_not_apply_yet_is_a_note if {
	row := {"title": "Own", "data": "any", "egress": "none", "applies_from": "2027-01-01"}
	given := object.union(_gapped({"regimes": ["our-own"], "model": {"weights": {"source": "hub"}}}), {"catalogue": {"regimes": {"our-own": row}}})
	_failing == set() with input as given
}

_shown(target) := {
	"path": ["spec", "network", "egress", "rules"],
	"value": {"name": "open", "to": target},
	"item": true,
	"certainty": "certain",
	"about": "deployment",
	"subject": "NetworkPolicy llm/vllm",
}

_shows(cidrs, target) := object.union(_ranges(cidrs), {"facts": {"evidence": [_shown(target)]}})

_fact := ["facts", "evidence", 0]

test_fail_where_a_manifest_opens_everything_and_no_rule_says_so if {
	some finding in control.findings with input as _shows([], {"cidr": "0.0.0.0/0"})
	finding == {
		"path": _fact,
		"status": "fail",
		"message": concat("", [
			"undeclared egress rule `open` opens `0.0.0.0/0`, and that is 4294967296 addresses; ",
			"wanted: at most 16777216 public addresses in all, a /8",
		]),
		"reads": [array.concat(_fact, ["to"])],
	}
}

test_fail_where_what_a_manifest_opens_and_what_is_declared_are_too_wide_together if {
	outcome.is(control, [[_default, "pass"], [_rule(0), "fail"], [_fact, "fail"]]) with input as _shows(
		["9.0.0.0/8"],
		{"cidr": "8.8.8.8/32"},
	)
}

test_pass_where_a_manifest_opens_what_is_narrow_or_declared if {
	outcome.is(control, [[_default, "pass"], [_fact, "pass"]]) with input as _shows([], {"cidr": "8.8.8.8/32"})
	outcome.is(control, [[_default, "pass"], [_rule(0), "pass"]]) with input as _shows(["8.8.8.8/32"], {"cidr": "8.8.8.8/32"})
}
