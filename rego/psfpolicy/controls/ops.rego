# METADATA
# title: Operations
# description: "What hosting a model of one's own takes: a reason, a price that pays, and people who do the work."
# scope: subpackages
# custom:
#   domain: OPS
#   scored: apart
#   gated: false
#   crosswalk_provenance: ours
#   crosswalk:
#     owasp-llm-2025: ["LLM10"]
#     nist-ai-rmf: ["GOVERN", "MANAGE"]
#     iso-42001: ["A.4"]
package psfpolicy.controls.ops
