"""What is taken for a secret, what is not, and what is left of a text without its secrets.

The secrets here are made up, and put together from parts so that no scanner takes this file for a leak.
"""

from __future__ import annotations

from itertools import cycle, islice

import pytest

from psfpolicy.source import literal_secrets, masked, read

LETTERS = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xYz"
HEX = "0123456789abcdef" * 8
PEM_BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDc"


def _letters(count: int) -> str:
    return "".join(islice(cycle(LETTERS), count))


JWT = f"eyJhbGciOiJIUzI1NiJ9.eyJ{_letters(20)}.{_letters(43)}"
TOKENS = {
    "AWS access key": ("AKIA", "IOSFODNN7EXAMPLE"),
    "AWS temporary access key": ("ASIA", "Y34FZKBOKMUTVV7A"),
    "GitHub personal": ("ghp_", _letters(36)),
    "GitHub application": ("ghs_", _letters(36)),
    "GitHub fine-grained": ("github_pat_", f"{_letters(22)}_{_letters(59)}"),
    "GitLab personal": ("glpat-", f"{_letters(10)}-{_letters(9)}"),
    "GitLab routable": ("glpat-", f"{_letters(27)}.01.{_letters(9)}"),
    "GitLab runner": ("glrt-", _letters(20)),
    "Slack bot": ("xoxb-", f"123456789012-123456789012-{_letters(24)}"),
    "Slack application": ("xapp-", f"1-A0B1C2D3E4F-123456789012-{HEX[:64]}"),
    "Slack hook": ("hooks.slack.com/services/", f"T0B1C2D3E/B0C1D2E3F/{_letters(24)}"),
    "Stripe live": ("sk_live_", _letters(24)),
    "Stripe restricted": ("rk_test_", _letters(24)),
    "Stripe hook": ("whsec_", _letters(32)),
    "OpenAI": ("sk-", _letters(48)),
    "OpenAI project": ("sk-proj-", f"{_letters(40)}-{_letters(40)}_x"),
    "DeepSeek": ("sk-", HEX[:32]),
    "OpenRouter": ("sk-or-v1-", HEX[:64]),
    "Langfuse": ("sk-lf-", "01234567-89ab-cdef-0123-456789abcdef"),
    "Anthropic": ("sk-ant-api03-", f"{_letters(80)}-{_letters(11)}AA"),
    "Hugging Face": ("hf_", _letters(34)),
    "Hugging Face organisation": ("api_org_", _letters(34)),
    "Google API": ("AIza", _letters(35)),
    "Google OAuth": ("ya29.", _letters(60)),
    "Google client": ("GOCSPX-", _letters(28)),
    "JSON Web Token": ("eyJ", JWT[3:]),
    "NVIDIA": ("nvapi-", _letters(64)),
    "Replicate": ("r8_", _letters(37)),
    "Groq": ("gsk_", _letters(52)),
    "Perplexity": ("pplx-", _letters(48)),
    "xAI": ("xai-", _letters(80)),
    "LangSmith": ("lsv2_pt_", f"{HEX[:32]}_{HEX[:10]}"),
    "Vault": ("hvs.", _letters(24)),
    "npm": ("npm_", _letters(36)),
    "Docker": ("dckr_pat_", _letters(27)),
}
PARTS = {
    "password of a web address": ("https://user:", "hunter2", "@example.com/path"),
    "password of a database": ("postgresql://app:", "p%40ss-w0rd", "@db.internal:5432/notes"),
    "password without a user": ("redis://:", "hunter2", "@cache:6379/0"),
    "password that the scheme follows": ("mongodb+srv://u:", "a:b", "@cluster0.example.net"),
    "password of libpq": ("host=db user=app password=", "hunter2", " sslmode=require"),
    "password of JDBC": ("jdbc:postgresql://db/notes?user=app&password=", "hunter2", "&ssl=true"),
    "password of ADO": ("Server=db;User Id=app;Password=", "hunter2", ";"),
    "key of an Azure account": ("AccountName=x;AccountKey=", _letters(86) + "==", ";EndpointSuffix=core.windows.net"),
    "key of an Azure queue": ("Endpoint=sb://x/;SharedAccessKey=", _letters(43) + "=", ""),
    "signature of an Azure address": ("https://x.blob.core.windows.net/c?sv=2024&sig=", _letters(43) + "%3D", "&se=1"),
    "key of AWS in its file": ("aws_secret_access_key = ", _letters(38) + "/+", ""),
    "key of AWS in a shell": ("AWS_SECRET_ACCESS_KEY=", _letters(40), ""),
}
NONE = {
    "digest": HEX[:64],
    "digest with its algorithm": "sha256:" + HEX[:64],
    "commit": HEX[:40],
    "commit of AWS": "aws_secret_access_key: " + HEX[:40],
    "image": "vllm/vllm-openai:v0.33.0@sha256:" + HEX[:64],
    "image behind a port": "registry.example.com:5000/vllm@sha256:" + HEX[:64],
    "image as an address": "oci://registry.example.com:5000@sha256:" + HEX[:64],
    "signature in a registry": "cosign://registry.example.com/vllm:sha256-" + HEX[:64] + ".sig",
    "key of cosign": "awskms:///arn:aws:kms:eu-central-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef",
    "integrity of npm": "sha512-" + _letters(86) + "==",
    "identifier": "01234567-89ab-cdef-0123-456789abcdef",
    "model": "meta-llama/Llama-3.3-70B-Instruct",
    "region": "gcp:asia-northeast1",
    "address with a port": "https://otel.eu.example.com:4317/v1/traces?to=ops@example.com",
    "address with a user": "git+https://git@github.com/org/repo",
    "word with the beginning of a token": "risk-" + _letters(48),
    "name that starts as a token does": "hf_mirror_eu_central_1",
    "header of a key alone": "-----BEGIN PRIVATE KEY-----",
    "key left out": "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    "public key": f"-----BEGIN PUBLIC KEY-----\n{PEM_BODY}\n-----END PUBLIC KEY-----",
    "certificate": f"-----BEGIN CERTIFICATE-----\n{PEM_BODY}\n-----END CERTIFICATE-----",
    "sentence about passwords": "the password is kept in vault",
}
PLACEHOLDERS = [
    "hf_" + "x" * 34,
    "hf_" + "X" * 34,
    "ghp_" + "0" * 36,
    "AKIA" + "A" * 16,
    "sk-ant-api03-" + "xxxxxxxxxxxx-xxxxxxxxxxxxx-AA",
    "sk-proj-" + "your-own-key-goes-in-here-please",
    "https://user:<password>@example.com",
    "https://user:${PASSWORD}@example.com",
    "https://user:$PASSWORD@example.com",
    "https://user:$(cat)@example.com",
    "https://user:{{password}}@example.com",
    "https://user:%PASSWORD%@example.com",
    "https://user:***@example.com",
    "https://user:...@example.com",
    "https://user:changeme@example.com",
    "https://user:CHANGE_ME@example.com",
    "https://user:REDACTED@example.com",
    "password=placeholder",
]


