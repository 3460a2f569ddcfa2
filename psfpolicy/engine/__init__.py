"""Engines: what evaluates the policy. `base` is the protocol; each other module is one engine."""
