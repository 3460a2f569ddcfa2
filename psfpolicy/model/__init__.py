"""Frozen data that the layers hand to each other; no input, no output, no decisions."""
