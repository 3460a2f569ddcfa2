# METADATA
# title: Hosts
# description: Addresses that stay inside a network, and the hosts of addresses on the web.
package psfpolicy.lib.hosts

# RFC 1918, RFC 4193 and loopback.
_private := ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128"]

# private says that an address or a whole network of addresses lies in a private range.
private(address) if {
	some network in _private
	net.cidr_contains(network, address)
}

# of_url gives the host of a URL, without user, port and brackets.
of_url(url) := trim_suffix(trim_prefix(host, "["), "]") if {
	authority := split(split(url, "://")[1], "/")[0]
	parts := split(authority, "@")
	host := _without_port(parts[count(parts) - 1])
}

_without_port(text) := concat("", [split(text, "]")[0], "]"]) if startswith(text, "[")

_without_port(text) := split(text, ":")[0] if not startswith(text, "[")
