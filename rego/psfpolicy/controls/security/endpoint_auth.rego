# METADATA
# title: Authenticated endpoint
# description: |
#   An inference endpoint that answers whoever reaches it gives away the model, the data and the bill.
#   Callers authenticate, over TLS. An API key alone counts only behind a gateway, since an engine's own key leaves paths open;
#   a gateway called `none` is none. Without TLS the control is partial where the endpoint is exposed inside the cluster only and
#   it is shown that there is no personal data; mTLS, too, needs `tls: true`.
#   A switch of the engine that lets callers past all of this fails at its own place: endpoints for development, a tunnel from the
#   internet, workers over an open channel, an interface for jobs, a proxy beside it that serves in plain text.
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

import data.psfpolicy.evidence
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.switches

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "network", "ingress"]

default _ingress := {}

_ingress := _descriptor.spec.network.ingress

places contains _path

places contains finding.path if some finding in findings

findings contains finding if some finding in switches.findings["security-endpoint-auth"]

findings contains {"path": _path, "status": _status, "message": _message, "reads": reads} if {
	reads := array.flatten([
		paths.keys(_path, ["authentication", "tls"]),
		[array.concat(_path, ["gateway"]) | _by_key],
		[_exposure | _looks_at_exposure],
		[["spec", "data", "categories"] | count(_unencrypted) > 0],
		sort([path | some path in switches.unsettled["security-endpoint-auth"]]),
	])
}

_exposure := array.concat(_path, ["exposure"])

# Where manifests show from where it is reached, what is said of that has to agree.
_looks_at_exposure if count(evidence.touching[_exposure]) > 0

_looks_at_exposure if count(_unencrypted) > 0

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

_unauthenticated := set() if _ingress.authentication in ["oidc", "mtls", "iam"]

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
