package psfpolicy.lib.ranges_test

import data.psfpolicy.lib.ranges

test_sizes if {
	ranges.size("8.8.8.8/32") == 1
	ranges.size("8.0.0.0/8") == 16777216
	ranges.size("0.0.0.0/0") == 4294967296
	ranges.size("2001:db8::1/128") == 1
	ranges.size("2001:db8::/64") == 1
	ranges.size("2001::/16") == ranges.limits.IPv6
	ranges.size("2000::/15") == ranges.limits.IPv6 + 1
	ranges.size("::/0") == ranges.limits.IPv6 + 1
	ranges.limits.IPv4 == ranges.size("8.0.0.0/8")
}

test_ipv6_that_is_translated_to_ipv4_counts_as_such if {
	ranges.family("64:ff9b::/96") == "IPv4"
	ranges.size("64:ff9b::/96") == 4294967296
	ranges.size("64:ff9b::800:0/104") == 16777216
	ranges.family("64:ff9b::/32") == "IPv4"
	ranges.size("64:ff9b::/32") == 4294967296
	ranges.family("64:ff9c::/32") == "IPv6"
	ranges.family("::/0") == "IPv6"
}

test_a_range_without_a_prefix_counts_as_the_widest if ranges.size("8.8.8.8") == 4294967296

test_total_counts_what_lies_in_another_once if {
	ranges.total(["8.0.0.0/8", "8.8.0.0/16", "9.0.0.0/24"]) == 16777216 + 256
	ranges.total(["8.8.0.0/16", "8.8.0.0/16"]) == 65536
	ranges.total(["2001:db8::/32", "2001:0db8::/32"]) == ranges.size("2001:db8::/32")
	ranges.total([]) == 0
}
