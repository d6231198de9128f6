"""Rows that bear one UPRN."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from atlas.geo.estate.match.pairs import NO_PAIRS, Flags, Ints, Pairs, pairs_in_blocks

MOST_SHARED: Final = 400
"""Pairs of one UPRN beyond which only rows with the same words, and then only the first of them, are paired."""


def codes_of(texts: pd.Series) -> Ints:
    """Number the distinct texts; empty ones and those that are missing are -1."""
    codes, found = pd.factorize(texts)
    codes = codes.astype(np.int64)
    empty = np.flatnonzero(np.asarray(found, dtype=object) == "")
    return np.where(np.isin(codes, empty), -1, codes) if len(empty) else codes


def uprn_pairs(uprn: Ints, text: Ints, group: Ints, wanted: tuple[Flags, Flags]) -> Pairs:
    """Pair rows of different groups that bear one UPRN.

    Parameters
    ----------
    uprn : numpy.ndarray of int, shape (n,)
        Code of each row's UPRN, -1 where it has none.
    text : numpy.ndarray of int, shape (n,)
        Code of its name and address, for UPRNs that very many rows bear.
    group : numpy.ndarray of int, shape (n,)
        Register of each row.
    wanted : tuple of two numpy.ndarray of bool
        One of each pair is in the first, the other in the second.
    """
    return pairs_in_blocks([uprn, text], group, wanted, most=MOST_SHARED)


def interest_pairs(key: pd.Series, text: Ints, group: Ints, tenure: pd.Series, wanted: tuple[Flags, Flags]) -> Pairs:
    """Pair the freehold and the leasehold rows of one register that have the same key: interests in one place.

    Parameters
    ----------
    key : pandas.Series
        UPRN or outline of each row, empty or missing where there is none.
    text, group, wanted
        As `uprn_pairs` takes them.
    tenure : pandas.Series of str
        Of each row.
    """
    side = np.where(tenure == "freehold", 0, np.where(tenure == "leasehold", 1, -1)).astype(np.int64)
    if side.max(initial=-1) < 1 or not (side == 0).any():
        return NO_PAIRS
    code = codes_of(key)
    width = np.int64(group.max(initial=0)) + 1
    within = np.where((code >= 0) & (side >= 0), code * width + group, -1)
    return pairs_in_blocks([within, text], side, wanted, most=MOST_SHARED)
