package psfpolicy.controls.vendor.licence_duties_test

import data.psfpolicy.controls.vendor.licence_duties as control
import data.psfpolicy.lib.outcome

_path := ["spec", "model", "licence"]

_llama := "meta-llama/Llama-3.1-70B-Instruct"

_reads := array.concat(
	[["spec", "purpose", "audience"], ["spec", "model", "id"]],
	[array.concat(_path, [key]) | some key in ["accepted", "attribution", "commercialAgreement", "id"]],
)

_under(licence) := {"model": {"id": _llama, "licence": licence}}

_is(status, spec) if {
	outcome.is(control, [[_path, status]]) with input.today as "2026-11-21" with input.descriptor.spec as spec
}

test_pass_when_accepted_and_shown if {
	[finding] := [one | some one in control.findings] with input.today as "2026-11-21"
		with input.descriptor.spec as _under({"accepted": "2026-05-01", "attribution": true})
	finding.status == "pass"
	finding.path == _path
	finding.message == "`Built with Llama` is shown and the licence was last accepted on `2026-05-01`, 204 days ago"
	{path | some path in finding.reads} == {path | some path in _reads}
}

test_pass_when_the_licence_asks_for_no_attribution if {
	_is("pass", {"model": {"id": "microsoft/phi-4", "licence": {"accepted": "2026-05-01"}}})
}

test_pass_when_an_internal_audience_sees_no_attribution if {
	_is("pass", object.union(_under({"accepted": "2026-05-01"}), {"purpose": {"audience": "internal"}}))
}

test_pass_under_an_agreement if _is("pass", _under({"commercialAgreement": "legal/meta.pdf"}))

test_fail_under_an_agreement_that_has_ended if {
	agreement := {"kind": "licence", "with": "meta", "ref": "legal/meta.pdf", "expires": "2026-11-21"}
	spec := object.union(_under({"commercialAgreement": "legal/meta.pdf"}), {"vendor": {"agreements": [agreement]}})
	_is("pass", spec)
	_is("fail", object.union(spec, {"vendor": {"agreements": [object.union(agreement, {"expires": "2026-11-20"})]}}))
}

test_partial_when_accepted_and_not_shown if {
	_is("partial", _under({"accepted": "2026-05-01"}))
	_is("partial", _under({"accepted": "2026-05-01", "attribution": false}))
}

test_partial_when_a_distill_does_not_show_what_its_base_asks if {
	licence := {"accepted": "2026-05-01"}
	_is("partial", {"model": {"id": "deepseek-ai/DeepSeek-R1-Distill-Llama-70B", "licence": licence}})
	_is("pass", {"model": {"id": "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B", "licence": licence}})
}

test_partial_when_a_guard_asks_for_attribution if {
	_is("partial", {
		"model": {"id": "microsoft/phi-4", "licence": {"accepted": "2026-05-01"}},
		"inputs": {"guards": [{"name": "g", "model": "meta-llama/Llama-Guard-3-8B"}]},
	})
}

test_partial_when_the_licence_is_not_known if {
	_is("partial", {"model": {"id": "acme/notes", "licence": {"accepted": "2026-05-01", "attribution": true}}})
}

test_fail_when_accepted_in_the_future if {
	_is("pass", _under({"accepted": "2026-11-22", "attribution": true}))
	_is("fail", _under({"accepted": "2026-11-23", "attribution": true}))
}

test_fail_when_another_licence_was_accepted if {
	_is("fail", _under({"id": "mit", "accepted": "2026-05-01", "attribution": true}))
	_is("fail", _under({"id": "unheard", "accepted": "2026-05-01", "attribution": true}))
}

test_fail_when_shown_and_not_accepted if _is("fail", _under({"attribution": true}))

_hosted(guard) := {
	"model": {"id": "gpt-5"},
	"serving": {"hosting": "hosted-api"},
	"inputs": {"guards": [{"name": "g", "model": guard}]},
}

test_not_applicable_behind_a_hosted_api if {
	outcome.not_applicable(control, _path) with input.descriptor.spec as {"serving": {"hosting": "hosted-api"}}
	outcome.not_applicable(control, _path) with input.descriptor.spec as _hosted("presidio")
}

test_a_guard_before_a_hosted_api_asks_for_attribution_alone if {
	[finding] := [one | some one in control.findings] with input.descriptor.spec as _hosted("google/shieldgemma-2b")
	[finding.status, finding.message] == ["pass", "no licence of the model itself is asked"]
	_is("partial", _hosted("meta-llama/Llama-Guard-3-8B"))
	_is("pass", object.union(_hosted("meta-llama/Llama-Guard-3-8B"), {"model": {"licence": {"attribution": true}}}))
}

test_absent_licence_fails if _is("fail", {"model": {"id": _llama}})
