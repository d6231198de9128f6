"""Names so alike that two rows may be of one body.

Two names are alike where, their words put in order and small words left out, they share at least 90% of their letters
(`rapidfuzz.fuzz.ratio`, the normalised Indel similarity), the same numbers and points of the compass stand in both, and
where each has words that the other has not, those of the one with fewer are nearly (85%) some of the other's. Compared
are names that share the first four letters of a word that not more than `COMMON` names have: "Trust" and "University"
tell nothing, and 50,000 names take seconds.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from atlas.errors import Faults
from atlas.graph.consistency.kin import Pairs

ALIKE: Final = 90
ALIKE_WORDS: Final = 85
COMMON: Final = 200
LETTERS: Final = 4

_SMALL: Final = frozenset({"and", "cic", "for", "in", "limited", "llp", "ltd", "of", "plc", "the"})

_TELLING: Final = frozenset({"north", "east", "south", "west", "central", "inner", "outer", "upper", "lower", "new"})
"""Words that tell two bodies apart however alike the rest is."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two names and how alike they are: `percent` is 100 where their words are the same."""

    one: int
    other: int
    percent: int


def words_of(name: str) -> tuple[str, ...]:
    r"""Words of a name in order, without accents, marks and small words.

    Examples
    --------
    >>> words_of("The Guy's & St Thomas\N{RIGHT SINGLE QUOTATION MARK} Trust"), words_of("Café of 3 C.I.C.")
    (('guys', 'st', 'thomas', 'trust'), ('3', 'c', 'cafe', 'i'))
    """
    plain = unicodedata.normalize("NFKD", name.lower().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
    words = set(re.findall(r"[^\W_]+", "".join(letter for letter in plain if not unicodedata.combining(letter))))
    return tuple(sorted(words - _SMALL or words))


def alike(names: Sequence[str]) -> list[Likeness]:
    """Find the pairs of names that may be of one body.

    Parameters
    ----------
    names : sequence of str

    Returns
    -------
    list of Likeness
        In order of their places, `one` before `other`.

    Examples
    --------
    >>> alike(["Goldsmiths, University of London", "University of London Goldsmith", "University of Westminster"])
    [Likeness(one=0, other=1, percent=98)]
    """
    words = [words_of(name) for name in names]
    found: dict[tuple[int, int], int] = {}
    for block in _blocks(words):
        found.update((pair, percent) for pair, percent in _alike_in(block, words) if pair not in found)
    return [Likeness(one, other, percent) for (one, other), percent in sorted(found.items())]


def _blocks(words: Sequence[tuple[str, ...]]) -> Iterator[list[int]]:
    blocks: dict[str | tuple[str, ...], list[int]] = defaultdict(list)
    for place, own in enumerate(words):
        for letters in sorted({word[:LETTERS] for word in own}):
            blocks[letters].append(place)
        # the same words are the same name, however common
        blocks[own].append(place)
    for key, places in blocks.items():
        if len(places) > 1 and (isinstance(key, tuple) or len(places) <= COMMON):
            yield places


def _alike_in(places: list[int], words: Sequence[tuple[str, ...]]) -> Iterator[tuple[tuple[int, int], int]]:
    import numpy as np  # noqa: PLC0415
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415  # only a check needs it
    from rapidfuzz.process import cdist  # noqa: PLC0415

    texts = [" ".join(words[place]) for place in places]
    score = cdist(texts, texts, scorer=ratio, score_cutoff=ALIKE, dtype=np.float32)
    for one, other in np.argwhere(np.triu(score, 1) >= ALIKE).tolist():
        a, b = places[one], places[other]
        if differ_in_spelling(words[a], words[b]):
            yield (a, b), int(score[one, other])


def differ_in_spelling(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether the words that two names do not share tell no bodies apart, and are spelt nearly the same.

    Examples
    --------
    >>> differ_in_spelling(("goldsmith", "london"), ("goldsmiths", "london"))
    True
    >>> differ_in_spelling(("phase", "2"), ("phase", "3")), differ_in_spelling(("london",), ("east", "london"))
    (False, False)
    """
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415

    left, right = Counter(one) - Counter(other), Counter(other) - Counter(one)
    if any(word.isdigit() or word in _TELLING for word in (*left, *right)):
        return False
    fewer, more = sorted((left, right), key=len)
    return all(any(ratio(word, near) >= ALIKE_WORDS for near in more) for word in fewer)


def doubt_names(file: str, rows: Sequence[tuple[int, Any]], kin: Pairs, faults: Faults) -> None:
    """Warn of records whose names are alike and that neither `succeeds` nor `part_of` joins."""
    ordered = sorted(rows, key=lambda pair: pair[0])
    for pair in alike([record.name for _, record in ordered]):
        (first, one), (row, other) = ordered[pair.one], ordered[pair.other]
        if one.id != other.id and (min(one.id, other.id), max(one.id, other.id)) not in kin:
            expected = f"one row for one body, or a tie of succeeds or part_of ({pair.percent}% like row {first}, "
            faults.add(
                file,
                "name much like another",
                f"{expected}{one.name!r})",
                row=row,
                column="name",
                value=other.name,
                severity="warning",
            )
