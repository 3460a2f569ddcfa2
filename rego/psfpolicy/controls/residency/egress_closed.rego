# METADATA
# title: Egress closed
# description: |
#   What may leave is what is named; an opening as wide as the network lets data go to anyone, whatever the flows declare.
#   Egress must be denied by default. A rule is too wide when the public IPv4 ranges of all rules sum to more than a /8, or their
#   IPv6 ranges to more than a /16 (private ranges are left out, and what lies in another range counts once), and where its host
#   is `*`, or a wildcard over a domain that registries or a provider give out names below. A rule that is too wide by
#   itself fails alone. What a manifest opens and no rule declares is counted with the others.
#   Under a regime that permits no egress, whatever is not inside the deployment fails at its own place, weights and telemetry
#   included, and each setting that the regime asks for is a place of its own.
# custom:
#   provenance: ours
#   severity: critical
#   remediation: |
#     Deny egress by default, and name each target as narrowly as it is:
#
#     network:
#       egress:
#         default: deny
#         rules: [{name: traces, to: {cidr: 10.20.0.0/16}, carries: [traces]}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#   good: |
#     network: {egress: {default: deny, rules: []}}
#   bad: |
#     network: {egress: {default: deny, rules: [{name: all, to: {cidr: 0.0.0.0/0}}]}}
package psfpolicy.controls.residency.egress_closed

import data.psfpolicy.evidence
import data.psfpolicy.flows
import data.psfpolicy.known
import data.psfpolicy.lib.hosts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.ranges
import data.psfpolicy.lib.text
import data.psfpolicy.residency

metadata := rego.metadata.chain()

_section := ["spec", "network", "egress"]

_default_path := array.concat(_section, ["default"])

_default := object.get(input, array.concat(["descriptor"], _default_path), "not declared")

# Rules by path: those that are declared, and those that only a manifest shows.
_rules[array.concat(_section, ["rules", index])] := rule if some index, rule in input.descriptor.spec.network.egress.rules

_rules[path] := stranger.item if {
	some path, stranger in evidence.strangers
	stranger.section == array.concat(_section, ["rules"])
}

places contains path if some path, _ in _found

findings := [finding | some finding in _found]

# A rule under a regime that lets nothing leave is asked both as an opening and as a flow.
_found := residency.together([
	{_default_path: _of_default},
	_of_rules,
	_of_flows,
	object.get(residency.settings, "residency-egress-closed", {}),
])

_of_default := {"path": _default_path, "status": "pass", "message": message, "reads": [_default_path]} if {
	_default == "deny"
	message := "egress is denied by default"
}

_of_default := {"path": _default_path, "status": "fail", "message": message, "reads": [_default_path]} if {
	_default != "deny"
	message := $"`default` of `spec.network.egress` is `{_default}`; wanted: `deny`, with a rule for each target"
}

_of_rules[path] := {"path": path, "status": status, "message": message, "reads": _target_reads(path, rule)} if {
	some path, rule in _rules
	[status, width] := object.get(_wide, [path], ["pass", "which is not wide"])
	message := $"{_called(path, rule)} opens `{_target(rule)}`, {width}"
}

_called(path, rule) := $"egress rule `{rule.name}`" if path[0] == "spec"

_called(path, rule) := $"undeclared egress rule `{object.get(rule, "name", "egress")}`" if path[0] == "facts"

_target(rule) := object.get(rule, ["to", "cidr"], object.get(rule, ["to", "host"], _nowhere))

_nowhere := "not declared"

# How wide a public range is follows from the others too.
_target_reads(path, rule) := paths.keys(path, ["to"]) if not _public_range(rule)

_target_reads(_, rule) := _public_reads[ranges.family(rule.to.cidr)] if _public_range(rule)

_public_reads[family] := [array.concat(path, ["to"]) | some path in sort(opening)] if some family, opening in _public

_public_range(rule) if {
	cidr := rule.to.cidr
	not hosts.private(cidr)
}

# Paths of the rules with a public range, and what these open together, by family.
_public[ranges.family(rule.to.cidr)] contains path if {
	some path, rule in _rules
	_public_range(rule)
}

_opened[family] := ranges.total([_rules[path].to.cidr | some path in (opening - _alone)]) if some family, opening in _public

# Rules that are too wide by themselves, beside which the others need not be faulted.
_alone contains path if {
	some family, opening in _public
	some path in opening
	ranges.size(_rules[path].to.cidr) > ranges.limits[family]
}

# Why a rule is too wide, by its path.
_wide[path] := ["fail", $"and that is {_counted(family, ranges.size(_rules[path].to.cidr))}; wanted: {_most[family]}"] if {
	some family, opening in _public
	some path in (opening & _alone)
}

_wide[path] := ["fail", $"and with the other public ranges that is {_counted(family, total)}; wanted: {_most[family]}"] if {
	some family, total in _opened
	total > ranges.limits[family]
	some path in (_public[family] - _alone)
}

_wide[path] := ["fail", "a wildcard over names that anyone can have; wanted: the name of the host"] if {
	some path, rule in _rules
	hosts.wildcard(rule.to.host, _shared)
}

_wide[path] := ["fail", "whose width nobody can tell; wanted: a `cidr` or a `host` in `to`"] if {
	some path, rule in _rules
	_target(rule) == _nowhere
}

_shared := {domain | some domain, row in known.rows.domains; not row.service == true}

_counted("IPv4", total) := $"{total} addresses"

_counted("IPv6", _) := "more than a 16-bit prefix of IPv6"

_most := {
	"IPv4": $"at most {ranges.limits.IPv4} public addresses in all, a /8",
	"IPv6": "at most a /16 of public addresses in all",
}

# Regimes under which nothing at all may leave.
_closing := {id | some id, row in residency.speaking; row.egress == "none"}

_of_flows[flow.path] := {"path": flow.path, "status": verdict.status, "message": message, "reads": reads} if {
	some flow in flows.all
	verdict := _leaving[flow.state.inside]
	message := $"{flow.subject} {verdict.told}{residency.notes(_closing)}"
	reads := array.concat(residency.conditions(_closing), flow.who)
}

# What there is to say of a flow, by whether it is inside the deployment.
_leaving[true] := {"status": "pass", "told": "stays inside the deployment"} if count(_closing) > 0

_leaving[false] := {"status": "pass", "told": "may leave the deployment today"} if {
	count(_closing) > 0
	count(_objecting) == 0
}

_leaving[false] := {"status": "fail", "told": told} if {
	count(_objecting) > 0
	told := $"is not shown to stay inside the deployment, and {text.all_of(_objecting)} lets nothing leave; wanted: {_wanted}"
}

_objecting := {id | some id in _closing; not residency.pending[id]}

_wanted := "`hosting: self` or a private range, or none of it"
