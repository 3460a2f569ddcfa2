# METADATA
# title: Authenticated endpoint
# description: |
#   An inference endpoint that answers whoever reaches it gives away the model, the data and the bill.
#   Callers authenticate, over TLS. An API key alone counts only behind a gateway, since an engine's own key leaves paths open;
#   a gateway called `none` is none. Without TLS the control is partial where the endpoint is exposed inside the cluster only and
#   it is shown that there is no personal data; mTLS, too, needs `tls: true`.
# custom:
#   provenance: guide
#   severity: critical
#   remediation: |
#     Authenticate callers before the engine, over TLS:
#
#     network:
#       ingress: {tls: true, authentication: oidc, gateway: envoy, exposure: cluster}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-7-security
#   good: |
#     network:
#       ingress: {tls: true, authentication: oidc, exposure: private}
#   bad: |
#     network:
#       ingress: {tls: true, authentication: api-key, exposure: private}
package psfpolicy.controls.security.endpoint_auth

import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_path := ["spec", "network", "ingress"]

_ingress := {key: value | some key, value in _descriptor.spec.network.ingress}

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": reads} if {
	reads := array.flatten([
		paths.keys(_path, ["authentication", "tls"]),
		[array.concat(_path, ["gateway"]) | _by_key],
		[path | count(_unencrypted) > 0; some path in [array.concat(_path, ["exposure"]), ["spec", "data", "categories"]]],
	])
}

default _status := "fail"

_status := "pass" if count(_lacking) == 0

# Inside the cluster, with no personal data shown: plain text is seen by nobody outside, and harms nobody.
_status := "partial" if {
	count(_unauthenticated) == 0
	count(_unencrypted) > 0
	_ingress.exposure == "cluster"
	terms.no_personal_data(_descriptor)
}

_lacking := _unauthenticated | _unencrypted

_unencrypted := said.untrue(_ingress, ["tls"])

_unauthenticated := set() if _ingress.authentication in {"oidc", "mtls", "iam"}

else := set() if {
	_by_key
	said.named(_ingress, ["gateway"])
}

else := {"`authentication` is `api-key` without a `gateway`"} if _by_key

else := {said.at(_ingress, ["authentication"])}

_by_key if _ingress.authentication == "api-key"

_message := $"callers authenticate by `{_ingress.authentication}`{_gate}, over TLS" if count(_lacking) == 0

_message := $"in `spec.network.ingress`, {text.joined(_lacking)}; wanted: {wanted}" if {
	count(_lacking) > 0
	wanted := "`tls: true`, and `authentication` of `oidc`, `mtls` or `iam`, or of `api-key` behind a `gateway`"
}

default _gate := ""

_gate := $" behind `{_ingress.gateway}`" if _by_key
