# METADATA
# title: Ranges
# description: |
#   How much of the address space ranges in CIDR notation open together, in whole numbers: IPv4 in addresses, IPv6 in networks
#   of /64. A range that lies in another of the list counts once. IPv6 by which a translator reaches IPv4 (RFC 6052) counts as IPv4.
package psfpolicy.lib.ranges

# limits of what is not wide: a /8 of IPv4, a /16 of IPv6.
limits := {"IPv4": _powers[24], "IPv6": _powers[48]}

# family of a range.
family(cidr) := "IPv4" if {
	not contains(cidr, ":")
} else := "IPv4" if {
	_translated(cidr)
} else := "IPv6"

# size of a range; of IPv6, more than the limit is one more than the limit, whatever it is.
size(cidr) := _powers[32 - _prefix(cidr)] if {
	not contains(cidr, ":")
} else := _powers[min([32, 128 - _prefix(cidr)])] if {
	_translated(cidr)
} else := 1 if {
	_prefix(cidr) > 64
} else := _powers[64 - _prefix(cidr)] if {
	_prefix(cidr) >= 16
} else := limits.IPv6 + 1

_translator := "64:ff9b::/96"

_translated(cidr) if {
	_prefix(cidr) >= 16
	net.cidr_contains(cidr, _translator)
}

_translated(cidr) if net.cidr_contains(_translator, cidr)

# total size of the ranges of one family: of those that no other of the list contains. Of two that are the same, one counts.
total(cidrs) := sum([size(cidr) |
	some index, cidr in cidrs
	not _covered(cidrs, index, cidr)
])

_covered(cidrs, index, cidr) if {
	some other, range in cidrs
	other != index
	net.cidr_contains(range, cidr)
	_first(other, index, net.cidr_contains(cidr, range))
}

_first(_, _, false)

_first(other, index, true) if other < index

# A prefix that is no number counts as the widest.
default _prefix(_) := 0

_prefix(cidr) := to_number(digits) + 0 if {
	digits := trim_left(split(cidr, "/")[1], "0")
	digits != ""
}

_powers := [
	1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288, 1048576,
	2097152, 4194304, 8388608, 16777216, 33554432, 67108864, 134217728, 268435456, 536870912, 1073741824, 2147483648,
	4294967296, 8589934592, 17179869184, 34359738368, 68719476736, 137438953472, 274877906944, 549755813888, 1099511627776,
	2199023255552, 4398046511104, 8796093022208, 17592186044416, 35184372088832, 70368744177664, 140737488355328,
	281474976710656,
]
