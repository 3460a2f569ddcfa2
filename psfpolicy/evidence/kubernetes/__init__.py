"""Kubernetes: the pods that objects make, the containers of them that serve a model, and what surrounds those."""
