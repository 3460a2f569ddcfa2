# METADATA
# title: Security Posture
# description: "Least privilege, key management, integrity of weights and images, and tenant isolation."
# scope: subpackages
# custom:
#   domain: PSF-7
#   crosswalk_provenance: ours
#   crosswalk:
#     eu-ai-act: ["15"]
#     owasp-llm-2025: ["LLM01", "LLM03", "LLM04", "LLM07", "LLM08"]
#     nist-ai-rmf: ["MANAGE"]
#     iso-42001: ["A.4"]
package psfpolicy.controls.security
