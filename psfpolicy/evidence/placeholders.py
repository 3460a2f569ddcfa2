"""Texts that are not yet what will be deployed: templates, and variables that something else fills in."""

from __future__ import annotations

import re

_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|<<[^<>\n]+>>", re.DOTALL)
_VARIABLE = re.compile(r"\$\{[^}\n]*\}|(?<![\w$])\$[A-Z_][A-Z0-9_]*(?![\w(])")


def template_in(text: str) -> str:
    """Give the first part that a template engine fills in (`{{ .Values.image }}`), on one line; empty where none is."""
    found = _TEMPLATE.search(text)
    return " ".join(found[0].split()) if found else ""


def placeholder_in(text: str) -> str:
    """Give the first template, or variable that no shell is there to fill in (`${IMAGE}`, `$IMAGE`); else nothing."""
    found = template_in(text)
    if found or "$" not in text:
        return found
    variable = _VARIABLE.search(text)
    return variable[0] if variable else ""
