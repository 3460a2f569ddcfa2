"""What was probably meant: the known words that a given word is a slip of."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LONGEST_WORD = 80
"""Code points; a longer word is compared with nothing, so that hostile text costs nothing."""

MOST_WORDS = 500
"""Known words; among more, only a word in another style is recognised, for the same reason."""

_SEPARATORS = str.maketrans("", "", "_- .")


def folded(word: str) -> str:
    """Give a word without the marks of its style: `Max_model-len` and `maxModelLen` are one."""
    return word.casefold().translate(_SEPARATORS)


def distance(one: str, other: str) -> int:
    """Count the slips between two words: a letter too many, too few, another one, or two swapped.

    Source: the optimal string alignment distance (Damerau 1964, restricted to one edit a substring).
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, wanted in enumerate(other, start=1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, last = last, current
    return last[-1]


def meant(word: str, known: Iterable[str], *, slips: int | None = None) -> tuple[str, ...]:
    """Give the known words that come nearest, in their given order; several only when they are equally near.

    Args:
        word: What was written.
        known: What could have been written.
        slips: How many slips to forgive; by default one in three letters, at least one and at most three.

    Returns:
        Nothing when no known word is near. A word in another style (`Production`, `max_model_len`) is no slip, and the
        beginning of a word (`prod`, three letters or more) counts as the last slip that is forgiven.
    """
    known = tuple(known)
    if len(word) > LONGEST_WORD:
        return ()
    bare = folded(word)
    if len(known) > MOST_WORDS:
        return tuple(candidate for candidate in known if folded(candidate) == bare)
    forgiven = max(1, min(3, len(bare) // 3)) if slips is None else slips
    scores = {candidate: _score(bare, candidate, forgiven) for candidate in known}
    best = min(scores.values(), default=forgiven + 1)
    return tuple(candidate for candidate, score in scores.items() if score == best) if best <= forgiven else ()


def nearest(word: str, known: Collection[str], *, count: int) -> tuple[str, ...]:
    """Give the `count` known words that resemble a word most, most similar first, however far they are."""
    if len(word) > LONGEST_WORD:
        return tuple(known)[:count]
    bare = folded(word)
    return tuple(sorted(known, key=lambda candidate: distance(bare, folded(candidate)))[:count])


def listed(words: Iterable[str], *, last: str = "or") -> str:
    """Give words as a list in prose: "`a`, `b` or `c`"."""
    *head, tail = [f"`{word}`" for word in words]
    return f"{', '.join(head)} {last} {tail}" if head else tail


def _letters_apart(one: str, other: str) -> int:
    """Count the letters that one word has and the other lacks, in any order: never more than the slips between them."""
    here, there = _letters(one), _letters(other)
    return max(sum((here - there).values()), sum((there - here).values()))


@lru_cache(maxsize=1024)
def _letters(word: str) -> Counter[str]:
    return Counter(word)


@lru_cache(maxsize=4096)
def _score(bare: str, candidate: str, forgiven: int) -> int:
    """Count the slips, or one more than is forgiven for a word that is not near."""
    target = folded(candidate)
    if abs(len(bare) - len(target)) <= forgiven and _letters_apart(bare, target) <= forgiven:
        slips = distance(bare, target)
        if slips <= forgiven:
            return slips
    begins = len(bare) >= 3 and target.startswith(bare)
    return forgiven if begins else forgiven + 1