def _paths(value: str, key: str = "labels") -> tuple[tuple[str | int, ...], ...]:
    content = f"spec:\n  other: x\n  {key}: '{value.replace(chr(10), chr(10) * 2 + '    ')}'\n"
    (document,) = read(content.encode(), file="d.yaml")
    return literal_secrets(document)


@pytest.mark.parametrize(("prefix", "rest"), TOKENS.values(), ids=TOKENS.keys())
def test_token_is_found_and_shown_by_its_prefix_alone(prefix: str, rest: str) -> None:
    assert _paths(f"Bearer {prefix}{rest}") == (("spec", "labels"),)
    assert masked(f"use '{prefix}{rest}', not that") == f"use '{prefix}…[masked]', not that"


@pytest.mark.parametrize(("before", "secret", "after"), PARTS.values(), ids=PARTS.keys())
def test_secret_inside_a_text_is_found_and_the_rest_still_shown(before: str, secret: str, after: str) -> None:
    assert _paths(before + secret + after) == (("spec", "labels"),)
    assert masked(before + secret + after) == f"{before}…[masked]{after}"


@pytest.mark.parametrize("value", NONE.values(), ids=NONE.keys())
def test_what_only_looks_random_is_no_secret(value: str) -> None:
    assert _paths(value) == ()
    assert masked(value) == value


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_placeholder_is_no_secret(value: str) -> None:
    assert _paths(value) == ()
    assert masked(value) == value


