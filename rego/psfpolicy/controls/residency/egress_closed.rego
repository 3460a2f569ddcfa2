# METADATA
# title: Egress closed
# description: |
#   What may leave is what is named; an opening as wide as the network lets data go to anyone, whatever the flows declare.
#   Egress must be denied by default. A rule is too wide when the public IPv4 ranges of all rules sum to more than a /8, or their
#   IPv6 ranges to more than a /16 (private ranges are left out, and what lies in another range counts once), and where its host
#   is `*`, or a wildcard over a top-level domain or over a domain that a provider shares among its customers.
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

import data.psfpolicy.flows
import data.psfpolicy.known
import data.psfpolicy.lib.flowing
import data.psfpolicy.lib.hosts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.ranges
import data.psfpolicy.lib.text
import data.psfpolicy.residency

metadata := rego.metadata.chain()

_section := ["spec", "network", "egress"]

_default_path := array.concat(_section, ["default"])

_default := object.get(input, array.concat(["descriptor"], _default_path), "not declared")

_rules := [rule | some rule in input.descriptor.spec.network.egress.rules]

_rule_path(index) := array.concat(_section, ["rules", index])

places contains finding.path if some finding in findings

findings := residency.merged(union({
	{_of_default},
	_of_rules,
	_of_flows,
	object.get(residency.settings, "residency-egress-closed", set()),
}))

_of_default := {"path": _default_path, "status": "pass", "message": message, "reads": [_default_path]} if {
	_default == "deny"
	message := "egress is denied by default"
}

_of_default := {"path": _default_path, "status": "fail", "message": message, "reads": [_default_path]} if {
	_default != "deny"
	message := $"`default` of `spec.network.egress` is `{_default}`; wanted: `deny`, with a rule for each target"
}

_of_rules contains {"path": path, "status": "pass", "message": message, "reads": reads} if {
	some index, rule in _rules
	not _wide[index]
	path := _rule_path(index)
	message := $"egress rule `{rule.name}` opens `{_target(rule)}`, which is not wide"
	reads := _target_reads(path, rule)
}

_of_rules contains {"path": path, "status": "fail", "message": message, "reads": reads} if {
	some index, rule in _rules
	why := _wide[index]
	path := _rule_path(index)
	message := $"egress rule `{rule.name}` opens `{_target(rule)}`, {why}"
	reads := _target_reads(path, rule)
}

_target(rule) := rule.to.cidr

_target(rule) := rule.to.host if not rule.to.cidr

# How wide a public range is follows from the others too.
_target_reads(path, rule) := paths.keys(path, ["to"]) if not _public_range(rule)

_target_reads(_, rule) := [array.concat(_rule_path(other), ["to"]) | some other, _ in _rules; indexes[other]] if {
	_public_range(rule)
	indexes := _public[ranges.family(rule.to.cidr)]
}

_public_range(rule) if {
	rule.to.cidr
	not hosts.private(rule.to.cidr)
}

# Indexes of the rules with a public range, and what these open together, by family.
_public[ranges.family(rule.to.cidr)] contains index if {
	some index, rule in _rules
	_public_range(rule)
}

_opened[family] := ranges.total([_rules[index].to.cidr | some index in indexes]) if some family, indexes in _public

# Why a rule is too wide, by its index.
_wide[index] := $"and {_with(size, total)} {_counted(family, total)}; wanted: {_most[family]}" if {
	some family, total in _opened
	total > ranges.limits[family]
	some index in _public[family]
	size := ranges.size(_rules[index].to.cidr)
}

_wide[index] := "a wildcard over names that anyone can have; wanted: the name of the host" if {
	some index, rule in _rules
	hosts.wildcard(rule.to.host, _shared)
}

_shared := object.keys(known.rows.domains)

_with(size, total) := "that is" if size == total

_with(size, total) := "with the other public ranges that is" if size != total

_counted("IPv4", total) := $"{total} addresses"

_counted("IPv6", _) := "more than a 16-bit prefix of IPv6"

_most := {
	"IPv4": $"at most {ranges.limits.IPv4} public addresses in all, a /8",
	"IPv6": "at most a /16 of public addresses in all",
}

# Regimes under which nothing at all may leave.
_closing := {id | some id, row in residency.speaking; row.egress == "none"}

_of_flows contains {"path": flow.path, "status": status, "message": message, "reads": reads} if {
	count(_closing) > 0
	some flow in flows.all
	objecting := {id | some id in _closing; not flow.inside; not residency.pending[id]}
	[status, says] := _leaves(flow.inside, objecting)
	message := $"{flowing.subject(flow)} {says}{residency.notes(_closing)}"
	reads := array.flatten([residency.conditions(_closing), flow.who, paths.keys(flow.path, ["location", "premises"])])
}

_leaves(true, _) := ["pass", "stays inside the deployment"]

_leaves(false, objecting) := ["pass", "may leave the deployment today"] if count(objecting) == 0

_leaves(false, objecting) := ["fail", $"is not shown to stay inside the deployment, and {text.all_of(objecting)} lets nothing leave; wanted: {wanted}"] if {
	count(objecting) > 0
	wanted := "`hosting: self` or a private range, or none of it"
}
