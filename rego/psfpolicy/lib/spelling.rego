# METADATA
# title: Spelling
# description: |
#   One spelling for what is written in several: names of models, references of images, addresses. Only what is the same thing for every
#   reader is made the same: to take two things for one is worse than to take one for two.
package psfpolicy.lib.spelling

import data.psfpolicy.lib.text

# of a text that stands under a key of the descriptor.
of(key, value) := address(value) if key in ["endpoint", "uri"]

else := image(value) if key == "image"

else := host(value) if key in ["cidr", "host"]

else := name(value) if key in ["id", "model", "name", "source"]

else := value

# name of a model or of a thing, in whatever case it is written; what is a path or an address keeps its case.
name(value) := value if {
	some start in ["/", "./", "../"]
	startswith(value, start)
} else := address(value) if {
	contains(value, "://")
} else := text.lower_case(value)

# host without the dot at its end.
host(value) := trim_suffix(text.lower_case(value), ".")

# image with what Docker takes for granted left out: its own registry, `library/`, and `latest`. Beside a digest a tag decides nothing.
image(reference) := $"{_repository(_untagged(named))}@{digest}" if {
	[named, digest] := split(reference, "@")
} else := $"{_repository(_untagged(reference))}:{_tag(reference)}"

_repository(named) := concat("/", _within(_without_registry(split(text.lower_case(named), "/"))))

_without_registry(parts) := array.slice(parts, 1, count(parts)) if {
	count(parts) > 1
	parts[0] in ["docker.io", "index.docker.io", "registry-1.docker.io"]
} else := parts

_within(parts) := [parts[1]] if {
	count(parts) == 2
	parts[0] == "library"
} else := parts

_untagged(reference) := concat("/", array.concat(array.slice(parts, 0, last), [split(parts[last], ":")[0]])) if {
	parts := split(reference, "/")
	last := count(parts) - 1
}

_tag(reference) := written if {
	parts := split(reference, "/")
	[_, written] := split(parts[count(parts) - 1], ":")
} else := "latest"

# address without a slash at its end, its host in lower case, and without the port that its scheme has anyway. One without a scheme is
# reached in plain text, as one with `http` or `grpc` is. A path keeps its case.
address(value) := value if {
	some start in ["/", "./", "../", "file:"]
	startswith(value, start)
} else := $"{_reached(scheme, split(rest, "/")[0])}{_path(rest)}" if {
	scheme := text.lower_case(_scheme(value))
	rest := substring(value, count(_scheme(value)), -1)
}

default _scheme(_) := ""

_scheme(value) := substring(value, 0, indexof(value, "://") + 3) if contains(value, "://")

_path(rest) := trim_right(substring(rest, indexof(rest, "/"), -1), "/") if contains(rest, "/")

else := ""

_reached(scheme, authority) := $"{host(authority)}:80" if {
	scheme == "http://"
	_portless(authority)
} else := _inside(host(authority)) if {
	scheme in ["", "http://", "grpc://"]
} else := $"https://{trim_suffix(host(authority), ":443")}" if {
	scheme == "https://"
} else := $"{scheme}{host(authority)}"

_portless(authority) if {
	parts := split(authority, "]")
	behind := parts[count(parts) - 1]
	not contains(behind, ":")
}

# The whole name of a Service inside a cluster, and the same without what every cluster adds.
_inside(authority) := replace(authority, ".svc.cluster.local:", ".svc:")
