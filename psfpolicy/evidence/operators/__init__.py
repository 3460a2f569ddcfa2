"""Serving operators: what they make of their resources, read as Kubernetes' own objects."""
