"""How alike two names and addresses are, for many pairs at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from atlas.geo.estate.match.address import NUMBERS, Addresses
from atlas.geo.estate.match.pairs import Flags, Ints

Floats = NDArray[np.float64]
Scorer = Callable[..., float]

SAME_NUMBER_BAR: Final = 0.7
"""Likeness of the words from which two addresses with the same number are one."""

NO_NUMBER_BAR: Final = 0.82
"""The same where a number is missing on either side."""

_EQUAL, _PART_OF, _ONE_LACKS, _BOTH_LACK, _DIFFER = range(5)
_NUMBER_FACTOR: Final = np.array([0.99, 0.94, 0.93, 0.96, 0.0])
_UNIT_FACTOR: Final = np.array([1.0, 0.0, 0.75, 1.0, 0.0])
_OTHER_TYPE: Final = 0.82
_BESIDE: Final = 0.75
_SURE: Final = 0.97
_SHORTER: Final = 0.95
_FEW: Final = 2_000


@dataclass(frozen=True, eq=False)
class Likeness:
    """How alike the addresses of each pair are.

    Parameters
    ----------
    score : numpy.ndarray of float
        0 to 1; 0 where the words are not alike enough, or the numbers differ.
    words : numpy.ndarray of float
        Likeness of the words alone, 0 to 1; NaN where it was not looked at.
    differ : numpy.ndarray of bool
        Whether numbers, flats or units say that they are two places.
    """

    score: Floats
    words: Floats
    differ: Flags


def numbers_of(told: Addresses, one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Hold street numbers and units against each other.

    Parameters
    ----------
    told : Addresses
        Of all rows.
    one, other : numpy.ndarray of int
        Positions of each pair.

    Returns
    -------
    tuple of two numpy.ndarray of int
        Of the street numbers and of the units: 0 the same, 1 one is part of the other's range, 2 one lacks it, 3 both
        lack it, 4 they differ.
    """
    first, second = told.first[one], told.first[other]
    number = _held_by_presence(first != -1, second != -1)
    number[(first == second) & (first >= 0)] = _EQUAL
    at = np.flatnonzero(number == _DIFFER)
    at = at[(first[at] == -2) | (second[at] == -2) | _touch(told, one[at], other[at])]
    number[at] = _held(told, one[at], other[at])
    first, second = told.units[one], told.units[other]
    unit = _held_by_presence(first != 0, second != 0)
    unit[(first == second) & (first != 0)] = _EQUAL
    at = np.flatnonzero(unit == _ONE_LACKS)
    loosely = at[told.loose[one[at]] == told.loose[other[at]]]
    number[loosely], unit[loosely] = _EQUAL, _EQUAL
    return number, unit


def _held_by_presence(one: Flags, other: Flags) -> Ints:
    return np.array([_BOTH_LACK, _ONE_LACKS, _DIFFER])[one.astype(np.int8) + other]


def _touch(told: Addresses, one: Ints, other: Ints) -> Flags:
    return np.asarray((told.low[one, 0] <= told.high[other, 0]) & (told.low[other, 0] <= told.high[one, 0]))


def _held(told: Addresses, one: Ints, other: Ints) -> Ints:
    """Whether every number of the shorter list lies in one of the longer's."""
    size = [(told.low[rows] >= 0).sum(axis=1) for rows in (one, other)]
    swap = size[0] > size[1]
    few, many = np.where(swap, other, one), np.where(swap, one, other)
    covered = np.ones(len(one), dtype=bool)
    exact = size[0] == size[1]
    for a in range(NUMBERS):
        low, high, letter = told.low[few, a], told.high[few, a], told.letter[few, a]
        has = np.zeros(len(one), dtype=bool)
        equal = np.zeros(len(one), dtype=bool)
        for b in range(NUMBERS):
            there = told.low[many, b] >= 0
            is_range = (low != high) | (told.low[many, b] != told.high[many, b])
            inner = (low >= told.low[many, b]) & (high <= told.high[many, b])
            outer = (low <= told.low[many, b]) & (high >= told.high[many, b])
            letters = (letter == told.letter[many, b]) | is_range | (letter == 0) | (told.letter[many, b] == 0)
            has |= there & (inner | outer) & letters
            equal |= (
                there & (low == told.low[many, b]) & (high == told.high[many, b]) & (letter == told.letter[many, b])
            )
        covered &= has | (low < 0)
        exact &= equal | (low < 0)
    return np.where(exact, _EQUAL, np.where(covered, _PART_OF, _DIFFER)).astype(np.int64)


