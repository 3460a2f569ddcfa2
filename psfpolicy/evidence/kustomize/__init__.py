"""Kustomize: the objects that kustomizations make of their resources, as far as patches can be applied by meaning."""
