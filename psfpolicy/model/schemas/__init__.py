"""The JSON Schemas of the project, generated from its models: `python -m psfpolicy.model.schemas [--check]`.

A tool of the project's own build; a run that assesses reads the files that it wrote and imports none of this.
"""
