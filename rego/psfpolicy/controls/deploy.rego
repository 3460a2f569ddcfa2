# METADATA
# title: Deployment Safety
# description: "Change control, canaries, rollback and incident runbooks: a change can be trusted, or undone."
# scope: subpackages
# custom:
#   domain: PSF-5
#   crosswalk_provenance: ours
#   crosswalk:
#     eu-ai-act: ["9", "15", "17"]
#     owasp-llm-2025: ["LLM03", "LLM04"]
#     nist-ai-rmf: ["MANAGE"]
#     iso-42001: ["A.6"]
package psfpolicy.controls.deploy
