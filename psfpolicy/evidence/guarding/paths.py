"""The paths of the descriptor that guards and gateways show something of."""

from __future__ import annotations

ABSTRACTION = "spec.vendor.abstractionLayer"
AUTHENTICATION = "spec.network.ingress.authentication"
EXPORTS = "spec.observability.exports"
FALLBACKS = "spec.vendor.fallbacks"
FLOWS = "spec.data.otherFlows"
INPUTS = "spec.inputs.guards"
LIMITS = "spec.inputs.rateLimits"
OUTPUTS = "spec.outputs.guards"
RAW_TEXT = "spec.observability.runLog.rawText"
RECORDED = "spec.observability.runLog.fields"
RULES = "spec.network.egress.rules"
SECRETS = "spec.security.secrets.store"
STORES = "spec.data.stores"
TELEMETRY = "spec.network.telemetryOptOut"