def likeness(told: Addresses, one: Ints, other: Ints) -> Likeness:
    """Hold the names and addresses of pairs against each other.

    Parameters
    ----------
    told : Addresses
        Of all rows.
    one, other : numpy.ndarray of int
        Positions of each pair.
    """
    number, unit = numbers_of(told, one, other)
    differ = (number == _DIFFER) | (unit == _DIFFER)
    factor = _NUMBER_FACTOR[number] * _UNIT_FACTOR[unit]
    clash = (told.types[one] != 0) & (told.types[other] != 0) & (told.types[one] & told.types[other] == 0)
    factor = np.where(clash, factor * _OTHER_TYPE, factor)
    factor = np.where(told.is_beside[one] != told.is_beside[other], factor * _BESIDE, factor)
    words = np.full(len(one), np.nan)
    looked = np.flatnonzero(~differ & (factor > 0))
    words[looked] = _words_alike(told, one[looked], other[looked], number[looked] < _ONE_LACKS)
    bar = np.where(number < _ONE_LACKS, SAME_NUMBER_BAR, NO_NUMBER_BAR)
    alike = np.nan_to_num(words)
    return Likeness(np.where(alike >= bar, factor * _graded(alike, bar), 0.0), words, differ)


def _graded(alike: Floats, bar: Floats) -> Floats:
    """Likeness of words as belief: 0.8 at the bar, 1 where they are the same."""
    return np.clip(0.8 + 0.2 * (alike - bar) / (1.0 - bar), 0.0, 1.0)


def _words_alike(told: Addresses, one: Ints, other: Ints, lenient: Flags) -> Floats:
    """Likeness of the words of pairs; leniently, one that lacks words of the other is nearly as alike."""
    a, b = told.text[one], told.text[other]
    alike = np.where(a == b, 1.0, 0.0)
    fewer = np.minimum(told.words_in[a], told.words_in[b])
    nothing = fewer == 0
    alike[nothing] = np.where(lenient & (a == b), 0.9, 0.0)[nothing]
    rest = np.flatnonzero((a != b) & ~nothing)
    # many pairs say the same, and each saying is compared once
    a, b = told.told[one[rest]], told.told[other[rest]]
    low, high = np.minimum(a, b), np.maximum(a, b)
    saying, found = pd.factorize((low * len(told.tellings) + high) * 2 + lenient[rest])
    first = np.empty(len(found), dtype=np.int64)
    first[saying] = rest
    alike[rest] = _unlike_alike(told, one[first], other[first], lenient[first])[saying]
    return alike


def _unlike_alike(told: Addresses, one: Ints, other: Ints, lenient: Flags) -> Floats:
    """The same for pairs that have words, but not the same words."""
    a, b = told.text[one], told.text[other]
    fewer = np.minimum(told.words_in[a], told.words_in[b])
    score = _compared(told.texts, a, b, fuzz.ratio)
    again = np.flatnonzero(score < _SURE)
    both = told.told[one[again]], told.told[other[again]]
    score[again] = np.maximum(score[again], _compared(told.tellings, *both, fuzz.ratio))
    again = np.flatnonzero((score < _SURE) & (lenient | (fewer >= 3)))
    by_set = _compared(told.texts, a[again], b[again], fuzz.token_set_ratio)
    by_set = by_set * np.where(lenient[again], 1.0, _SHORTER)
    # the less is missing the better, so that of two rows the one that says the same comes first
    score[again] = np.maximum(score[again], 0.95 * by_set + 0.05 * score[again])
    again = np.flatnonzero((score < SAME_NUMBER_BAR) & lenient)
    score[again] = np.maximum(score[again], _compared(told.texts, a[again], b[again], fuzz.partial_ratio) * _SHORTER)
    return score


def _compared(texts: NDArray[np.object_], a: Ints, b: Ints, scorer: Scorer) -> Floats:
    """Likeness of pairs of texts, 0 to 1, in one order, so that it is the same both ways."""
    low, high = texts[np.minimum(a, b)], texts[np.maximum(a, b)]
    return (
        np.asarray(
            process.cpdist(low, high, scorer=scorer, dtype=np.float32, workers=-1 if len(low) > _FEW else 1),
            dtype=float,
        )
        / 100.0
    )
