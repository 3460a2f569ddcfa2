"""What guards an engine's endpoint, and secrets that stand in a manifest: that they do, never what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.table import hub
from psfpolicy.evidence.placeholders import UNFILLED, stands_for_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.engines.run import Run, Setting
    from psfpolicy.model.fact import Fact


def authentication(run: Run) -> Iterator[Fact]:
    """Give how clients show the engine who they are.

    Where the engine does not ask, a gateway before it may, so that nothing is said of the whole deployment.
    """
    guard = run.table.more.get("authentication")
    if guard is None:
        return
    option, file = guard.get("key"), guard.get("file")
    setting = (run.setting(option) if option else None) or (run.setting(file) if file else None)
    if setting is None:
        shown = f"no --{option}" if option else ""
        yield run.default(_ENGINE, "none", shown, variables=run.takes_variable(option or ""))
    elif setting.text is not None and not _is_key(setting, guard.get("separator", "")):
        yield run.fact(_ENGINE, "none", setting, shown=f"{setting.written} is empty")
    else:
        # What is not known may be empty, and an empty key switches the question off.
        unknown = "" if setting.text is not None or setting.is_secret else "the key itself is not in the evidence"
        yield run.fact(_ENGINE, "api-key", setting, doubt=unknown, shown=setting.written)
        beyond = "the engine's own key; a gateway before it may ask for more"
        yield run.fact(_INGRESS, "api-key", setting, doubt=unknown or beyond, shown=setting.written)


def encryption(run: Run) -> Iterator[Fact]:
    """Give whether the engine serves its endpoint over TLS; where it does not, a gateway before it may."""
    tls = run.table.more.get("tls")
    if tls is None:
        return
    certificate, key = run.setting(tls["certificate"]), run.setting(tls["key"])
    given = certificate or key
    if given is None:
        variables = run.takes_variable(tls["certificate"])
        yield run.default(_TLS, value=False, shown=f"no --{tls['certificate']}", variables=variables)
        return
    alone = "" if certificate and key else f"only `{given.written}` is given"
    for path in (_TLS, "spec.network.ingress.tls"):
        yield run.fact(path, value=True, where=given, doubt=alone)


def literal_secrets(run: Run) -> Iterator[Fact]:
    """Give that a secret stands in an argument or a variable as it is: then no store keeps it."""
    rows = [row for row in run.table.rows if row.is_secret]
    for row in rows:
        for setting in run.settings(row.name) if row.name else ():
            yield from _literal(run, setting)
    names = {name for row in rows for name in row.env} | set(hub()["secrets"])
    for name in run.variables:
        found = run.variable(name) if name in names else None
        if found is not None:
            yield from _literal(run, found)


def _literal(run: Run, setting: Setting) -> Iterator[Fact]:
    if setting.is_secret:  # what the Secret holds is said where it is
        return
    known = [word.text for word in setting.words if not word.unresolved] if setting.words else [setting.text or ""]
    is_open = (not setting.words and setting.text is None) or any(word.unresolved for word in setting.words)
    shown = f"{setting.written}=…"
    if any(text and not stands_for_secret(text) for text in known):
        yield run.fact(_STORE, "none", setting, shown=shown)
    elif is_open or any(known):
        yield run.unclear(_STORE, setting, UNFILLED, shown=shown)


def _is_key(setting: Setting, separator: str) -> bool:
    texts = [word.text for word in setting.words] if setting.words else [setting.text or ""]
    return any(part for text in texts for part in (text.split(separator) if separator else [text]))


_STORE = "spec.security.secrets.store"
_ENGINE = "spec.serving.engine.authentication"
_TLS = "spec.serving.engine.tls"
_INGRESS = "spec.network.ingress.authentication"
