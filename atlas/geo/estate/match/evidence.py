"""What speaks for and against each pair, put into one score and into words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atlas.geo.estate.match.address import Addresses
from atlas.geo.estate.match.likeness import likeness
from atlas.geo.estate.match.nearby import CLOSE_BY, SAME_POSTCODE, AddressPairs
from atlas.geo.estate.match.overlap import MIN_IOU, Overlaps
from atlas.geo.estate.match.pairs import Flags, Ints, Pairs, distinct

Floats = NDArray[np.float64]

FAR_M: Final = 500.0
"""Rows with one UPRN farther apart than this are doubted."""

_ONE_EACH: Final = 0.97
_SHARED: Final = 0.9
_SHARED_BY_MANY: Final = 10
_NUMBERS_DIFFER: Final = 0.8
_FAR: Final = 0.75
_PERCENTS: Final = [f"{k}%" for k in range(101)]
_TEXT: Final = pa.string()
_IOU: Final = ((MIN_IOU, 0.5, 0.8, 1.0), (0.6, 0.8, 0.95, 0.99))


@dataclass(frozen=True, eq=False)
class Evidence:
    """All that speaks for each of m pairs.

    Parameters
    ----------
    one, other : numpy.ndarray of int
        Positions, the lower first; sorted.
    rule : numpy.ndarray of int
        0 UPRN, 1 overlap, 2 address: the first that proposes it.
    score : numpy.ndarray of float
        0 to 1.
    shared : numpy.ndarray of int
        How many rows bear the pair's UPRN; 0 where it has none in common.
    iou, inside, ratio : numpy.ndarray of float
        As in `Overlaps`; NaN where the outlines do not overlap enough.
    words, basis : numpy.ndarray
        As in `AddressPairs`; NaN and -1 where the addresses are not alike.
    differ : numpy.ndarray of bool
        Whether numbers, flats or units differ.
    apart_m : numpy.ndarray of float
        Distance; NaN where either has no place.
    """

    one: Ints
    other: Ints
    rule: Ints
    score: Floats
    shared: Ints
    iou: Floats
    inside: Floats
    ratio: Floats
    words: Floats
    basis: Ints
    differ: Flags
    apart_m: Floats


def gather(told: Addresses, uprn: Ints, xy: Floats, found: tuple[Pairs, Overlaps, AddressPairs]) -> Evidence:
    """Put together what each rule has found.

    A pair for which several rules speak is likelier than by any of them: 1 - (1 - a)(1 - b)(1 - c). Numbers that
    differ, or a distance beyond `FAR_M`, make one that is not by address less likely.

    Parameters
    ----------
    told : Addresses
        Names and addresses of all rows.
    uprn : numpy.ndarray of int, shape (n,)
        Codes, -1 for none.
    xy : numpy.ndarray of float, shape (n, 2)
        Metres.
    found : tuple
        Pairs by UPRN, by overlap and by address.
    """
    same, overlap, like = found
    width = np.int64(len(uprn) + 1)
    codes = [a * width + b for a, b in (same, (overlap.one, overlap.other), (like.one, like.other))]
    every = distinct(np.concatenate(codes))
    one, other = every // width, every % width
    at = [np.searchsorted(every, code) for code in codes]
    m = len(every)
    shared = np.zeros(m, dtype=np.int64)
    shared[at[0]] = np.bincount(uprn[uprn >= 0], minlength=1)[uprn[same[0]]]
    iou, inside, ratio, words, by_address = (np.full(m, np.nan) for _ in range(5))
    iou[at[1]], inside[at[1]], ratio[at[1]] = overlap.iou, overlap.inside, overlap.ratio
    words[at[2]], by_address[at[2]] = like.words, like.score
    basis = np.full(m, -1, dtype=np.int64)
    basis[at[2]] = like.basis
    against = np.flatnonzero((shared > 0) | ~np.isnan(iou))
    differ = np.zeros(m, dtype=bool)
    differ[against] = likeness(told, one[against], other[against]).differ
    apart_m = np.hypot(*(xy[one] - xy[other]).T)
    by_uprn = np.where(shared == 0, 0.0, np.where(shared == 2, _ONE_EACH, _SHARED))
    doubt = np.ones(m)
    for score in (by_uprn, by_overlap(iou, ratio), np.nan_to_num(by_address)):
        doubt = doubt * (1.0 - score)
    score = np.minimum(1.0 - doubt, 0.999) * np.where(differ, _NUMBERS_DIFFER, 1.0)
    score *= np.where((shared > 0) & (apart_m > FAR_M), _FAR, 1.0)
    rule = np.where(shared > 0, 0, np.where(~np.isnan(iou), 1, 2)).astype(np.int64)
    return Evidence(one, other, rule, score, shared, iou, inside, ratio, words, basis, differ, apart_m)


def joined(parts: Iterable[Evidence]) -> Evidence:
    """The evidence of several looks at the same rows, sorted; a pair of which two looks tell stands once."""
    some = [*parts]
    whole = {each.name: np.concatenate([getattr(part, each.name) for part in some]) for each in fields(Evidence)}
    code = whole["one"] * (np.int64(whole["other"].max(initial=0)) + 1) + whole["other"]
    at = np.unique(code, return_index=True)[1]
    return Evidence(**{name: values[at] for name, values in whole.items()})


def by_overlap(iou: Floats, ratio: Floats) -> Floats:
    """How likely outlines that overlap so are one place: by intersection over union, else by how unequal they are."""
    as_part = 0.4 + 0.2 / np.nan_to_num(ratio, nan=1.0)
    score = np.where(iou >= MIN_IOU, np.interp(np.nan_to_num(iou), *_IOU), as_part)
    return np.where(np.isnan(iou), 0.0, score)


def reasons(rows: pd.DataFrame, found: Evidence, second: Flags, at: Ints) -> pd.api.extensions.ExtensionArray:
    """Say why some of the pairs are proposed.

    Parameters
    ----------
    rows : pandas.DataFrame
        `uprn`, `postcode`.
    found : Evidence
        Of all pairs.
    second : numpy.ndarray of bool
        Whether another pair is likelier.
    at : numpy.ndarray of int
        Which pairs.
    """
    told = [
        _where(has[at], words(rows, found, at[has[at]]))
        for has, words in (
            (found.shared > 0, _of_uprn),
            (~np.isnan(found.iou), _of_overlap),
            (found.basis >= 0, _of_address),
            (found.differ, lambda _rows, _found, which: ["but numbers or units differ"] * len(which)),
            ((found.shared > 0) & (found.apart_m > FAR_M), _of_distance),
            (second, lambda _rows, _found, which: ["another is likelier"] * len(which)),
        )
    ]
    joined: pd.api.extensions.ExtensionArray = pd.array(
        pc.binary_join_element_wise(*told, "; ", null_handling="skip"), dtype="str"
    )
    return joined


def _where(has: Flags, texts: list[str] | pa.Array) -> pa.Array:
    """Texts at their places, and nothing at the others."""
    return pa.array(texts, _TEXT).take(pa.array(np.cumsum(has) - 1, mask=~has))


def _of_uprn(rows: pd.DataFrame, found: Evidence, at: Ints) -> list[str]:
    uprns = rows["uprn"].array.take(found.one[at])
    return [
        f"UPRN {uprn}" + (f", which {count} rows bear" if count > 2 else "")
        for uprn, count in zip(uprns, found.shared[at].tolist(), strict=True)
    ]


def _of_overlap(_: pd.DataFrame, found: Evidence, at: Ints) -> list[str]:
    texts = [f"outlines overlap by {share}" for share in _percents(found.iou[at])]
    parts = np.flatnonzero(found.iou[at] < MIN_IOU)
    of_part = zip(parts.tolist(), _percents(found.inside[at[parts]]), found.ratio[at[parts]].tolist(), strict=True)
    for k, share, ratio in of_part:
        texts[k] = f"{share} of one outline lies in the other, which is {ratio:.1f} times as large"
    return texts


def _of_address(rows: pd.DataFrame, found: Evidence, at: Ints) -> pa.Array:
    postcode, basis = rows["postcode"].array, found.basis[at]
    where = pa.array(postcode.take(found.one[at]), _TEXT)
    is_near, is_two = basis == CLOSE_BY, (basis != CLOSE_BY) & (basis != SAME_POSTCODE)
    of_two = zip(*(postcode.take(side[at[is_two]]) for side in (found.one, found.other)), strict=True)
    for these, texts in (
        (is_near, [f"{apart_m:.0f} m apart" for apart_m in found.apart_m[at[is_near]].tolist()]),
        (is_two, [f"{a} and {b}" for a, b in of_two]),
    ):
        where = pc.replace_with_mask(where, these, pa.array(texts, _TEXT))
    shares = pa.array(_percents(found.words[at]), _TEXT)
    return pc.binary_join_element_wise(where, "; addresses ", shares, " alike", "")


def _percents(shares: Floats) -> list[str]:
    """Shares in whole percent, never rounded up to all."""
    whole = np.where(shares >= 1.0, 100, np.minimum(np.rint(shares * 100), 99)).astype(int)
    return [_PERCENTS[k] for k in whole.tolist()]


def _of_distance(_: pd.DataFrame, found: Evidence, at: Ints) -> list[str]:
    return [f"but {apart_m / 1000:.1f} km apart" for apart_m in found.apart_m[at].tolist()]
