# METADATA
# title: Fallbacks
# description: |
#   What the best of the declared fallbacks is worth, judged alike by every control that asks for one.
#   A fallback that is the same thing under another name is none: a smaller model that is the model served,
#   or, where a third party runs the model, a second provider that is this same party.
package psfpolicy.lib.fallbacks

import data.psfpolicy.lib.status
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.tested
import data.psfpolicy.lib.text

_section := ["spec", "vendor", "fallbacks"]

# answer is the finding on the best fallback of some kinds, the first of equals.
# enough are the states of its test that pass, as `tested.state` gives them for 180 days; wanted says them in words.
answer(descriptor, kinds, enough, today, wanted) := {"path": _section, "status": "fail", "message": message, "reads": [_section]} if {
	count(_judged(descriptor, kinds, enough, today, wanted)) == 0
	message := $"`spec.vendor.fallbacks` lists no fallback of kind {text.either(kinds)}; wanted: one of them, {wanted}"
}

answer(descriptor, kinds, enough, today, wanted) := first if {
	judged := _judged(descriptor, kinds, enough, today, wanted)
	best := status.best({one.status | some one in judged})
	first := [one | some one in judged; one.status == best][0]
}

_judged(descriptor, kinds, enough, today, wanted) := [finding |
	some index, fallback in descriptor.spec.vendor.fallbacks
	fallback.kind in kinds
	finding := object.union(
		_judgement(descriptor, fallback, enough, today, wanted),
		{"path": array.concat(_section, [index]), "reads": _reads(array.concat(_section, [index]), fallback.kind)},
	)
]

_judgement(descriptor, fallback, _, _, _) := {"status": "fail", "message": message} if {
	sameness := _sameness(descriptor, fallback)
	message := $"fallback `{fallback.name}` {sameness}; wanted: something else to fall back to"
}

_judgement(descriptor, fallback, enough, today, wanted) := {"status": _status(state, enough), "message": message} if {
	not _sameness(descriptor, fallback)
	date := object.get(fallback, "lastTested", "")
	state := tested.state(date, today, 180)
	message := $"fallback `{fallback.name}` ({_thing(fallback)}) {tested.shown(date, today)}{_wish(state, enough, wanted)}"
}

_status(state, enough) := "pass" if state in enough

_status("future", _) := "fail"

_status(state, enough) := "partial" if not state in (enough | {"future"})

_wish(state, enough, _) := "" if state in enough

_wish(state, enough, wanted) := $"; wanted: {wanted}" if not state in enough

_thing(fallback) := $"{fallback.kind} `{fallback.model}`" if fallback.model

_thing(fallback) := fallback.kind if not fallback.model

_sameness(descriptor, fallback) := $"names `{fallback.model}` as the smaller model, which is the model served" if {
	fallback.kind == "smaller-model"
	fallback.model == descriptor.spec.model.id
}

_sameness(descriptor, fallback) := $"names `{fallback.operator}` as the second provider, which runs the model already" if {
	fallback.kind == "second-provider"
	terms.third_party_run(descriptor)
	fallback.operator == descriptor.spec.serving.operator
}

# The path and the keys that decide, by kind.
_reads(path, kind) := array.concat(
	[array.concat(path, [key]) | some key in array.concat(["kind", "lastTested"], _own_keys(kind))],
	_served_keys(kind),
)

_own_keys(kind) := object.get({"smaller-model": ["model"], "second-provider": ["model", "operator"]}, kind, ["model"])

_served_keys(kind) := object.get(
	{
		"smaller-model": [["spec", "model", "id"]],
		"second-provider": [["spec", "serving", "hosting"], ["spec", "serving", "operator"]],
	},
	kind,
	[],
)
