"""Observability: where telemetry goes, what is left of it on the way, and who is told when something goes wrong."""
