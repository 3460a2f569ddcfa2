"""Rate limits in the descriptor's words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from psfpolicy.evidence.guarding.paths import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psfpolicy.evidence.base import Origin
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node


class Limit(NamedTuple):
    """A rate limit."""

    unit: str
    """`tokens` or `requests`."""
    limit: int | None
    """None where it is not a whole number."""
    per: str
    """Empty where it is not known."""
    where: Node
    open: str = ""
    """Why it may limit nothing; empty where it does."""
    doubt: str = ""
    """Why it holds for some only; empty where it holds for all."""


def limits(found: Sequence[Limit], origin: Origin) -> Iterator[Fact]:
    """Give limits as facts: how much one of several in the same time is cannot be held against one that is declared."""
    # The same limit on every model is one.
    different = {(limit.unit, limit.limit, limit.per) for limit in found if not limit.open}
    several = Counter((unit, per) for unit, _, per in different)
    told: set[tuple[str, str]] = set()
    for limit in found:
        wrong = limit.limit is None or limit.limit < 0
        reason = limit.open or ("the limit is not a whole number" if wrong else "")
        if reason:
            if (limit.unit, reason) not in told:
                told.add((limit.unit, reason))
                yield origin.inconclusive(LIMITS, limit.where, reason, shown=f"{limit.unit}: {limit.limit}")
            continue
        value: dict[str, Any] = {"unit": limit.unit}
        if several[limit.unit, limit.per] == 1:
            value["limit"] = limit.limit
        value |= {"per": limit.per} if limit.per else {}
        yield origin.fact(
            LIMITS,
            value,
            limit.where,
            item=True,
            certainty="inferred" if limit.doubt else "certain",
            reason=limit.doubt,
            shown="" if "limit" in value else f"{limit.limit} per {limit.per or 'period'}",
        )
