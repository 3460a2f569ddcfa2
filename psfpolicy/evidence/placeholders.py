"""Texts that are not yet what will be deployed: templates, and variables that something else fills in."""

from __future__ import annotations

import re

from psfpolicy.source import is_placeholder

UNFILLED = "a placeholder stands where the secret goes; what fills it in is not in the evidence"
"""Why nothing is said of where a secret is kept."""

_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|<<[^<>\n]+>>", re.DOTALL)
_VARIABLE = re.compile(r"\$\{[^}\n]*\}|(?<![\w$])\$[A-Z_][A-Z0-9_]*(?![\w(])")


# `OPENAI_API_KEY` where the key goes: no format of a secret is made of words in capitals alone.
_NAME_OF_KEY = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
_WORD = re.compile(
    r"(?i)^(?:dummy|none|null|empty|unused|token|secret|password|n/?a|xxx+|\.\.\.+|\*+)$"
    r"|change[-_ ]?me|placeholder|your[-_ ]|replace[-_ ]|insert[-_ ]|example|not[-_ ](?:needed|required|used)|no-key"
)


def stands_for_secret(text: str) -> bool:
    """Say whether a text stands where a secret goes and is none: `<token>`, `${TOKEN}`, `changeme`, `REPLACE_ME`."""
    word = text.strip()
    return is_placeholder(word) or bool(_WORD.search(word) or _NAME_OF_KEY.fullmatch(word) or placeholder_in(word))


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
