"""Helm: values of charts, and templates that are not filled in. Nothing is rendered."""
