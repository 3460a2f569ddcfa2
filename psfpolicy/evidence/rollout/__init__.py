"""Rollouts: how much of the traffic a release meets first, and what it is judged by."""
