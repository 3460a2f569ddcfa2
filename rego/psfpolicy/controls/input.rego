# METADATA
# title: Input Governance
# description: "Every input is untrusted, and is validated and sanitised before the model sees it."
# scope: subpackages
# custom:
#   domain: PSF-1
#   crosswalk_provenance: ours
#   crosswalk:
#     eu-ai-act: ["9", "10", "15"]
#     owasp-llm-2025: ["LLM01"]
#     nist-ai-rmf: ["MEASURE", "MANAGE"]
#     iso-42001: ["A.6", "A.7"]
package psfpolicy.controls.input
