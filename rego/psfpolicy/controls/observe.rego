# METADATA
# title: Observability
# description: "Logging, quality monitoring, drift and cost alerts: what happened can be seen, and reconstructed."
# scope: subpackages
# custom:
#   domain: PSF-4
#   crosswalk_provenance: ours
#   crosswalk:
#     eu-ai-act: ["12", "19", "26(5)", "26(6)", "72"]
#     owasp-llm-2025: ["LLM10"]
#     nist-ai-rmf: ["MEASURE"]
#     iso-42001: ["A.6"]
package psfpolicy.controls.observe
