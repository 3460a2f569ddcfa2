# METADATA
# title: Hosts
# description: Addresses that stay inside a network, and the hosts of addresses on the web.
package psfpolicy.lib.hosts

import data.psfpolicy.lib.text

# RFC 1918 and loopback; RFC 4193 and loopback. The families are kept apart, since engines differ on an IPv4 address
# that is written as IPv6.
_private4 := ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8"]

_private6 := ["fc00::/7", "::1/128"]

# private says that an address or a whole network of addresses lies in a private range.
private("localhost")

private(address) if {
	not contains(address, ":")
	every part in split(split(address, "/")[0], ".") { _plain(part) }
	some network in _private4
	net.cidr_contains(network, address)
}

private(address) if {
	contains(address, ":")
	not contains(address, ".")
	some network in _private6
	net.cidr_contains(network, address)
}

# A leading zero is octal to some readers.
_plain("0")

_plain(part) if not startswith(part, "0")

# of_url gives the host of a URL or of `host:port`, without user, port and brackets. What ends an authority for any reader
# (RFC 3986, WHATWG) ends it here.
of_url(url) := trim_suffix(trim_prefix(host, "["), "]") if {
	address := _after_scheme(url)
	authority := split(strings.replace_n({"?": "/", "#": "/", "\\": "/"}, address), "/")[0]
	parts := split(authority, "@")
	host := _without_port(parts[count(parts) - 1])
}

_after_scheme(url) := substring(url, at + 3, -1) if {
	at := indexof(url, "://")
	at >= 0
}

_after_scheme(url) := url if not contains(url, "://")

_without_port(host) := concat("", [split(host, "]")[0], "]"]) if startswith(host, "[")

_without_port(host) := split(host, ":")[0] if not startswith(host, "[")

# wildcard says that a host stands for names that other people can have: everything, everything below a top-level domain, or
# everything at, above or below a domain that a provider shares out among its customers.
wildcard(host, _) if _below(host) == ""

wildcard(host, _) if {
	below := _below(host)
	below != ""
	not contains(below, ".")
}

wildcard(host, shared) if {
	below := _below(host)
	some domain in shared
	_within(below, domain)
}

wildcard(host, shared) if {
	below := _below(host)
	some domain in shared
	_within(domain, below)
}

_within(name, name)

_within(name, domain) if endswith(name, $".{domain}")

# What a wildcard stands above of; undefined for a host that is none.
_below(host) := "" if host in {"*", "*."}

_below(host) := trim_suffix(text.lower_case(substring(host, 2, -1)), ".") if {
	startswith(host, "*.")
	host != "*."
}
