"""One server: whether it serves the policy in force, and its answers to questions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from urllib3.exceptions import HTTPError

from psfpolicy import resources
from psfpolicy.engine.opa_failures import LostError, failure, is_slow, quoted, too_slow
from psfpolicy.engine.opa_transport import Line
from psfpolicy.errors import AnswerError, EngineError, LimitError, ServerError
from psfpolicy.suggest import listed

if TYPE_CHECKING:
    from psfpolicy.engine.serving import Serving
    from psfpolicy.model.place import JsonValue

_OPTIONS = {"provenance": "true"}
_BUNDLE = (
    "give the server the OPA bundle of this policy, or psfpolicy the one that the server has; see docs/opa-server.md"
)
_CHANGES = 3
"""How often a server may show another state between being looked at and being asked, before that is an error."""
_LONGEST_ID = 128
_SHOWN = 5


class Answered(NamedTuple):
    """What a server answered to one question."""

    result: dict[str, JsonValue]
    decision: str | None
    """Id under which the server logs the decision; None where it logs none."""


class Server:
    """One server, as one thread asks it.

    Args:
        serving: How to ask.
        url: Its address; None for the private one.
        output_bytes: How large an answer may be.
        known: States of servers that were found to be of the policy in force, shared among threads.
    """

    def __init__(self, serving: Serving, url: str | None, output_bytes: int, known: set[str]) -> None:
        self.name = f"the OPA server `{url}`" if url is not None else "the private OPA server"
        self._serving = serving
        self._line = Line(serving, url, output_bytes)
        self._known = known
        self._token = serving.token()

    def checked(self) -> str:
        """Give the version of OPA of a server that serves the policy in force.

        Raises:
            EngineError: It serves another, is not well, or cannot be asked.
        """
        body = self._asked(self._serving.package, "bundle", {}, _OPTIONS)
        self._require_policy(body.get("result"))
        version = self._version(body)
        if not self._healthy():
            raise ServerError(
                f"{self.name} has the policy, and says at `/health?bundles` that it is not well",
                hint="one of its bundles is not active; its log says which",
            )
        self._known.add(self._state(body))
        return version

    def answer(self, question: dict[str, JsonValue], rule: str) -> Answered:
        """Give the answer to a question, by the policy in force: each answer says what the server held.

        Raises:
            EngineError: There is none.
        """
        for _ in range(_CHANGES):
            body = self._asked(self._serving.package, rule, question, _OPTIONS)
            if self._state(body) in self._known:
                return self._answered(body, rule)
            self.checked()
        raise ServerError(f"{self.name} changes its policy from one question to the next", hint=_BUNDLE)

    def explained(self, question: dict[str, JsonValue], package: str) -> list[str]:
        """Give OPA's trace of the findings of a control, in lines.

        Raises:
            EngineError: There is none.
        """
        body = self._asked(package, "findings", question, {**_OPTIONS, "explain": "full", "pretty": "true"})
        lines = body.get("explanation")
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            raise AnswerError(f"{self.name} gives no trace", hint="its version of OPA, or its configuration, has none")
        return lines

    def _healthy(self) -> bool:
        try:
            return self._line.healthy()
        except OSError as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Let go of the connection."""
        self._line.close()

    def _asked(
        self, package: str, rule: str, question: dict[str, JsonValue], options: dict[str, str]
    ) -> dict[str, Any]:
        try:
            body = self._line.asked(package, rule, question, options)
        except (EngineError, HTTPError, OSError, ValueError, RecursionError) as error:
            # A server may repeat the token anywhere.
            raise self._failed(error) from (None if self._token else error)
        if not isinstance(body, dict):
            raise AnswerError(f"the answer of {self.name} is no object", hint=_BUNDLE)
        return body

    def _failed(self, error: Exception) -> EngineError:
        if self._line.cut_off or is_slow(error):
            return too_slow(self.name, self._serving.timeout_seconds)
        found = failure(error, self.name, self._line.response)
        found.message = self._shown(found.message)
        found.args = (found.message,)
        return found

    def _shown(self, text: str) -> str:
        """Give words of a server without the token, which it may repeat anywhere."""
        return text.replace(self._token, "…") if self._token else text

    def _state(self, body: dict[str, Any]) -> str:
        """Give what this server was when it answered: OPA's version and build, and the revisions of its bundles."""
        return f"{self.name} {json.dumps(body.get('provenance'), sort_keys=True)}"

    def _require_policy(self, found: Any) -> None:
        if not isinstance(found, dict):
            package = self._serving.package
            raise ServerError(
                f"{self.name} holds no policy of psfpolicy: `data.{package}.bundle` is undefined", hint=_BUNDLE
            )
        ours = resources.manifest()
        if found.get("digest") != ours.digest:
            raise ServerError(
                f"{self.name} serves another policy: sha256:{quoted(self._shown(str(found.get('digest'))))}; "
                f"this run is to be decided by sha256:{ours.digest}",
                hint=_BUNDLE,
            )
        theirs = found.get("controls")
        names = {name for name in theirs if isinstance(name, str)} if isinstance(theirs, list) else set()
        wanted = {info.id for info in resources.controls()}
        if names != wanted or found.get("contract") != ours.contract:
            other = sorted(names ^ wanted)[:_SHOWN]
            seen = f": {quoted(self._shown(listed(other)))}" if other else ""
            raise ServerError(
                f"{self.name} names the policy sha256:{ours.digest}, and has other controls or another contract{seen}",
                hint="its bundle was changed after it was built; build it again",
            )

    def _version(self, body: dict[str, Any]) -> str:
        provenance = body.get("provenance")
        version = provenance.get("version") if isinstance(provenance, dict) else None
        bundles = provenance.get("bundles") if isinstance(provenance, dict) else None
        revisions = [row.get("revision") for row in bundles.values()] if isinstance(bundles, dict) else []
        if not any(revisions):
            raise ServerError(
                f"{self.name} holds the policy in no bundle with a revision, so that it could change unseen",
                hint="load it as a bundle: `opa run --server -b FILE`, or `bundles` in the server's configuration",
            )
        pinned = resources.manifest().opa
        if not isinstance(version, str) or not _serves(version, pinned):
            raise ServerError(
                f"{self.name} is OPA {quoted(self._shown(str(version)))}; wanted: {pinned} or a later 1",
                hint="an older one is not known to decide alike: use the version that compiled the policy",
            )
        return version

    def _answered(self, body: dict[str, Any], rule: str) -> Answered:
        result, decision = body.get("result"), body.get("decision_id")
        if result is None:
            package = self._serving.package
            raise AnswerError(f"{self.name} gave no {rule}: `data.{package}.{rule}` is undefined", hint=_BUNDLE)
        if not isinstance(result, dict):
            raise AnswerError(f"the answer of {self.name} is not one {rule}", hint=_BUNDLE)
        if decision is not None and not (isinstance(decision, str) and decision.isprintable() and decision):
            raise AnswerError(f"{self.name} gives the decision an id that is no text", hint=_BUNDLE)
        return Answered(result, decision and decision[:_LONGEST_ID])

    def alive(self) -> bool:
        """Say whether a server that did not answer one question in time answers a short one."""
        try:
            self._asked(self._serving.package, "bundle", {}, _OPTIONS)
        except (LimitError, LostError):
            return False
        except EngineError:  # it is there
            return True
        return True


def _serves(version: str, pinned: str) -> bool:
    """Say whether a version of OPA is the pinned one or a later one of the same major version."""
    try:
        seen, wanted = ([int(part) for part in text.partition("-")[0].split(".")[:2]] for text in (version, pinned))
    except ValueError:
        return False
    return len(seen) == 2 and seen[0] == wanted[0] and seen >= wanted
