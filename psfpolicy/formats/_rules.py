"""What SARIF calls rules: the controls, and what is reported beside them, each with help for who meets a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy import resources
from psfpolicy.formats._items import NOT_ASSESSED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psfpolicy.model.place import JsonValue
    from psfpolicy.model.report import Severity
    from psfpolicy.resources import ControlInfo

    Rule = dict[str, JsonValue]

_LONGEST = 1000
"""Characters of a description; code scanning cuts them at 1,024."""
_TAGS = 10
"""Tags that code scanning shows of a rule."""
_SECURITY: dict[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
_PROBLEM: dict[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "recommendation",
}
_LEVEL: dict[Severity, str] = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}

_BESIDE: tuple[tuple[str, Severity, str, str, str], ...] = (
    (
        "evidence-undeclared",
        "critical",
        "Evidence shows what nobody declared",
        "Manifests that the descriptor names as its evidence show something that the descriptor does not mention.",
        "Declare it in the descriptor, or take it out of the manifest.",
    ),
    (
        "inline-ignore",
        "medium",
        "A comment ignores nothing",
        "A comment that would ignore a finding is forbidden by the settings, is malformed, or meets no finding.",
        "Remove the comment, or write it as the settings allow it.",
    ),
    (
        NOT_ASSESSED,
        "critical",
        "A file could not be assessed",
        "The file could not be fully assessed: alerts on it that are closed were not looked for, and are not fixed.",
        "Mend what the message names.",
    ),
    (
        "scope-reduced",
        "critical",
        "Less is asked than before",
        "The change takes away what made controls apply, widens where data may be, or misses a floor of the settings.",
        "Put it back as it was; where that is really over, waive this with an owner and an approver.",
    ),
)


def rules() -> list[Rule]:
    """Give every rule, by id."""
    found = [*map(_control, resources.controls()), *(_beside(*row) for row in _BESIDE)]
    return sorted(found, key=lambda rule: str(rule["id"]))


def unknown(id_: str, severity: Severity, remediation: str) -> Rule:
    """Give the rule of a control that this catalogue does not have."""
    return _rule(id_, id_, id_, remediation or id_, severity)


def _control(info: ControlInfo) -> Rule:
    # The list for language models first: not all fit.
    crosswalk = sorted(info.crosswalk.items(), key=lambda row: (not row[0].startswith("owasp-llm"), row[0]))
    mapped = [info.domain, *(f"{framework}/{item}" for framework, items in crosswalk for item in items)]
    help_ = "\n".join(_help(info))
    return _rule(info.id, info.title, info.description, help_, info.severity, tags=mapped, security=info.gated)


def _beside(id_: str, severity: Severity, title: str, description: str, remediation: str) -> Rule:
    return _rule(id_, title, description, f"{description}\n\n**How to fix it.** {remediation}", severity)


def _rule(
    id_: str,
    title: str,
    description: str,
    help_: str,
    severity: Severity,
    *,
    tags: Sequence[str] = (),
    security: bool = True,
) -> Rule:
    graveness = {"security-severity": _SECURITY[severity]} if security else {"problem.severity": _PROBLEM[severity]}
    shown: list[JsonValue] = ["security" if security else "operations", *tags]
    return {
        "id": id_,
        "name": "".join(word.capitalize() for word in id_.split("-")),
        "shortDescription": {"text": title},
        "fullDescription": {"text": _cut(" ".join(description.split()))},
        "help": {"text": help_, "markdown": help_},
        "defaultConfiguration": {"level": _LEVEL[severity]},
        "properties": {"precision": "very-high", **graveness, "tags": shown[:_TAGS]},
    }


def _help(info: ControlInfo) -> Iterator[str]:
    criterion = f", criterion {info.criterion}" if info.criterion else ""
    words, _, example = info.remediation.strip().partition("\n\n")
    yield f"{info.domain} {info.domain_title}{criterion}; {info.severity}; provenance: {info.provenance}."
    if info.pack:
        yield f"\nA control of the pack `{info.pack}`{', which overrides that of psfpolicy' if info.overrides else ''}."
    yield f"\n{info.description.strip()}"
    yield f"\n## How to fix it\n\n{words}"
    if example:
        yield f"\n{_yaml(example)}"
    yield f"\n## Passes, below `spec`\n\n{_yaml(info.good)}"
    yield f"\n## Does not pass, below `spec`\n\n{_yaml(info.bad)}"
    if info.references:
        yield "\n## References\n"
        yield from (f"- <{address}>" for address in info.references)
    yield f"\n`psfpolicy explain {info.id}` says the same without a network."


def _yaml(text: str) -> str:
    return f"```yaml\n{text.strip()}\n```"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
