package psfpolicy.served_test

import data.psfpolicy.served

_engine(engine, rest) := found if {
	spec := object.union(rest, {"serving": object.union({"hosting": "on-prem"}, engine)})
	found := served.shown.engine with input.descriptor.spec as spec
}

_vllm(version) := {"engine": {"name": "vllm", "version": version}}

_told := {
	"model": {"id": "microsoft/phi-4", "remoteCode": false},
	"network": {"ingress": {"authentication": "oidc"}},
	"security": {"tenancy": "single"},
}

test_engine_is_told_with_its_version_and_the_row_of_the_catalogue if {
	object.remove(_engine(_vllm("0.33.0"), {}), ["advisories"]) == {
		"name": "vllm",
		"row": "vllm",
		"title": "vLLM",
		"version": "0.33.0",
		"tag": null,
		"standing": "compared",
	}
}

test_each_advisory_on_the_version_says_how_it_stands if {
	{row.standing | some row in _engine(_vllm("0.13.9"), _told).advisories} == {"affected", "noted", "unmet"}
	{row.standing | some row in _engine(_vllm("0.13.9"), {}).advisories} == {"noted", "open", "unmet"}
	{row.standing | some row in _engine(_vllm("0.33.0"), _told).advisories} & {"affected", "open"} == set()
}

test_advisory_says_its_severity if {
	tgi := _engine({"engine": {"name": "tgi", "version": "3.3.6"}}, {})
	tgi.advisories == {{"id": "CVE-2026-0599", "severity": "high", "standing": "noted"}}
}

test_version_that_cannot_be_compared_is_open if {
	_engine(_vllm("latest"), {}).standing == "open"
	_engine({"engine": {"name": "vllm"}}, {}).standing == "open"
	_engine({"engine": {"name": "acme-serve", "version": "1.0.0"}}, {}).standing == "open"
	contradicted := _engine({"engine": {"name": "vllm", "version": "0.33.0", "image": "vllm/vllm-openai:v0.11.0"}}, {})
	[contradicted.standing, contradicted.tag] == ["open", "v0.11.0"]
}

test_engine_of_a_provider_has_no_advisories if {
	hosted := _engine({"hosting": "hosted-api", "engine": {"name": "vllm", "version": "0.11.0"}}, {})
	[hosted.standing, hosted.advisories] == ["provider", set()]
}

test_nothing_declared_is_open_and_null if {
	[served.shown.home, served.shown.engine.name, served.shown.engine.standing] == [null, null, "open"] with input as {}
	served.shown.licences == set() with input.descriptor.spec as {"serving": {"hosting": "hosted-api"}}
}

test_home_is_the_country_that_borders_are_told_from if {
	served.shown.home == "DE" with input.descriptor.spec as {"serving": {"hosting": "on-prem", "location": {"country": "DE"}}}
}

test_a_brief_answer_does_not_say_what_is_served_with if served.shown == null with input as {"parameters": {"brief": true}}
