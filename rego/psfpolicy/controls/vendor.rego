# METADATA
# title: Vendor Resilience
# description: "Fallbacks, deprecation planning, agreements and a way out, when a vendor fails, changes or leaves."
# scope: subpackages
# custom:
#   domain: PSF-8
#   crosswalk_provenance: ours
#   crosswalk:
#     eu-ai-act: ["25", "26"]
#     owasp-llm-2025: ["LLM03"]
#     nist-ai-rmf: ["GOVERN"]
#     iso-42001: ["A.10"]
package psfpolicy.controls.vendor
