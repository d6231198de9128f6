"""Words that deny what a register says after them, or before: not, no longer, former, cancelled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from atlas.geo.estate.cleaning.phrases import Member, Part, Words, words_of

STATUS_DENIALS: Final[Mapping[str, int]] = {
    "not": 3, "no": 3, "never": 3, "neither": 3, "nor": 3, "without": 3, "non": 0, "previously": 3, "formerly": 3,
    "withdrawn": 3, "cancelled": 3, "canceled": 3, "rejected": 3,
}  # fmt: skip
"""Words that deny a status named after them in the clause, with how many words may stand between."""

CALLED_OFF: Final = frozenset({"cancelled", "canceled", "withdrawn", "rejected", "aborted"})
"""Words after which what was planned does not happen."""

USE_DENIALS: Final[Mapping[str, int]] = {
    "non": 0, "not": 0, "ex": 0, "former": 9, "formerly": 9, "previously": 9,
}  # fmt: skip
"""Words that deny a use named after them in the clause, with how many words may stand between."""

TENURE_DENIALS: Final[Mapping[str, int]] = {"former": 2, "formerly": 2, "previously": 2, "was": 2}
"""Words that deny a right of holding named after them in the clause."""

_CLAUSE: Final = re.compile(r"[,;:.()\[\]]|\s[-\N{EN DASH}\N{EM DASH}]\s")


def standing(
    found: list[Part[Member]], text: str, words: Words, denials: Mapping[str, int], turns: AbstractSet[str]
) -> list[Part[Member]]:
    """Take away phrases that a word before them in their clause denies; *not in use* is a phrase, and denies no other.

    Parameters
    ----------
    found : list of Part
        As `Lexicon.parts` gives them.
    text, words : str and tuple of str
        What they were found in.
    denials : mapping of str to int
        Words that deny, with how many words may stand between.
    turns : set of str
        Words that begin another clause.

    Examples
    --------
    >>> standing([(2, 1, "vacant")], "not currently vacant", ("not", "currently", "vacant"), {"not": 3}, {"now"})
    []
    """
    if denials.keys().isdisjoint(words):
        return found
    starts = _clause_starts(text, turns)
    taken = {place for at, size, _ in found for place in range(at, at + size)}
    denying = {place: denials[word] for place, word in enumerate(words) if word in denials and place not in taken}
    return [
        (at, size, member)
        for at, size, member in found
        if not any(starts[at] <= place < at <= place + 1 + reach for place, reach in denying.items())
    ]


def _clause_starts(text: str, turns: AbstractSet[str]) -> list[int]:
    """For each word of a text, which word its clause begins with."""
    starts: list[int] = []
    for clause in _CLAUSE.split(text):
        begin = len(starts)
        for word in words_of(clause):
            begin = len(starts) if word in turns else begin
            starts.append(begin)
    return starts
