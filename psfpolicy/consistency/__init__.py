"""What a schema cannot say about a descriptor: values that exist, names that resolve, keys that agree.

A rule is a function from a view of the descriptor to mistakes, and one row of the table below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psfpolicy import catalogue
from psfpolicy.consistency import names, network, serving, values
from psfpolicy.consistency.view import View
from psfpolicy.mistake import Mistake, located

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from psfpolicy.catalogue import Tables
    from psfpolicy.model.place import Diagnostic, JsonValue, Path
    from psfpolicy.source import Document

ANY_ITEM = "*"
"""In what a rule needs: every item of the list."""

_PARTIES = ("spec", "parties", ANY_ITEM, "id")
_ACCELERATORS = ("spec", "serving", "accelerators")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table."""

    find: Callable[[View], Iterator[Mistake]]
    needs: tuple[tuple[str, ...], ...] = ()
    """What has to be right for the rule to hold beyond the value that it judges: it is skipped when one is in doubt."""
    whole: bool = False
    """The rule looks at several sections, so that it says nothing about a base, which another document completes."""


RULES = (
    Rule(names.used_once),
    Rule(names.not_reserved),
    Rule(names.operators_declared, needs=(_PARTIES,), whole=True),
    Rule(names.contract_parties_declared, needs=(_PARTIES,), whole=True),
    Rule(names.alerts_declared, needs=(("spec", "observability", "alerts", ANY_ITEM, "name"),), whole=True),
    Rule(
        names.sinks_resolved,
        needs=(("spec", "outputs", "guards", ANY_ITEM, "name"), ("spec", "outputs", "validators", ANY_ITEM, "name")),
        whole=True,
    ),
    Rule(names.regimes_known),
    Rule(values.days_exist),
    Rule(values.countries_exist),
    Rule(values.regions_exist),
    Rule(values.replicas_ordered),
    Rule(
        values.accelerators_multiply,
        needs=tuple((*_ACCELERATORS, key) for key in ("tensorParallel", "pipelineParallel", "dataParallel")),
        whole=True,
    ),
    Rule(values.nothing_beside_none),
    Rule(values.regimes_said_once),
    Rule(values.third_parties_are_others),
    Rule(values.platforms_are_of_their_hosting, whole=True),
    Rule(serving.hosted_models_run_at_their_maker, whole=True),
    Rule(serving.services_run_at_their_provider, whole=True),
    Rule(network.networks_exist),
    Rule(network.hosts_well_formed),
    Rule(network.addresses_parse),
    Rule(network.paths_relative),
)
"""Every rule; the order does not matter, since mistakes are given in the order of the document."""


def diagnostics(document: Document) -> tuple[Diagnostic, ...]:
    """Give what is wrong with a document that its schema accepts, in the order of the document."""
    return located(mistakes(document), document)


def mistakes(document: Document, already: Collection[Mistake] = (), own: Tables = catalogue.NONE) -> Iterator[Mistake]:
    """Give what is wrong with a document, by path.

    Args:
        document: Of any shape: a rule skips values of a type that it does not expect.
        already: What the schema found; a rule that relies on such a place is skipped, and no path is named twice.
        own: The user's own rows of the catalogue, which names may mean too.
    """
    data = document.data
    view = View(data, own)
    base = isinstance(data, dict) and data.get("kind") == "LLMDeploymentBase"
    wrong = {mistake.path for mistake in already}
    for rule in RULES:
        if (base and rule.whole) or any(_in_doubt(need, data, already) for need in rule.needs):
            continue
        yield from (mistake for mistake in rule.find(view) if mistake.path not in wrong)


def _in_doubt(need: tuple[str, ...], data: JsonValue, already: Collection[Mistake]) -> bool:
    """Say whether a mistake lies on the way to what a rule needs."""
    return any(_lies_on(mistake, need, data) for mistake in already)


def _lies_on(mistake: Mistake, need: tuple[str, ...], data: JsonValue) -> bool:
    if mistake.code != "unknown-key":
        return _leads_to(mistake.path, need)
    # An unknown key may be what is needed, misspelt, where the map that it stands in lacks the right one.
    *parent, _ = mistake.path
    if len(parent) >= len(need) or not _leads_to(tuple(parent), need):
        return False
    value: JsonValue = data
    for step in parent:
        value = value[step]  # type: ignore[index]  # the path of a mistake exists
    return isinstance(value, dict) and need[len(parent)] not in value


def _leads_to(path: Path, need: tuple[str, ...]) -> bool:
    return len(path) <= len(need) and all(wanted in (step, ANY_ITEM) for step, wanted in zip(path, need, strict=False))
