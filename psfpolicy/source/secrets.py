"""Literal secrets in a document: which values hold one, and the same text without it.

Only what has a format of its own counts: key material, tokens with a known prefix and length, passwords at their place
in an address. Nothing is guessed from how random a text looks, so digests, commits and signatures are never taken for
secrets. A placeholder (`<token>`, `${TOKEN}`, `changeme`, `xxxx…`) is none.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.source.node import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.model.place import JsonValue, Path
    from psfpolicy.source.node import Document, Node

MASK = "…[masked]"
"""What stands for the part of a text that is not shown."""


class _Format(NamedTuple):
    """What one kind of secret looks like."""

    markers: tuple[str, ...]
    """Texts, in lower case, one of which every such secret holds: a quick way to see that there is none."""
    pattern: str
    """Matches it; the group `secret` is the part to hide. Compiled when a marker is met, which is seldom."""


def literal_secrets(document: Document) -> tuple[Path, ...]:
    """Give the paths of the strings that hold a literal secret, in the order of the document."""
    lines: list[str] = []
    _add_lines(document.data, "", lines)
    formats = _formats_met("\n".join(lines))
    if not formats:
        return ()
    return tuple(
        path
        for path, key, value in _strings(document.root, (), "")
        if any(start > len(key) for each in formats for start, _ in _spans(each, _line(key, value)))
    )


def masked(text: str) -> str:
    """Give a text with every secret in it replaced by its prefix and `MASK`; line breaks stay where they are.

    A key of several lines is known by its first, so mask a whole file rather than its lines one by one.
    """
    for each in _formats_in(text):
        pieces: list[str] = []
        shown_to = 0
        for start, end in _spans(each, text):
            pieces += [text[shown_to:start], _LINE.sub(MASK, text[start:end])]
            shown_to = end
        text = "".join([*pieces, text[shown_to:]])
    return text


def masked_below(key: str, text: str) -> str:
    """Give a text without secrets whose key, or the nearest above it, may show that it is one."""
    before = f"{key}: "
    line = masked(before + text)
    return line.removeprefix(before) if line.startswith(before) else MASK


def may_hold_secrets(text: str) -> bool:
    """Say whether anything in a text has the format of a secret; placeholders may have it, too."""
    return bool(_formats_met(text))


def is_placeholder(value: str) -> bool:
    """Say whether a text stands where a secret goes and is none: `<token>`, `${TOKEN}`, `changeme`, nothing at all."""
    return len(set(value)) < 2 or bool(_PLACEHOLDER.search(value))


def _token(prefix: str, body: str, *markers: str) -> _Format:
    return _Format(markers, rf"(?<![A-Za-z0-9]){prefix}(?P<secret>{body})")


_LINE = re.compile(r"[^\r\n]+")
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_FORMATS = (
    # RFC 7468, and the armour of OpenPGP: all between the header and the next line of dashes.
    _Format(
        ("private key",),
        r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----"
        r"(?=(?:[^-]|-(?!----)){0,400}?[A-Za-z0-9+/]{24})(?P<secret>[^-]*+(?:-(?!----)[^-]*+)*+)",
    ),
    _token("(?:AKIA|ASIA|ABIA|ACCA)", "[A-Z2-7]{16}(?![A-Za-z0-9])", "akia", "asia", "abia", "acca"),
    _Format(
        ("secret_access", "secret-access", "secretaccess", "aws_secret", "aws-secret", "awssecret"),
        r"(?i:secret[_-]?access[_-]?key|aws[_-]?secret(?:[_-]?key)?)[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
        r"(?P<secret>(?![0-9a-fA-F]{40})[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    _token("gh[pousr]_", "[A-Za-z0-9]{36,255}", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
    _token("github_pat_", "[A-Za-z0-9_]{50,255}", "github_pat_"),
    _token(
        "gl(?:pat|oas|dt|rt|cbt|ptt|ft|soat|agent|imt)-",
        "[A-Za-z0-9_-]{20,300}(?:\\.[A-Za-z0-9_-]{2,20}){0,2}",
        *("glpat-", "gloas-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "glagent-", "glimt-"),
    ),
    _token("xox[abeoprs]-", "[A-Za-z0-9-]{20,}", "xox"),
    _token("xapp-", "[0-9]-[A-Za-z0-9]+-[0-9]+-[a-f0-9]{32,}", "xapp-"),
    _token(r"hooks\.slack\.com/(?:services|workflows|triggers)/", "[A-Za-z0-9/_-]{20,}", "hooks.slack.com"),
    _token("[rs]k_(?:live|test)_", "[A-Za-z0-9]{16,}", "k_live_", "k_test_"),
    _token("whsec_", "[A-Za-z0-9+/=]{32,}", "whsec_"),
    _token("sk-ant-[a-z]{3,5}[0-9]{2}-", "[A-Za-z0-9_-]{24,}", "sk-ant-"),
    _token("sk-(?:proj|svcacct|admin)-", "[A-Za-z0-9_-]{24,}", "sk-proj-", "sk-svcacct-", "sk-admin-"),
    _token("sk-or-v1-", "[0-9a-f]{64}", "sk-or-v1-"),
    _token("sk-lf-", _UUID, "sk-lf-"),
    _token("sk-", "(?:[A-Za-z0-9]{48}|[0-9a-f]{32})(?![A-Za-z0-9])", "sk-"),
    _token("hf_", "[A-Za-z0-9]{30,}", "hf_"),
    _token("api_org_", "[A-Za-z0-9]{30,}", "api_org_"),
    _token("AIza", "[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])", "aiza"),
    _token(r"ya29\.", "[A-Za-z0-9_-]{20,}", "ya29."),
    _token("GOCSPX-", "[A-Za-z0-9_-]{28}", "gocspx-"),
    # RFC 7519: header and claims are JSON objects. A sign that its parts hold may not stand before it either, or a text
    # full of beginnings would be read from each to its end.
    _token("(?<![_-])eyJ", r"[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}", "eyj"),
    _token("nvapi-", "[A-Za-z0-9_-]{60,}", "nvapi-"),
    _token("r8_", "[A-Za-z0-9]{37}(?![A-Za-z0-9])", "r8_"),
    _token("gsk_", "[A-Za-z0-9]{52}(?![A-Za-z0-9])", "gsk_"),
    _token("pplx-", "[A-Za-z0-9]{48}(?![A-Za-z0-9])", "pplx-"),
    _token("xai-", "[A-Za-z0-9]{80}(?![A-Za-z0-9])", "xai-"),
    _token("lsv2_(?:pt|sk)_", "[0-9a-f]{32}_[0-9a-f]{10}", "lsv2_"),
    _token(r"hvs\.", "[A-Za-z0-9_-]{24,}", "hvs."),
    _token("npm_", "[A-Za-z0-9]{36}(?![A-Za-z0-9])", "npm_"),
    _token("dckr_pat_", "[A-Za-z0-9_-]{27,}", "dckr_pat_"),
    # Azure: the keys of storage and messaging (64 and 32 bytes in base64), and the signature of a shared access URL.
    _token("(?i:account_?key)[\"']?\\s{0,3}[:=]\\s{0,3}[\"']?", "[A-Za-z0-9+/]{86}==", "accountkey", "account_key"),
    _token("SharedAccessKey=", "[A-Za-z0-9+/]{43}=", "sharedaccesskey="),
    _Format(("sig=",), r"[?&]sig=(?P<secret>[A-Za-z0-9%+/]{43,}=?)"),
    # RFC 3986, section 3.2.1. The digest of an image behind a registry's port is no host.
    _Format(("://",), r"://[^\s/?#:@\"'<>]{0,256}:(?P<secret>[^\s/?#@\"'<>]{1,1024})@(?!sha256:)"),
    # The connection strings of databases: libpq, JDBC, ADO.
    _Format(
        ("password=", "passwd=", "pwd="),
        r"(?<![^\s?&;\"'])(?i:password|passwd|pwd)=[\"']?(?P<secret>[^\s&;\"'<>]{3,})",
    ),
)
_OFTEN = tuple(each for each in _FORMATS if each.markers == ("://",))
"""The formats whose markers many texts have that hold no secret."""
_PLACEHOLDER = re.compile(
    r"<|\$\{|\$\(|\{\{|%\(|^\$[A-Za-z_]\w*$|^%\w+%$|xxxx|XXXX|\*\*\*|\.\.\.|"
    r"(?i:change[-_]?me|redacted|masked|placeholder|your[-_]|replace[-_]|insert[-_])"
)


def _formats_in(text: str) -> tuple[_Format, ...]:
    lowered = text.lower()
    possible = _FORMATS if _seldom().search(lowered) else _OFTEN
    return tuple(each for each in possible if any(marker in lowered for marker in each.markers))


@cache
def _seldom() -> re.Pattern[str]:
    """Give what finds a marker of any format but of those that many texts have; in half the time of one by one."""
    by_first: dict[str, list[str]] = {}
    for marker in (marker for each in _FORMATS if each not in _OFTEN for marker in each.markers):
        by_first.setdefault(marker[0], []).append(re.escape(marker[1:]))
    return re.compile("|".join(f"{first}(?:{'|'.join(rests)})" for first, rests in by_first.items()))


def _formats_met(text: str) -> tuple[_Format, ...]:
    return tuple(each for each in _formats_in(text) if re.search(each.pattern, text))


def _spans(each: _Format, text: str) -> Iterator[tuple[int, int]]:
    for found in re.finditer(each.pattern, text):
        secret = found["secret"]
        if not is_placeholder(secret):
            yield found.span("secret")


def _line(key: str, value: str) -> str:
    # A key lends its value meaning: forty characters are a secret when it is called `secretAccessKey`.
    return f"{key}: {value}"


def _add_lines(value: JsonValue, key: str, lines: list[str]) -> None:
    """Add the lines of the strings in a value, each with the nearest key above it."""
    if isinstance(value, str):
        lines.append(_line(key, value))
    elif isinstance(value, dict):
        for name, item in value.items():
            _add_lines(item, name, lines)
    elif isinstance(value, list):
        for item in value:
            _add_lines(item, key, lines)


def _strings(node: Node, path: Path, key: str) -> Iterator[tuple[Path, str, str]]:
    """Walk the strings of a document: the path of each, the nearest key above it, and the string."""
    if isinstance(node, Scalar):
        if isinstance(node.value, str):
            yield path, key, node.value
    elif isinstance(node, Mapping):
        for entry in node.members.values():
            yield from _strings(entry.value, (*path, entry.key), entry.key)
    else:
        for index, item in enumerate(node.items):
            yield from _strings(item, (*path, index), key)
