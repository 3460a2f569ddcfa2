# METADATA
# title: Output Validation
# description: "Raw output is never trusted; each output is validated before it acts on anything."
# scope: subpackages
# custom:
#   domain: PSF-2
#   crosswalk_provenance: ours
#   crosswalk:
#     eu-ai-act: ["9", "13", "15"]
#     owasp-llm-2025: ["LLM05", "LLM09"]
#     nist-ai-rmf: ["MEASURE"]
#     iso-42001: ["A.6", "A.8"]
package psfpolicy.controls.output
