# METADATA
# title: Data Protection
# description: "Personal and sensitive data is protected across the whole pipeline, not only at rest."
# scope: subpackages
# custom:
#   domain: PSF-3
#   crosswalk_provenance: ours
#   crosswalk:
#     eu-ai-act: ["10"]
#     gdpr: ["5", "6", "17", "28", "44-49"]
#     owasp-llm-2025: ["LLM02", "LLM08"]
#     nist-ai-rmf: ["MAP", "GOVERN"]
#     iso-42001: ["A.7"]
package psfpolicy.controls.residency