@pytest.mark.parametrize("key", ["secretAccessKey", "secret_access_key", "awsSecretKey", "AWS_SECRET_ACCESS_KEY"])
def test_forty_characters_are_a_secret_of_aws_when_their_key_says_so(key: str) -> None:
    assert _paths(_letters(40), key) == (("spec", key),)
    assert _paths(_letters(40), "revision") == ()
    assert masked(f'  "{key}": "{_letters(40)}",') == f'  "{key}": "…[masked]",'


@pytest.mark.parametrize(
    "kind", ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]
)
def test_private_key_is_found_and_masked_line_by_line(kind: str) -> None:
    text = f"key: |\n  -----BEGIN {kind}-----\n  {PEM_BODY}\r\n  {PEM_BODY}=\n  -----END {kind}-----\nnext: x\n"
    (document,) = read(text.encode(), file="d.yaml")
    assert literal_secrets(document) == (("key",),)
    assert masked(text) == (
        f"key: |\n  -----BEGIN {kind}-----\n…[masked]\r\n…[masked]\n…[masked]-----END {kind}-----\nnext: x\n"
    )


def test_private_key_with_headers_is_masked() -> None:
    text = f"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n{PEM_BODY}\n-----END RSA PRIVATE KEY-----"
    assert masked(text) == ("-----BEGIN RSA PRIVATE KEY-----\n…[masked]\n\n…[masked]\n-----END RSA PRIVATE KEY-----")


def test_private_key_on_one_line_is_masked() -> None:
    text = rf'"-----BEGIN PRIVATE KEY-----\n{PEM_BODY}\n-----END PRIVATE KEY-----\n"'
    assert masked(text) == r'"-----BEGIN PRIVATE KEY-----…[masked]-----END PRIVATE KEY-----\n"'


def test_private_key_that_does_not_end_is_masked_to_the_end() -> None:
    assert masked(f"-----BEGIN PRIVATE KEY-----\n{PEM_BODY}\nmore") == (
        "-----BEGIN PRIVATE KEY-----\n…[masked]\n…[masked]"
    )


def test_every_secret_of_a_document_is_found_in_its_order_and_nothing_else() -> None:
    token = "hf_" + _letters(34)
    content = f"""\
a: [plain, {token}]
{token}: a key is no value
b:
  - env: {{TOKEN: "{token}", URL: "https://u:hunter2@h"}}
c: &c {{d: {token}}}
e: *c
f: 12
"""
    (document,) = read(content.encode(), file="d.yaml")
    assert literal_secrets(document) == (
        ("a", 1),
        ("b", 0, "env", "TOKEN"),
        ("b", 0, "env", "URL"),
        ("c", "d"),
        ("e", "d"),
    )


def test_secret_that_escapes_hide_in_the_file_is_found_in_the_value() -> None:
    (document,) = read(f'a: "\\x68f_{_letters(34)}"\n'.encode(), file="d.yaml")
    assert literal_secrets(document) == (("a",),)


def test_token_inside_an_address_is_masked_once() -> None:
    token = "ghp_" + _letters(36)
    assert masked(f"https://oauth2:{token}@github.com/org") == "https://oauth2:ghp_…[masked]@github.com/org"


def test_several_secrets_of_a_text_are_all_masked() -> None:
    text = f"hf_{_letters(34)} hf_{_letters(35)} postgres://a:bcd@e"
    assert masked(text) == "hf_…[masked] hf_…[masked] postgres://a:…[masked]@e"


def test_text_full_of_beginnings_is_read_once() -> None:
    hostile = "-eyJaaaaaaaa" * 100_000 + ".eyJaaaaaaa" * 100_000 + "-----BEGIN PRIVATE KEY-----" * 20_000
    assert masked(hostile + "://a:b" * 50_000) == hostile + "://a:b" * 50_000
