# METADATA
# title: Human Oversight
# description: "Autonomy limits, review queues and override: a person can step in where it matters."
# scope: subpackages
# custom:
#   domain: PSF-6
#   crosswalk_provenance: ours
#   crosswalk:
#     eu-ai-act: ["14", "26(2)"]
#     owasp-llm-2025: ["LLM06"]
#     nist-ai-rmf: ["GOVERN", "MANAGE"]
#     iso-42001: ["A.9"]
package psfpolicy.controls.oversight
