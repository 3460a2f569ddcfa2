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

# own says that an address lies in a private range, or that a name is one that only the network itself resolves. What begins with a
# digit may be an address in a form of its own, and what has other than plain letters may have a dot in another form.
own(address) if private(address)

own(name) if {
	name != ""
	trim_left(name, "0123456789") == name
	trim_left(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}

own(name) if {
	contains(name, ".")
	not contains(name, "*")
	small := trim_suffix(text.lower_case(name), ".")
	some ending in [".cluster.local", ".internal", ".svc"]
	endswith(small, ending)
}

# file says that an endpoint is a file of the machine itself.
file(endpoint) if startswith(endpoint, "file:///")

file(endpoint) if {
	some start in ["/", "./", "../", "~/", "file:/"]
	startswith(endpoint, start)
	path := trim_prefix(endpoint, "file:")
	not startswith(path, "//")
}

# A leading zero is octal to some readers.
_plain("0")

_plain(part) if not startswith(part, "0")

# of_url gives the host of a URL or of `host:port`, without user, port and brackets. What ends an authority for any reader
# (RFC 3986, WHATWG) ends it here. What follows a colon and is no port stays, since `https:example.com` is an address to some.
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

_without_port(host) := name if {
	not startswith(host, "[")
	[name, port] := split(host, ":")
	port != ""
	trim_left(port, "0123456789") == ""
} else := host if {
	not startswith(host, "[")
}

# domain gives the one of some domains, the longest, that a host is or lies below.
domain(host, domains) := [name |
	labels := split(trim_suffix(text.lower_case(host), "."), ".")
	some index, _ in labels
	name := concat(".", array.slice(labels, index, count(labels)))
	domains[name]
][0]

# wildcard says that a host stands for names that other people can have: everything, everything below a domain that registries
# give out names below, or everything at, above or below a domain that a provider shares out among its customers.
wildcard(host, _) if _below(host) == ""

wildcard(host, _) if {
	labels := split(_below(host), ".")
	_registry(labels)
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

_registry([_])

# Below a top-level domain of a country, what registries of many give out: `co.uk`, `com.au`.
_registry([second, country]) if {
	count(country) == 2
	second in ["ac", "co", "com", "edu", "gov", "ne", "net", "or", "org"]
}

_within(name, name)

_within(name, domain) if endswith(name, $".{domain}")

# What a wildcard stands above of; undefined for a host that is none.
_below(host) := "" if host in ["*", "*."]

_below(host) := trim_suffix(text.lower_case(substring(host, 2, -1)), ".") if {
	startswith(host, "*.")
	host != "*."
}
