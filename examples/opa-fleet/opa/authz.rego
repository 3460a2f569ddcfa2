# METADATA
# title: Who may ask what
# description: |
#   A client with a token may ask the rules that psfpolicy asks, and read which policy is served. Anybody may ask whether
#   the server is well. Everything else is refused: policies, data, other queries, and questions that want a trace.
#   Of tokens only digests are kept, in `data.clients`: `{"sha256 of the token, in hex": "name of the client"}`.
package system.authz

default allow := false

_rules := {"bundle", "change", "collation", "report", "sizing"}

_harmless := {"instrument", "metrics", "pretty", "provenance", "strict-builtin-errors"}

allow if {
	input.method == "GET"
	input.path == ["health"]
}

allow if {
	input.method == "POST"
	_asks
	_known
}

# The digest and the controls of the policy may be read, too.
allow if {
	input.method == "GET"
	input.path == ["v1", "data", "psfpolicy", "bundle"]
	_asks
	_known
}

_asks if {
	["v1", "data", "psfpolicy", rule] = input.path
	rule in _rules
	every name, _ in input.params {
		name in _harmless
	}
}

_known if data.clients[crypto.sha256(input.identity)]
