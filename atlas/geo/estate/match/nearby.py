"""Pairs of rows whose names and addresses are worth comparing: of one postcode, of one sector, or close by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atlas.geo.estate.match.address import Addresses
from atlas.geo.estate.match.likeness import likeness
from atlas.geo.estate.match.pairs import Flags, Ints, Pairs, join, meeting, once, pairs_in_blocks
from atlas.geo.estate.match.uprn import codes_of

NEAR_M: Final = 150.0
"""Rows without a postcode are not paired by address with any farther away than this."""

CELL_M: Final = NEAR_M
"""Side of the squares in which they are sought: all that is near stands in the same or in one beside it."""

SAME_POSTCODE, SAME_BUT_LAST, SAME_SECTOR, CLOSE_BY = range(4)
"""What else two rows with like addresses share."""

_FACTOR: Final = np.array([1.0, 0.98, 0.97, 0.97])
_BAR: Final = np.array([0.0, 0.84, 0.9, 0.8])
_MOST_ALIKE: Final = 2_000


@dataclass(frozen=True, eq=False)
class Ground:
    """What pairs of addresses are sought by.

    Parameters
    ----------
    told : Addresses
        Names and addresses.
    postcode : pandas.Series of str
        Unit postcodes, empty where there is none.
    xy : numpy.ndarray of float, shape (n, 2)
        Metres, NaN where there is none.
    group : numpy.ndarray of int, shape (n,)
        Register of each row.
    wanted : tuple of two numpy.ndarray of bool
        One of each pair is in the first, the other in the second.
    """

    told: Addresses
    postcode: pd.Series
    xy: NDArray[np.float64]
    group: Ints
    wanted: tuple[Flags, Flags]

    @cached_property
    def areas(self) -> tuple[Ints, Ints, Ints]:
        """Codes of postcodes, of their sectors and of all but the last letter of them, -1 where there is none."""
        codes, found = pd.factorize(self.postcode)
        texts = pd.Series(found, dtype="str")
        parts = (codes_of(texts), codes_of(texts.str.slice(0, -2)), codes_of(texts.str.slice(0, -1)))
        postcode, sector, less = (np.append(part, -1)[codes] for part in parts)
        return postcode, sector, less


@dataclass(frozen=True, eq=False)
class AddressPairs:
    """Pairs with like addresses: positions, score and likeness of words from 0 to 1, and what else they share."""

    one: Ints
    other: Ints
    score: NDArray[np.float64]
    words: NDArray[np.float64]
    basis: Ints


def address_pairs(ground: Ground) -> AddressPairs:
    """Find the pairs of different registers whose names and addresses are alike and whose numbers agree."""
    pairs = (_of_one_postcode(ground), *_of_one_sector(ground), _close_by(ground))
    basis = np.repeat(range(len(pairs)), [len(one) for one, _ in pairs])
    one, other = (np.concatenate([pair[side] for pair in pairs]) for side in (0, 1))
    found = likeness(ground.told, one, other)
    kept = np.flatnonzero(found.score > _BAR[basis])
    basis = basis[kept]
    return AddressPairs(one[kept], other[kept], found.score[kept] * _FACTOR[basis], found.words[kept], basis)


def _of_one_postcode(ground: Ground) -> Pairs:
    told = ground.told
    keys = [ground.areas[0], told.low[:, 0] + 1, told.text]
    return pairs_in_blocks(keys, ground.group, ground.wanted, span=told.span)


def _of_one_sector(ground: Ground) -> tuple[Pairs, Pairs]:
    """Pairs of one sector, with a word and the first number in common: of postcodes one letter apart, and others."""
    told, (postcode, sector, less) = ground.told, ground.areas
    row, key = _of_two(*_worded(told, sector), postcode)
    wanted = (ground.wanted[0][row], ground.wanted[1][row])
    at = pairs_in_blocks([key], ground.group[row], wanted, most=_MOST_ALIKE)
    one, other = meeting(told.span, *once(row[at[0]], row[at[1]]))
    apart, near = postcode[one] != postcode[other], less[one] == less[other]
    first, second = apart & near, apart & ~near
    return (one[first], other[first]), (one[second], other[second])


def _worded(told: Addresses, area: Ints) -> Pairs:
    """Rows that have an area, once for each of their words, with a key of area, first number and word."""
    kept = area[told.word_row] >= 0
    row = told.word_row[kept]
    return row, _key(area[row], told.low[row, 0], told.word[kept])


def _of_two(row: Ints, key: Ints, postcode: Ints) -> Pairs:
    """Rows and keys of which several postcodes have the same."""
    code, found = pd.factorize(key)
    of_key = np.empty(len(found), dtype=np.int64)
    of_key[code] = postcode[row]
    is_of_two = np.bincount(code[of_key[code] != postcode[row]], minlength=len(found)) > 0
    return row[is_of_two[code]], key[is_of_two[code]]


def _key(area: Ints, number: Ints, word: Ints) -> Ints:
    return (area * 10_000 + (number + 1) % 10_000) * 1_048_576 + word % 1_048_576


def _close_by(ground: Ground) -> Pairs:
    """Pairs of which one has no postcode and the other stands within `NEAR_M`, with a word and a number in common."""
    told, xy = ground.told, ground.xy
    has_place = np.asarray(~np.isnan(xy).any(axis=1))
    seeks = has_place & (ground.postcode == "").to_numpy(bool)
    if not seeks.any():
        return once(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    cell = np.floor(np.where(has_place[:, None], xy, 0.0) / CELL_M).astype(np.int64)
    area = np.where(has_place, area_of(cell[:, 0], cell[:, 1]), -1)
    # rows with a number are sought by it alone, since their words may be misspelt
    numbered = np.flatnonzero(told.has_number & has_place)
    of_word = has_place[told.word_row] & ~told.has_number[told.word_row]
    row = np.concatenate([numbered, told.word_row[of_word]])
    word = np.concatenate([np.zeros(len(numbered), dtype=np.int64), told.word[of_word] + 1])
    of_seeker = np.flatnonzero(seeks[row])
    seeker, sought = row[of_seeker], word[of_seeker]
    keys = [
        _key(area_of(cell[seeker, 0] + dx, cell[seeker, 1] + dy), told.low[seeker, 0], sought)
        for dx in (-1, 0, 1)
        for dy in (-1, 0, 1)
    ]
    near = _key(area[row], told.low[row, 0], word)
    is_sought = pc.is_in(pa.array(near), pa.array(np.concatenate(keys))).to_numpy(zero_copy_only=False)
    one, other = join((np.concatenate(keys), near[is_sought]), (np.tile(seeker, 9), row[is_sought]), _MOST_ALIKE)
    first, second = ground.wanted
    kept = (ground.group[one] != ground.group[other]) & ((first[one] & second[other]) | (second[one] & first[other]))
    kept &= np.hypot(*(xy[one] - xy[other]).T) <= NEAR_M
    return meeting(told.span, one[kept], other[kept])


def area_of(x: Ints, y: Ints) -> Ints:
    """Number of a square; Britain is fewer than 7,000 by 13,000 of them, and others may share a number."""
    return np.asarray((x % 16_384) * 16_384 + y % 16_384)
