package psfpolicy.controls.vendor.agreements_test

import data.psfpolicy.controls.vendor.agreements as control
import data.psfpolicy.lib.outcome

_section := ["spec", "parties"]

_aws := ["spec", "parties", 0]

_acme := ["spec", "parties", 1]

_party(id) := {"id": id, "jurisdiction": "US"}

_agreement(kind, party, expires) := {"kind": kind, "with": party, "ref": "legal/a.pdf", "expires": expires}

# The machines are rented from one party, and a guard of prompts is another's.
_input(agreements) := _asked({
	"parties": [_party("aws"), _party("acme")],
	"serving": {"hosting": "self-managed-kubernetes", "operator": "aws"},
	"inputs": {"guards": [{"name": "g", "operator": "acme"}]},
	"vendor": {"agreements": agreements},
})

_asked(spec) := {"today": "2026-11-21", "descriptor": {"spec": object.union({"model": {"weights": {"source": "local"}}}, spec)}}

_both(party) := [_agreement("sla", party, "2027-11-21"), _agreement("dpa", party, "2026-11-21")]

test_pass_when_each_party_has_both_to_the_last_day if {
	outcome.is(control, [[_aws, "pass"], [_acme, "pass"]]) with input as _input(array.concat(_both("aws"), _both("acme")))
}

test_pass_says_for_how_long_and_what_was_read if {
	some finding in control.findings with input as _asked({
		"parties": [_party("aws")],
		"serving": {"hosting": "self-managed-kubernetes", "operator": "aws"},
		"vendor": {"agreements": _both("aws")},
	})
	finding == {
		"path": _aws,
		"status": "pass",
		"message": "party `aws` operates flows of data: the `dpa` with `aws` ends today and the `sla` with `aws` is in force for 365 days",
		"reads": array.flatten([
			[["spec", "parties", 0, "id"]],
			[["spec", "vendor", "agreements", index, key] | some index in [0, 1]; some key in ["kind", "with", "ref", "expires"]],
			[["spec", "serving", "operator"]],
		]),
	}
}

test_pass_when_a_party_holds_the_weights_alone_and_has_an_sla if {
	some finding in control.findings with input as _asked({
		"parties": [_party("aws")],
		"serving": {"hosting": "on-prem"},
		"model": {"weights": {"source": "mirror", "operator": "aws"}},
		"vendor": {"agreements": [{"kind": "sla", "with": "aws", "ref": "legal/sla.pdf"}]},
	})
	finding.path == _aws
	finding.status == "pass"
	finding.message == "party `aws` operates flows that carry no data: the `sla` with `aws` is in force, without an end"
}

test_partial_when_one_of_two_is_in_force if {
	outcome.is(control, [[_aws, "partial"], [_acme, "pass"]]) with input as _input(array.concat(
		[_agreement("sla", "aws", "2027-11-21"), _agreement("dpa", "aws", "2026-11-20")],
		_both("acme"),
	))
}

test_partial_when_a_party_has_none_beside_one_that_has_all if {
	outcome.is(control, [[_aws, "pass"], [_acme, "partial"]]) with input as _input(_both("aws"))
}

test_partial_when_nobody_is_said_to_run_a_flow_beside_a_party_that_has_all if {
	path := ["spec", "inputs", "guards", 0]
	some finding in control.findings with input as _asked({
		"parties": [_party("aws")],
		"serving": {"hosting": "self-managed-kubernetes", "operator": "aws"},
		"inputs": {"guards": [{"name": "g", "hosting": "third-party"}]},
		"vendor": {"agreements": _both("aws")},
	})
	finding.path == path
	finding.status == "partial"
	finding.message == concat("", [
		"guard `g` carries `prompts` and `responses`, and nobody is said to run it; ",
		"wanted: its `operator`, one of `spec.parties`, with an `sla` and a `dpa`",
	])
}

test_fail_when_there_is_none if {
	some finding in control.findings with input as _input([])
	finding.path == _acme
	finding.status == "fail"
	finding.message == concat("", [
		"party `acme` operates flows of data: no `dpa` with `acme` is declared and no `sla` with `acme` is declared; ",
		"wanted: `dpa` and `sla` in force, in `spec.vendor.agreements`",
	])
}

test_fail_when_no_party_is_declared_and_a_flow_is_a_third_partys if {
	outcome.is(control, [[["spec", "inputs", "guards", 0], "fail"]]) with input as _asked({
		"parties": [],
		"serving": {"hosting": "on-prem"},
		"inputs": {"guards": [{"name": "g", "hosting": "third-party"}]},
	})
}

test_fail_when_nobody_is_said_to_rent_out_machines if {
	some finding in control.findings with input as _asked({
		"parties": [],
		"serving": {"hosting": "self-managed-vm", "operator": "self", "location": {"region": "aws:eu-central-1"}},
	})
	finding.path == ["spec", "serving"]
	finding.status == "fail"
	startswith(finding.message, "inference carries `prompts` and `responses`, and nobody is said to rent out the machines that it is on; wanted: ")
}

test_fail_when_an_operator_is_no_declared_party if {
	control.findings == {{
		"path": _section,
		"status": "fail",
		"message": "`spec.parties` does not declare `aws`; wanted: each party with its `id`, or `[]` where there is none",
		"reads": [_section],
	}} with input as _asked({"parties": [], "serving": {"hosting": "self-managed-vm", "operator": "aws"}})
}

test_not_applicable_when_everything_is_run_by_self if {
	outcome.not_applicable(control, _section) with input as _asked({"parties": [], "serving": {"hosting": "on-prem"}})
	outcome.not_applicable(control, _section) with input as _asked({"parties": [_party("aws")], "serving": {"hosting": "on-prem"}})
}

test_absent_parties_fail_at_the_list if {
	control.findings == {{
		"path": _section,
		"status": "fail",
		"message": "`spec.parties` is missing; wanted: each party with its `id`, or `[]` where there is none",
		"reads": [_section],
	}} with input as _asked({"serving": {"hosting": "on-prem"}})
}

test_absent_descriptor_fails_at_the_list if {
	outcome.is(control, [[_section, "fail"]]) with input as {"today": "2026-11-21", "descriptor": {"spec": {}}}
}
