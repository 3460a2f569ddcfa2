"""Policies of a cluster's network and of a mesh: what leaves the pods that serve a model, and who may call them."""
