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

import data.psfpolicy.lib.declared
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.terms

metadata := rego.metadata.chain()

_path := ["spec", "network", "ingress"]

_ingress := object.get(input.descriptor, _path, {})

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": reads} if {
	keys := [array.concat(_path, [key]) | some key in ["authentication", "gateway", "tls", "exposure"]]
	reads := array.concat(keys, [["spec", "data", "categories"]])
}

_status := "pass" if count(_lacking) == 0

_status := "partial" if {
	count(_unauthenticated) == 0
	count(_unencrypted) > 0
	_sheltered
}

_status := "fail" if count(_unauthenticated) > 0

_status := "fail" if {
	count(_unencrypted) > 0
	not _sheltered
}

_lacking := _unauthenticated | _unencrypted

_unencrypted := parts.untrue(_ingress, "tls")

_unauthenticated := set() if _authenticated

_unauthenticated := {_seen} if not _authenticated

_authenticated if _ingress.authentication in {"oidc", "mtls", "iam"}

_authenticated if {
	_ingress.authentication == "api-key"
	declared.named(_ingress.gateway)
}

_seen := "`authentication` is `api-key` without a `gateway`" if _ingress.authentication == "api-key"

_seen := parts.seen(_ingress, "authentication") if not _ingress.authentication == "api-key"

# Inside the cluster, with no personal data shown: plain text is seen by nobody outside, and harms nobody.
_sheltered if {
	_ingress.exposure == "cluster"
	terms.no_personal_data(input.descriptor)
}

_message := $"callers authenticate by `{_ingress.authentication}`{_gate}, over TLS" if count(_lacking) == 0

_message := $"in `spec.network.ingress`, {parts.phrase(_lacking)}; wanted: {wanted}" if {
	count(_lacking) > 0
	wanted := "`tls: true`, and `authentication` of `oidc`, `mtls` or `iam`, or of `api-key` behind a `gateway`"
}

default _gate := ""

_gate := $" behind `{_ingress.gateway}`" if _ingress.authentication == "api-key"
