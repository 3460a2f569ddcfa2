"""Terraform: its language and its plans, and what the resources in them show."""
