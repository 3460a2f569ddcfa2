"""psfpolicy: compliance-as-code for LLM deployments.

Python reads and shows; Rego decides. `psfpolicy.pipeline.check` is the whole composition.
"""

__version__ = "0.1.0"
