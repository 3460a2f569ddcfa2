# METADATA
# title: Fallbacks
# description: |
#   What the best of the declared fallbacks is worth, judged alike by every control that asks for one.
#   A fallback that is the same thing under another name is none: a smaller model that is the model served,
#   or, where a third party runs the model, a second provider that is this same party. One that cannot be told from it,
#   since the model or an operator is not said, counts in part.
package psfpolicy.lib.fallbacks

import data.psfpolicy.lib.dates
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.status
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

_section := ["spec", "vendor", "fallbacks"]

# answer is the finding on the best fallback of some kinds, the first of equals. asked is {kinds, states, wanted, today}:
# states are those of its test that pass, as `dates.state` gives them for 180 days; wanted says them in words. flaws, which may be
# left out, are what else there is against a fallback, by its index: {status, told, wanted, reads}.
answer(descriptor, asked) := {"path": _section, "status": "fail", "message": message, "reads": reads} if {
	count(_judged(descriptor, asked)) == 0
	message := $"`spec.vendor.fallbacks` lists no fallback of kind {text.one_of(asked.kinds)}; wanted: one of them, with {asked.wanted}"
	reads := paths.items(_section, [fallback | some fallback in descriptor.spec.vendor.fallbacks], ["kind"])
}

answer(descriptor, asked) := first if {
	judged := _judged(descriptor, asked)
	best := status.best({one.status | some one in judged})
	first := [one | some one in judged; one.status == best][0]
}

_judged(descriptor, asked) := [finding |
	some index, fallback in descriptor.spec.vendor.fallbacks
	fallback.kind in asked.kinds
	path := array.concat(_section, [index])
	flaw := object.get(asked, ["flaws", index], {"status": "pass", "told": "", "wanted": set(), "reads": []})
	reads := array.concat(_reads(fallback, path), flaw.reads)
	finding := object.union(_judgement(descriptor, fallback, asked, flaw), {"path": path, "reads": reads})
]

_judgement(descriptor, fallback, asked, flaw) := {"status": "fail", "message": message} if {
	sameness := _sameness(descriptor, fallback)
	message := $"fallback `{fallback.name}` {sameness}; wanted: something else to fall back to"
} else := {"status": status.worst({tried, flaw.status}), "message": message} if {
	unsaid := _unsaid(descriptor, fallback)
	date := object.get(fallback, "lastTested", "")
	state := dates.state(date, asked.today, 180)
	tried := _status(state, unsaid, asked.states)
	seen := $"fallback `{fallback.name}` ({_thing(fallback)}) {dates.told(date, asked.today, "tested")}{_silence(unsaid)}"
	states := asked.states
	wish := _wish(union({{$"`{key}`" | some key in unsaid}, {asked.wanted | not state in states}, flaw.wanted}))
	message := $"{seen}{flaw.told}{wish}"
}

_status(state, unsaid, states) := "fail" if {
	state == "future"
} else := "pass" if {
	state in states
	count(unsaid) == 0
} else := "partial"

_silence(unsaid) := "" if count(unsaid) == 0

_silence(unsaid) := $", and {text.all_of(unsaid)} is not said" if count(unsaid) == 1

_silence(unsaid) := $", and {text.all_of(unsaid)} are not said" if count(unsaid) > 1

_wish(wanted) := "" if count(wanted) == 0

_wish(wanted) := $"; wanted: {text.joined(wanted)}" if count(wanted) > 0

_thing(fallback) := $"{fallback.kind} `{fallback.model}`" if fallback.model

_thing(fallback) := fallback.kind if not fallback.model

_sameness(descriptor, fallback) := $"names `{fallback.model}` as the smaller model, which is the model served" if {
	fallback.kind == "smaller-model"
	text.same(fallback.model, descriptor.spec.model.id)
}

_sameness(descriptor, fallback) := $"names `{fallback.operator}` as the second provider, which runs the model already" if {
	_other_party(descriptor, fallback)
	fallback.operator == descriptor.spec.serving.operator
}

# Keys without which a fallback cannot be told from what it stands in for.
_unsaid(descriptor, fallback) := {key | some key in _telling[fallback.kind]; not said.named(fallback, [key])} if {
	not _other_party(descriptor, fallback)
}

_unsaid(descriptor, fallback) := union({
	{"operator" | not fallback.operator},
	{"spec.serving.operator" | not descriptor.spec.serving.operator},
}) if {
	_other_party(descriptor, fallback)
}

_telling := {"smaller-model": ["model"]}

_other_party(descriptor, fallback) if {
	fallback.kind == "second-provider"
	terms.third_party_run(descriptor)
}

_reads(fallback, path) := array.concat(paths.keys(path, array.concat(["kind", "lastTested"], compared.own)), compared.served) if {
	compared := object.get(_compared, fallback.kind, {"own": ["model"], "served": []})
}

# What tells a fallback from what is served, by kind. The model of any other kind is shown, and no more.
_compared := {
	"smaller-model": {"own": ["model"], "served": [["spec", "model", "id"]]},
	"second-provider": {
		"own": ["model", "operator"],
		"served": [["spec", "serving", "hosting"], ["spec", "serving", "operator"]],
	},
}
